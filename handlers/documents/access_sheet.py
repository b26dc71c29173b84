"""Who had which role when, and who looked at the exported cases, as a document. Pure."""

from __future__ import annotations

from core.exchange import Gathered
from core.people import Role
from handlers import text
from handlers.documents import blocks
from handlers.documents.blocks import Block
from handlers.web import words


def body(gathered: Gathered, locale: str) -> list[Block]:
    """The two tables."""
    _ = text.translator(locale)
    organisations = {one.id: one.name(locale) for one in gathered.organisations}
    zone = gathered.timezone
    roles = [
        (
            one.printed_name,
            organisations.get(one.organisation_id, "–"),
            _(Role(one.role).says),
            text.offset(one.since, zone),
            _("to this day") if one.until is None else text.offset(one.until, zone),
        )
        for one in sorted(gathered.roles, key=lambda one: (one.organisation_id, one.person_id, one.id))
    ]
    views = [
        (
            text.offset(one.at, zone),
            "–" if one.person_id is None else gathered.names.get(one.person_id, f"#{one.person_id}"),
            _(words.of("channel", one.door)),
            one.case_number or "–",
            " · ".join(filter(None, (one.subject, one.detail))),
        )
        for one in gathered.views
    ]
    return [
        blocks.section(f"{_('Who had which role when')} ({len(roles)})"),
        blocks.table(
            (_("Person"), _("Organisation"), _("Role"), _("Since"), _("Until")), (13, 27, 18, 23, 23), roles
        ),
        blocks.section(f"{_('Who looked at these cases')} ({len(views)})"),
        blocks.table(
            (_("When"), _("Person"), _("Door"), _("Case"), _("Viewed")), (23, 13, 13, 19, 32), views
        ),
    ]
