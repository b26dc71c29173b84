"""What WeCom's error numbers mean: for a notice, and for the operator. Never judged by ``errmsg`` (document 90455)."""

from __future__ import annotations

from core.notices import Outcome
from handlers.chat.vocabulary import Delivered

DEAD_TOKEN = frozenset({40001, 40014, 41001, 42001})
"""The access token is no good: get another one, once."""
BUSY = frozenset({-1, 45033, 40014, 41001, 42001})
"""It passes; a token that is dead again right after its renewal among it."""
TOO_OFTEN = 45009
REST = 60.0
"""Seconds that WeCom keeps a caller out who asked too often in a minute."""
OURS = frozenset({40001, 40013, 40056, 48002, 60011, 60020, 301002})
"""Credentials or rights of the app: nothing gets through until somebody mends them (bihuan doctor tells how)."""
CONTENT = frozenset({40004, 40006, 40007, 40008, 40058, 44001, 44004, 45001, 45002, *range(42014, 42052)})
"""What we sent is at fault: type, size, emptiness, a field of a card. It would be no better a second time."""
BAD_MEDIA = 40007
SAME_TASK = 42014


class Refused(Exception):  # noqa: N818  it is WeCom's answer
    """WeCom answered with an error number."""

    def __init__(self, code: int, said: str) -> None:
        """Keep the number, and the words for the log."""
        super().__init__(f"{code} {said}"[:200])
        self.code = code


class Unreached(Exception):  # noqa: N818  it names what happened
    """No answer. ``left`` tells whether WeCom may have taken the request all the same."""

    def __init__(self, why: str, *, left: bool) -> None:
        """Keep why."""
        super().__init__(why[:200])
        self.left = left


def meaning(fault: Refused | Unreached, *, sending: bool) -> Delivered:
    """Translate a failure: retry, gone, refused, or honestly unknown. A number nobody knows is for the next channel."""
    said = str(fault)
    if isinstance(fault, Unreached):
        return Delivered(outcome=Outcome.UNKNOWN if sending and fault.left else Outcome.RETRY, error=said)
    if fault.code == TOO_OFTEN:
        return Delivered(outcome=Outcome.RETRY, error=said, retry_after=REST)
    if fault.code in BUSY:
        return Delivered(outcome=Outcome.RETRY, error=said)
    if fault.code in CONTENT:
        return Delivered(outcome=Outcome.REFUSED, error=said)
    return Delivered(outcome=Outcome.GONE, error=said)


def left_out(answer: dict[str, object], member: str) -> Delivered | None:
    """Whether WeCom took the message and yet not for this member."""
    for name in ("invaliduser", "unlicenseduser"):
        listed = answer.get(name) or ""
        names = listed if isinstance(listed, list) else str(listed).split("|")
        if member.lower() in {str(one).lower() for one in names}:
            return Delivered(outcome=Outcome.GONE, error=f"{name}: {member}")
    return None


MENDING = {
    40001: "WeCom does not know BIHUAN_WECOM_SECRET; copy it anew from the app's page in the console",
    40013: "WeCom does not know BIHUAN_WECOM_CORP_ID; it stands in the console under My Company",
    40056: "there is no app with BIHUAN_WECOM_AGENT_ID; it stands on the app's page in the console",
    301002: "BIHUAN_WECOM_SECRET belongs to another app than BIHUAN_WECOM_AGENT_ID; copy both from one page",
    60020: "this machine's address is not among the app's trusted IPs (企业可信IP); add it on the app's page",
    48002: "the app may not use this interface; look which rights it has on its page in the console",
    60011: "the app may not see these members; widen its visible range (可见范围) in the console",
    45009: "WeCom asks for a pause; run bihuan doctor again in a few minutes",
}
"""One mending sentence for each fault that an operator can mend."""
