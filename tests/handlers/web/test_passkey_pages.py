"""The pages of passkeys: behind PIN and code or the link of one showing; the content whole; every wrong form refused."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pyotp
import pytest

from core import people, signing
from core.kit import clock, system
from core.signing import CeremonyFacts
from core.signing.models import Passkey, Signature
from tests.fakes.authenticator import SoftKey
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_in_chromium import fits_and_reads
from tests.handlers.web.test_signing_page import PIN, link, sent
from tests.journeys.chromium import chromium

NAME = "manager"
ACT = "people:role:grant"


@dataclass
class Desk:
    """The manager's browser, past PIN and code."""

    doors: Doors
    session: aiohttp.ClientSession
    address: str
    key: SoftKey

    async def page(self, path: str, **fields: str) -> tuple[int, str]:
        """Open a page, or send a form."""
        method = "POST" if fields else "GET"
        async with self.session.request(method, f"{self.address}{path}", data=fields or None) as answer:
            return answer.status, await answer.text()

    async def added(self) -> str:
        """Add the key in hand; answers the page."""
        _status, own = await self.page("/sign/passkeys")
        made = self.key.create(said(own, "create"))
        status, after = await self.page("/sign/passkeys/add", csrf=csrf(own), name="手机", answer=made)
        assert status == 200, after
        return after


def said(page: str, name: str) -> str:
    """The options in a form's data."""
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found is not None, page
    return html.unescape(found[1])


def csrf(page: str) -> str:
    """The token of the page's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
async def desk(doors: Doors) -> AsyncIterator[Desk]:
    """Passkeys belong to the name of this machine; the manager has given PIN and code there."""
    address = doors.address.replace("127.0.0.1", "localhost")
    signing.use_passkeys(address)
    token = await link(doors)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        made = Desk(doors, session, address, SoftKey(origin=address))
        code = pyotp.TOTP(doors.plant.secrets[NAME]).at(clock.now())
        status, page = await made.page("/sign/confirm", token=token, pin=PIN, code=code)
        assert (status, 'href="/sign/passkeys"' in page) == (200, True)
        yield made
    signing.use_passkeys("")


async def shown(doors: Doors) -> CeremonyFacts:
    """At this plant roles are given at S4: one waits for the manager's passkey."""
    await signing.set_level(system(doors.plant.id), ACT, "S4")
    asked = await signing.propose(
        await doors.plant.actor("administrator"),
        ACT,
        {"person_id": doors.plant.persons["second"], "role": "supervisor"},
        "leads the line",
    )
    return await signing.begin(await doors.plant.actor(NAME), ACT, {"id": asked.id}, "telegram", "1")


async def test_from_pin_and_code_to_a_signed_act(desk: Desk) -> None:
    """Added and named; the page of the showing says all that the chat says; the device's answer signs; then it is over."""
    assert "手机" in await desk.added()
    async with await desk.doors.admin("administrator") as admin:
        async with admin.get(f"{desk.doors.address}/admin/people") as answer:
            assert (await answer.text()).count("✓ 通行密钥") == 1
    ceremony = await shown(desk.doors)
    status, page = await desk.page("/sign/act", token=ceremony.page_token)
    assert status == 200
    for words in (
        ceremony.check_word, ceremony.number, ceremony.signer, ceremony.shown.subject_number,
        ceremony.shown_digest[:16], "leads the line", "陈静",
    ):  # fmt: skip
        assert words in page
    wrong = SoftKey(origin=desk.address).get(said(page, "get"))
    status, again = await desk.page("/sign/act/confirm", token=ceremony.page_token, answer=wrong)
    assert (status, 'role="alert"' in again, "data-get" in again) == (403, True, True)
    right = desk.key.get(said(page, "get"))
    status, done = await desk.page("/sign/act/confirm", token=ceremony.page_token, answer=right)
    assert (status, 'role="status"' in done) == (200, True)
    assert (await Signature.get(ceremony_id=ceremony.id)).method == "passkey"
    assert "supervisor" in (await people.person(desk.doors.plant.persons["second"])).roles
    status, over = await desk.page("/sign/act/confirm", token=ceremony.page_token, answer=right)
    assert (status, "data-get" in over) == (403, False)


async def test_the_own_page_opens_after_pin_and_code_only(desk: Desk) -> None:
    """No cookie, another session, a foreign form, a wrong token, garbage: nothing is added or ended."""
    page = await desk.added()
    row = await Passkey.get()
    assert (await sent(desk.doors, "/sign/passkeys/end", csrf=csrf(page), passkey=str(row.id)))[0] == 403
    for fields in (
        {"csrf": "x", "name": "y", "answer": "{}"},
        {"csrf": csrf(page), "name": "y", "answer": "[" * 9000},
        {"csrf": csrf(page), "name": "y" * 61, "answer": "{}", "confirmation": "{}"},
        {"csrf": csrf(page)},
    ):
        status, _said = await desk.page("/sign/passkeys/add", **fields)
        assert status == 403
    for number in ("", "x", "0", "99999999999999999999"):
        assert (await desk.page("/sign/passkeys/end", csrf=csrf(page), passkey=number))[0] == 403
    foreign = {"Origin": "https://evil.example"}
    async with desk.session.post(
        f"{desk.address}/sign/passkeys/end",
        data={"csrf": csrf(page), "passkey": str(row.id)},
        headers=foreign,
    ) as answer:
        assert answer.status == 403
    assert (await Passkey.get()).ended_at is None
    assert (await desk.page("/sign/passkeys/end", csrf=csrf(page), passkey=str(row.id)))[0] == 200
    assert (await Passkey.get()).ended_at is not None
    async with aiohttp.ClientSession() as stranger, stranger.get(f"{desk.address}/sign/passkeys") as answer:
        assert (answer.status, "data-create" in await answer.text()) == (403, False)


@pytest.mark.parametrize("token", ["", "x", "𝔞" * 300, "a" * 43])
async def test_an_unknown_link_shows_nothing(desk: Desk, token: str) -> None:
    """Both steps say what to do instead."""
    for path in ("/sign/act", "/sign/act/confirm"):
        status, page = await desk.page(path, token=token, answer="{}")
        assert (status, "data-get" in page) == (403, False)
        assert "此链接无效" in page
        assert "五分钟" not in page


async def test_where_they_cannot_work_the_page_says_so(desk: Desk) -> None:
    """A sentence instead of a browser's error."""
    signing.use_passkeys("http://qms.example.cn")
    status, page = await desk.page("/sign/passkeys")
    assert (status, "https" in page, "data-create" in page) == (200, True, False)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_phone_adds_a_passkey_and_signs_with_it(doors: Doors) -> None:
    """The whole way in Chromium with a virtual device, 360 px, accessible: PIN and code, add, read, sign; then another."""
    address = doors.address.replace("127.0.0.1", "localhost")
    signing.use_passkeys(address)
    token = await link(doors)
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
        page = await context.new_page()
        said_by_browser: list[str] = []
        page.on("console", lambda line: said_by_browser.append(line.text) if line.type == "error" else None)
        device = await context.new_cdp_session(page)
        await device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        await device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        await page.goto(f"{address}/sign#{token}")
        await page.wait_for_selector("#pin")
        await page.fill("#pin", PIN)
        await page.fill("#code", pyotp.TOTP(doors.plant.secrets[NAME]).at(clock.now()))
        await page.click("button.go")
        await page.click("a[href='/sign/passkeys']")
        await page.fill("#name", "我的手机")
        await fits_and_reads(page, "no passkey yet")
        await page.click("form.passkey button")
        await page.wait_for_selector("[role=status]")
        await fits_and_reads(page, "one passkey")
        key = {**options, "transport": "usb"}
        await device.send("WebAuthn.addVirtualAuthenticator", {"options": key})
        await page.fill("#name", "安全密钥")
        button = page.locator("form.passkey button")
        first = await button.inner_text()
        await button.click()
        await page.wait_for_function(
            "before => document.querySelector('form.passkey button').textContent !== before", arg=first
        )
        await button.click()
        await page.wait_for_selector("text=安全密钥")
        ceremony = await shown(doors)
        await page.goto(f"{address}/sign/act#{ceremony.page_token}")
        await page.wait_for_selector("form.passkey")
        assert ceremony.page_token not in page.url
        assert ceremony.check_word in await page.inner_text("main")
        await fits_and_reads(page, "what would be signed")
        await page.click("form.passkey button")
        await page.wait_for_selector("[role=status]")
        await fits_and_reads(page, "signed")
        assert not said_by_browser
    assert (await Signature.get(ceremony_id=ceremony.id)).method == "passkey"
    assert [one async for one in signing.check_assertions()] == []
    assert (await Passkey.get(name="安全密钥")).confirmed_by == (await Passkey.get(name="我的手机")).id
    signing.use_passkeys("")
