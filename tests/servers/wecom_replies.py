"""What the app may answer a callback with: nothing, or a sealed passive reply."""

from __future__ import annotations

from tests.servers import wecom_updating
from tests.servers.wecom_courier import Callback
from tests.servers.wecom_crypto import BrokenError
from tests.servers.wecom_limits import RefusedError
from tests.servers.wecom_screen import Sent
from tests.servers.wecom_state import State
from tests.servers.wecom_xml import Fields, read


def perform(state: State, callback: Callback, body: str) -> None:
    """Does what the answer asks; an answer that is none is kept as a violation."""
    if not body.strip():
        return
    try:
        _perform(state, callback, _opened(state, body))
    except RefusedError as refused:
        state.violations.append(f"answer to a callback: {refused}")
    except Exception as broken:
        state.violations.append(f"answer to a callback cannot be read ({broken!r}): {body[:200]!r}")


def _opened(state: State, body: str) -> Fields:
    outer = read(body)
    encrypted, nonce, stamp = outer["Encrypt"], outer["Nonce"], outer["TimeStamp"]
    if outer["MsgSignature"] != state.seal.signature(stamp, nonce, encrypted):
        raise BrokenError("wrong signature")
    return read(state.seal.decrypt(encrypted))


def _perform(state: State, callback: Callback, fields: Fields) -> None:
    kind = fields["MsgType"]
    code = str(callback.fields.get("ResponseCode", ""))
    if kind == "text":
        words = str(fields["Content"])
        raw = words.encode()
        if len(raw) > state.sizes.text:
            state.truncated.append(words)
        sent = Sent("", callback.agent, "text", state.wall(), [callback.member.lower()])
        shown = raw[: state.sizes.text].decode(errors="ignore")
        state.world.show(callback.member, state.wall(), "text", sent=sent, text=shown)
    elif kind == "update_button" and code:
        wecom_updating.by_answer(state, code, name=str(fields["Button"]["ReplaceName"]))
    else:
        raise RefusedError.wrong(40008, f"passive {kind!r} is not spoken here")
