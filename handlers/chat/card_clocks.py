"""The clocks of a case on its card: how long is left, what the partner owes, and the buttons for more time."""

from __future__ import annotations

from core import anomalies
from core.anomalies import AnomalyFacts, Colour, PartnerClock, PartnerStep
from core.kit import Level, Module, clock
from handlers import text
from handlers.chat.actions import Action
from handlers.chat.reader import Reader
from handlers.chat.vocabulary import Button

STEPS = list(PartnerStep)
RUNS = frozenset(
    {
        "collecting",
        "graded",
        "contained",
        "investigating",
        "action_planned",
        "implementing",
        "verifying",
        "verified",
    }
)


def due_line(facts: AnomalyFacts, _: text.Translate) -> str:
    """How long is left of the present step's clock; never colour alone."""
    if facts.due_at is None:
        return "–"
    left = facts.due_at - clock.now()
    colour = anomalies.colour(facts.due_since, facts.due_at, clock.now())
    said = {
        Colour.GREEN: _("in {time}"),
        Colour.AMBER: _("⚠ due soon: in {time}"),
        Colour.RED: _("⏰ overdue by {time}"),
    }[colour].format(time=text.duration(abs(left), _))
    if facts.extensions:
        said += " · " + _("more time given {n} times").format(n=facts.extensions)
    return said


def _step(one: PartnerClock, _: text.Translate) -> str:
    name = _(PartnerStep(one.step).says)
    if one.met_at is not None:
        return f"{name} ✓"
    left = one.due_at - clock.now()
    if left.total_seconds() <= 0:
        return f"{name} ⏰ {text.duration(-left, _)}"
    return f"{name} {text.duration(left, _)}"


async def clock_lines(reader: Reader, facts: AnomalyFacts) -> list[tuple[str, str]]:
    """The due date of the present step, from when on the effect is judged, what the partner owes."""
    _ = reader.translate
    if facts.state in anomalies.ENDED:
        return []
    lines = [] if facts.due_at is None else [(_("Due"), due_line(facts, _))]
    if facts.state == "verifying":
        opens = await anomalies.window_of(facts)
        if opens is not None and opens > clock.now():
            lines.append((_("Judge the effect from"), text.moment(opens, reader.actor.timezone)[:10]))
    owed = await anomalies.partner_clocks(reader.actor, facts.id)
    if owed:
        lines.append((_("Partner's steps"), " · ".join(_step(one, _) for one in owed)))
    return lines


async def clock_buttons(reader: Reader, facts: AnomalyFacts) -> list[tuple[Button, ...]]:
    """Received (for the partner), taking an acknowledgement back, asking for more time."""
    _ = reader.translate
    rows: list[tuple[Button, ...]] = []
    if facts.state not in RUNS or not reader.may(Module.CAPA, Level.WORK):
        return rows
    owed = {one.step: one for one in await anomalies.partner_clocks(reader.actor, facts.id)}
    partner = reader.actor.partner_id is not None
    received = owed.get(PartnerStep.ACK.value)
    if partner and received is not None and received.met_at is None:
        rows.append((reader.button(_("✅ We have received it"), Action.PARTNER_ACK, facts.id),))
    open_steps = [one for one in owed.values() if one.met_at is None]
    if partner and open_steps:
        place = STEPS.index(PartnerStep(open_steps[0].step)) + 1
        rows.append((reader.button(_("⏳ Ask for more time"), Action.MORE_TIME, facts.id, argument=place),))
    works = reader.may(Module.ANOMALIES, Level.WORK)
    last: list[Button] = []
    if facts.due_at is not None and works and not partner:
        last.append(reader.button(_("⏳ Ask for more time"), Action.MORE_TIME, facts.id))
    own = facts.owner_id == reader.actor.person_id or reader.may(Module.ANOMALIES, Level.APPROVE)
    if facts.state == "collecting" and works and own:
        last.append(reader.button(_("↩ Give it back"), Action.GIVE_BACK, facts.id, revision=facts.revision))
    if last:
        rows.append(tuple(last))
    return rows
