"""No message is lost or doubled whatever the line, the server or a second tab does; in a real Chromium."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Route

from handlers.chat.vocabulary import Came, Outgoing
from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.bot.adapters.browser.phones import HEARD, ME, SAID, phone, says, until
from tests.core.capa.test_whole_story import photo

# What the page does does not depend on the engine behind it; its routes are tested on both.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def test_what_is_said_without_a_line_goes_out_once_when_it_is_back(
    house: EchoHouse, chrome: Browser
) -> None:
    """Offline: kept, said so, tapped thrice is tapped once; online again: everything in order, once."""
    async with phone(house, chrome) as page:
        await page.context.set_offline(True)
        for words in ("one", "two"):
            await says(page, words)
        for _time in range(3):
            await page.click("button.press >> text=Tap 2")
        await says(page, "three")
        await until(page, "document.body.dataset.state", "offline")
        assert await page.evaluate("document.querySelectorAll('.mine.waiting').length") == 4
        await house.shows(ME, Outgoing(body="meanwhile"))
        await page.context.set_offline(False)
        await until(page, SAID, ["one", "two", "您点了：Tap 2", "three"])
        await until(
            page,
            f"({HEARD}).filter((one) => one !== 'meanwhile')",
            ["echo command", "echo one", "echo two", "tap 2", "echo three"],
        )
        await until(page, f"({HEARD}).filter((one) => one === 'meanwhile').length", 1)
    assert [one.text or one.data[:1] for one in house.took[1:]] == [
        "one",
        "two",
        house.took[3].data[:1],
        "three",
    ]


async def test_a_file_is_called_by_its_name_while_it_waits(house: EchoHouse, chrome: Browser) -> None:
    """A list that is still under way is no photo."""
    async with phone(house, chrome) as page:
        await page.route("**/chat/photo**", lambda route: route.abort())
        await page.set_input_files(
            "#gallery", {"name": "lots.csv", "mimeType": "text/csv", "buffer": b"number\n"}
        )
        await until(page, "document.querySelector('.mine.waiting')?.innerText.includes('lots.csv')")


async def test_unsent_texts_and_photos_survive_a_reload(house: EchoHouse, chrome: Browser) -> None:
    """Written while the server was away, page closed and opened again: sent once, in order, photo included."""
    async with phone(house, chrome) as page:
        await page.route("**/chat/send", lambda route: route.abort())
        await page.route("**/chat/photo**", lambda route: route.abort())
        await says(page, "before")
        await page.set_input_files(
            "#gallery", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo("red")}
        )
        await says(page, "after")
        await until(page, "document.querySelectorAll('.mine.waiting').length", 3)
        await page.reload()
        await until(page, "document.querySelectorAll('.mine.waiting').length", 3)
        assert len(house.took) == 1
        await page.unroute_all()
        await until(page, SAID, ["before", "照片已发送", "after"])
        await until(page, f"({HEARD}).slice(1)", ["echo before", "echo photo", "echo after"])
    assert [one.came for one in house.took] == [Came.COMMAND, Came.TEXT, Came.PHOTO, Came.TEXT]


async def test_a_server_that_restarts_again_and_again_loses_and_doubles_nothing(
    house: EchoHouse, chrome: Browser
) -> None:
    """Messages in both directions during five restarts: each arrives once on either side."""
    async with phone(house, chrome) as page:
        for turn in range(5):
            await says(page, f"said {turn}")
            await house.stop()
            await says(page, f"said {turn} while away")
            await house.shows(ME, Outgoing(body=f"told {turn} while away"))
            await house.start()
            await house.shows(ME, Outgoing(body=f"told {turn}"))
        said = [f"said {turn}{rest}" for turn in range(5) for rest in ("", " while away")]
        await until(page, SAID, said, patience=60)
        told = [f"told {turn}{rest}" for turn in range(5) for rest in (" while away", "")]
        heard = f"({HEARD}).filter((one) => one.startsWith('told'))"
        await until(page, heard, told)
        await until(
            page, f"({HEARD}).filter((one) => one.startsWith('echo said'))", [f"echo {one}" for one in said]
        )
        await page.reload()
        await until(page, SAID, said)
        assert await page.evaluate(heard) == told
    assert [one.text for one in house.took] == ["/start", *said]


async def test_an_answer_that_got_lost_is_asked_for_again(house: EchoHouse, chrome: Browser) -> None:
    """The server took the message but its answer never came; the resend has no second effect. So for 502 of a proxy."""
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fulfill(status=502, body="Bad gateway")
        elif lost == 2:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    async with phone(house, chrome) as page:
        await page.route("**/chat/send", lose)
        await says(page, "once")
        await until(
            page, "Object.keys(localStorage).filter((key) => key.startsWith('bihuan-unsent-')).length", 0
        )
        await until(page, SAID, ["once"])
    assert lost == 3
    assert [one.text for one in house.took] == ["/start", "once"]


async def test_two_open_pages_show_the_same_and_send_nothing_twice(house: EchoHouse, chrome: Browser) -> None:
    """The same person in two tabs: what is said in one appears in both, once."""
    async with phone(house, chrome) as page:
        second = await page.context.new_page()
        await second.goto(f"{house.address}/chat")
        await until(second, "document.body.dataset.state", "online")
        for turn in range(3):
            await says(page, f"first {turn}")
            await says(second, f"second {turn}")
        both = sorted([f"{tab} {turn}" for tab in ("first", "second") for turn in range(3)])
        for one in (page, second):
            await until(one, f"({SAID}).sort()", both)
            await until(
                one, f"({HEARD}).filter((one) => one.startsWith('echo ') && one !== 'echo command').length", 6
            )
    assert sorted(one.text for one in house.took[1:]) == both


async def test_on_a_shared_phone_nothing_of_one_person_is_left_for_the_next(
    house: EchoHouse, chrome: Browser
) -> None:
    """Signed out, the page is empty; what the first could not send is not sent in the second's name."""
    async with phone(house, chrome) as page:
        await says(page, "mine")
        await until(page, SAID, ["mine"])
        await page.route("**/chat/send", lambda route: route.abort())
        await says(page, "unsent")
        await until(page, "document.querySelectorAll('.mine.waiting').length", 1)
        await page.click("#leave")
        await until(page, "document.querySelectorAll('.message').length", 0)
        assert await page.is_visible("#signin")
        found = await Axe().run(page)
        assert [one["id"] for one in found.response["violations"]] == []
        await page.unroute_all()
        await page.goto(f"{house.address}/chat#{await house.link('supervisor')}")
        await until(page, "document.body.dataset.state", "online")
        await until(page, HEARD, ["echo command"])
        await says(page, "hers")
        await until(page, SAID, ["hers"])
        await page.click("#leave")
        await until(page, "document.querySelectorAll('.message').length", 0)
        await page.goto(f"{house.address}/chat#{await house.link(ME)}")
        await until(page, f"({SAID}).filter((one) => one !== 'mine')", ["unsent"])
    assert [(one.text, one.account) for one in house.took if one.came is Came.TEXT] == [
        ("mine", str(house.plant.persons[ME])),
        ("hers", str(house.plant.persons["supervisor"])),
        ("unsent", str(house.plant.persons[ME])),
    ]
