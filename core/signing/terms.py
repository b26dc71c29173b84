"""What a signature means, what is shown before it, and the frozen values the room hands out."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from core.kit.said import Said

Args = dict[str, object]

RENDERER = 1
"""Version of the way from content to shown lines; a change of the lines raises it."""


class Meaning(Said):
    """What the signer states by signing (21 CFR 11.50); printed with every signature."""

    AUTHORED = "authored", "Authored"
    REVIEWED = "reviewed", "Reviewed"
    APPROVED = "approved", "Approved"
    WITNESSED = "witnessed", "Witnessed"
    RELEASED = "released", "Release"
    CONCESSION = "concession", "Accepted by concession"
    REJECTED = "rejected", "Rejected by signature"


class Level2(StrEnum):
    """What a signer must bring (regulation §4.3); set by the act, never chosen by the signer."""

    S1 = "S1"
    """The bound account alone: a confirmation of what was shown, not a signature."""
    S2 = "S2"
    """The bound account and a code of the enrolled authenticator."""
    S3 = "S3"
    """PIN and code on a page open a session of ten minutes; inside it a code signs (21 CFR 11.200(a)(1)(i))."""
    S4 = "S4"
    """A passkey signs on the page: the person's own key over exactly what was shown, verifiable by anybody."""


class State(StrEnum):
    """Where a ceremony is; only a displayed one can be completed."""

    DISPLAYED = "displayed"
    """The content was shown and waits for the answer."""
    SIGNED = "signed"
    EXPIRED = "expired"
    """Five minutes passed without a right answer."""
    SUPERSEDED = "superseded"
    """The record changed, or another signature was begun in the same chat."""
    REFUSED = "refused"
    """The rules said no at signing, the signer declined, or the authenticator was suspended."""
    LOCKED = "locked"
    """Too many wrong answers."""


class Part(StrEnum):
    """A part that a person had in what is to be signed; segregation of duties looks at it."""

    AUTHOR = "author"
    REPORTER = "reporter"
    INVESTIGATOR = "investigator"
    ACTION_OWNER = "action_owner"
    OWNER = "owner"
    INSPECTOR = "inspector"
    PLACER = "placer"
    ASKER = "asker"
    """Who took the first step of an act of two people."""


class Fact(NamedTuple):
    """One shown line: a label (msgid) and its value; ``translated`` marks a value that is a msgid too."""

    label: str
    value: str
    translated: bool = False


def term(label: str, msgid: str) -> Fact:
    """Answer a line whose value is a word of ours (a disposition, a grade) and is shown translated."""
    return Fact(label, msgid, translated=True)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a signer is shown of the subject, free of any language: labels are msgids, values are plain text.

    ``revision`` is the record's own counter of changes; ``attachments`` the SHA-256 (hex) of attached files.
    ``involved``, ``category`` and ``grade`` are for the rules about who may sign and are not digested.
    """

    subject_kind: str
    subject_number: str
    revision: int
    title: str
    facts: tuple[Fact, ...]
    case_number: str | None = None
    attachments: tuple[str, ...] = ()
    involved: tuple[tuple[Part, int | None], ...] = ()
    category: str | None = None
    grade: str | None = None

    def __init__(
        self,
        *,
        subject_kind: str,
        subject_number: str,
        revision: int,
        title: str,
        facts: list[tuple[str, str]] | list[Fact] | tuple[tuple[str, str] | Fact, ...],
        case_number: str | None = None,
        attachments: list[str] | tuple[str, ...] = (),
        involved: Iterable[tuple[Part, int | None]] = (),
        category: str | None = None,
        grade: str | None = None,
    ) -> None:
        """Take plain ``(label, value)`` pairs as well as facts."""
        put = object.__setattr__
        put(self, "subject_kind", subject_kind)
        put(self, "subject_number", subject_number)
        put(self, "revision", revision)
        put(self, "title", title)
        put(self, "facts", tuple(Fact(*fact) for fact in facts))
        put(self, "case_number", case_number)
        put(self, "attachments", tuple(attachments))
        put(self, "involved", tuple(involved))
        put(self, "category", category)
        put(self, "grade", grade)


@dataclass(frozen=True, kw_only=True)
class CeremonyFacts:
    """A ceremony as the doors see it. ``check_word`` must be typed with the code before ``expires_at``."""

    id: int
    number: str
    plant_id: int
    person_id: int
    act: str
    shown: Shown
    meaning: Meaning
    level: Level2
    signer: str
    roles: tuple[str, ...]
    locale: str
    timezone: str
    renderer: int
    shown_digest: str
    check_word: str
    state: State
    channel: str
    chat_ref: str
    created_at: dt.datetime
    expires_at: dt.datetime
    page_token: str = field(default="", repr=False)
    """Opens the page on which a passkey signs; given once, by ``begin``."""


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What an act receives when its signature stands: store the id and guard by the digest.

    ``signature_id`` is None for an act of level S1, which is confirmed but not signed.
    """

    signature_id: int | None
    person_id: int
    meaning: Meaning
    shown_digest: str
    signed_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class SignatureFacts:
    """A signature as every readable form prints it: name, meaning, instant and zone, and what was shown."""

    id: int
    plant_id: int
    case_number: str | None
    shown: Shown
    person_id: int
    printed_name: str
    roles: tuple[str, ...]
    meaning: Meaning
    meaning_text: str
    shown_digest: str
    check_word: str
    locale: str
    renderer: int
    method: str
    ceremony_number: str
    channel: str
    signed_at: dt.datetime
    timezone: str
    voided_at: dt.datetime | None = None
    voided_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProposalFacts:
    """Something an administrator asked for that a second person must sign."""

    id: int
    number: str
    act: str
    title: str
    args: Args
    reason: str
    state: str
    asked_by: int
    asked_at: dt.datetime
    expires_at: dt.datetime
    decided_by: int | None
    decided_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What a completed ceremony gave: the act's own result and the signature (None at level S1).

    ``entry_id`` is the ledger entry of it, whose seal the signer's receipt waits for.
    """

    result: object
    signature: SignatureFacts | None
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class PasskeyFacts:
    """A passkey in a list."""

    id: int
    name: str
    backed_up: bool
    added_at: dt.datetime
    used_at: dt.datetime | None
    ended_at: dt.datetime | None
    ended_reason: str | None


@dataclass(frozen=True, kw_only=True)
class PasskeyOffer:
    """What a browser is asked to add a passkey: options as JSON; ``confirm`` is empty where none must confirm."""

    create: str
    confirm: str


@dataclass(frozen=True, kw_only=True)
class PageShown:
    """What the page of a ceremony shows, and what it asks the signer's device (options as JSON)."""

    ceremony: CeremonyFacts
    options: str


@dataclass(frozen=True, kw_only=True)
class EnrolmentOffer:
    """A new authenticator secret, shown once on the enrolment page and never in a chat."""

    factor_id: uuid.UUID
    uri: str = field(repr=False)
    secret: str = field(repr=False)
