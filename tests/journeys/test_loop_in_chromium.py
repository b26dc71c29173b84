"""The whole loop on the phone page in a real Chromium, then the auditor on the admin page; both accessible."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page

from bot import serving
from core import people
from core.kit import clock, system
from core.notices.models import PageEvent
from core.people.models import AccessLog
from handlers import text
from tests.journeys import story
from tests.journeys.chromium import chromium
from tests.journeys.real_house import RealHouse
from tests.journeys.story import Seen
from tests.paths import ROOT
from tests.plants import Plant, small_plant

PICTURES = os.environ.get("PICTURES")
"""Set by ``make pictures``: the journey then renews the pictures of the README."""


async def until(page: Page, expression: str, patience: float = 15.0) -> None:
    """Wait for something to become true on the page; asked from outside, since the page allows no eval."""
    end = asyncio.get_running_loop().time() + patience
    while not await page.evaluate(expression):
        assert asyncio.get_running_loop().time() < end, f"not within {patience} s: {expression}"
        await asyncio.sleep(0.03)


@dataclass
class InChromium:
    """A person with the phone page open at 360 px."""

    stage: ChromiumStage
    page: Page
    name: str
    plant: Plant

    async def _after(self) -> None:
        await until(self.page, "!Object.keys(localStorage).some((key) => key.startsWith('bihuan-unsent-'))")
        await self.stage.house.rest()
        last = await PageEvent.filter(person_id=self.plant.persons[self.name]).order_by("-number").first()
        number = 0 if last is None else last.number
        await until(self.page, f"Number(document.body.dataset.last) >= {number}")

    async def says(self, words: str) -> None:
        await self.page.fill("#text", words)
        await self.page.press("#text", "Enter")
        await self._after()

    async def taps(self, label: str) -> None:
        button = self.page.locator("button.press", has_text=re.compile(re.escape(label))).last
        await button.click()
        await self._after()

    async def photographs(self, *pictures: bytes) -> None:
        files = [
            {"name": f"photo{n}.jpg", "mimeType": "image/jpeg", "buffer": one}
            for n, one in enumerate(pictures)
        ]
        await self.page.set_input_files("#gallery", files)  # type: ignore[arg-type]
        await self._after()

    async def screen(self) -> list[Seen]:
        shown = await self.page.evaluate(
            """() => [...document.querySelectorAll('.message:not(.mine)')].map((one) => ({
                 text: one.innerText, pictures: one.querySelectorAll('img').length,
                 buttons: [...one.querySelectorAll('.press')].map((press) => press.innerText)}))"""
        )
        return [Seen(one["text"].replace("\n", " "), one["pictures"], tuple(one["buttons"])) for one in shown]

    async def check_word(self) -> str:
        return await self.page.locator(".code code").last.inner_text()


@dataclass
class ChromiumStage:
    """House, server and browser together."""

    house: RealHouse
    browser: Browser
    address: str
    plant: Plant
    opened: dict[str, InChromium]

    async def joins(self, name: str, locale: str) -> InChromium:
        if locale != "zh_CN":
            await people.choose_locale(await self.plant.actor(name), locale)
        token = await people.one_time_link(system(self.plant.id), self.plant.persons[name], "chat")
        context = await self.browser.new_context(
            viewport={"width": 360, "height": 740}, locale=locale.replace("_", "-")
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
        await page.goto(f"{self.address}/chat#{token}")
        if name in self.plant.secrets:
            await page.wait_for_selector("#code")
            clock.shift(dt.timedelta(seconds=31))
            await page.fill("#code", self.plant.code(name))
            await page.press("#code", "Enter")
        await page.wait_for_selector(".message .press")
        someone = InChromium(self, page, name, self.plant)
        self.opened[name] = someone
        return someone

    async def fast_forward(self, by: dt.timedelta) -> None:
        await self.house.fast_forward(by)
        for one in self.opened.values():
            await one._after()


async def accessible(page: Page, what: str) -> None:
    """Axe finds nothing."""
    found = await Axe().run(page)
    wrong = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]]
    assert not wrong, f"{what}: {wrong}"


async def audit(stage: ChromiumStage, number: str, locale: str, *, every_page: bool) -> None:
    """The auditor signs in by link and code, finds the case, sees everything; every view is logged."""
    _ = text.translator(locale)
    if locale != "zh_CN":
        await people.choose_locale(await stage.plant.actor("auditor"), locale)
    token = await people.one_time_link(system(stage.plant.id), stage.plant.persons["auditor"], "admin")
    context: BrowserContext = await stage.browser.new_context(
        viewport={"width": 1200, "height": 860}, locale=locale.replace("_", "-")
    )
    page = await context.new_page()
    await page.goto(f"{stage.address}/admin/enter#{token}")
    await page.wait_for_selector("#code")
    await accessible(page, "sign-in")
    clock.shift(dt.timedelta(seconds=61))
    await page.fill("#code", stage.plant.code("auditor"))
    await page.click("button.go")
    await page.wait_for_selector(".pulse")
    await accessible(page, "overview")
    await page.click(f"text={number}")
    await page.wait_for_selector("#timeline")
    shown = (await page.inner_text("main")).replace("\n", " ")
    for words in (
        "王芳",
        "刘洋",
        _("Approved"),
        "UTC+08:00",
        _("Signed"),
        _("Case closed"),
        "CT-001",
        _("Release"),
    ):
        assert words in shown, words
    assert await page.locator("svg.chart").count() == 1
    await page.locator("#timeline").scroll_into_view_if_needed()
    await until(
        page,
        "[...document.querySelectorAll('.photos img')].some((one) => one.complete && one.naturalWidth > 0)",
    )
    await accessible(page, "case")
    if PICTURES:
        await page.evaluate("scrollTo(0, 0)")
        await page.screenshot(path=ROOT / "docs" / "pictures" / f"admin-{locale}.png")
    for path in ("cases", "lots", "lots/CT-001", "people", "templates", "policies", "access", "ledger"):
        answer = await page.goto(f"{stage.address}/admin/{path}")
        assert answer is not None
        assert answer.status == 200, path
        if every_page:
            await accessible(page, path)
    seen = set(
        await AccessLog.filter(person_id=stage.plant.persons["auditor"]).values_list("subject", flat=True)
    )
    assert {f"case {number}", "overview", "access log", "ledger", "lot CT-001"} <= seen


PLAYED = [("sqlite", "zh_CN"), ("postgres", "en"), *([("sqlite", "en")] if PICTURES else [])]
"""Each engine and each language once; the same story is told by messengers in every pair."""


@pytest.mark.parametrize(("database", "locale"), PLAYED, indirect=["database"])
@pytest.mark.req("G-87")
async def test_from_the_photo_to_the_audit_in_chromium(database: str, locale: str, tmp_path: Path) -> None:
    """360 px wide, by taps and typing; then the audit; both pass the accessibility check."""
    plant = await small_plant()
    async with RealHouse(tmp_path, plant.ring) as house, chromium() as browser:
        server = await serving.serve(house.house)
        address = f"http://127.0.0.1:{server.port}"
        stage = ChromiumStage(house, browser, address, plant, {})
        try:
            number = await story.play(stage, locale, tmp_path)
            for name in ("coater_operator", "responsible"):
                await accessible(stage.opened[name].page, f"phone page of {name}")
            if PICTURES:
                page = stage.opened["responsible"].page
                await page.evaluate(
                    """() => { const alert = document.querySelector('.message:not(.mine) img').closest('.message');
                               const log = alert.closest('[role=log]');
                               log.scrollTop += alert.getBoundingClientRect().top - log.getBoundingClientRect().top - 8; }"""
                )
                await page.screenshot(path=ROOT / "docs" / "pictures" / f"chat-{locale}.png")
            await audit(stage, number, locale, every_page=database == "sqlite")
        finally:
            await server.stop()
