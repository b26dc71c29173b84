"""Members sign in by WeCom: bound to their browser, once, only known persons, and then the code as for every link."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from yarl import URL

from bot import serving
from bot.adapters.wecom import WecomSignIn
from core import people
from core.kit import clock
from core.ledger.models import LedgerEntry
from tests.bot.adapters.wecom.conftest import messenger_for
from tests.handlers.web.doors import Doors
from tests.journeys.real_house import RealHouse
from tests.plants import small_plant
from tests.servers.wecom import WeComServer

PHONE = {"User-Agent": "Mozilla/5.0 (iPhone) wxwork/4.1 MicroMessenger/7.0"}


@dataclass
class Door:
    """A served house whose members may come in by WeCom, and WeCom."""

    doors: Doors
    server: WeComServer

    def browser(self, **headers: str) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), headers=headers or PHONE, base_url=self.doors.address
        )

    async def invited(self, name: str, channel: str | None = None) -> str:
        administrator = await self.doors.plant.actor("administrator")
        return await people.invite(administrator, self.doors.plant.persons[name], channel)

    async def bound(self, name: str, member: str) -> None:
        self.server.member(member)
        await people.accept_invite("wecom", member.lower(), member.lower(), await self.invited(name))


@pytest.fixture
async def door(database: str, tmp_path: Path, server: WeComServer) -> AsyncIterator[Door]:
    plant = await small_plant()
    messenger = messenger_for(server, plant.ring)
    async with RealHouse(tmp_path, plant.ring) as house:
        settings = house.house.settings
        address = f"http://127.0.0.1:{settings.port}"
        sign_in = WecomSignIn(messenger.api, plant.ring.derive("wecom:sign-in"), address)
        house.house.web = replace(house.house.web, members=sign_in)
        served = await serving.serve(house.house)
        yield Door(Doors(house, plant, address), server)
        await house.browser.stop()
        await served.stop()
    await messenger.close()


async def told(session: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with session.get(path) as answer:
        return answer.status, await answer.text()


def next_address(page: str) -> str:
    found = re.search(r'content="0;url=([^"]+)"', page)
    assert found is not None, page
    return found[1].replace("&amp;", "&")


async def out(session: aiohttp.ClientSession, path: str = "/wecom/enter?to=admin") -> str:
    status, page = await told(session, path)
    assert status == 200
    return next_address(page)


def way_back(door: Door, member: str, address: str) -> str:
    back = urlsplit(wecom_opens(door, member, address))
    return f"{back.path}?{back.query}"


def wecom_opens(door: Door, member: str, address: str) -> str:
    from tests.servers import wecom_access

    return wecom_access.authorize(door.server.state, address, member)


async def test_a_member_signs_in_to_the_admin_page_with_their_code(door: Door) -> None:
    await door.bound("manager", "WangFang")
    async with door.browser() as phone:
        address = await out(phone)
        asked = parse_qs(urlsplit(address).query)
        assert (asked["scope"], asked["agentid"]) == (["snsapi_base"], [str(door.server.agent_id)])
        assert asked["state"][0].isalnum()
        status, page = await told(phone, way_back(door, "WangFang", address))
        assert status == 200
        path, _sep, token = next_address(page).partition("#")
        assert path == "/admin/enter"
        async with phone.post("/admin/enter", data={"token": token}) as answer:
            form = await answer.text()
        csrf = re.search(r'name="csrf" value="([^"]+)"', form)
        assert csrf is not None, "the code is asked for, as after every link"
        clock.shift(dt.timedelta(seconds=31))
        code = door.doors.plant.code("manager")
        async with phone.post("/admin/code", data={"csrf": csrf[1], "code": code}) as answer:
            assert (answer.status, answer.url.path) == (200, "/admin")
    made = await LedgerEntry.filter(kind="people:link:make").order_by("-id").first()
    assert made is not None
    assert made.person_id == door.doors.plant.persons["manager"]
    assert b"wecom" in bytes(made.body)


async def test_on_a_desktop_the_qr_page_is_shown_and_the_phone_page_opens_too(door: Door) -> None:
    await door.bound("coater_operator", "ZhaoLiu")
    async with door.browser(**{"User-Agent": "Mozilla/5.0 (X11)"}) as desktop:
        address = await out(desktop, "/wecom/enter?to=chat")
        assert urlsplit(address).path == "/wwlogin/sso/login"
        _status, page = await told(desktop, way_back(door, "ZhaoLiu", address))
        assert next_address(page).startswith("/chat#")


async def test_a_way_back_works_once_and_in_its_browser_only(
    door: Door, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    await door.bound("manager", "WangFang")
    async with door.browser() as phone, door.browser() as other:
        back = way_back(door, "WangFang", await out(phone))
        cookies = dict(phone.cookie_jar.filter_cookies(URL(door.doors.address)))
        assert (await told(other, back))[0] == 403, "sent to somebody else, it opens nothing"
        assert (await told(phone, back))[0] == 200
        assert (await told(phone, back))[0] == 403
        other.cookie_jar.update_cookies({name: one.value for name, one in cookies.items()})
        assert (await told(other, back))[0] == 403, "used up, even with the cookie"
        late = way_back(door, "WangFang", await out(phone))
        fast_forward(dt.timedelta(minutes=11))
        assert (await told(phone, late))[0] == 403


@pytest.mark.parametrize(
    "spoil",
    [
        lambda back: back.replace("state=0", "state=1"),
        lambda back: back.replace("code=", "code=x"),
        lambda back: re.sub(r"code=[^&]*", "code=", back),
        lambda back: re.sub(r"state=[^&]*", "state=", back),
        lambda back: re.sub(r"state=[^&]*", "state=%E4%BD%A0", back),
        lambda back: back.partition("?")[0],
        lambda back: f"{back}{'9' * 3000}",
    ],
    ids=["purpose", "code", "no code", "no state", "no ascii", "bare", "long"],
)
async def test_a_spoilt_way_back_is_refused_in_words(door: Door, spoil: Callable[[str], str]) -> None:
    await door.bound("manager", "WangFang")
    async with door.browser() as phone:
        status, page = await told(phone, spoil(way_back(door, "WangFang", await out(phone))))
        assert status == 403
        assert "<h1>" in page
    assert await LedgerEntry.filter(kind="people:link:make").count() == 0


async def test_who_is_not_bound_gone_or_foreign_is_refused(door: Door) -> None:
    door.server.member("stranger")
    await door.bound("manager", "WangFang")
    administrator = await door.doors.plant.actor("administrator")
    await people.revoke_person(administrator, door.doors.plant.persons["manager"], "left")
    async with door.browser() as phone:
        for member, words in (
            ("stranger", "没有与任何人绑定"),
            ("WangFang", "没有与任何人绑定"),
            ("", "不是本企业的成员"),
        ):
            status, page = await told(phone, way_back(door, member, await out(phone)))
            assert status == 403
            assert words in page
        door.server.fail("auth/getuserinfo", 502)
        status, page = await told(phone, way_back(door, "stranger", await out(phone)))
        assert (status, "暂时没有回应" in page) == (403, True)


async def test_an_invitation_is_accepted_by_link_and_only_when_pressed(door: Door) -> None:
    door.server.member("LiSi")
    token = await door.invited("operator", "wecom")
    async with door.browser() as phone:
        status, page = await told(phone, "/wecom/join")
        assert (status, "data-wait" in page) == (200, True)
        async with phone.post(
            "/wecom/join", data={"token": f"{door.doors.address}/wecom/join#{token}"}
        ) as answer:
            address = next_address(await answer.text())
        back = way_back(door, "LiSi", address)
        status, page = await told(phone, back)
        assert status == 200
        assert (await told(phone, back))[0] == 403
        for wrong in ("", "x", "好" * 27, "a.b" * 9, token):
            async with phone.post("/wecom/join", data={"token": wrong}) as answer:
                if wrong != token:
                    assert answer.status == 403
                    continue
                again = way_back(door, "LiSi", next_address(await answer.text()))
        assert (await told(phone, again))[0] == 403, "an invitation works once"
    found = await people.actor_for("wecom", "lisi")
    assert found is not None
    assert found.person_id == door.doors.plant.persons["operator"]


async def test_without_wecom_there_is_no_such_page(door: Door) -> None:
    house = door.doors.house.house
    house.web = replace(house.web, members=None)
    house.settings = house.settings.model_copy(update={"port": 0})
    served = await serving.serve(house)
    async with aiohttp.ClientSession(base_url=f"http://127.0.0.1:{served.port}") as browser:
        for path in ("/wecom/enter", "/wecom/join", "/wecom/entered", "/wecom/enter?to=x"):
            assert (await told(browser, path))[0] == 404
    await served.stop()


async def test_an_administrator_shows_the_invitation_as_link_and_qr_code(door: Door) -> None:
    async with await door.doors.admin("administrator") as session:
        form = {
            "csrf": session.headers["X-CSRF-Token"],
            "person": str(door.doors.plant.persons["operator"]),
            "kind": "wecom",
        }
        async with session.post(door.doors.url("/admin/people/link"), data=form) as answer:
            page = await answer.text()
    assert re.search(r"<code>http://127.0.0.1[:\d]*/wecom/join#[\w-]{27}</code>", page)
    assert "<svg" in page.partition('class="qr"')[2]
