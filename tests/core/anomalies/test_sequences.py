"""Whatever people try in whatever order: a refusal or a step of the table, and a ledger that agrees with every row."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

import pytest

from core import anomalies, ledger
from core.anomalies import AnomalyFacts, State, policy
from core.kit import Actor, Refusal, clock
from core.signing import Meaning, Signed
from tests.core.anomalies.cases import reported, unvouched
from tests.plants import Plant, small_plant

STEPS = 120
PEOPLE = ("operator", "responsible", "second", "supervisor", "manager", "supplier", "auditor")
ABLE = ("responsible", "supervisor", "manager")
HELPFUL = 0.7
"""How often somebody tries who could; else the walk would hardly leave its first states."""
ADVANCES = ("investigating", "action_planned", "implementing", "verifying", "verified")
Try = Callable[[Actor, AnomalyFacts], Awaitable[object]]


def signed(actor: Actor) -> Signed:
    """What a completed ceremony hands to the verb."""
    return Signed(
        signature_id=None,
        person_id=actor.identity,
        meaning=Meaning.REVIEWED,
        shown_digest="0" * 64,
        signed_at=clock.now(),
    )


def attempts(chance: random.Random, plant: Plant) -> list[Try]:
    """Every verb of the room with arguments drawn by chance."""
    s, o, d = (chance.randint(1, 5) for _ in range(3))
    grade = chance.choice("ABC")
    reason = chance.choice(["", "因为"])
    to = chance.choice(ADVANCES)
    person = plant.persons[chance.choice(PEOPLE)]
    amount = str(chance.randint(-1, 30))
    return [
        lambda a, c: anomalies.acknowledge(a, c.id),
        lambda a, c: anomalies.reassign(a, c.id, to_person=person, reason=reason),
        lambda a, c: anomalies.ask_help(a, c.id, reason=reason),
        lambda a, c: anomalies.supplement(
            a, c.id, changes={"quantity": amount}, reason=reason, evidence_ids=[]
        ),
        lambda a, c: anomalies.confirm_grade(a, c.id, s=s, o=o, d=d, grade=grade, signed=signed(a)),
        lambda a, c: anomalies.raise_grade(a, c.id, grade=grade, reason=reason),
        lambda a, c: anomalies.ask_lower(a, c.id, s=s, o=o, d=d, grade=grade, reason=reason),
        lambda a, c: anomalies.approve_lower(a, c.id, signed(a)),
        lambda a, c: anomalies.hold_affected(a, c.id),
        lambda a, c: anomalies.complete_containment(a, c.id, reason=reason, signed=signed(a)),
        *[lambda a, c: anomalies.advance(a, c.id, to=to)] * 4,
        lambda a, c: anomalies.reopen(a, c.id, reason="无效"),
        lambda a, c: anomalies.mark_closed(a, c.id, signature_id=None),
    ]


def allowed(before: AnomalyFacts, after: AnomalyFacts) -> bool:
    """Whether the table (and the rule that an opened CAPA goes on after containment) leads from one to the other."""
    if before.state == after.state:
        return True
    here, there = State(before.state), State(after.state)
    if (here, there) == (State.GRADED, State.INVESTIGATING):
        return after.grade is not None
    return any(here in starts and there is to for starts, to in policy.STEPS.values())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.req("P-10f")
async def test_no_sequence_of_verbs_breaks_the_order_the_four_eyes_or_the_ledger(
    database: str, seed: int
) -> None:
    plant = await small_plant(enrolled=False)
    chance = random.Random(seed)
    case = await reported(plant, by=chance.choice(["operator", "supplier", "second"]))
    watcher = await plant.actor("manager")
    for _ in range(STEPS):
        actor = await plant.actor(chance.choice(ABLE if chance.random() < HELPFUL else PEOPLE))
        attempt = chance.choice(attempts(chance, plant))
        entries = await ledger.entry_count()
        try:
            await attempt(actor, case)
        except Refusal as no:
            assert await anomalies.get(watcher, case.id) == case, "a refusal changes nothing"
            assert await ledger.entry_count() == entries
            assert str(no)
            continue
        now = await anomalies.get(watcher, case.id)
        assert allowed(case, now), (case.state, now.state)
        assert now.revision >= case.revision
        case = now
    for line in await anomalies.gradings(watcher, case.id):
        if line.step in ("confirmed", "lowered"):
            assert line.by_id != case.reporter_id
    assert await unvouched() == []
