"""Level S4 in the chat: asked for by two people, a way to a passkey, a card that leads to the page, a receipt."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest

from core import signing
from core.kit import clock, system
from core.signing.models import Signature
from handlers import text
from tests.fakes.authenticator import SoftKey
from tests.journeys import acts

_ = text.translator("zh_CN")
PIN = "204816"
ADDRESS = "http://127.0.0.1:8080"
HERE = "http://localhost:8080"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_two_people_demand_a_passkey_and_the_owner_signs_with_one(database: str) -> None:
    """/levels, a head's signature, "you have none yet", /passkeys, the page, and the receipt in the chat."""
    house, (operator, owner, admin, manager) = await acts.house_with(
        "coater_operator", "responsible", "administrator", "manager"
    )
    await admin.says("/passkeys")
    admin.sees(text.said(signing.NoPasskeysHere(), "zh_CN"))
    signing.use_passkeys(ADDRESS)
    await admin.says("/levels")
    await admin.taps(_("Confirm the grade"))
    await admin.taps(_("S4 · passkey"))
    await admin.says("等级影响放行")
    await admin.taps(_("Confirm ✓"))
    await manager.taps(_("Read and sign"))
    await manager.signs()

    number = await acts.report(operator)
    await owner.taps(_("✅ Acknowledge"))
    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    owner.sees(text.said(signing.NeedsPasskey(), "zh_CN"))
    await owner.says("/passkeys")
    assert owner.chat[-1].outgoing.buttons[0][0].url.startswith(f"{HERE}/sign#")
    person, key = house.plant.persons["responsible"], SoftKey(origin=HERE)
    house.plant.secrets["responsible"] = pyotp.random_base32(32)
    await signing.load_demo_factor(system(house.plant.id), person, house.plant.secrets["responsible"], PIN)
    await signing.open_session(person, PIN, house.plant.code("responsible"))
    await signing.add_passkey(person, "手机", key.create((await signing.passkey_offer(person)).create))
    await house.settle()
    owner.sees(_("🔏 {name} has a new passkey: {passkey}").format(name="王芳", passkey="手机"))

    await owner.says(number)
    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    card = owner.chat[-1].outgoing
    link = card.buttons[0][0].url
    assert link.startswith(f"{HERE}/sign/act#")
    clock.shift(dt.timedelta(seconds=61))
    await owner.says(f"{house.plant.code('responsible')} {card.code}")
    owner.sees(text.said(signing.SignsByPasskey(), "zh_CN"))
    token = link.partition("#")[2]
    await signing.sign_by_passkey(token, key.get((await signing.page(token)).options))
    await house.settle()
    owner.sees(_("✔ Signed: {number}").format(number=number))
    assert (await Signature.all().order_by("-id").first()).method == "passkey"  # type: ignore[union-attr]
    signing.use_passkeys("")
