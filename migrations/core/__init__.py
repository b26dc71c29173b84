"""The history of the app core."""
