"""The loopback WeCom API: tokens, messages, cards, media and sign-in, with what the real one refuses or drops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import requests
import wechatpy.enterprise
from wechatpy.exceptions import WeChatClientException

from tests.servers.bots import jpeg
from tests.servers.conftest import Hand
from tests.servers.wecom import WeComServer
from tests.servers.wecom_client import Client, button_card
from tests.servers.wecom_limits import Gate, Rates, RefusedError, Window
from tests.servers.wecom_people import Member


@pytest.fixture
async def corp(hand: Hand) -> AsyncIterator[WeComServer]:
    async with WeComServer(wall=hand) as running:
        yield running


@pytest.fixture
async def client(corp: WeComServer) -> AsyncIterator[Client]:
    async with Client(corp) as made:
        yield made


@pytest.fixture
def lin(corp: WeComServer) -> Member:
    return corp.member("Lin", "林")


async def test_a_token_is_the_same_until_it_ends_or_is_ended(corp, client, lin, hand):
    assert (await client.asks_token())["access_token"] == client.token
    assert len(client.token) >= 512
    assert (await client.asks_token(corpid="ww0"))["errcode"] == 40013
    assert (await client.asks_token(corpsecret="other"))["errcode"] == 40001
    corp.kill_tokens()
    assert (await client.sends("Lin"))["errcode"] == 40014
    client.token = (await client.asks_token())["access_token"]
    assert (await client.sends("Lin"))["errcode"] == 0
    hand.forward(7200)
    assert (await client.sends("Lin"))["errcode"] == 42001
    assert corp.violations == []
    for _ in range(31):
        answer = await client.asks_token()
    assert answer["errcode"] == 45009
    assert corp.violations


async def test_a_message_reaches_the_members_it_names_and_names_those_it_cannot_reach(corp, client, lin):
    wu = corp.member("wu")
    corp.member("zhou", is_licensed=False)
    answer = await client.sends("lin|WU|Nobody|zhou", text="涂层剥落")
    assert answer["errcode"] == 0
    assert answer["invaliduser"] == "nobody"
    assert answer["unlicenseduser"] == "zhou"
    assert answer["msgid"]
    assert "response_code" not in answer
    assert [one.words for one in (*lin.chat, *wu.chat)] == ["涂层剥落", "涂层剥落"]
    assert (await client.sends("Nobody"))["errcode"] == 81013
    assert corp.violations == []
    assert (await client.sends(""))["errcode"] == 82001


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"msgtype": "hologram"}, 40008),
        ({"agentid": "1000002"}, 40056),
        ({"agentid": 5}, 301002),
        ({"text": {"content": " "}}, 44004),
        ({"text": "hello"}, 40058),
        ({"markdwon": {}}, 40058),
        ({"msgtype": "markdown", "text": None, "markdown": {"content": "长" * 700}}, 45002),
        ({"msgtype": "image", "text": None, "image": {"media_id": "none"}}, 40007),
        ({"enable_duplicate_check": 1, "duplicate_check_interval": 20_000}, 40058),
    ],
)
async def test_a_wrong_message_is_refused_and_kept_as_a_violation(corp, client, lin, body, code):
    right = {"touser": "Lin", "msgtype": "text", "agentid": corp.agent_id, "text": {"content": "hello"}}
    sent = {name: value for name, value in (right | body).items() if value is not None}
    assert (await client.posts("message/send", sent))["errcode"] == code
    assert len(corp.violations) == 1
    assert lin.chat == []


async def test_long_text_is_cut_without_a_word_but_the_server_knows(corp, client, lin):
    assert (await client.sends("Lin", text="长" * 700))["errcode"] == 0
    assert lin.chat[-1].words == "长" * 682
    assert corp.truncated == ["长" * 700]


async def test_what_is_over_a_members_rate_is_dropped_in_virtual_time(corp, client, lin, hand):
    wu = corp.member("wu")
    for number in range(31):
        assert (await client.sends("Lin", text=f"{number}"))["errcode"] == 0
    await client.sends("Wu")
    assert len(lin.chat) == 30
    assert len(wu.chat) == 1
    assert [one.userid for one in corp.dropped] == ["Lin"]
    hand.forward(59)
    await client.sends("Lin")
    assert len(corp.dropped) == 2, "the minute's block lasts 60 s"
    hand.forward(2)
    await client.sends("Lin")
    assert len(lin.chat) == 31
    assert len(corp.dropped) == 2


def test_a_gate_lets_no_more_through_in_any_window_and_closes_for_a_while():
    gate = Gate((Window(30, 60, 60), Window(1000, 3600, 3600)))
    let_in = [second for second in range(0, 3 * 3600, 2) if gate.admits("lin", second)]
    assert max(sum(start <= one < start + 60 for one in let_in) for start in range(0, 7200, 7)) <= 30
    assert max(sum(start <= one < start + 3600 for one in let_in) for start in range(0, 7200, 7)) <= 1000
    assert gate.admits("wu", 3.0), "each for itself"


async def test_the_corporation_has_rates_too(hand):
    rates = Rates(api=Gate((Window(3, 60, 60),)), person_times=2)
    async with WeComServer(wall=hand, rates=rates) as corp, Client(corp) as client:
        corp.member("Lin")
        answers = [(await client.sends("Lin"))["errcode"] for _call in range(4)]
        assert answers == [0, 0, 45009, 45009], "two a day for one account, then three a minute for the API"
        hand.forward(59)
        assert (await client.sends("Lin"))["errcode"] == 45009
        hand.forward(86_400)
        client.token = (await client.asks_token())["access_token"]
        assert (await client.sends("Lin"))["errcode"] == 0
        assert corp.violations == []


async def test_the_same_message_is_delivered_once_within_its_interval(corp, client, lin, hand):
    again = {"enable_duplicate_check": 1, "text": "once"}
    first = await client.sends("Lin", **again)
    second = await client.sends("Lin", **again)
    assert second["errcode"] == 0
    assert second["msgid"] == first["msgid"]
    assert len(lin.chat) == 1
    hand.forward(1800)
    await client.sends("Lin", **again)
    assert len(lin.chat) == 2


WRONG_CARDS: list[tuple[dict[str, Any], int]] = [
    ({"card_type": "menu"}, 42031),
    ({"task_id": None}, 42014),
    ({"task_id": "空"}, 42014),
    ({"main_title": None}, 42030),
    ({"button_list": None}, 42040),
    ({"button_list": [{"text": str(n), "key": str(n)} for n in range(7)]}, 42040),
    ({"button_list": [{"text": "", "key": "a"}]}, 42038),
    ({"button_list": [{"text": "a", "key": "k" * 1025}]}, 42039),
    ({"button_list": [{"text": "a", "key": "a"}, {"text": "b", "key": "a"}]}, 42039),
    ({"button_list": [{"text": "a", "type": 1}]}, 42042),
    ({"horizontal_content_list": [{"keyname": str(n)} for n in range(7)]}, 42035),
    ({"card_action": {"type": 1}}, 42045),
    ({"buttons": []}, 40058),
    ({"replace_text": "done"}, 40058),
]


@pytest.mark.parametrize(("other", "code"), WRONG_CARDS)
async def test_a_wrong_card_is_refused_by_the_field(corp, client, lin, other, code):
    assert (await client.sends_card("Lin", **other))["errcode"] == code
    assert len(corp.violations) == 1


def _select(**other: Any) -> dict[str, Any]:
    options = [{"id": "a", "text": "严重"}, {"id": "b", "text": "主要"}]
    questions = [{"question_key": f"q{n}", "title": f"问题{n}", "option_list": options} for n in (1, 2)]
    card = {
        "card_type": "multiple_interaction",
        "main_title": {"title": "评级"},
        "task_id": "select-1",
        "select_list": questions,
        "submit_button": {"text": "提交", "key": "submit"},
    }
    return card | other


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"select_list": []}, 42047),
        ({"select_list": [{"question_key": "q", "option_list": []}]}, 42047),
        ({"submit_button": None}, 42046),
        ({"submit_button": {"text": "a", "key": ""}}, 42049),
        ({"card_type": "vote_interaction", "select_list": None}, 42048),
        ({"card_type": "text_notice", "select_list": None, "submit_button": None}, 42045),
    ],
)
async def test_other_cards_are_judged_too(corp, client, lin, other, code):
    card = {name: value for name, value in _select(**other).items() if value is not None}
    assert (await client.sends("Lin", "template_card", template_card=card))["errcode"] == code


async def test_a_card_is_changed_once_with_each_code(corp, client, lin, hand):
    sent = await client.sends_card("Lin|wu" if corp.member("wu") else "")
    code = sent["response_code"]
    assert lin.chat[-1].buttons == ["确认", "转交"]
    assert "AN-1 待确认" in lin.chat[-1].words
    again = await client.sends_card("Lin")
    assert again["errcode"] == 42014, "a task_id is used once"
    new = button_card(task="task-9", button_list=[{"text": "评级", "key": "grade"}])
    answer = await client.updates(code, userids=["LIN", "nobody"], template_card=new)
    assert answer == {"errcode": 0, "errmsg": "ok", "invaliduser": ["nobody"]}
    assert lin.chat[-1].buttons == ["评级"]
    assert corp.member("wu").chat[-1].buttons == ["确认", "转交"]
    used = await client.updates(code, atall=1, button={"replace_name": "已确认"})
    assert used["errcode"] == 40058
    assert len(corp.violations) == 2
    fresh = (await client.sends_card("Lin", task_id="task-2"))["response_code"]
    hand.forward(72 * 3600)
    client.token = (await client.asks_token())["access_token"]
    late = await client.updates(fresh, atall=1, button={"replace_name": "已确认"})
    assert late["errcode"] == 40058
    assert len(corp.violations) == 2, "nobody can know for certain when a code ends"


async def test_a_greyed_card_cannot_be_tapped(corp, client, lin):
    code = (await client.sends_card("Lin"))["response_code"]
    await client.updates(code, atall=1, button={"replace_name": "已确认"})
    assert "已确认" in lin.chat[-1].words
    assert not lin.sees_button("确认")
    with pytest.raises(AssertionError, match="no visible, unspent card"):
        await lin.taps("确认", timeout=0)


async def test_a_message_is_recalled_within_a_day(corp, client, lin, hand):
    first = (await client.sends("Lin", text="code"))["msgid"]
    second = (await client.sends("Lin", text="late"))["msgid"]
    assert (await client.posts("message/recall", {"msgid": first}))["errcode"] == 0
    assert [one.words for one in lin.chat] == ["late"]
    assert (await client.posts("message/recall", {"msgid": first}))["errcode"] == 41058
    hand.forward(86_400)
    client.token = (await client.asks_token())["access_token"]
    assert (await client.posts("message/recall", {"msgid": second}))["errcode"] == 41058
    assert corp.violations == []


async def test_media_have_a_size_a_kind_and_three_days(corp, client, lin, hand):
    picture = jpeg()
    made = await client.uploads("image", picture)
    assert isinstance(made["created_at"], str)
    sent = await client.sends("Lin", "image", image={"media_id": made["media_id"]})
    assert sent["errcode"] == 0
    assert lin.chat[-1].photo[0].content == picture
    got = await client.gets("media/get", media_id=made["media_id"])
    assert (got["content"], got["type"]) == (picture, "image/jpeg")
    assert corp.violations == []
    as_file = await client.sends("Lin", "file", file={"media_id": made["media_id"]})
    assert as_file["errcode"] == 40007, "an image is no file"
    assert (await client.uploads("image", b"\xff\xd8\xff" + bytes(10 << 20)))["errcode"] == 40009
    assert (await client.uploads("image", b"GIF89a plus"))["errcode"] == 40004
    assert (await client.uploads("file", b"1234"))["errcode"] == 40006
    assert (await client.uploads("poem", b"123456"))["errcode"] == 40005
    hand.forward(3 * 86_400)
    client.token = (await client.asks_token())["access_token"]
    assert (await client.gets("media/get", media_id=made["media_id"]))["errcode"] == 40007


async def test_a_member_signs_in_by_a_code_that_counts_once(corp, client, lin, hand):
    link = (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid={corp}&redirect_uri=http%3A%2F%2F{host}%2Fin"
        "&response_type=code&scope=snsapi_base&state=s1&agentid={agent}#wechat_redirect"
    )
    good = link.format(corp=corp.corp_id, agent=corp.agent_id, host="127.0.0.1")
    back = await lin.opens(good)
    assert back.endswith("&state=s1")
    code = back.split("code=")[1].split("&")[0]
    assert (await client.gets("auth/getuserinfo", code=code))["userid"] == "Lin"
    assert (await client.gets("auth/getuserinfo", code=code))["errcode"] == 42022
    assert (await client.gets("auth/getuserinfo", code="none"))["errcode"] == 40029
    late = (await lin.opens(good)).split("code=")[1].split("&")[0]
    hand.forward(300)
    assert (await client.gets("auth/getuserinfo", code=late))["errcode"] == 42003
    with pytest.raises(RefusedError, match="50001"):
        await lin.opens(link.format(corp=corp.corp_id, agent=corp.agent_id, host="evil.example"))
    async with aiohttp.ClientSession() as visitor:
        own = good.replace("https://open.weixin.qq.com", corp.api_url)
        async with visitor.get(own, allow_redirects=False) as answer:
            stranger = answer.headers["Location"].split("code=")[1].split("&")[0]
    assert "userid" not in await client.gets("auth/getuserinfo", code=stranger)


@pytest.mark.parametrize("code", [-1, 45033, 45009])
async def test_ordered_errcodes_come_and_nothing_is_done(corp, client, lin, code):
    corp.fail("message/send", code)
    assert (await client.sends("Lin"))["errcode"] == code
    assert lin.chat == []
    assert (await client.sends("Lin"))["errcode"] == 0
    assert corp.violations == []


async def test_an_untrusted_address_gets_a_token_and_nothing_else(corp, client):
    corp.trust(False)
    assert (await client.gets("getcallbackip"))["errcode"] == 60020
    assert (await client.asks_token())["errcode"] == 0
    corp.trust(True)
    assert "127.0.0.1" in (await client.gets("getcallbackip"))["ip_list"]


@pytest.mark.parametrize(
    ("fault", "shown"), [("drop", 0), ("timeout_after_effect", 1), ("half", 1), (502, 0)]
)
async def test_connections_break_before_or_after_the_effect(corp, client, lin, fault, shown):
    corp.fail("message/send", fault)
    with pytest.raises(aiohttp.ClientError):
        await client.sends("Lin")
    assert len(lin.chat) == shown


async def test_a_menu_has_three_keys_with_five_behind_each(corp, client, lin):
    inner = [{"type": "click", "name": "追溯", "key": "/trace"}]
    menu = {
        "button": [{"type": "click", "name": "报告", "key": "/report"}, {"name": "更多", "sub_button": inner}]
    }
    agent = str(corp.agent_id)
    assert (await client.posts("menu/create", menu, agentid=agent))["errcode"] == 0
    assert [one["name"] for one in corp.state.menus[corp.agent_id]] == ["报告", "追溯"]
    with pytest.raises(AssertionError, match="no key"):
        await lin.taps_menu("更多")
    assert corp.violations == []
    for wrong, code in (
        ({"button": []}, 40016),
        ({"button": [{"name": "字" * 6, "type": "click", "key": "a"}]}, 40018),
        ({"button": [{"name": "a", "type": "poem", "key": "a"}]}, 40017),
        ({"button": [{"name": "a", "sub_button": inner * 6}]}, 40023),
        ({"button": [{"name": "a", "type": "click"}]}, 40019),
    ):
        assert (await client.posts("menu/create", wrong, agentid=agent))["errcode"] == code


async def test_unknown_calls_and_broken_bodies_are_violations(corp, client):
    with pytest.raises(aiohttp.ClientError):
        await client.gets("message/sned")
    assert (await client.gets("message/send"))["errcode"] == 43002
    assert (await client.posts("message/send", "no json"))["errcode"] == 47001
    assert len(corp.violations) == 3


async def test_the_independent_client_is_content(corp, lin, monkeypatch):
    """wechatpy knows nothing of this server; its hard-coded host is steered to the loopback."""

    plain = requests.Session.request

    def steered(self: requests.Session, method: str, url: str, **more: Any) -> requests.Response:
        self.trust_env = False
        return plain(self, method, url.replace("https://qyapi.weixin.qq.com", corp.api_url), **more)

    monkeypatch.setattr(requests.Session, "request", steered)

    def talks() -> None:
        other = wechatpy.enterprise.WeChatClient(corp.corp_id, corp.secret)
        other.message.send_text(corp.agent_id, "Lin", "你好")
        made = other.media.upload("image", ("a.jpg", jpeg(), "image/jpeg"))
        other.message.send_image(corp.agent_id, "Lin", made["media_id"])
        corp.kill_tokens()
        other.message.send_text(corp.agent_id, "Lin", "after the token died")
        with pytest.raises(WeChatClientException) as nobody:
            other.message.send_text(corp.agent_id, "Nobody", "x")
        assert nobody.value.errcode == 81013

    await asyncio.to_thread(talks)
    assert [one.words for one in lin.chat] == ["你好", "", "after the token died"]
    assert len(corp.calls_of("gettoken")) == 2
    assert corp.violations == []
