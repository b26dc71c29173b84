"""message/update_template_card, by call and as the passive answer to a tap: each response_code once."""

from __future__ import annotations

from typing import Any

from tests.servers import wecom_cards
from tests.servers.wecom_limits import RefusedError
from tests.servers.wecom_state import App, Call, ResponseCode, State

FIELDS = {
    "userids",
    "partyids",
    "tagids",
    "atall",
    "agentid",
    "response_code",
    "enable_id_trans",
    "button",
    "template_card",
}
SPENT = 40058
"""What a used, unknown or too old code is answered with; the real number is in no copy that was read."""


def update(state: State, call: Call, app: App) -> dict[str, Any]:
    """Changes a sent card on the screens of the members named; those who never got it come back as invalid.

    Raises:
        RefusedError: 42015 another app's, ``SPENT``, 42020 no name, the 42xxx of a wrong card, 40058.
    """
    body = call.body
    unknown = body.keys() - FIELDS
    if unknown:
        raise RefusedError.wrong(40058, f"unknown fields {sorted(unknown)}")
    agent = body.get("agentid")
    if not isinstance(agent, int) or isinstance(agent, bool):
        raise RefusedError.wrong(40056, "agentid must be a number")
    code = _code(state, body.get("response_code"))
    if agent != app.agent or code.sent.agent != app.agent:
        raise RefusedError.wrong(42015, "the card belongs to another app")
    card, name = _new_face(state, body)
    _new_task(state, app, code, card)
    names = _named(body, code)
    code.used = True
    # what is answered when nobody named has it any more is not described: here the list tells
    invalid = _apply(state, code, names, card, name)
    return {"invaliduser": invalid} if invalid else {}


def by_answer(state: State, response_code: str, *, card: object = None, name: str = "") -> None:
    """The passive way: the answer to a tap changes the card of whoever tapped.

    Raises:
        RefusedError: as for ``update``.
    """
    code = _code(state, response_code)
    face = wecom_cards.checked(card, state.media, update=True) if card is not None else None
    code.used = True
    _apply(state, code, [code.clicker], face, name)


def _code(state: State, value: object) -> ResponseCode:
    code = state.response_codes.get(value) if isinstance(value, str) else None
    if code is None:
        raise RefusedError.wrong(SPENT, "invalid response_code")
    if code.used:
        raise RefusedError.wrong(SPENT, "response_code was used")
    if state.wall() >= code.made_at + state.sizes.response_code_for:
        raise RefusedError(SPENT, "response_code expired")
    return code


def _new_face(state: State, body: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    if ("button" in body) == ("template_card" in body):
        raise RefusedError.wrong(40058, "either button or template_card")
    if "template_card" in body:
        card = wecom_cards.checked(body["template_card"], state.media, update=True)
        state.advice += wecom_cards.advice(card)
        return card, str(card.get("replace_text", ""))
    button = body["button"]
    name = button.get("replace_name") if isinstance(button, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise RefusedError.wrong(42020, "replace_name missing")
    return None, name


def _new_task(state: State, app: App, code: ResponseCode, card: dict[str, Any] | None) -> None:
    """A task_id may stay as it was, else it must be a new one."""
    task = (card or {}).get("task_id")
    if task is None or task == code.sent.task_id:
        return
    if (app.agent, task) in state.task_ids:
        raise RefusedError.wrong(42014, "task_id was used before")
    state.task_ids.add((app.agent, task))


def _named(body: dict[str, Any], code: ResponseCode) -> list[str]:
    """Whose cards are meant."""
    if body.get("partyids") or body.get("tagids"):
        raise RefusedError.wrong(40058, "this test server knows members only")
    if body.get("atall", 0) not in (0, 1):
        raise RefusedError.wrong(40058, "atall is 0 or 1")
    if body.get("atall") == 1:
        return list(code.sent.receivers)
    names = body.get("userids")
    if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
        raise RefusedError.wrong(40058, "userids, partyids, tagids and atall are all empty")
    return names


def _apply(
    state: State, code: ResponseCode, names: list[str], card: dict[str, Any] | None, spent_as: str
) -> list[str]:
    wanted = {name.lower() for name in names}
    # a code from a tap is taken for the card of whoever tapped; wider use of it is not promised anywhere
    if code.clicker:
        wanted &= {code.clicker.lower()}
    changed = [one for one in state.world.copies(code.sent) if one.member.lower() in wanted]
    for one in changed:
        stamp = next(state.world.stamps)
        one.change(stamp, card=None if card is None else dict(card), spent_as=spent_as)
    state.world.changed()
    reached = {one.member.lower() for one in changed}
    return [name for name in names if name.lower() not in reached]
