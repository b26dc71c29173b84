"""Whatever people try in whatever order: no CAPA comes to stand where the rules forbid it, by whom they forbid it."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from core import anomalies, capa, ledger, lots
from core.capa import CapaFacts, EffectResult
from core.kit import Actor, Refusal, clock
from core.signing import Meaning, Signed
from tests.core.anomalies.cases import confirmed, contained, photo, taken, unvouched
from tests.core.capa import story
from tests.plants import Plant, small_plant

STEPS = 250
PEOPLE = ("responsible", "second", "supervisor", "manager", "manager2", "supplier", "auditor", "operator")
HELPFUL = 0.85
"""How often somebody tries who could; else the walk would hardly leave its first states."""
STEP_OF = {
    "cause": "responsible",
    "action": "responsible",
    "criterion": "second",
    "submit": "responsible",
    "approve": "manager",
    "return": "manager2",
    "implement": "responsible",
    "judge": "manager2",
    "close": "manager",
    "decide": "manager",
}

# Where a CAPA stands, where its case may stand at the same time. Written here anew, not taken from the code.
TOGETHER = {
    "open": {"graded", "contained", "investigating"},
    "planned": {"action_planned"},
    "implementing": {"implementing"},
    "verifying": {"verifying"},
    "verified": {"verified"},
    "waived": {"verified"},
    "closed": {"closed"},
}
NEXT = {
    "open": {"open", "planned"},
    "planned": {"open", "implementing"},
    "implementing": {"implementing", "verifying"},
    "verifying": {"verifying", "verified", "open"},
    "verified": {"verified", "closed"},
    "waived": {"closed"},
    "closed": set(),
}


@dataclass
class History:
    """What really happened, kept by the test: who wrote, did and decided in which cycle."""

    authors: set[int] = field(default_factory=set)
    hands: set[int] = field(default_factory=set)
    wrote: set[str] = field(default_factory=set)
    open_actions: int = 0
    reached: set[str] = field(default_factory=set)

    def check(self, name: str, who: int, before: CapaFacts, after: CapaFacts) -> None:
        """The written rules, by name of the step that just succeeded."""
        self.reached.add(after.state)
        if name in {"cause", "action", "criterion", "submit"}:
            self.authors.add(who)
            self.wrote.add(name)
        if name == "action":
            self.open_actions += 1
        if name == "submit":
            assert {"cause", "action", "criterion"} <= self.wrote
        if name in {"approve", "return"}:
            assert who not in {before.owner_id, *self.authors}
        if name == "complete":
            self.open_actions -= 1
            self.hands.add(who)
        if name == "implement":
            assert who == before.owner_id
            assert self.open_actions == 0
        if name.startswith("judge"):
            assert who not in {before.owner_id, *self.hands}
        if name == "judge ineffective":
            assert after.cycle == before.cycle + 1
            self.wrote.clear()
            self.authors.clear()
        if name == "close":
            assert who != before.owner_id
            assert before.effect_result == "effective" or before.waiver_reason


def signed(actor: Actor) -> Signed:
    """What a completed ceremony hands to the verb."""
    return Signed(
        signature_id=None,
        person_id=actor.identity,
        meaning=Meaning.APPROVED,
        shown_digest="0" * 64,
        signed_at=clock.now(),
    )


Try = Callable[[Actor], Awaitable[object]]


async def attempts(chance: random.Random, plant: Plant, now: CapaFacts) -> dict[str, Try]:
    """Every verb of the room, with arguments drawn by chance."""
    key = now.id
    text = "因为浓度未监控" if chance.random() < HELPFUL else chance.choice(["", "操作失误"])
    planned = await capa.actions(key)
    undone = [one for one in planned if one.done_at is None]
    action = chance.choice(planned) if planned else None
    action = undone[0] if undone and chance.random() < HELPFUL else action
    result = chance.choice(list(EffectResult))
    owner = chance.choice(("supplier", "second") if chance.random() < HELPFUL else PEOPLE)

    async def complete(actor: Actor) -> object:
        assert action is not None
        shown = [await photo(actor)] if chance.random() < HELPFUL else []
        return await capa.complete_action(actor, action.id, note=text, evidence_ids=shown)

    async def record(actor: Actor) -> object:
        return await capa.record_cause(
            actor,
            key,
            occurrence_category=capa.CauseCategory.METHOD,
            occurrence=text,
            escape_category=capa.CauseCategory.MAN,
            escape="未检",
        )

    async def decide(actor: Actor) -> object:
        holds = [one.id for one in await lots.holds_of(actor, now.case_number)]
        return await lots.decide_holds(
            actor, holds, disposition=lots.Disposition.RELEASE, reason="合格", signed=signed(actor)
        )

    found: dict[str, Try] = {
        "cause": record,
        "action": lambda a: story.add(plant, a, key, owner),
        "criterion": lambda a: story.criterion(a, key),
        "submit": lambda a: capa.submit_plan(a, key),
        "approve": lambda a: capa.approve_plan(a, key, signed(a)),
        "return": lambda a: capa.return_plan(a, key, text),
        "implement": lambda a: capa.confirm_implementation(a, key, signed(a)),
        f"judge {result}": lambda a: capa.judge_effect(
            a, key, result=result, note=text, evidence_ids=[], signed=signed(a)
        ),
        "close": lambda a: capa.close(a, key, signed(a)),
        "open": lambda a: capa.open_capa(a, now.anomaly_id),
        "waive": lambda a: capa.waive(a, now.anomaly_id, text, signed(a)),
        "decide": decide,
    }
    if len(planned) >= 2 * now.cycle:
        del found["action"]
    if action is not None:
        found["complete"] = complete
    return found


async def hand(plant: Plant, now: CapaFacts) -> str:
    """Who has the first action that is not done."""
    names = {person: name for name, person in plant.persons.items()}
    return next((names[one.owner_id] for one in await capa.actions(now.id) if one.done_at is None), "second")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.req("G-15", "P-10f")
async def test_no_sequence_of_verbs_breaks_the_loop_the_four_eyes_or_the_ledger(
    database: str, seed: int
) -> None:
    """Hundreds of attempts by random people: each is refused without a trace, or is a step that the rules allow."""
    plant = await small_plant()
    chance = random.Random(seed)
    case = await contained(
        plant, await confirmed(plant, await taken(plant, by="coater_operator", risk="implant"))
    )
    watcher = await plant.actor("manager")
    now = await capa.of_anomaly(watcher, case.id)
    assert now is not None
    history = History()
    for _ in range(STEPS):
        tries = await attempts(chance, plant, now)
        name = chance.choice([one for one in tries if one != "return" or chance.random() > HELPFUL])
        able = STEP_OF.get(name.split()[0], "manager")
        if name == "complete":
            able = "supplier" if chance.random() < 1 - HELPFUL else await hand(plant, now)
        actor = await plant.actor(able if chance.random() < HELPFUL else chance.choice(PEOPLE))
        try:
            await tries[name](actor)
        except Refusal as no:
            assert str(no)
            assert await capa.get(watcher, now.id) == now, (name, "a refusal changes nothing")
            continue
        after = await capa.get(watcher, now.id)
        if name != "decide":
            assert after.state in NEXT[now.state], (name, now.state, after.state)
            history.check(name, actor.identity, now, after)
        if after.state == "closed":
            assert await lots.undecided(case.number, plant_id=case.plant_id) == 0
        assert (await anomalies.get(watcher, case.id)).state in TOGETHER[after.state]
        now = after
    assert {"planned", "implementing", "verifying"} <= history.reached, "the walk came somewhere"
    assert await unvouched() == []
    assert await ledger.entry_count() > 0
