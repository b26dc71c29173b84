"""The sending side of the loopback WeCom server: its cipher, its patience, and what it does wrong when told to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException

from tests.paths import SHARED_DATA
from tests.servers.conftest import Hand
from tests.servers.wecom import AES_KEY, CORP, TOKEN, WeComServer
from tests.servers.wecom_client import CallbackDoor, Client, button_card
from tests.servers.wecom_crypto import BrokenError, Seal
from tests.servers.wecom_people import Member
from tests.servers.wecom_xml import read

VECTORS = json.loads((SHARED_DATA / "wecom_vectors" / "wecom_vectors.json").read_text(encoding="utf-8"))
KNOWN = json.loads((SHARED_DATA / "messenger_wecom" / "crypto_kat.json").read_text(encoding="utf-8"))


@pytest.fixture
async def corp(hand: Hand) -> AsyncIterator[WeComServer]:
    async with WeComServer(wall=hand, deadline=0.3, backoff=(0.001, 0.001, 0.001)) as running:
        yield running


@pytest.fixture
async def door(corp: WeComServer) -> AsyncIterator[CallbackDoor]:
    async with CallbackDoor(corp) as made:
        yield made


@pytest.fixture
def lin(corp: WeComServer) -> Member:
    return corp.member("Lin", "林")


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda one: one["name"])
def test_the_cipher_agrees_with_every_vector(vector):
    seal = Seal(vector["token"], vector["encoding_aes_key"], vector["receiveid"])
    assert seal.decrypt(vector["encrypt"]) == vector["plaintext"]
    assert seal.encrypt(vector["plaintext"], random16=vector["random16"].encode()) == vector["encrypt"]
    assert seal.signature(vector["timestamp"], vector["nonce"], vector["encrypt"]) == vector["msg_signature"]
    with pytest.raises(BrokenError, match="receiver"):
        Seal(seal.token, seal.aes_key, "ww0").decrypt(vector["encrypt"])


def test_the_cipher_agrees_with_the_known_answers():
    seal = Seal(KNOWN["token"], KNOWN["encoding_aes_key"], KNOWN["corp_id"])
    asked = KNOWN["verify_url_ok"]
    assert seal.signature(asked["timestamp"], asked["nonce"], asked["echo_str"]) == asked["signature"]
    made = KNOWN["encrypt"]
    words = seal.encrypt(made["reply"], random16=made["random_16_bytes"].encode())
    assert words == read(made["expected"])["Encrypt"]
    assert read(seal.decrypt(read(KNOWN["decrypt"]["xml"])["Encrypt"]))["Content"] == "test"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"receive_id": "ww0"}, "receiver"),
        ({"padding": b"\x00"}, "padding"),
        ({"padding": b"\x21" * 16}, "padding"),
        ({"length": 10**6}, "length"),
    ],
)
async def test_what_is_sealed_wrong_on_demand_is_wrong(corp, wrong, word):
    made = corp.seals("<xml/>", **wrong)
    with pytest.raises(BrokenError, match=word):
        corp.state.seal.decrypt(read(made.body)["Encrypt"])


async def test_callbacks_are_what_an_independent_implementation_accepts(corp, door, lin):
    await lin.says("批次 L1 ]]> <b> 😀")
    await corp.settled()
    other = WeChatCrypto(TOKEN, AES_KEY, CORP)
    query = door.queries[0]
    made = corp.callbacks[0].wrapped
    plain = other.decrypt_message(made.body, query["msg_signature"], query["timestamp"], query["nonce"])
    fields = read(plain)
    assert fields["Content"] == "批次 L1 ]]> <b> 😀"
    assert (fields["FromUserName"], fields["AgentID"]) == ("Lin", str(corp.agent_id))
    forged = corp.seals("<xml/>", signature="0" * 40)
    with pytest.raises(InvalidSignatureException):
        other.decrypt_message(forged.body, "0" * 40, forged.query["timestamp"], forged.query["nonce"])


async def test_everything_a_member_can_send_arrives_as_described(corp, door, lin):
    await lin.sends_photo(b"\xff\xd8\xff picture")
    await lin.sends_voice()
    await lin.shares_location(23.134, 113.358)
    await lin.enters()
    await lin.reports_location(23.1, 113.3)
    await lin.clicks_menu("report")
    await lin.sends_unknown("hologram", Beam="1")
    await lin.unsubscribes()
    await corp.settled()
    came = [read(one) for one in door.came]
    assert [one.get("Event", one["MsgType"]) for one in came] == [
        "image",
        "voice",
        "location",
        "enter_agent",
        "LOCATION",
        "click",
        "hologram",
        "unsubscribe",
    ]
    assert all(("MsgId" in one) == (one["MsgType"] != "event") for one in came)
    assert came[5]["EventKey"] == "report"
    async with Client(corp) as client:
        got = await client.gets("media/get", media_id=came[0]["MediaId"])
        assert got["content"] == b"\xff\xd8\xff picture"
        assert (await client.sends("Lin"))["errcode"] == 81013, "left the visible range"


async def test_the_address_is_checked_before_it_is_taken(corp, door):
    assert await corp.checks_url() == ""
    door.server.state.courier.url += "/elsewhere"
    assert "404" in await corp.checks_url()


@pytest.mark.parametrize(
    ("statuses", "is_lost", "results"),
    [
        ([], False, [200]),
        ([500, 403], False, [500, 403, 200]),
        ([0, 204], False, ["ServerDisconnectedError", 204, 200]),
        ([500] * 4, True, [500] * 4),
    ],
)
async def test_it_asks_three_times_again_and_then_never(corp, door, lin, statuses, is_lost, results):
    door.statuses = list(statuses)
    await lin.says("hello")
    await corp.settled()
    (callback,) = corp.callbacks
    assert callback.results == results
    assert callback.lost is is_lost
    assert len({one["nonce"] for one in door.queries}) == 1, "a retry is the very same request"


async def test_retries_do_not_hold_later_callbacks_up(corp, door, lin):
    corp.state.courier.backoff = (0.05,)
    door.statuses = [500]
    await lin.says("first")
    await lin.says("second")
    await corp.settled()
    assert [read(one)["Content"] for one in door.came] == ["first", "second", "first"]


async def test_it_repeats_shuffles_and_holds_on_demand(corp, door, lin):
    corp.repeat_callbacks(2)
    await lin.says("twice")
    await corp.settled()
    corp.repeat_callbacks(1)
    corp.reorder(3, seed=1)
    for words in ("a", "b", "c"):
        await lin.says(words)
    await corp.settled()
    said = [read(one)["Content"] for one in door.came]
    assert said[:2] == ["twice", "twice"]
    assert sorted(said[2:]) == ["a", "b", "c"]
    assert said[2:] != ["a", "b", "c"]
    corp.reorder(1)
    corp.state.courier.hold()
    await lin.says("kept")
    assert len(door.came) == 5
    corp.state.courier.release()
    await corp.settled()
    assert len(door.came) == 6


def _select(task: str) -> dict[str, Any]:
    def question(number: int) -> dict[str, Any]:
        options = [{"id": f"{number}a", "text": f"甲{number}"}, {"id": f"{number}b", "text": f"乙{number}"}]
        return {"question_key": f"q{number}", "title": f"问题{number}", "option_list": options}

    return {
        "card_type": "multiple_interaction",
        "main_title": {"title": "评级"},
        "task_id": task,
        "select_list": [question(1), question(2)],
        "submit_button": {"text": "提交", "key": "submit"},
    }


async def test_a_tap_brings_key_task_and_a_code_for_one_change_of_that_card(corp, door, lin):
    wu = corp.member("wu")
    async with Client(corp) as client:
        await client.sends_card("Lin|wu")
        assert await lin.taps("确认") == "yes"
        await corp.settled()
        came = read(door.came[-1])
        assert (came["Event"], came["EventKey"], came["TaskId"]) == ("template_card_event", "yes", "task-1")
        assert came["CardType"] == "button_interaction"
        mine = {"userids": ["Lin", "wu"], "button": {"replace_name": "已确认"}}
        answer = await client.updates(came["ResponseCode"], **mine)
        assert answer["invaliduser"] == ["wu"], "the code of a tap is for the one who tapped"
        assert not lin.sees_button("确认")
        assert wu.sees_button("确认")
        await corp.member("wu").taps_key("forged", wu.chat[-1])
        await corp.settled()
        assert read(door.came[-1])["EventKey"] == "forged"
        link = [{"text": "打开", "type": 1, "url": "https://example.org/x"}]
        await client.sends_card("Lin", task_id="task-2", button_list=link)
        assert await lin.taps("打开") == "https://example.org/x"
    assert corp.violations == []


async def test_choices_come_with_their_questions(corp, door, lin):
    async with Client(corp) as client:
        await client.sends("Lin", "template_card", template_card=_select("t-1"))
        with pytest.raises(AssertionError, match="one of several questions"):
            await lin.taps("乙1")
        await lin.chooses("乙1")
        card = await lin.chooses("甲2")
        assert await lin.submits(card) == "submit"
        box = {
            "question_key": "box",
            "mode": 1,
            "option_list": [{"id": str(n), "text": f"批 {n}"} for n in range(3)],
        }
        vote = {**_select("t-2"), "card_type": "vote_interaction", "checkbox": box}
        del vote["select_list"]
        await client.sends("Lin", "template_card", template_card=vote)
        await lin.submits(await lin.chooses("批 0", "批 2"))
        single = {
            "question_key": "s",
            "option_list": [{"id": "x", "text": "放行"}, {"id": "y", "text": "报废"}],
        }
        await client.sends("Lin", "template_card", template_card=_select("t-3") | {"select_list": [single]})
        await lin.taps("报废")
    await corp.settled()
    first, second, third = (read(one)["SelectedItems"]["SelectedItem"] for one in door.came[-3:])
    assert [(one["QuestionKey"], one["OptionIds"]["OptionId"]) for one in first] == [
        ("q1", "1b"),
        ("q2", "2a"),
    ]
    assert (second["QuestionKey"], second["OptionIds"]["OptionId"]) == ("box", ["0", "2"])
    assert third["OptionIds"]["OptionId"] == "y"
    assert corp.violations == []


async def test_the_answer_to_a_tap_may_change_the_card_if_it_is_sealed(corp, door, lin):
    async with Client(corp) as client:
        await client.sends_card("Lin")
        other = WeChatCrypto(TOKEN, AES_KEY, CORP)
        door.reply = other.encrypt_message(
            "<xml><MsgType>update_button</MsgType><Button><ReplaceName>已确认</ReplaceName></Button></xml>",
            "nonce",
            "1700000000",
        )
        await lin.taps("确认")
        await corp.settled()
        assert "已确认" in lin.chat[-1].words
        assert corp.violations == []
        door.reply = "success"
        await lin.says("hello")
        await corp.settled()
        assert len(corp.violations) == 1


async def test_a_person_who_sees_nothing_new_says_what_is_on_the_screen(corp, door, lin):
    async with Client(corp) as client:
        await client.sends("Lin", "markdown", text='**批次** <font color="warning">待审</font>')
        assert (await lin.expects("批次 待审")).from_app
        with pytest.raises(AssertionError, match="批次 待审"):
            await lin.expects("批次", timeout=0)
        await client.sends("Lin", "template_card", template_card=button_card())
        assert (await lin.expects_button("转交")).buttons == ["确认", "转交"]
