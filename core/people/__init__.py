"""Organisations, people, roles and rights, chat accounts, links and sessions; the one place of isolation."""

from core.people.access_log import log_access
from core.people.errors import (
    AccountTaken,
    HasAdministrator,
    Inactive,
    InviteExpired,
    InviteUnknown,
    InviteUsed,
    LinkDead,
    NameUnclear,
    NeedsReason,
    PlantExists,
    RoleNotForPartner,
    RolesClash,
)
from core.people.joining import accept_invite, invite
from core.people.links import one_time_link, open_link, peek_link
from core.people.organisations import add_organisation, add_site, found_plant, must_lack_administrator
from core.people.permissions import permissions_of
from core.people.queries import (
    able_to_act,
    accesses,
    actor_for,
    actor_of,
    addresses,
    everyone,
    has_role,
    must_see,
    named,
    organisation,
    organisations,
    person,
    persons,
    plants,
    responsible,
    scope,
    sites,
)
from core.people.responsibilities import end_responsibility, set_responsible
from core.people.roles import add_person, choose_locale, grant_role, revoke_person, withdraw_role
from core.people.sessions import close_session, confirm_second_factor, open_session, session
from core.people.terms import (
    AccessFacts,
    Door,
    LinkFacts,
    OrganisationFacts,
    OrganisationKind,
    PersonFacts,
    Purpose,
    Role,
    Scope,
    SessionFacts,
    SessionMade,
    SiteFacts,
)

__all__ = [
    "AccessFacts", "AccountTaken", "Door", "HasAdministrator", "Inactive", "InviteExpired", "InviteUnknown",
    "InviteUsed", "LinkDead", "LinkFacts", "NameUnclear", "NeedsReason", "OrganisationFacts", "OrganisationKind",
    "PersonFacts", "PlantExists", "Purpose", "Role", "RoleNotForPartner", "RolesClash", "Scope", "SessionFacts",
    "SessionMade", "SiteFacts", "able_to_act", "accept_invite", "accesses", "actor_for", "actor_of",
    "add_organisation", "add_person", "add_site", "addresses", "choose_locale", "close_session",
    "confirm_second_factor", "end_responsibility", "everyone", "found_plant", "grant_role", "has_role", "invite",
    "log_access", "must_lack_administrator", "must_see", "named", "one_time_link", "open_link", "open_session",
    "organisation", "organisations", "peek_link", "permissions_of", "person", "persons", "plants", "responsible",
    "revoke_person", "scope", "session", "set_responsible", "sites", "withdraw_role",
]
