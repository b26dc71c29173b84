"""Signing: what was shown, who signed it with which meaning, proven by a code that counts once.

Rooms above register their acts with ``act(...)``; a door calls ``begin`` when its button is tapped, shows
``render(ceremony, translate)`` with the check word, and gives the answer to ``complete``.
"""

from core.signing.acts import Act, act
from core.signing.ceremony import begin, drop
from core.signing.completion import complete
from core.signing.enrolment import enrol, enrolment, load_demo_factor, suspend
from core.signing.errors import (
    AlreadySigned,
    Expired,
    Locked,
    NeedsSecondPerson,
    NoOffer,
    NotConsecutive,
    NotEnrolled,
    NotYours,
    OtherChat,
    Superseded,
    Suspended,
    Unreadable,
    UnreadableCode,
    UsedCode,
    WrongCode,
)
from core.signing.errors_apart import Apart
from core.signing.keys import use_keys
from core.signing.login import verify_login
from core.signing.policy import read_answer
from core.signing.queries import is_enrolled, signatures_of, signatures_on, waiting
from core.signing.rendering import render
from core.signing.terms import (
    CeremonyFacts,
    Completed,
    EnrolmentOffer,
    Fact,
    Level2,
    Meaning,
    Part,
    Shown,
    SignatureFacts,
    Signed,
    State,
    term,
)
from core.signing.voiding import void_for_change

__all__ = [
    "Act",
    "AlreadySigned",
    "Apart",
    "CeremonyFacts",
    "Completed",
    "EnrolmentOffer",
    "Expired",
    "Fact",
    "Level2",
    "Locked",
    "Meaning",
    "NeedsSecondPerson",
    "NoOffer",
    "NotConsecutive",
    "NotEnrolled",
    "NotYours",
    "OtherChat",
    "Part",
    "Shown",
    "SignatureFacts",
    "Signed",
    "State",
    "Superseded",
    "Suspended",
    "Unreadable",
    "UnreadableCode",
    "UsedCode",
    "WrongCode",
    "act",
    "begin",
    "complete",
    "drop",
    "enrol",
    "enrolment",
    "is_enrolled",
    "load_demo_factor",
    "read_answer",
    "render",
    "signatures_of",
    "signatures_on",
    "suspend",
    "term",
    "use_keys",
    "verify_login",
    "void_for_change",
    "waiting",
]
