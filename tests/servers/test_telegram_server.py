"""The loopback Bot API: a real Bot is content with every method, and is refused what the real server refuses."""

from __future__ import annotations

import io

import aiohttp
import pytest
import telegram
from PIL import Image
from telegram import InlineKeyboardButton as Button
from telegram import InlineKeyboardMarkup as Keyboard
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.servers import telegram_spec
from tests.servers.bots import jpeg, real_bot
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_people import Person


def _keys(*labels: str) -> Keyboard:
    return Keyboard([[Button(label, callback_data=f"d:{label}")] for label in labels])


async def test_who_the_bot_is(server, bot):
    me = await bot.get_me()
    assert me.is_bot
    assert me.username == "bihuan_test_bot"
    assert server.violations == []


async def test_a_wrong_token_is_unauthorized(server):
    async with real_bot(server, "7000000001:wrong") as stranger:
        with pytest.raises(InvalidToken):
            await stranger.get_me()


async def test_updates_are_given_again_until_an_offset_passes_them(server, bot):
    lin = server.person(501, "Lin")
    await lin.says("/start abc")
    await lin.says("second")
    first = await bot.get_updates(timeout=0)
    again = await bot.get_updates(timeout=0)
    assert [one.update_id for one in first] == [one.update_id for one in again]
    assert first[0].message.entities[0].type == "bot_command"
    assert first[0].effective_user.language_code == "zh-hans"
    left = await bot.get_updates(offset=first[0].update_id + 1)
    assert [one.message.text for one in left] == ["second"]
    assert server.acknowledged == [first[0].update_id]
    assert server.pending == [first[1].update_id]
    assert server.violations == []


async def test_only_allowed_kinds_of_updates_come(server, bot, lin):
    await bot.get_updates(allowed_updates=["callback_query"])
    await lin.says("unheard")
    assert await bot.get_updates() == ()


async def test_text_with_html_is_shown_and_edited(server, bot, lin: Person):
    sent = await bot.send_message(
        501, "<b>临界</b> &lt;10&gt;", parse_mode="HTML", reply_markup=_keys("Yes", "No")
    )
    assert sent.text == "临界 <10>"
    assert sent.entities[0].length == 2
    shown = await lin.expects("临界")
    assert shown.buttons == ["Yes", "No"]
    await bot.edit_message_text("done", 501, sent.message_id)
    assert (await lin.expects("done")).buttons == []
    assert lin.chat[-1].edits == 1
    await bot.edit_message_reply_markup(501, sent.message_id, reply_markup=_keys("Again"))
    await lin.expects_button("Again")
    await bot.delete_message(501, sent.message_id)
    assert lin.history[-1].deleted
    assert sent.message_id not in [one.message_id for one in lin.chat]
    assert server.violations == []


async def test_photos_documents_and_albums(server, bot, lin: Person):
    photo = await bot.send_photo(501, jpeg(1600, 1200), caption="one", reply_markup=_keys("Keep"))
    assert max(one.width for one in photo.photo) == 1280
    known = await bot.send_photo(501, photo.photo[-1].file_id)
    assert known.photo[-1].file_unique_id == photo.photo[-1].file_unique_id
    await bot.edit_message_caption(501, photo.message_id, caption="two")
    edited = await bot.edit_message_media(
        telegram.InputMediaPhoto(jpeg(colour="red"), caption="three"), 501, photo.message_id
    )
    assert edited.caption == "three"
    file = await bot.send_document(501, b"%PDF-1.7 report", filename="report.pdf")
    assert file.document.file_name == "report.pdf"
    assert (await bot.send_document(501, file.document.file_id)).document.file_unique_id
    album = await bot.send_media_group(
        501, [telegram.InputMediaPhoto(jpeg(colour=one)) for one in ("red", "blue", "green")]
    )
    assert len({one.media_group_id for one in album}) == 1
    assert len([one for one in lin.chat if one.media_group_id]) == 3
    assert server.violations == []


async def test_a_sent_photo_arrives_in_sizes_without_its_metadata(server, bot, lin: Person):
    await lin.sends_photo(jpeg(1600, 1200, described="secret place"), caption="scratch")
    message = (await bot.get_updates())[-1].message
    assert [max(one.width, one.height) for one in message.photo] == [90, 320, 800, 1280]
    assert len({one.file_id for one in message.photo}) == 4
    file = await bot.get_file(message.photo[-1].file_id)
    content = bytes(await file.download_as_bytearray())
    assert not Image.open(io.BytesIO(content)).getexif()
    assert b"secret place" not in content
    assert message.caption == "scratch"
    assert server.violations == []


async def test_an_album_of_a_person_is_an_update_each(server, bot, lin: Person):
    await lin.sends_album([jpeg(colour="red"), jpeg(colour="blue")], caption="both")
    updates = await bot.get_updates()
    assert len({one.message.media_group_id for one in updates}) == 1
    assert [one.message.caption for one in updates] == ["both", None]
    assert server.violations == []


async def test_a_file_arrives_as_it_was_and_a_place_too(server, bot, lin: Person):
    await lin.sends_document(b"a,b\n1,2\n", "data.csv", "text/csv")
    await lin.shares_location(31.2, 121.5)
    file, place = (one.message for one in await bot.get_updates())
    got = await (await bot.get_file(file.document.file_id)).download_as_bytearray()
    assert bytes(got) == b"a,b\n1,2\n"
    assert (file.document.file_name, file.document.mime_type) == ("data.csv", "text/csv")
    assert place.location.longitude == 121.5
    assert server.violations == []


async def test_a_tap_is_a_callback_and_is_answered(server, bot, lin: Person):
    await bot.send_message(501, "old", reply_markup=_keys("Go"))
    newest = await bot.send_message(501, "new", reply_markup=_keys("Go"))
    await lin.taps("Go")
    query = (await bot.get_updates())[-1].callback_query
    assert query.message.message_id == newest.message_id
    assert query.data == "d:Go"
    await query.answer("noted")
    assert (await lin.expects_toast("noted")).alert is False
    assert server.violations == []


async def test_a_button_no_longer_shown_cannot_be_tapped_but_forged(server, bot, lin: Person):
    sent = await bot.send_message(501, "choose", reply_markup=_keys("Go"))
    await bot.edit_message_reply_markup(501, sent.message_id)
    with pytest.raises(AssertionError, match="choose"):
        await lin.taps("Go", timeout=0)
    await lin.taps_data("forged", sent.message_id)
    await bot.delete_message(501, sent.message_id)
    await lin.taps_data("late", sent.message_id)
    forged, late = (one.callback_query for one in await bot.get_updates())
    assert forged.data == "forged"
    assert not late.message.is_accessible
    assert server.violations == []


async def test_commands_chats_and_actions(server, bot, lin: Person):
    commands = [telegram.BotCommand("report", "Report")]
    await bot.set_my_commands(commands, language_code="zh")
    assert list(await bot.get_my_commands(language_code="zh")) == commands
    assert await bot.get_my_commands() == ()
    assert (await bot.get_chat(501)).first_name == "Lin"
    await bot.send_chat_action(501, "typing")
    assert server.state.actions == [(501, "typing")]
    assert (await bot.get_webhook_info()).pending_update_count == 0
    assert server.violations == []


async def test_what_was_matched_is_not_matched_twice(bot, lin: Person):
    sent = await bot.send_message(501, "once")
    await lin.expects("once")
    with pytest.raises(AssertionError, match="nothing new"):
        await lin.expects("once", timeout=0)
    await bot.edit_message_reply_markup(501, sent.message_id, reply_markup=_keys("K"))
    with pytest.raises(AssertionError, match="once"):
        await lin.expects("once", timeout=0)


async def test_groups_have_several_people_and_privacy(server, bot, lin: Person):
    wu = server.person(502, "Wu")
    stranger = server.person(503)
    room = server.group(-1001, "Line 3", lin, wu)
    await wu.says("just chatting", chat=room)
    await wu.says("/status", chat=room)
    heard = await bot.get_updates()
    assert [one.message.text for one in heard] == ["/status"]
    await bot.send_message(-1001, "all well", reply_markup=_keys("Seen"))
    for one in (lin, wu):
        await one.expects("all well", chat=room)
        await one.taps("Seen", chat=room)
    assert [one.callback_query.from_user.id for one in (await bot.get_updates())[1:]] == [501, 502]
    with pytest.raises(Forbidden, match="initiate"):
        await bot.send_message(502, "psst")
    with pytest.raises(AssertionError, match="not in this group"):
        await stranger.says("hi", chat=room)
    assert server.violations == []


TEXT_REFUSALS = {
    "too long": ("x" * 4097, "too long"),
    "blank": ("<b> </b>", "empty"),
    "unknown tag": ("<h1>x</h1>", "nsupported start tag"),
    "open tag": ("<b>x", "end tag"),
    "crossed tags": ("<b><i>x</b></i>", "nmatched end tag"),
    "lone bracket": ("a < b", "nsupported start tag"),
}


@pytest.mark.parametrize("case", TEXT_REFUSALS)
async def test_text_is_refused_when(case, server, bot, lin: Person):
    text, reason = TEXT_REFUSALS[case]
    with pytest.raises(BadRequest, match=reason):
        await bot.send_message(501, text, parse_mode="HTML")
    assert server.violations == []
    assert not [one for one in lin.chat if one.from_bot]


async def test_lengths_count_what_is_shown(bot, lin):
    await bot.send_message(501, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    await bot.send_photo(501, jpeg(), caption=f"<i>{'x' * 1024}</i>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(501, jpeg(), caption="x" * 1025)


BAD_KEYBOARDS = {
    "65 bytes of data": [[Button("x", callback_data="x" * 65)]],
    "64 letters of more than 64 bytes": [[Button("x", callback_data="限" * 22)]],
    "9 in a row": [[Button("x", callback_data="x")] * 9],
    "101 in all": [[Button("x", callback_data="x")]] * 101,
    "no action": [[Button("x")]],
    "a link without a host": [[Button("x", url="https://nowhere/path")]],
}


@pytest.mark.parametrize("case", BAD_KEYBOARDS)
async def test_a_keyboard_is_refused_with(case, bot, lin: Person):
    with pytest.raises(BadRequest):
        await bot.send_message(501, "x", reply_markup=Keyboard(BAD_KEYBOARDS[case]))
    assert not [one for one in lin.chat if one.from_bot]


async def test_full_keyboards_are_taken(bot, lin: Person):
    await bot.send_message(501, "x", reply_markup=Keyboard([[Button("x", callback_data="x" * 64)] * 8] * 12))
    await bot.send_message(501, "x", reply_markup=Keyboard([[Button("x", callback_data="x")] * 4] * 25))
    assert [len(one.buttons) for one in lin.chat[-2:]] == [96, 100]


async def test_the_same_edit_and_lost_messages_are_refused(bot, lin: Person):
    sent = await bot.send_message(501, "same", reply_markup=_keys("K"))
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("same", 501, sent.message_id, reply_markup=_keys("K"))
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("x", 501, 99_999)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("x", 501, lin.chat[0].message_id)
    with pytest.raises(BadRequest, match="no caption"):
        await bot.edit_message_caption(501, sent.message_id, caption="x")
    await bot.delete_message(501, sent.message_id)
    with pytest.raises(BadRequest, match="to delete not found"):
        await bot.delete_message(501, sent.message_id)


async def test_only_young_messages_are_deleted(bot, lin, hand):
    sent = await bot.send_message(501, "old")
    hand.forward(48 * 3600)
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(501, sent.message_id)


async def test_a_late_answer_to_a_tap_is_refused(bot, lin: Person, hand):
    await bot.send_message(501, "x", reply_markup=_keys("K"))
    query = await lin.taps("K")
    with pytest.raises(BadRequest):
        await bot.answer_callback_query(query, "x" * 201)
    hand.forward(16)
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query(query)
    assert lin.toasts == []


async def test_albums_hold_two_to_ten(bot, lin: Person):
    photo = (await bot.send_photo(501, jpeg())).photo[-1].file_id
    for count in (1, 11):
        with pytest.raises(BadRequest):
            await bot.send_media_group(501, [telegram.InputMediaPhoto(photo)] * count)
    await bot.send_media_group(501, [telegram.InputMediaPhoto(photo)] * 10)


async def test_files_too_big_broken_or_unknown_are_refused(server, bot, lin: Person, hand):
    with pytest.raises(BadRequest, match="too big"):
        await bot.send_photo(501, b"\0" * (10 * 1024 * 1024 + 1))
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(501, b"no picture")
    with pytest.raises(BadRequest, match="rong file identifier"):
        await bot.send_photo(501, "AgACunknown")
    file = await bot.send_document(501, b"x", filename="x.txt")
    with pytest.raises(BadRequest, match="an't use file"):
        await bot.send_photo(501, file.document.file_id)
    await lin.sends_document(b"\0" * (20 * 1024 * 1024 + 1), "big.bin", "application/octet-stream")
    with pytest.raises(BadRequest, match="too big"):
        await bot.get_file((await bot.get_updates())[-1].message.document.file_id)
    link = await bot.get_file(file.document.file_id)
    hand.forward(3601)
    with pytest.raises(telegram.error.TelegramError, match="Not Found"):
        await link.download_as_bytearray()
    assert server.violations == []


async def test_an_upload_over_50_megabytes_is_refused(server, bot, lin):
    with pytest.raises(telegram.error.TelegramError, match="Too Large"):
        await bot.send_document(501, b"\0" * (50 * 1024 * 1024 + 1), filename="x.bin", write_timeout=30)


async def test_unknown_chats_and_people_who_block(server, bot, lin: Person):
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(404, "x")
    server.person(504)
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(504, "never started")
    await lin.blocks_bot()
    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(501, "x")
    assert (await bot.get_updates())[-1].my_chat_member.new_chat_member.status == "kicked"
    await lin.says("/start")
    await bot.send_message(501, "welcome back")
    assert server.violations == []


BAD_CALLS = {
    "unknown method": ("sendPigeon", {}, 404, "sendPigeon"),
    "missing parameter": ("sendMessage", {"chat_id": 501}, 400, "'text' is missing"),
    "undocumented parameter": ("getMe", {"verbose": True}, 400, "undocumented parameter 'verbose'"),
    "wrong type": ("sendMessage", {"chat_id": 501, "text": 7}, 400, "text: int"),
    "wrong nested type": (
        "sendMessage",
        {"chat_id": 501, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "data": "x"}]]}},
        400,
        "'data' is undocumented in InlineKeyboardButton",
    ),
    "a lost attachment": ("sendPhoto", {"chat_id": 501, "photo": "attach://gone"}, 400, "without a file"),
    "markdown": ("sendMessage", {"chat_id": 501, "text": "x", "parse_mode": "MarkdownV2"}, 400, "MarkdownV2"),
    "not spoken here": ("banChatMember", {"chat_id": 501, "user_id": 1}, 501, "does not speak"),
}


@pytest.mark.parametrize("case", BAD_CALLS)
async def test_a_call_against_the_description_is_refused_and_kept(case, server: TelegramServer, lin):
    method, values, status, violation = BAD_CALLS[case]
    address = f"{server.base_url}{server.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(address, json=values) as answer:
        assert answer.status == status
        assert (await answer.json())["ok"] is False
    assert violation in "\n".join(server.violations)


def test_the_servers_own_answers_and_updates_are_judged_too():
    """Faults that other test servers were seen with: no is_bot, no chat_instance, a field nobody documented."""
    assert telegram_spec.result("getMe", {"id": 1, "first_name": "B"}) != []
    person = {"id": 1, "is_bot": False, "first_name": "L"}
    query = {"id": "1", "from": person, "chat_instance": "9", "data": "x"}
    assert telegram_spec.update({"update_id": 1, "callback_query": query}) == []
    del query["chat_instance"]
    assert "chat_instance" in telegram_spec.update({"update_id": 1, "callback_query": query})[0]
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "chat_id": 1}
    assert "'chat_id' is undocumented in Message" in telegram_spec.result("sendMessage", message)[0]
    assert telegram_spec.result("sendMessage", None) != []


async def test_a_flawed_update_becomes_a_violation(server, bot, lin: Person):
    server.state.mailbox.put("message", {"message_id": 1}, 501)
    assert "server's own update" in server.violations[0]
