"""Which role gives which rights. A pure table; what goes together is decided in ``policy``."""

from __future__ import annotations

from collections.abc import Iterable

from core.kit.permission import Level, Module, Permission
from core.people.terms import Role

_READ_ALL = tuple((module, Level.READ) for module in Module)
_PARTNER = (
    (Module.ANOMALIES, Level.REPORT),
    (Module.CAPA, Level.WORK),
    (Module.LOTS, Level.REPORT),
    (Module.SIGNING, Level.WORK),
)
_ENGINEER = (
    (Module.ANOMALIES, Level.WORK),
    (Module.CAPA, Level.WORK),
    (Module.LOTS, Level.WORK),
    (Module.SIGNING, Level.WORK),
    (Module.RECORDS, Level.READ),
    (Module.ESCALATION, Level.READ),
    (Module.SUPPLIERS, Level.READ),
    (Module.SOP, Level.READ),
    (Module.PEOPLE, Level.READ),
)
_HEAD = (
    (Module.ANOMALIES, Level.APPROVE),
    (Module.CAPA, Level.APPROVE),
    (Module.LOTS, Level.APPROVE),
    (Module.SIGNING, Level.WORK),
    (Module.RECORDS, Level.READ),
    (Module.ESCALATION, Level.READ),
    (Module.SUPPLIERS, Level.READ),
    (Module.SOP, Level.READ),
    (Module.PEOPLE, Level.READ),
)

TABLE: dict[Role, tuple[tuple[Module, Level], ...]] = {
    Role.OPERATOR: ((Module.ANOMALIES, Level.REPORT), (Module.LOTS, Level.REPORT)),
    Role.RESPONSIBLE: _ENGINEER,
    Role.SUPERVISOR: (*_ENGINEER, (Module.ANOMALIES, Level.APPROVE)),
    Role.MANAGER: _HEAD,
    Role.SITE_HEAD: _HEAD,
    Role.SUPPLIER: _PARTNER,
    Role.LABORATORY: _PARTNER,
    Role.CARRIER: _PARTNER,
    Role.AUDITOR: _READ_ALL,
    Role.ADMINISTRATOR: (
        *_READ_ALL,
        (Module.PEOPLE, Level.ADMINISTER),
        (Module.SOP, Level.CONFIGURE),
        (Module.ESCALATION, Level.CONFIGURE),
        (Module.SUPPLIERS, Level.CONFIGURE),
        (Module.LOTS, Level.CONFIGURE),
        (Module.SIGNING, Level.WORK),
    ),
}

PARTNER_ROLES = frozenset({Role.OPERATOR, Role.SUPPLIER, Role.LABORATORY, Role.CARRIER})


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """Every right that a set of roles gives."""
    return frozenset(Permission(module, level) for role in roles for module, level in TABLE[Role(role)])


def approves(role: Role) -> bool:
    """Whether a role signs decisions on other people's work."""
    return any(level is Level.APPROVE for _module, level in TABLE[role])
