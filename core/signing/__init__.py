"""Signing: what was shown, who signed it with which meaning, proven by a code that counts once.

Rooms above register their acts with ``act(...)``; a door calls ``begin`` when its button is tapped, shows
``render(ceremony, translate)`` with the check word, and gives the answer to ``complete``.
"""

from core.signing.acts import Act, act
from core.signing.ceremony import begin, drop
from core.signing.changes import must_not_be_suspended, renewal_granted, renewal_needed
from core.signing.completion import complete
from core.signing.delegating import delegations_of
from core.signing.delegating import withdraw as withdraw_delegation
from core.signing.delegation import DelegationFacts
from core.signing.enrolment import enrol, enrolment, load_demo_factor, suspend
from core.signing.errors import (
    AlreadySigned,
    AuthenticatorEnded,
    DelegationMismatch,
    DelegationOver,
    DelegationPeriod,
    Expired,
    Locked,
    NeedsPin,
    NeedsRenewal,
    NeedsSecondPerson,
    NeedsSession,
    NoOffer,
    NotConsecutive,
    NotDelegable,
    NotEnrolled,
    NotYours,
    OtherChat,
    ProposalOver,
    Superseded,
    Suspended,
    UnknownLevel,
    Unreadable,
    UnreadableCode,
    UsedCode,
    WeakPin,
    WrongCode,
)
from core.signing.errors_apart import Apart
from core.signing.keys import use_keys
from core.signing.leaving import left
from core.signing.lending import with_lent_rights
from core.signing.levels import level_of, levels, set_level
from core.signing.login import verify_login
from core.signing.policy import read_answer
from core.signing.proposals import proposal, proposals_of, propose
from core.signing.proposals import withdraw as withdraw_proposal
from core.signing.queries import is_enrolled, signatures_of, signatures_on, waiting
from core.signing.rendering import render
from core.signing.sessions import open_session, session_until
from core.signing.terms import (
    CeremonyFacts,
    Completed,
    EnrolmentOffer,
    Fact,
    Level2,
    Meaning,
    Part,
    ProposalFacts,
    Shown,
    SignatureFacts,
    Signed,
    State,
    term,
)
from core.signing.voiding import stands, void_for_change

__all__ = [
    "Act",
    "AlreadySigned",
    "Apart",
    "AuthenticatorEnded",
    "CeremonyFacts",
    "Completed",
    "DelegationFacts",
    "DelegationMismatch",
    "DelegationOver",
    "DelegationPeriod",
    "EnrolmentOffer",
    "Expired",
    "Fact",
    "Level2",
    "Locked",
    "Meaning",
    "NeedsPin",
    "NeedsRenewal",
    "NeedsSecondPerson",
    "NeedsSession",
    "NoOffer",
    "NotConsecutive",
    "NotDelegable",
    "NotEnrolled",
    "NotYours",
    "OtherChat",
    "Part",
    "ProposalFacts",
    "ProposalOver",
    "Shown",
    "SignatureFacts",
    "Signed",
    "State",
    "Superseded",
    "Suspended",
    "UnknownLevel",
    "Unreadable",
    "UnreadableCode",
    "UsedCode",
    "WeakPin",
    "WrongCode",
    "act",
    "begin",
    "complete",
    "delegations_of",
    "drop",
    "enrol",
    "enrolment",
    "is_enrolled",
    "left",
    "level_of",
    "levels",
    "load_demo_factor",
    "must_not_be_suspended",
    "open_session",
    "proposal",
    "proposals_of",
    "propose",
    "read_answer",
    "render",
    "renewal_granted",
    "renewal_needed",
    "session_until",
    "set_level",
    "signatures_of",
    "signatures_on",
    "stands",
    "suspend",
    "term",
    "use_keys",
    "verify_login",
    "void_for_change",
    "waiting",
    "with_lent_rights",
    "withdraw_delegation",
    "withdraw_proposal",
]
