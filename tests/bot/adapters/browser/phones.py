"""Phones in a real Chromium at 360 px, for the tests of the phone page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page
from playwright.async_api import Error as PlaywrightError

from tests.bot.adapters.browser.echo_house import EchoHouse

_PATIENCE = 20.0
_STORY = 120.0
"""Seconds after which a story on a phone has failed: nothing here waits without an end."""
ME = "responsible"
SAID = "[...document.querySelectorAll('.mine:not(.waiting) > p:not(.when)')].map((one) => one.textContent)"
HEARD = "[...document.querySelectorAll('.message:not(.mine) > p:not(.when)')].map((one) => one.textContent)"


async def until(page: Page, expression: str, expected: object = True, patience: float = _PATIENCE) -> None:
    """Wait until something is so on the page; asked from outside, since the page allows no eval.

    A page that loads anew just then is asked again.
    """
    end = asyncio.get_running_loop().time() + patience
    while (found := await _asked(page, expression)) != expected:
        assert asyncio.get_running_loop().time() < end, f"{expression}: {found!r}, not {expected!r}"
        await asyncio.sleep(0.03)


async def _asked(page: Page, expression: str) -> object:
    try:
        return await asyncio.wait_for(page.evaluate(expression), _PATIENCE)
    except PlaywrightError as error:
        if "context was destroyed" not in error.message and "null" not in error.message:
            raise
        return None


@asynccontextmanager
async def phone(house: EchoHouse, browser: Browser, name: str = ME, **more: Any) -> AsyncIterator[Page]:
    """A phone of 360 × 740 that opened its link; any error of the page's script fails the test."""
    more = {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN", **more}
    errors: list[str] = []
    async with asyncio.timeout(_STORY):
        context: BrowserContext = await browser.new_context(**more)
        try:
            page = await context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on(
                "console",
                lambda one: errors.append(one.text) if "Content Security Policy" in one.text else None,
            )
            await page.goto(f"{house.address}/chat#{await house.link(name)}")
            await until(page, "document.body.dataset.state", "online")
            await until(page, f"({HEARD}).length > 0")
            yield page
        finally:
            await context.close()
    assert not errors, errors


async def says(page: Page, words: str) -> None:
    await page.fill("#text", words)
    await page.press("#text", "Enter")
