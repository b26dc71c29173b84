"""Who is acting, from where, with which rights: proven by the door, checked by every verb."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.kit.engagement import Engagement
from core.kit.permission import Level, Module, Permission
from core.kit.refusal import NotPermitted


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person (or the system itself) at a door.

    ``plant_id`` is the registrant organisation whose records are worked on. ``partner_id`` is set when the
    person belongs to a supplier, laboratory or carrier: such a person reaches only what is shared with that
    partner. ``site_ids`` None means every site of the own organisation.
    """

    person_id: int | None
    name: str
    organisation_id: int
    plant_id: int
    partner_id: int | None = None
    site_ids: frozenset[int] | None = None
    roles: frozenset[str] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    locale: str = "zh_CN"
    timezone: str = "Asia/Shanghai"
    channel: str = "system"
    correlation: str = ""
    is_system: bool = field(default=False)
    client: str = ""
    """The API client that acts, by the id it calls itself; it acts for an organisation and has no person."""
    engagement: Engagement | None = None
    """What an auditor was let in for; None for everybody else, and for an auditor who is not let in now."""

    def may(self, permission: Permission) -> bool:
        """Answer whether the actor holds the right, directly or through a higher level."""
        if self.is_system:
            return True
        return any(
            held.module is permission.module and held.level.includes(permission.level)
            for held in self.permissions
        )

    def must(self, permission: Permission) -> None:
        """Refuse unless the actor holds the right.

        Raises:
            NotPermitted: the right is missing.
        """
        if not self.may(permission):
            raise NotPermitted(permission=permission.code)

    @property
    def identity(self) -> int:
        """The person's id, for verbs that only a person may do.

        Raises:
            NotPermitted: the actor is the system itself.
        """
        if self.person_id is None:
            raise NotPermitted
        return self.person_id


def system(plant_id: int, *, channel: str = "job", correlation: str = "") -> Actor:
    """Answer the actor for timed jobs and rules. It can never sign: it has no person."""
    return Actor(
        person_id=None,
        name="Bihuan",
        organisation_id=plant_id,
        plant_id=plant_id,
        channel=channel,
        correlation=correlation,
        is_system=True,
    )


__all__ = ["Actor", "Level", "Module", "Permission", "system"]
