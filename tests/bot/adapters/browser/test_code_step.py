"""Whoever has an authenticator proves it after the link: nobody acts as them with a link alone."""

from __future__ import annotations

import datetime as dt

import aiohttp
import pyotp
import pytest
from playwright.async_api import Browser
from yarl import URL

from core import people, signing
from core.kit import clock, system
from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.bot.adapters.browser.phones import until
from tests.bot.adapters.browser.requests import refused, updates
from tests.journeys.chromium import chromium

MANAGER = "manager"


@pytest.fixture
async def guarded(house: EchoHouse) -> EchoHouse:
    """A house whose quality manager has an authenticator."""
    house.plant.secrets[MANAGER] = pyotp.random_base32(32)
    root = system(house.plant.id)
    await signing.load_demo_factor(root, house.plant.persons[MANAGER], house.plant.secrets[MANAGER])
    return house


async def entered(house: EchoHouse) -> tuple[aiohttp.ClientSession, str]:
    """A browser that has used its link, and the token for the next step."""
    jar = aiohttp.CookieJar(unsafe=True)
    session = aiohttp.ClientSession(base_url=house.address, cookie_jar=jar)
    async with session.post("/chat/enter", json={"token": await house.link(MANAGER)}) as answer:
        assert answer.status == 200
        begun = await answer.json()
    assert begun["code"] is True
    return session, begun["csrf"]


def wrong(house: EchoHouse) -> str:
    """Six digits that the authenticator shows at no step near now."""
    totp = pyotp.TOTP(house.plant.secrets[MANAGER])
    near = {totp.at(clock.now() + dt.timedelta(seconds=30 * step)) for step in range(-3, 4)}
    return next(f"{n:06d}" for n in range(100) if f"{n:06d}" not in near)


async def test_a_link_alone_opens_nothing_for_whoever_has_an_authenticator(guarded: EchoHouse) -> None:
    """No message, no stream, no picture, no API, no greeting until the code is right."""
    session, csrf = await entered(guarded)
    async with session:
        for path in ("/chat/me", "/chat/messages", "/chat/events", "/chat/picture?message=1&source=x"):
            async with session.get(path) as answer:
                await refused(answer, 401)
        for path, body in (("/chat/send", {"id": "aaaaaaaa-1", "text": "hello"}), ("/chat/leave", {})):
            async with session.post(path, json=body, headers={"X-CSRF-Token": csrf}) as answer:
                await refused(answer, 401)
        assert await updates() == 0
        async with session.post("/chat/code", json={"code": guarded.plant.code(MANAGER)}) as answer:
            await refused(answer, 403)
        async with session.post(
            "/chat/code", json={"code": guarded.plant.code(MANAGER)}, headers={"X-CSRF-Token": csrf}
        ) as answer:
            assert answer.status == 200
        async with session.get("/chat/me") as answer:
            assert (await answer.json())["name"] == "刘洋"
        assert await updates() == 1


async def test_the_cookie_of_the_first_step_is_worth_nothing_after_it(guarded: EchoHouse) -> None:
    """The code makes a new session; whoever had read the first cookie has nothing."""
    session, csrf = await entered(guarded)
    async with session:
        before = {one.key: one.value for one in session.cookie_jar}
        async with session.post(
            "/chat/code", json={"code": guarded.plant.code(MANAGER)}, headers={"X-CSRF-Token": csrf}
        ) as answer:
            assert answer.status == 200
        assert {one.key: one.value for one in session.cookie_jar} != before
    async with aiohttp.ClientSession(base_url=guarded.address, cookies=before) as thief:
        async with thief.get("/chat/me") as answer:
            await refused(answer, 401)
        async with thief.post("/chat/code", json={"code": "123456"}) as answer:
            await refused(answer, 401)


async def test_wrong_codes_are_counted_and_lock_like_those_of_a_signature(guarded: EchoHouse) -> None:
    session, csrf = await entered(guarded)
    token = {"X-CSRF-Token": csrf}
    async with session:
        for body in ({}, {"code": 5}, {"code": "9" * 50}):
            async with session.post("/chat/code", json=body, headers=token) as answer:
                await refused(answer, 400)
        for _time in range(3):
            async with session.post("/chat/code", json={"code": wrong(guarded)}, headers=token) as answer:
                await refused(answer, 422)
        clock.shift(dt.timedelta(seconds=61))
        async with session.post(
            "/chat/code", json={"code": guarded.plant.code(MANAGER)}, headers=token
        ) as answer:
            await refused(answer, 422)
        async with session.get("/chat/me") as answer:
            await refused(answer, 401)


async def test_the_first_step_lasts_ten_minutes(guarded: EchoHouse) -> None:
    session, csrf = await entered(guarded)
    async with session:
        clock.shift(dt.timedelta(minutes=11))
        async with session.post(
            "/chat/code", json={"code": guarded.plant.code(MANAGER)}, headers={"X-CSRF-Token": csrf}
        ) as answer:
            await refused(answer, 401)


async def test_a_code_for_the_page_opens_no_other_door(guarded: EchoHouse) -> None:
    """The session between the steps is none of the admin page's either."""
    session, _csrf = await entered(guarded)
    async with session:
        token = next(one.value for one in session.cookie_jar)
    for door in ("chat", "admin"):
        assert await people.session(token, door) is None


async def test_after_a_lost_phone_nothing_is_open_and_a_link_alone_opens_nothing(guarded: EchoHouse) -> None:
    """Suspending the authenticator ends every session; the next link waits for a new authenticator and stays good."""
    session, csrf = await entered(guarded)
    async with session:
        async with session.post(
            "/chat/code", json={"code": guarded.plant.code(MANAGER)}, headers={"X-CSRF-Token": csrf}
        ) as answer:
            assert answer.status == 200
        manager = await guarded.plant.actor(MANAGER)
        await signing.suspend(manager, manager.identity, reason="lost")
        async with session.get("/chat/me") as answer:
            await refused(answer, 401)
        token = await guarded.link(MANAGER)
        async with session.post("/chat/enter", json={"token": token}) as answer:
            await refused(answer, 422)
        assert await people.peek_link(token, "chat"), "the link is not used up by a refusal"


async def test_the_page_asks_for_the_code_survives_a_reload_and_says_what_is_wrong(
    guarded: EchoHouse,
) -> None:
    """At 360 px: link, field, wrong code, reload, right code, chat."""
    async with chromium() as browser:
        await _typed(browser, guarded)


async def _typed(browser: Browser, house: EchoHouse) -> None:
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    try:
        page = await context.new_page()
        await page.goto(f"{house.address}/chat#{await house.link(MANAGER)}")
        await until(page, "document.getElementById('code-form').hidden", False)
        assert await page.evaluate("document.activeElement.id") == "code"
        await page.fill("#code", wrong(house))
        await page.click("#code-go")
        await until(page, "document.getElementById('code-fault').textContent.length > 0")
        await page.reload()
        await until(page, "document.getElementById('code-form').hidden", False)
        assert URL(page.url).fragment == ""
        clock.shift(dt.timedelta(seconds=61))
        await page.fill("#code", house.plant.code(MANAGER))
        await page.press("#code", "Enter")
        await until(page, "document.body.dataset.state", "online")
        assert not await page.is_visible("#code-form")
    finally:
        await context.close()
