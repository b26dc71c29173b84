"""message/send, message/recall and media as the app calls them."""

from __future__ import annotations

import json
import secrets
from typing import Any

from tests.servers import wecom_cards
from tests.servers.wecom_limits import RefusedError
from tests.servers.wecom_screen import INTERACTIVE, Account, Sent
from tests.servers.wecom_state import App, Call, Dropped, ResponseCode, State

KINDS = ("text", "markdown", "image", "file", "voice", "video", "textcard", "template_card")
COMMON = {
    "touser",
    "toparty",
    "totag",
    "msgtype",
    "agentid",
    "safe",
    "enable_id_trans",
    "enable_duplicate_check",
    "duplicate_check_interval",
}
DAY = 86_400


def send(state: State, call: Call, app: App) -> dict[str, Any]:
    """Puts a message on the members' screens; what is over a member's rate is dropped and nobody is told.

    Raises:
        RefusedError: what is wrong with it, or 81013 when nobody may get it.
    """
    body = call.body
    kind = _kind(body)
    _agent(body, app)
    again = _again(state, body, app)
    if again is not None:
        return again
    accounts, invalid = _receivers(state, body)
    content = _content(state, body, kind)
    unlicensed = [one.userid for one in accounts if not one.is_licensed]
    accounts = [one for one in accounts if one.is_licensed]
    if not accounts:
        raise RefusedError(81013, "user & party & tag all invalid")
    task = str((content.get("card") or {}).get("task_id", ""))
    if task and (app.agent, task) in state.task_ids:
        raise RefusedError.wrong(42014, "task_id was used before")
    _count_day(state, len(accounts))
    if task:
        state.task_ids.add((app.agent, task))
    sent = Sent(secrets.token_urlsafe(48), app.agent, kind, state.wall(), task_id=task)
    state.world.sent[sent.msgid] = sent
    for one in accounts:
        _deliver(state, one, sent, content)
    answer = {
        "invaliduser": "|".join(invalid).lower(),
        "invalidparty": "",
        "invalidtag": "",
        "unlicenseduser": "|".join(unlicensed).lower(),
        "msgid": sent.msgid,
    }
    if kind == "template_card" and content["card"]["card_type"] in INTERACTIVE:
        answer["response_code"] = new_code(state, sent)
    if body.get("enable_duplicate_check") == 1:
        # what the real server answers to the repeated one is not described: here the first answer without its code
        known = {name: value for name, value in answer.items() if name != "response_code"}
        state.known_bodies[app.agent, _same(body)] = (state.wall(), known)
    return answer


def new_code(state: State, sent: Sent, clicker: str = "") -> str:
    """A fresh response_code for a card."""
    code = secrets.token_urlsafe(48)
    state.response_codes[code] = ResponseCode(sent, state.wall(), clicker)
    return code


def recall(state: State, call: Call, app: App) -> dict[str, Any]:
    """Takes a message from all screens within 24 h.

    Raises:
        RefusedError: 40058 missing; the code of an unknown, repeated or too late recall is a guess (41058).
    """
    msgid = call.body.get("msgid")
    if not isinstance(msgid, str) or not msgid:
        raise RefusedError.wrong(40058, "msgid missing")
    sent = state.world.sent.get(msgid)
    if sent is None or sent.agent != app.agent:
        raise RefusedError.wrong(41058, "no such message")
    if sent.is_recalled or state.wall() >= sent.made_at + state.sizes.recallable_for:
        raise RefusedError(41058, "the message cannot be recalled any more")
    sent.is_recalled = True
    for shown in state.world.copies(sent):
        shown.deleted = True
    state.world.changed()
    return {}


def upload(state: State, call: Call, app: App) -> dict[str, Any]:
    """Stores a file for three days.

    Raises:
        RefusedError: 41005 no file, or what is wrong with it.
    """
    if call.upload is None:
        raise RefusedError.wrong(41005, "media data missing")
    name, content = call.upload
    kept = state.media.upload(call.query.get("type", ""), content, name)
    return {"type": kept.kind, "media_id": kept.media_id, "created_at": str(int(kept.made_at))}


def _kind(body: dict[str, Any]) -> str:
    kind = body.get("msgtype")
    if kind not in KINDS:
        raise RefusedError.wrong(40008, "invalid msgtype")
    unknown = body.keys() - COMMON - {kind}
    if unknown:
        raise RefusedError.wrong(40058, f"unknown fields {sorted(unknown)}")
    if not isinstance(body.get(kind), dict):
        raise RefusedError.wrong(40058, f"{kind} missing")
    for name in ("safe", "enable_id_trans", "enable_duplicate_check"):
        if body.get(name, 0) not in (0, 1):
            raise RefusedError.wrong(40058, f"{name} is 0 or 1")
    return str(kind)


def _agent(body: dict[str, Any], app: App) -> None:
    agent = body.get("agentid")
    if not isinstance(agent, int) or isinstance(agent, bool):
        raise RefusedError.wrong(40056, "agentid must be a number")
    if agent != app.agent:
        raise RefusedError.wrong(301002, "not allowed to send with this agentid")


def _same(body: dict[str, Any]) -> str:
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


def _again(state: State, body: dict[str, Any], app: App) -> dict[str, Any] | None:
    """The answer to the same message within its interval; it is not delivered twice."""
    if body.get("enable_duplicate_check") != 1:
        return None
    interval = body.get("duplicate_check_interval", state.sizes.duplicate_for)
    if not isinstance(interval, int | float) or not 0 < interval <= state.sizes.duplicate_most:
        raise RefusedError.wrong(40058, "duplicate_check_interval: at most 4 hours")
    made_at, answer = state.known_bodies.get((app.agent, _same(body)), (0.0, None))
    return answer if state.wall() < made_at + interval else None


def _receivers(state: State, body: dict[str, Any]) -> tuple[list[Account], list[str]]:
    if body.get("toparty") or body.get("totag"):
        raise RefusedError.wrong(81013, "this test server knows members only")
    named = body.get("touser")
    if not isinstance(named, str) or not named.strip():
        raise RefusedError.wrong(82001, "touser, toparty and totag are all empty")
    if named == "@all":
        return [one for one in state.world.accounts.values() if one.sees_app], []
    names = list(dict.fromkeys(one for one in named.split("|") if one))
    if len(names) > state.sizes.touser:
        raise RefusedError.wrong(40058, "touser: at most 1000")
    found = {name: state.world.account(name) for name in names}
    accounts = [one for one in found.values() if one is not None and one.sees_app]
    if not accounts:
        raise RefusedError(81013, "user & party & tag all invalid")
    return accounts, [name for name, one in found.items() if one is None or not one.sees_app]


def _content(state: State, body: dict[str, Any], kind: str) -> dict[str, Any]:
    """What of a message is shown."""
    inner = body[kind]
    if kind == "template_card":
        card = wecom_cards.checked(inner, state.media)
        state.advice += wecom_cards.advice(card)
        return {"card": card}
    if kind in ("image", "file", "voice", "video"):
        return {"media": state.media.find(inner.get("media_id"), kind)}
    if kind == "textcard":
        if not all(inner.get(name) for name in ("title", "description", "url")):
            raise RefusedError.wrong(40058, "textcard: title, description or url missing")
        return {"text": f"{inner['title']}\n{inner['description']}"}
    words = inner.get("content")
    if not isinstance(words, str):
        raise RefusedError.wrong(40058, "content must be text")
    if not words.strip():
        raise RefusedError.wrong(44004, "empty content")
    raw = words.encode()
    if len(raw) <= state.sizes.text:
        return {"text": words}
    if kind == "markdown":
        raise RefusedError.wrong(45002, "content over 2048 bytes")
    state.truncated.append(words)
    return {"text": raw[: state.sizes.text].decode(errors="ignore")}


def _count_day(state: State, persons: int) -> None:
    day = int(state.wall() // DAY)
    most = state.rates.person_times * max(1, len(state.world.accounts))
    if state.person_times.get(day, 0) + persons > most:
        raise RefusedError(45009, "api freq out of limit: messages of the day")
    state.person_times[day] = state.person_times.get(day, 0) + persons


def _deliver(state: State, account: Account, sent: Sent, content: dict[str, Any]) -> None:
    if not state.rates.member.admits(f"{sent.agent}:{account.userid}", state.wall()):
        state.dropped.append(Dropped(account.userid, sent.msgid, sent.kind))
        return
    sent.receivers.append(account.userid.lower())
    own = {name: dict(value) if name == "card" else value for name, value in content.items()}
    state.world.show(account.userid, state.wall(), sent.kind, sent=sent, **own)
