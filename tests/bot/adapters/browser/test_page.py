"""The phone page in a real Chromium at 360 px: complete, accessible, and what it refuses says why."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from core import people
from core.kit import system
from handlers.chat.vocabulary import Button, Outgoing, Picture
from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.bot.adapters.browser.phones import HEARD, ME, SAID, phone, says, until
from tests.core.capa.test_whole_story import photo

# What the page does does not depend on the engine behind it; its routes are tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def card(house: EchoHouse) -> dict[str, object]:
    """A card with every part a message can have."""
    house.pictures["evidence:1"] = photo("silver")
    person = house.plant.persons[ME]
    return await house.shows(
        ME,
        Outgoing(
            head="新异常 AN-2026-000123",
            body="涂层剥落 <b>&",
            facts=(("批号", "CT-001"), ("数量", "12 件")),
            hint="请先确认",
            code="K7Q2",
            pictures=(Picture(source="evidence:1", alt="剥落的螺钉"),),
            buttons=(
                (house.button(person, 7), house.button(person, 8)),
                (Button(text="打开", url="https://example.org/"),),
            ),
        ),
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_part_of_a_card_is_shown_and_accessible(
    house: EchoHouse, chrome: Browser, scheme: str
) -> None:
    """Axe finds nothing; every target is at least 48 px high; nothing is wider than 360 px; markup stays text."""
    async with phone(house, chrome, color_scheme=scheme) as page:
        await card(house)
        await says(page, "收到")
        await until(
            page, "[...document.images].some((one) => one.alt === '剥落的螺钉' && one.naturalWidth > 0)"
        )
        await until(page, SAID, ["收到"])
        assert await page.inner_text(".facts") == "批号\nCT-001\n数量\n12 件"
        assert "涂层剥落 <b>&" in await page.inner_text("#log")
        assert await page.inner_text(".code code") == "K7Q2"
        small = await page.evaluate(
            """[...document.querySelectorAll('button, .press, .tool, textarea')].filter((one) => one.offsetParent
                 && (one.offsetHeight < 48 || one.offsetWidth < 48)).map((one) => one.outerHTML)"""
        )
        assert small == []
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        found = await Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
        await page.click("button.picture")
        assert await page.evaluate("document.activeElement.id") == "viewer-close"
        found = await Axe().run(page)
        assert [one["id"] for one in found.response["violations"]] == []
        await page.keyboard.press("Escape")
        assert await page.evaluate("document.activeElement.className") == "picture"


async def test_the_page_speaks_the_persons_language(house: EchoHouse, chrome: Browser) -> None:
    """A person who reads English gets English, on a phone set to Chinese too."""
    await people.choose_locale(await house.plant.actor(ME), "en")
    async with phone(house, chrome) as page:
        assert await page.get_attribute("html", "lang") == "en"
        assert await page.get_attribute("#text", "placeholder") == "Write a message"
        assert await page.inner_text("#state") == "Connected"
        await people.choose_locale(await house.plant.actor(ME), "zh_CN")
        await says(page, "换成中文")
        await until(page, "document.documentElement.lang", "zh-CN")
        assert await page.get_attribute("#text", "placeholder") == "写消息"
        await until(page, "document.getElementById('state').textContent", "已连接")


async def test_everything_can_be_done_by_keyboard(house: EchoHouse, chrome: Browser) -> None:
    """Type, reach a button by Tab, press it by Enter; focus is always visible."""
    async with phone(house, chrome) as page:
        await page.focus("#text")
        await page.keyboard.type("hello")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("world")
        await page.keyboard.press("Enter")
        await until(page, SAID, ["hello\nworld"])
        await until(page, f"({HEARD}).at(-1)", "echo hello\nworld")
        await page.focus("#log")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.textContent") == "Tap 1"
        assert await page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
        await page.keyboard.press("Enter")
        await until(page, f"({HEARD}).at(-1)", "tap 1")
        assert await page.get_attribute("button.press", "aria-pressed") == "true"


@pytest.mark.parametrize("touch", [False, True])
async def test_a_double_tap_presses_no_other_button_that_moved_under_the_finger(
    house: EchoHouse, chrome: Browser, *, touch: bool
) -> None:
    """What the first tap says scrolls the card up; the second one would land on a button further down."""
    async with phone(house, chrome, has_touch=touch) as page:
        buttons = tuple((house.button(house.plant.persons[ME], number),) for number in range(3, 9))
        await house.shows(ME, Outgoing(body="choose", buttons=buttons))
        await until(page, f"({HEARD}).at(-1)", "choose")
        button = page.locator("button.press", has_text="Tap 3")
        if touch:
            place = await button.bounding_box()
            assert place is not None
            for _time in range(2):
                await page.touchscreen.tap(place["x"] + 60, place["y"] + 25)
        else:
            await button.dblclick()
        await says(page, "after")
        await until(page, f"({HEARD}).slice(-3)", ["choose", "tap 3", "echo after"])
        assert await page.evaluate(SAID) == ["您点了：Tap 3", "after"]


async def test_a_browser_that_counts_no_taps_tells_a_double_tap_by_its_time(
    house: EchoHouse, chrome: Browser
) -> None:
    """As Safari does: each tap says that it is the first. Whoever taps in their own time is heard each time."""
    tap = """(label) => [...document.querySelectorAll('button.press')].find((one) => one.innerText === label)
        .dispatchEvent(new PointerEvent('click', {pointerType: 'touch', detail: 1, bubbles: true}))"""
    async with phone(house, chrome, has_touch=True) as page:
        buttons = tuple((house.button(house.plant.persons[ME], number),) for number in (3, 4, 5))
        await house.shows(ME, Outgoing(body="choose", buttons=buttons))
        await until(page, f"({HEARD}).at(-1)", "choose")
        await page.evaluate(f"""() => {{ const tap = {tap}; tap("Tap 3"); tap("Tap 4"); }}""")
        await until(page, f"({HEARD}).at(-1)", "tap 3")
        await asyncio.sleep(0.5)
        await page.evaluate(f"""() => ({tap})("Tap 5")""")
        await until(page, f"({HEARD}).at(-1)", "tap 5")
        assert await page.evaluate(SAID) == ["您点了：Tap 3", "您点了：Tap 5"]


async def test_edits_and_removals_reach_the_open_page(house: EchoHouse, chrome: Browser) -> None:
    """A message changes in place; a signing code that was used disappears, from the history as well."""
    chat = f"p{house.plant.persons[ME]}"
    async with phone(house, chrome) as page:
        reference = await card(house)
        await says(page, "739214 K7Q2")
        await until(page, f"({SAID}).length", 1)
        await until(page, f"({HEARD}).at(-1)", "echo 739214 K7Q2")
        await house.messenger.edit(chat, reference, Outgoing(body="已确认"))
        await house.messenger.remove(chat, house.took[-1].message_ref or {})
        await until(page, SAID, ["已从聊天中移除"])
        await until(page, f"({HEARD}).at(1)", "已确认")
        await page.reload()
        await until(page, SAID, ["已从聊天中移除"])
        assert await page.evaluate(f"({HEARD}).at(1)") == "已确认"


async def test_what_is_refused_says_why_and_keeps_the_words(house: EchoHouse, chrome: Browser) -> None:
    """Too long, no picture, a button that is not mine: the reason in the reader's language, the next message goes on."""
    stranger = house.plant.persons["operator"]
    async with phone(house, chrome) as page:
        await house.shows(ME, Outgoing(body="not yours", buttons=((house.button(stranger, 3),),)))
        await page.click("text=Tap 3")
        await until(page, "[...document.querySelectorAll('.press')].at(-1).disabled")
        await says(page, "字" * 12_001)
        await until(page, "document.querySelectorAll('.mine.fault').length", 2)
        await page.set_input_files(
            "#gallery", {"name": "a.bin", "mimeType": "image/jpeg", "buffer": b"\x00\x01\x02"}
        )
        await until(page, "document.querySelectorAll('.mine.fault').length", 3)
        for said in await page.locator(".mine.fault .hint").all_inner_texts():
            assert said.startswith("⚠ ")
            assert any("\u4e00" <= char <= "\u9fff" for char in said), said
        assert "字字字" in await page.locator(".mine.fault").nth(1).inner_text()
        await says(page, "next")
        await until(page, f"({HEARD}).at(-1)", "echo next")
        found = await Axe().run(page)
        assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []
    assert [one.text for one in house.took] == ["/start", "next"]


async def test_nine_photos_go_out_each_once_exactly_as_taken(house: EchoHouse, chrome: Browser) -> None:
    """The bytes are the camera's: evidence is not made smaller on the way."""
    pictures = [photo("silver") for _one in range(9)]
    async with phone(house, chrome) as page:
        files: Any = [
            {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": one}
            for number, one in enumerate(pictures)
        ]
        await page.set_input_files("#gallery", files)
        await until(page, SAID, ["照片已发送"] * 9)
        await until(page, f"({HEARD}).filter((one) => one === 'echo photo').length", 9)
        assert await page.locator(".mine .preview").count() == 9
    kept = [one.media for one in house.took if one.media is not None]
    assert [await house.messenger.fetch(one) for one in kept] == pictures
    assert await _attribute_of_camera(house, chrome) == "environment"


async def test_a_file_comes_in_whatever_its_name_holds(house: EchoHouse, chrome: Browser) -> None:
    """Characters that nobody sees, as some phones and scanners write them, are left out of the name."""
    async with phone(house, chrome) as page:
        await page.set_input_files(
            "#gallery", {"name": "批次\x01\x7f\u202e.csv", "mimeType": "text/csv", "buffer": b"number\nL1\n"}
        )
        await until(page, f"({HEARD}).filter((one) => one === 'echo file').length", 1)
    assert [one.media.name for one in house.took if one.media is not None] == ["批次.csv"]


async def _attribute_of_camera(house: EchoHouse, chrome: Browser) -> str | None:
    async with phone(house, chrome) as page:
        return await page.get_attribute("#camera", "capture")


async def test_old_messages_come_when_asked_for_and_nothing_jumps(house: EchoHouse, chrome: Browser) -> None:
    """Newest fifty first; older ones above without moving what is read; a way back to the newest."""
    for number in range(120):
        await house.shows(ME, Outgoing(body=f"n{number}"))
    async with phone(house, chrome) as page:
        assert len(await page.evaluate(HEARD)) <= 50
        await page.evaluate("document.getElementById('log').scrollTop = 0")
        top = "Math.round([...document.querySelectorAll('.message')].find((one) => one.innerText.startsWith('n80')).getBoundingClientRect().top)"
        before = await page.evaluate(top)
        await page.click("#earlier")
        await until(page, f"({HEARD}).length > 60")
        assert abs(await page.evaluate(top) - before) <= 2
        await page.evaluate("document.getElementById('log').scrollTop = 0")
        await page.click("#earlier")
        await until(page, f"({HEARD}).slice(0, 120)", [f"n{number}" for number in range(120)])
        assert await page.is_hidden("#earlier")
        assert await page.locator(".day").count() == 1
        await house.shows(ME, Outgoing(body="newest of all"))
        await page.click("#newest")
        await until(page, "document.getElementById('newest').hidden")
        assert await page.get_by_text("newest of all").is_visible()


async def test_a_dead_link_says_what_to_do_and_does_no_harm_to_who_is_signed_in(
    house: EchoHouse, chrome: Browser
) -> None:
    """A used link: a plain sentence. Opened by someone with a session: the page simply opens."""
    used = await house.link(ME)
    await people.open_link(used, "chat")
    context = await chrome.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    page = await context.new_page()
    await page.goto(f"{house.address}/chat#{used}")
    await until(
        page, "document.getElementById('signin-text').textContent", "链接已用过或过期，请要一个新的。"
    )
    assert "#" not in page.url
    await context.close()
    async with phone(house, chrome) as page:
        await page.goto(f"{house.address}/chat#{used}")
        await until(page, "location.hash === '' && document.body.dataset.state", "online")
        assert await page.is_visible("#log")


async def test_losing_access_closes_the_page(house: EchoHouse, chrome: Browser) -> None:
    """Revoked: the next thing that happens shows the sign-in sentence and nothing else."""
    async with phone(house, chrome) as page:
        await people.revoke_person(system(house.plant.id), house.plant.persons[ME], "left")
        with contextlib.suppress(AssertionError):
            await house.shows(ME, Outgoing(body="secret"))
        await says(page, "hello?")
        await until(page, "!document.getElementById('signin').hidden")
        assert "secret" not in await page.inner_text("body")
    assert [one.text for one in house.took] == ["/start"]
