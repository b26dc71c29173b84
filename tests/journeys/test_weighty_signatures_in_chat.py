"""Level S3 in the chat: the card leads to the signing page first, then codes sign for ten minutes."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest

from core import signing
from core.kit import clock, system
from core.signing.models import Signature
from handlers import text
from tests.journeys import acts
from tests.journeys.memory_house import MemoryHouse, Someone

_ = text.translator("zh_CN")
PIN = "204816"
PAGE = "/sign#"


@pytest.fixture
async def shown(database: str) -> tuple[MemoryHouse, Someone, str]:
    """At this plant grades take the PIN; the owner looks at the card that confirms grade A."""
    house, (operator, owner) = await acts.house_with("coater_operator", "responsible")
    root = system(house.plant.id)
    await signing.set_level(root, "anomalies:grade:confirm", "S3")
    house.plant.secrets["responsible"] = pyotp.random_base32(32)
    await signing.load_demo_factor(
        root, house.plant.persons["responsible"], house.plant.secrets["responsible"], PIN
    )
    number = await acts.report(operator)
    await owner.taps(_("✅ Acknowledge"))
    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    clock.shift(dt.timedelta(seconds=61))
    return house, owner, number


def word(owner: Someone) -> str:
    """The check word of the newest card."""
    return next(str(one.outgoing.code) for one in reversed(owner.chat) if one.outgoing.code)


def links(owner: Someone) -> list[str]:
    """The links of the last message."""
    return [one.url for row in owner.chat[-1].outgoing.buttons for one in row if one.url]


async def test_the_card_leads_to_the_pin_and_then_a_code_signs(
    shown: tuple[MemoryHouse, Someone, str],
) -> None:
    """Code alone: told what comes first, card stays. After PIN and code on the page, the next code signs."""
    house, owner, number = shown
    assert PAGE in links(owner)[0]
    await owner.says(f"{house.plant.code('responsible')} {word(owner)}")
    owner.sees(text.said(signing.NeedsSession(), "zh_CN"))
    assert await Signature.all().count() == 0
    await signing.open_session(house.plant.persons["responsible"], PIN, house.plant.code("responsible"))
    clock.shift(dt.timedelta(seconds=30))
    await owner.says(f"{house.plant.code('responsible')} {word(owner)}")
    owner.sees(_("✔ Signed: {number}").format(number=number))
    assert (await Signature.get()).method == "pin+totp"


async def test_inside_the_session_the_card_asks_for_the_code_only(
    shown: tuple[MemoryHouse, Someone, str],
) -> None:
    """A card shown while the session is open carries no link; /pin gives a link at any time."""
    house, owner, number = shown
    await owner.says("/pin")
    assert PAGE in links(owner)[0]
    await signing.open_session(house.plant.persons["responsible"], PIN, house.plant.code("responsible"))
    await owner.says(number)
    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    assert links(owner) == []
    await owner.signs()
    owner.sees(_("✔ Signed: {number}").format(number=number))
