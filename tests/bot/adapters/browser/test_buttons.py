"""What stands on buttons can be read: words stay whole, every button fits a thumb, at every width and letter size."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from handlers.chat.vocabulary import Button, Outgoing
from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.bot.adapters.browser.phones import ME, phone, until

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ROWS = (
    ("Identification / traceability gap", "Nonconforming material"),
    ("Dimensional nonconformity", "Contamination / foreign matter", "Documentation"),
    ("Confirm", "Cancel"),
    ("标识/追溯缺失", "包装完整性不合格"),
    ("LOT20261123ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",),
)
BROKEN = """[...document.querySelectorAll('.press')].flatMap((button) => {
  const text = button.firstChild;
  return [...text.data.matchAll(/[A-Za-z]{2,}/g)].filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size > 1 && word[0].length < 17;
  }).map((word) => word[0]);
})"""
SMALL = (
    "[...document.querySelectorAll('.press')].filter((one) => one.getBoundingClientRect().height < 44).length"
)
CUT = """[...document.querySelectorAll('.press')].filter((one) =>
  one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > innerWidth
).map((one) => one.textContent)"""


@pytest.mark.parametrize(("width", "letters"), [(320, 17), (360, 17), (360, 34), (412, 22)])
async def test_words_on_buttons_stay_whole(
    house: EchoHouse, chrome: Browser, width: int, letters: int
) -> None:
    """Buttons that do not fit beside one another stand below one another."""
    async with phone(house, chrome, viewport={"width": width, "height": 740}) as page:
        await page.evaluate("(size) => { document.body.style.fontSize = `${size}px`; }", letters)
        rows = tuple(tuple(Button(text=text, data=f"x{text}") for text in row) for row in ROWS)
        await house.shows(ME, Outgoing(body="Which category is it?", buttons=rows))
        await until(page, "document.querySelectorAll('.press').length >= 10")
        assert await page.evaluate(BROKEN) == []
        assert await page.evaluate(SMALL) == 0
        assert await page.evaluate(CUT) == []
