"""The web door: the admin view, enrolment, and the API that the same templates drive."""
