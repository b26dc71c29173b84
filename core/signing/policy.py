"""What is signed, which answer fits it, and what a wrong answer leads to. Pure: facts in, decision out."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.kit import canonical
from core.signing.errors import AlreadySigned, Expired, Locked, OtherChat, Superseded
from core.signing.terms import RENDERER, CeremonyFacts, Fact, Meaning, Shown, State

LIFETIME = dt.timedelta(minutes=5)
LOCK = dt.timedelta(minutes=15)
FAILURES_TO_LOCK = 3
FAILURES_TO_SUSPEND = 10
OFFER_LIFETIME = dt.timedelta(minutes=10)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
ALPHABET = LETTERS + "23456789"
"""Without I, L, O, 0 and 1, which people take for one another."""
WORD_LENGTH = 4
_PAIR = 2
_CODE_FIRST = re.compile(r"([0-9]{6})([0-9A-Z]{4})")
_WORD_FIRST = re.compile(r"([0-9A-Z]{4})([0-9]{6})")


def content(
    shown: Shown,
    *,
    meaning: Meaning,
    signer: str,
    roles: Sequence[str],
    locale: str,
    renderer: int = RENDERER,
) -> dict[str, object]:
    """Answer everything that is shown, as the digest covers it."""
    return {
        "subject": shown.subject_kind,
        "number": shown.subject_number,
        "revision": shown.revision,
        "title": shown.title,
        "facts": [
            [fact.label, fact.value, "msgid"] if fact.translated else [fact.label, fact.value]
            for fact in shown.facts
        ],
        "attachments": list(shown.attachments),
        "meaning": meaning.value,
        "signer": signer,
        "roles": sorted(roles),
        "locale": locale,
        "renderer": renderer,
    }


def shown_of(stored: dict[str, object], case_number: str | None) -> Shown:
    """Read the subject's part back from stored content."""
    facts = stored["facts"]
    attachments = stored["attachments"]
    if not isinstance(facts, list) or not isinstance(attachments, list):
        msg = "the stored content of a ceremony has lost its form"
        raise TypeError(msg)
    return Shown(
        subject_kind=str(stored["subject"]),
        subject_number=str(stored["number"]),
        revision=int(str(stored["revision"])),
        title=str(stored["title"]),
        facts=[Fact(str(fact[0]), str(fact[1]), translated=len(fact) > _PAIR) for fact in facts],
        case_number=case_number,
        attachments=[str(item) for item in attachments],
    )


def digest(content_shown: dict[str, object]) -> str:
    """SHA-256 (hex) over the canonical content."""
    return canonical.digest(content_shown)


def check_word(shown_digest: str) -> str:
    """Answer the four characters that tie a code to the content that was read; never digits only."""
    number = int(shown_digest, 16)
    characters = []
    for _place in range(WORD_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[index])
    if not set(characters) & set(LETTERS):
        characters[0] = LETTERS[number % len(LETTERS)]
    return "".join(characters)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A code and a check word, as typed."""

    code: str = field(repr=False)
    word: str = field(repr=False)


def _normal(text: str) -> str:
    """Bring full-width and other digits to plain ones, letters to capitals, and drop what stands between."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char.upper()
        for char in plain
        if char.isalnum()
    )


def read_answer(text: str) -> Answer | None:
    """Read ``739214 K7Q2`` in either order, any case, width and spacing; None when it is not of that form."""
    plain = _normal(text)
    first = _CODE_FIRST.fullmatch(plain)
    if first:
        return Answer(code=first[1], word=first[2])
    last = _WORD_FIRST.fullmatch(plain)
    return Answer(code=last[2], word=last[1]) if last else None


def read_code(text: str) -> str | None:
    """Read a code of six digits typed alone; None when it is not one."""
    plain = _normal(text)
    return plain if re.fullmatch(r"[0-9]{6}", plain) else None


def read_word(text: str) -> str:
    """Bring a check word typed alone to its plain form."""
    return _normal(text)


@dataclass(frozen=True, kw_only=True)
class Failed:
    """What a wrong answer leads to. ``left`` tries remain before the lock."""

    failures: int
    left: int
    locked_until: dt.datetime | None
    suspended: bool


def after_failure(failures: int, now: dt.datetime) -> Failed:
    """Count one more wrong answer in a row: every third locks, the tenth ends the authenticator."""
    count = failures + 1
    left = -count % FAILURES_TO_LOCK
    suspended = count >= FAILURES_TO_SUSPEND
    return Failed(
        failures=count,
        left=left,
        locked_until=now + LOCK if left == 0 or suspended else None,
        suspended=suspended,
    )


def refuse_locked(locked_until: dt.datetime | None, now: dt.datetime) -> None:
    """Refuse while the lock lasts.

    Raises:
        Locked: with the minutes that remain.
    """
    if locked_until is not None and now < locked_until:
        raise Locked(minutes=math.ceil((locked_until - now).total_seconds() / 60))


def refuse_ended(ceremony: CeremonyFacts, channel: str, chat_ref: str | None, now: dt.datetime) -> None:
    """Refuse a ceremony that cannot be completed any more, or not from here.

    Raises:
        AlreadySigned: it was completed.
        Superseded: another one or a change of the record replaced it.
        OtherChat: it was shown in another place.
        Expired: its time is over, or it ended otherwise.
    """
    if ceremony.state is State.SIGNED:
        raise AlreadySigned
    if ceremony.state is State.SUPERSEDED:
        raise Superseded(number=ceremony.shown.subject_number)
    if ceremony.channel != channel or chat_ref not in (None, ceremony.chat_ref):
        raise OtherChat
    if ceremony.state is not State.DISPLAYED or now >= ceremony.expires_at:
        raise Expired
