"""Wishes about channels and hours: the closest rule counts, quiet hours may pass midnight, nonsense is refused."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from core import people
from core.kit import NotFound, NotPermitted
from core.people import ChannelRule, Contact, ContactUnclear, Hours, NeedsReason
from core.people.contacting import CHANNELS
from tests.core.people.house import House

NIGHT = Hours(begins=22 * 60, ends=6 * 60)
KNOWN = ["telegram", "wecom", "browser"]
SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = Contact(
    rules=(
        ChannelRule(channels=("browser",)),
        ChannelRule(channels=("wecom",), hours=NIGHT),
        ChannelRule(channels=("telegram", "wecom"), grade="A"),
        ChannelRule(channels=("wecom", "browser"), grade="A", hours=NIGHT),
    )
)


@pytest.mark.parametrize(
    ("grade", "hour", "order"),
    [
        (None, 12, ["browser", "telegram", "wecom"]),
        ("C", 12, ["browser", "telegram", "wecom"]),
        ("C", 23, ["wecom", "telegram", "browser"]),
        ("A", 12, ["telegram", "wecom", "browser"]),
        ("A", 5, ["wecom", "browser", "telegram"]),
        ("A", 6, ["telegram", "wecom", "browser"]),
    ],
)
def test_the_closest_rule_gives_the_order_and_no_channel_is_lost(
    grade: str | None, hour: int, order: list[str]
) -> None:
    assert RULES.order(KNOWN, grade=grade, minute=hour * 60) == order


def test_a_channel_that_the_person_lost_is_passed_over() -> None:
    assert RULES.order(["telegram", "browser"], grade="A", minute=5 * 60) == ["browser", "telegram"]
    assert Contact().order(KNOWN, grade="A", minute=0) == KNOWN


@pytest.mark.parametrize(
    ("hours", "now", "end"),
    [
        (NIGHT, (2027, 3, 1, 21, 59), None),
        (NIGHT, (2027, 3, 1, 22, 0), (2027, 3, 2, 6, 0)),
        (NIGHT, (2027, 3, 2, 5, 59), (2027, 3, 2, 6, 0)),
        (NIGHT, (2027, 3, 2, 6, 0), None),
        (Hours(begins=720, ends=780), (2027, 3, 2, 12, 30), (2027, 3, 2, 13, 0)),
        (None, (2027, 3, 2, 3, 0), None),
    ],
)
def test_quiet_hours_end_when_they_say(
    hours: Hours | None, now: tuple[int, int, int, int, int], end: tuple[int, int, int, int, int] | None
) -> None:
    found = Contact(quiet=hours).quiet_until(dt.datetime(*now, tzinfo=SHANGHAI))
    assert found == (None if end is None else dt.datetime(*end, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    "wrong",
    [
        Contact(rules=(ChannelRule(channels=("pigeon",)),)),
        Contact(rules=(ChannelRule(channels=()),)),
        Contact(rules=(ChannelRule(channels=("wecom",), grade="D"),)),
        Contact(rules=(ChannelRule(channels=("wecom",)),) * 13),
        Contact(quiet=Hours(begins=0, ends=1440)),
        Contact(quiet=Hours(begins=-1, ends=5)),
        Contact(quiet=Hours(begins=5, ends=5)),
        Contact(prove_minutes=0),
        Contact(prove_minutes=241),
    ],
)
def test_what_cannot_be_followed_is_refused(wrong: Contact) -> None:
    with pytest.raises(ContactUnclear):
        wrong.must_be_clear(CHANNELS)


async def test_a_person_sets_their_own_an_administrator_anybodys_with_a_reason(house: House) -> None:
    li = await people.actor_of(house.li, "chat")
    await people.set_contact(li, house.li, RULES)
    assert await people.contact_of(house.li) == RULES
    for reason, why in (("", NeedsReason), ("   ", NeedsReason)):
        with pytest.raises(why):
            await people.set_contact(house.boss, house.li, Contact(), reason=reason)
    wishes = Contact(quiet=NIGHT, digest=False, prove_minutes=10)
    await people.set_contact(house.boss, house.li, wishes, reason="night shift")
    assert await people.contact_of(house.li) == wishes
    with pytest.raises(NotPermitted):
        await people.set_contact(li, house.boss.identity, Contact(), reason="prank")
    with pytest.raises(NotFound):
        await people.set_contact(house.boss, 999_999, Contact(), reason="nobody")
