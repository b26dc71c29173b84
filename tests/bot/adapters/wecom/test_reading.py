"""Every kind of callback is understood for what it is, or for something that we cannot use."""

from __future__ import annotations

import pytest

from bot.adapters.wecom import reading, wire
from handlers.chat.vocabulary import Came, Incoming
from tests.paths import SHARED_DATA

FOLDER = SHARED_DATA / "messenger_wecom" / "callback_xml"


def xml(kind: str, inside: str = "", *, sender: str = "ZhangSan", created: int = 1_700_000_000) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{inside}<AgentID>1</AgentID></xml>"
    ).encode()


def event(name: str, inside: str = "", **more: int) -> bytes:
    return xml("event", f"<Event><![CDATA[{name}]]></Event>{inside}", **more)


def tap(key: str, *, code: str = "RC1", chosen: str = "", **more: int) -> bytes:
    inside = (
        f"<EventKey><![CDATA[{key}]]></EventKey><TaskId>n1-ab</TaskId><CardType>vote_interaction</CardType>"
        f"<ResponseCode>{code}</ResponseCode><SelectedItems>{chosen}</SelectedItems>"
    )
    return event("template_card_event", inside, **more)


def item(*options: str) -> str:
    ids = "".join(f"<OptionId><![CDATA[{one}]]></OptionId>" for one in options)
    return f"<SelectedItem><QuestionKey>choice</QuestionKey><OptionIds>{ids}</OptionIds></SelectedItem>"


def read(document: bytes) -> Incoming | None:
    message = wire.message_in(document)
    assert message is not None
    return reading.read(reading.arrived(message).raw)


@pytest.mark.parametrize(
    ("document", "came", "text", "data"),
    [
        (xml("text", "<Content> 划伤 😀</Content><MsgId>1</MsgId>"), Came.TEXT, " 划伤 😀", ""),
        (xml("text", "<Content>/start abc</Content><MsgId>1</MsgId>"), Came.COMMAND, "/start abc", ""),
        (xml("image", "<MediaId>M1</MediaId><PicUrl>http://p</PicUrl><MsgId>2</MsgId>"), Came.PHOTO, "", ""),
        (xml("image", "<MsgId>2</MsgId>"), Came.OTHER, "", ""),
        (xml("file", "<MediaId>F1</MediaId><MsgId>2</MsgId>"), Came.FILE, "", ""),
        (xml("file", "<MsgId>2</MsgId>"), Came.OTHER, "", ""),
        (xml("voice", "<MediaId>V</MediaId><Format>amr</Format><MsgId>3</MsgId>"), Came.OTHER, "", ""),
        (xml("location", "<Location_X>23.1</Location_X><MsgId>4</MsgId>"), Came.LOCATION, "", ""),
        (xml("video", "<MediaId>V</MediaId><MsgId>5</MsgId>"), Came.OTHER, "", ""),
        (xml("hologram", "<MsgId>6</MsgId>"), Came.OTHER, "", ""),
        (event("enter_agent", "<EventKey/>"), Came.COMMAND, "/start", ""),
        (event("subscribe"), Came.COMMAND, "/start", ""),
        (event("click", "<EventKey>/report</EventKey>"), Came.COMMAND, "/report", ""),
        (tap("t" * 44), Came.BUTTON, "", "t" * 44),
        (tap("submit", chosen=item("o1")), Came.BUTTON, "", "o1"),
        (tap("submit", chosen=item("o2", "o3")), Came.BUTTON, "", "o2"),
        (tap("submit", chosen=item() + item("o4")), Came.BUTTON, "", "o4"),
        (tap("submit"), Came.OTHER, "", ""),
        (
            event(
                "scancode_waitmsg", "<ScanCodeInfo><ScanResult>CODE_128,L2025-07</ScanResult></ScanCodeInfo>"
            ),
            Came.TEXT,
            "L2025-07",
            "",
        ),
    ],
    ids=lambda value: value[-90:].decode()[:60] if isinstance(value, bytes) else None,
)
def test_what_a_member_did(document: bytes, came: Came, text: str, data: str) -> None:
    incoming = read(document)
    assert incoming is not None
    assert (incoming.came, incoming.text, incoming.data) == (came, text, data)
    assert (incoming.account, incoming.chat_ref) == ("zhangsan", "zhangsan"), "userids know no capitals"


@pytest.mark.parametrize(
    "name", ["view", "LOCATION", "unsubscribe", "pic_sysphoto", "batch_job_result", "scancode_push"]
)
def test_what_asks_for_no_answer_gets_none(name: str) -> None:
    assert read(event(name, "<EventKey>x</EventKey>")) is None


def test_a_photo_names_its_picture_and_a_tap_its_card() -> None:
    photo = read(xml("image", "<MediaId>M1</MediaId><MsgId>2</MsgId>"))
    assert photo is not None
    assert photo.media is not None
    assert photo.media.ref == "M1"
    tapped = read(tap("k"))
    assert tapped is not None
    assert (tapped.message_ref, tapped.answer_ref) == ({"task": "n1-ab", "id": "n1-ab"}, "RC1")


def number(document: bytes) -> str:
    message = wire.message_in(document)
    assert message is not None
    return wire.number_of(message)


def test_repeats_have_one_number_and_nothing_else_has() -> None:
    same = xml("text", "<Content>a</Content><MsgId>77</MsgId>")
    assert number(same) == number(same) == "m77"
    taps = [
        tap("k"),
        tap("k2"),
        tap("k", code="RC2"),
        tap("k", created=1_700_000_001),
        event("click"),
        event("view"),
    ]
    assert len({number(one) for one in taps}) == len(taps)
    assert number(tap("k")) == number(tap("k"))


def test_who_opens_the_app_again_and_again_is_greeted_once_in_ten_minutes() -> None:
    start = 1_700_000_000 // 600 * 600
    opened = [number(event("enter_agent", created=start + second)) for second in (0, 5, 599, 600)]
    assert len(set(opened)) == 2
    assert number(event("subscribe", created=start)) == opened[0], "coming for the first time is one greeting"
    assert number(xml("event", "<Event>enter_agent</Event>", sender="lisi", created=start)) not in opened


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.xml")))
def test_published_examples_are_read(name: str) -> None:
    assert read((FOLDER / name).read_bytes()) is not None


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<xml>",
        b"<html/>",
        b"\xff\xfe",
        b"<xml><MsgType>text</MsgType></xml>",
        xml("text").replace(b"1700000000", b"soon"),
        xml("text").replace(b"1700000000", b"9" * 30),
        xml("x" * 65),
        xml("text", "<Content>" + "a" * 9_000 + "</Content>"),
        xml("text", "<a/>" * 200),
        xml("event", "<Event>click</Event><EventKey>" + "k" * 2_000 + "</EventKey>"),
        b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml("text"),
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x">' + xml("text"),
    ],
    ids=lambda value: value[:50].decode(errors="replace"),
)
def test_what_is_no_message_is_none(document: bytes) -> None:
    assert wire.message_in(document) is None


def test_what_no_database_stores_is_replaced() -> None:
    message = wire.message_in(xml("text", "<Content>a&#xFFFE;b</Content><MsgId>1</MsgId>"))
    assert message is None or "\ufffe" not in message.content


@pytest.mark.parametrize(
    ("plain", "echo"),
    [
        (b"1616140317555161061", "1616140317555161061"),
        (xml("text"), None),
        (b"", None),
        (b"a b", None),
        (b"\xff", None),
    ],
    ids=["digits", "a message", "nothing", "blank", "no text"],
)
def test_the_check_of_the_address_gives_out_nothing_but_its_echo(plain: bytes, echo: str | None) -> None:
    """Else whoever saw a callback pass could have it opened."""
    assert wire.echo_in(plain) == echo
