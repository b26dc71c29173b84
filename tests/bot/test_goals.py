"""The goals that delivery has to reach, in virtual time, against limits as the real messenger enforces them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles

from bot.adapters.telegram import LIMITS
from bot.delivery import Delivery
from core import notices
from core.kit import clock, system, unit_of_work
from core.notices import Outcome, Priority
from core.notices.models import Notice
from handlers.chat.vocabulary import Delivered, Outgoing, Pictures
from tests.bot.test_delivery import delivery_for
from tests.fakes.messenger import FakeMessenger
from tests.servers.telegram_limits import Limits, RefusedError

GROUP = "-9"
STEP = dt.timedelta(seconds=0.1)


def seconds() -> float:
    return clock.now().timestamp()


@dataclass
class Enforcing(FakeMessenger):
    """Answers 429 as the real one does when any window would hold too many."""

    limits: Limits = field(default_factory=lambda: Limits(now=seconds))
    when: dict[str, float] = field(default_factory=dict)

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        try:
            self.limits.admit(int(chat_ref.partition(":")[0]), 1 + len(outgoing.pictures))
        except RefusedError as refused:
            assert refused.parameters is not None
            return Delivered(outcome=Outcome.RETRY, retry_after=float(refused.parameters["retry_after"]))
        self.when[outgoing.body] = seconds()
        return await super().send(chat_ref, outgoing, pictures)

    async def edit(self, chat_ref: str, message_ref: dict[str, object], outgoing: Outgoing) -> Delivered:
        self.when[outgoing.body] = seconds()
        return await super().edit(chat_ref, message_ref, outgoing)


async def steps_until(delivery: Delivery, done: Callable[[], bool]) -> int:
    """Work, and let time pass only where nothing is due; answers how many steps of waiting it took."""
    steps = 0
    while not done():
        if await delivery.cycle() == 0:
            steps += 1
            clock.shift(STEP)
        assert steps < 6000, "never"
    return steps


async def leave(
    bodies: list[tuple[str, str]], priority: Priority, edits: list[int] | None = None
) -> list[int]:
    async with unit_of_work():
        return [
            await notices.tell(
                system(1),
                "chat:reply",
                channel="telegram",
                chat_ref=chat,
                payload=Outgoing(body=body).to_payload(),
                priority=priority,
                edits_id=None if edits is None else edits[number],
            )
            for number, (chat, body) in enumerate(bodies)
        ]


async def test_a_grade_a_alert_behind_a_thousand_queued_messages_goes_out_within_three_seconds(
    database: str,
) -> None:
    """Half of them wait for the alert's own group, the others fill the overall window; no 429 is provoked."""
    messenger = Enforcing()
    delivery = delivery_for(messenger, {"telegram": LIMITS})
    low = [(GROUP if one % 2 else str(one % 60 + 1), f"low {one}") for one in range(1000)]
    await Notice.bulk_create(
        Notice(
            plant_id=1,
            channel="telegram",
            chat_ref=chat,
            scope=f"telegram:{chat}",
            kind="chat:reply",
            payload=Outgoing(body=body).to_payload(),
            priority=int(Priority.INFO),
            due_at=clock.now(),
            created_at=clock.now(),
        )
        for chat, body in low
    )
    await steps_until(delivery, lambda: len(messenger.chats.get(GROUP, [])) >= 12)
    left = seconds()
    await leave([(GROUP, "grade A")], Priority.CRITICAL)
    steps = await steps_until(delivery, lambda: "grade A" in messenger.when)
    took, passed = steps * STEP.total_seconds(), messenger.when["grade A"] - left
    print(
        f"grade A alert behind 1,000 queued messages: {took:.1f} s of waiting (goal 3 s), {passed:.2f} s with this "
        f"machine's own time; {messenger.limits.refusals} refusals by the messenger"
    )
    assert took <= 3
    assert messenger.limits.refusals == 0
    assert len(messenger.when) < 1000, "it overtook"


async def test_a_change_is_shown_on_every_copy_within_two_seconds_and_many_changes_are_one(
    database: str,
) -> None:
    messenger, dice = Enforcing(), random.Random(5)
    delivery = delivery_for(messenger, {"telegram": LIMITS})
    chats = [str(one) for one in range(1, 26)]
    cards = await leave([(one, f"new {one}") for one in chats], Priority.ALERT)
    await steps_until(delivery, lambda: len(messenger.when) == len(chats))
    for state in range(6):
        changed = await leave([(one, f"state {state} {one}") for one in chats], Priority.ALERT, cards)
        assert len(changed) == len(chats)
        if dice.random() < 0.3:
            await delivery.cycle()
    began, waited, steps = seconds(), {}, 0
    while len(waited) < len(chats):
        while await delivery.cycle():
            pass
        for one in chats:
            if f"state 5 {one}" in messenger.when:
                waited.setdefault(one, steps * STEP.total_seconds())
        steps += 1
        clock.shift(STEP)
        assert seconds() - began < 600
    p95 = quantiles(waited.values(), n=20)[-1]
    edits = sum(shown[0].edits for shown in messenger.chats.values())
    print(
        f"a change on {len(chats)} copies: p95 {p95:.1f} s of waiting (goal 2 s); 150 changes, {edits} edits, "
        f"{await notices.edits_saved()} saved"
    )
    assert p95 <= 2
    assert all(shown[0].outgoing.body.startswith("state 5") for shown in messenger.chats.values())
    assert edits + await notices.edits_saved() == 150
    assert messenger.limits.refusals == 0
