"""Who reported a case, as those who work on it read it: whom to ask back."""

from __future__ import annotations

from collections.abc import Callable

from core import anomalies, clients, people
from core.anomalies import AnomalyFacts
from core.kit import Actor, NotFound
from handlers.text import mark

PROGRAM = mark("program {name} ({client})")
RULE = mark("a rule, by itself")


async def reported_by(actor: Actor, case: AnomalyFacts, translate: Callable[[str], str]) -> str:
    """A person or a program, each with its organisation, or a rule; a dash for people whom the reader may not meet."""
    if case.reporter_client:
        names = await clients.names(case.plant_id)
        name = names.get(case.reporter_client, "–")
        home = await people.organisation(await _home_of_program(case))
        said = translate(PROGRAM).format(name=name, client=case.reporter_client)
        return f"{said} · {home.name(actor.locale)}"
    if case.reporter_id == anomalies.ITSELF:
        return translate(RULE)
    try:
        person = await people.person_for(actor, case.reporter_id)
    except NotFound:
        return "–"
    home = await people.organisation(person.organisation_id)
    return f"{person.printed_name} · {home.name(actor.locale)}"


async def _home_of_program(case: AnomalyFacts) -> int:
    """Whose program it is; a case of a partner's program stays with that partner, whoever corrects it (ADR 27)."""
    if case.partner_id is not None and await clients.acts_for_partner(case.reporter_client):
        return case.partner_id
    return case.plant_id
