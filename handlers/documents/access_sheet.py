"""Who had which role when, which auditor was let in, and who looked at the exported cases, as a document. Pure."""

from __future__ import annotations

from core.exchange import Gathered
from core.people import EngagementFacts, Role
from handlers import text
from handlers.documents import blocks
from handlers.documents.blocks import Block
from handlers.web import words


def body(gathered: Gathered, locale: str) -> list[Block]:
    """The three tables."""
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
    engagements = [
        (
            gathered.names.get(one.person_id, f"#{one.person_id}"),
            text.offset(one.opens_at, zone),
            text.offset(one.closes_at if one.ended_at is None else min(one.ended_at, one.closes_at), zone),
            _bounds(one, organisations, zone, _),
            one.reason,
        )
        for one in sorted(gathered.engagements, key=lambda one: one.id)
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
        blocks.section(f"{_('Which auditor was let in')} ({len(engagements)})"),
        blocks.table(
            (_("Auditor"), _("Since"), _("Until"), _("Sees"), _("Reason")), (13, 22, 22, 24, 19), engagements
        ),
        blocks.section(f"{_('Who looked at these cases')} ({len(views)})"),
        blocks.table(
            (_("When"), _("Person"), _("Door"), _("Case"), _("Viewed")), (23, 13, 13, 19, 32), views
        ),
    ]


def _bounds(one: EngagementFacts, organisations: dict[int, str], zone: str, _: text.Translate) -> str:
    """What an engagement lets see, in words."""
    said = []
    if one.partner_id is not None:
        said.append(_("what is shared with {partner}").format(partner=organisations.get(one.partner_id, "–")))
    if one.cases:
        said.append(", ".join(one.cases))
    if one.reported_since is not None or one.reported_until is not None:
        first, last = (
            "…" if value is None else text.offset(value, zone)
            for value in (one.reported_since, one.reported_until)
        )
        said.append(_("cases reported {first} – {last}").format(first=first, last=last))
    return " · ".join(said) or _("the whole plant")
