"""The signing page: its link is the owner's alone, PIN and code open the session, every wrong try is counted."""

from __future__ import annotations

import aiohttp
import pyotp
import pytest

from core import people, signing
from core.kit import NotPermitted, clock, system
from tests.handlers.web.doors import Doors

PIN = "204816"
NAME = "manager"


async def link(doors: Doors) -> str:
    """The manager has a PIN, and a fresh link of their own."""
    person = doors.plant.persons[NAME]
    doors.plant.secrets[NAME] = pyotp.random_base32(32)
    await signing.load_demo_factor(system(doors.plant.id), person, doors.plant.secrets[NAME], PIN)
    return await people.one_time_link(await doors.plant.actor(NAME), person, "sign")


async def sent(doors: Doors, path: str, **fields: str) -> tuple[int, str]:
    """Send the form without any session; answers status and page."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{doors.address}{path}", data=fields) as answer,
    ):
        return answer.status, await answer.text()


async def test_pin_and_code_open_ten_minutes_once(doors: Doors) -> None:
    """Looking does not use the link up; the right pair does; the second use is refused."""
    token, person = await link(doors), doors.plant.persons[NAME]
    status, page = await sent(doors, "/sign", token=token)
    assert (status, 'name="pin"' in page) == (200, True)
    assert await signing.session_until(person) is None
    code = pyotp.TOTP(doors.plant.secrets[NAME]).at(clock.now())
    status, page = await sent(doors, "/sign/confirm", token=token, pin=PIN, code=code)
    assert (status, 'role="status"' in page) == (200, True)
    assert await signing.session_until(person) is not None
    assert (await sent(doors, "/sign", token=token))[0] == 403


@pytest.mark.parametrize(
    ("pin", "code"),
    [("204817", None), ("", None), (PIN, "000000"), (PIN, "x"), ("９" * 40, "9" * 400)],
)
async def test_a_wrong_pair_opens_nothing_and_leaves_the_link(
    doors: Doors, pin: str, code: str | None
) -> None:
    """A plain sentence, 403, no session; the right pair still opens it."""
    token, person = await link(doors), doors.plant.persons[NAME]
    right = pyotp.TOTP(doors.plant.secrets[NAME]).at(clock.now())
    status, page = await sent(
        doors, "/sign/confirm", token=token, pin=pin, code=right if code is None else code
    )
    assert (status, 'role="alert"' in page) == (403, True)
    assert pin not in page or not pin
    assert "核对词" not in page, "nobody asked for one"
    assert ("PIN 或验证码不正确" in page) == (len(code or "123456") == 6)
    assert await signing.session_until(person) is None
    assert (await sent(doors, "/sign/confirm", token=token, pin=PIN, code=right))[0] == 200


@pytest.mark.parametrize("token", ["", "x", "𝔞" * 300, "a" * 30])
async def test_an_unknown_link_opens_nothing(doors: Doors, token: str) -> None:
    """Both steps say so and ask for a link."""
    assert (await sent(doors, "/sign", token=token))[0] == 403
    assert (await sent(doors, "/sign/confirm", token=token, pin=PIN, code="123456"))[0] == 403


async def test_nobody_gets_a_signing_link_for_somebody_else(doors: Doors) -> None:
    """Not even an administrator; and a link of another kind is none."""
    admin, person = await doors.plant.actor("administrator"), doors.plant.persons[NAME]
    with pytest.raises(NotPermitted):
        await people.one_time_link(admin, person, "sign")
    chat = await people.one_time_link(admin, person, "chat")
    assert (await sent(doors, "/sign", token=chat))[0] == 403


async def test_another_sites_form_is_refused(doors: Doors) -> None:
    """A form sent from elsewhere never reaches the check of the code."""
    token = await link(doors)
    async with (
        aiohttp.ClientSession(
            headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
        ) as session,
        session.post(f"{doors.address}/sign", data={"token": token}) as answer,
    ):
        assert answer.status == 403
        assert 'name="pin"' not in await answer.text()
