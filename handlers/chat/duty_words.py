"""What notices of duty, shifts and more time say."""

from __future__ import annotations

import datetime as dt

from core import anomalies, duty, people
from core.anomalies import AnomalyFacts, ExtensionFacts, ExtensionState, PartnerStep
from core.duty import SwapFacts, SwapState
from core.kit import NotFound, clock
from handlers import text
from handlers.chat import cards
from handlers.chat.actions import Action
from handlers.chat.reader import Reader
from handlers.chat.renders import renders
from handlers.chat.vocabulary import Outgoing
from handlers.tiers import TIERS


def moment(reader: Reader, value: object) -> str:
    """An instant of a notice's facts on the reader's clock."""
    return text.moment(clock.utc(dt.datetime.fromisoformat(str(value))), reader.actor.timezone)


def stretch(since: dt.datetime, until: dt.datetime, zone: str) -> str:
    """A stretch of time on a wall clock; the day of its end only when it is another one."""
    begin, end = text.moment(since, zone), text.moment(until, zone)
    return f"{begin} – {end[11:] if end[:10] == begin[:10] else end[5:]}"


async def _name(person_id: object) -> str:
    try:
        return (await people.person(int(str(person_id)))).printed_name
    except NotFound:
        return "–"


@renders("calendars:unknown")
async def _unknown(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("📅 The holidays of {year} are not known yet").format(year=facts["year"]),
        body=_(
            "Until they are, working days of {year} are counted Monday to Friday. Please install the new version, or "
            "enter days off and make-up days on the calendar page."
        ).format(year=facts["year"]),
    )


@renders("webhooks:off")
async def _webhook_off(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    name = str(facts["zh" if reader.actor.locale.startswith("zh") else "en"])
    return Outgoing(
        head=_("🔌 Webhook of {name} switched off").format(name=name),
        body=_("Nothing reached {host} for three days ({why}).").format(host=facts["host"], why=facts["why"]),
        hint=_("The partner's program can switch it on again; its log is on the page of keys."),
    )


@renders("duty:put_in")
async def _put_in(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("🗓 {by} put you on duty as {tier}").format(
            by=facts["by"], tier=_(TIERS[int(str(facts["tier"]))])
        ),
        body=f"{moment(reader, facts['since'])} – {moment(reader, facts['until'])}",
        hint=str(facts["reason"]),
    )


@renders("duty:deputy")
async def _deputy(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("🗓 You stand in for {name}").format(name=await _name(facts["person"])),
        body=f"{moment(reader, facts['since'])} – {moment(reader, facts['until'])}",
        hint=_("Alerts and turns of duty come to you in that time."),
    )


@renders("duty:back")
async def _back(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("🗓 {name} is back. Thank you for standing in.").format(name=await _name(facts["person"]))
    )


def swap_lines(reader: Reader, swap: SwapFacts) -> tuple[tuple[str, str], ...]:
    """What changes hands in a swap."""
    _, zone = reader.translate, reader.actor.timezone
    lines = [(_("Turn"), stretch(swap.since, swap.until, zone))]
    if swap.return_since is not None and swap.return_until is not None:
        lines.append((_("In exchange for"), stretch(swap.return_since, swap.return_until, zone)))
    lines.append((_("Answer until"), text.moment(swap.expires_at, zone)))
    return tuple(lines)


@renders("duty:swap_asked")
async def _asked(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    found = await duty.swap(reader.actor, int(str(facts["swap_id"])))
    return Outgoing(
        head=_("🔁 {by} asks you to take a turn").format(by=facts["by"]),
        facts=swap_lines(reader, found),
        buttons=(
            (
                reader.button(_("✅ Agree"), Action.SWAP_ACCEPT, found.id),
                reader.button(_("✖ Decline"), Action.SWAP_REFUSE, found.id),
            ),
        ),
    )


@renders("duty:swap_answered")
async def _answered(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    found = await duty.swap(reader.actor, int(str(facts["swap_id"])))
    head = {
        SwapState.ACCEPTED: _("✅ {by} agreed to the swap"),
        SwapState.REFUSED: _("✖ {by} declined the swap; the plan stays as it was"),
        SwapState.WITHDRAWN: _("{by} withdrew the swap; the plan stays as it was"),
        SwapState.EXPIRED: _("⌛ Nobody answered your swap in time; the plan stays as it was"),
    }[SwapState(str(facts["state"]))]
    return Outgoing(head=head.format_map({"by": facts["by"]}), facts=swap_lines(reader, found)[:-1])


@renders("escalation:hand_over")
async def _hand_over(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    ids = facts["cases"]
    cases = [
        await anomalies.get(reader.actor, int(str(one))) for one in (ids if isinstance(ids, list) else [])
    ]
    head = _("🔄 Your duty as {tier} begins: {n} open alerts").format(
        tier=_(TIERS[int(str(facts["tier"]))]), n=facts["count"]
    )
    before = facts.get("before")
    return Outgoing(
        head=head,
        body="" if before is None else _("Taken over from {name}.").format(name=await _name(before)),
        facts=tuple((one.number, _line(one, _)) for one in cases),
        buttons=tuple(
            (
                reader.button(
                    f"{cards.GRADE_MARKS[one.grade or one.proposed_grade]} {one.number}", Action.CASE, one.id
                ),
            )
            for one in cases
        ),
    )


def _line(one: AnomalyFacts, _: text.Translate) -> str:
    return f"{cards.grade_line(one.grade or one.proposed_grade, _)} · {one.place}"


@renders("anomalies:partner_late")
async def _late(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    case = await anomalies.get(reader.actor, int(str(facts["anomaly_id"])))
    return await cards.case_card(
        reader,
        case,
        head=_("⏰ {number}: {step} is overdue").format(
            number=case.number, step=_(PartnerStep(str(facts["step"])).says)
        ),
    )


def clock_name(one: ExtensionFacts, _: text.Translate) -> str:
    """Which clock a request for more time is about."""
    if one.clock.startswith("partner:"):
        return _(PartnerStep(one.clock.removeprefix("partner:")).says)
    return _(anomalies.stage_of(one.clock).says)


@renders("anomalies:more_time")
async def _more_time(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _, zone = reader.translate, reader.actor.timezone
    asked = await anomalies.extension(reader.actor, int(str(facts["extension_id"])))
    case = await anomalies.get(reader.actor, asked.anomaly_id)
    return Outgoing(
        head=_("⏳ {number}: {name} asks for more time").format(
            number=case.number, name=await _name(asked.asked_by)
        ),
        body=asked.reason,
        facts=(
            (_("Step"), clock_name(asked, _)),
            (_("Due"), text.moment(asked.before, zone)),
            (_("New date"), text.moment(asked.until, zone)),
            (_("More time given so far"), str(case.extensions)),
        ),
        buttons=(
            (
                reader.button(_("✅ Agree"), Action.MORE_TIME_GIVE, asked.id),
                reader.button(_("✖ Decline"), Action.MORE_TIME_DECLINE, asked.id),
            ),
            (reader.button(_("Open the case"), Action.CASE, case.id),),
        ),
    )


@renders("anomalies:more_time_decided")
async def _decided(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    asked = await anomalies.extension(reader.actor, int(str(facts["extension_id"])))
    given = asked.state == ExtensionState.GRANTED
    head = (
        _("✅ {number}: {by} gave you time until {time}")
        if given
        else _("✖ {number}: {by} declined more time")
    )
    words = {
        "number": asked.case_number,
        "by": facts["by"],
        "time": text.moment(asked.until, reader.actor.timezone),
    }
    return Outgoing(
        head=head.format_map(words),
        body=asked.decision,
        buttons=((reader.button(_("Open the case"), Action.CASE, asked.anomaly_id),),),
    )
