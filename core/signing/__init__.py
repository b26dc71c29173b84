"""Signing: what was shown, who signed it with which meaning, proven by a code that counts once.

Rooms above register their acts with ``act(...)``; a door calls ``begin`` when its button is tapped, shows
``render(ceremony, translate)`` with the check word, and gives the answer to ``complete``; where the act takes a
passkey, the ceremony's ``page_token`` opens ``page``, and the device's answer goes to ``sign_by_passkey``.
"""

from core.signing.acts import Act, act
from core.signing.assertions import check_assertions
from core.signing.by_passkey import complete_by_passkey, sign_by_passkey
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
from core.signing.errors_passkeys import (
    CounterBack,
    NeedsFreshProof,
    NeedsOtherPasskey,
    NeedsPasskey,
    NoPasskeysHere,
    NotVerifiedByDevice,
    OtherAddress,
    OtherContent,
    PasskeyEnded,
    PasskeyKnown,
    PasskeyNeedsRenewal,
    PasskeyUnreadable,
    SignsByPasskey,
    TooManyPasskeys,
    UnknownPasskey,
)
from core.signing.keys import use_keys
from core.signing.leaving import left
from core.signing.ledger_keys import check as check_ledger_keys
from core.signing.lending import with_lent_rights
from core.signing.levels import level_of, levels, set_level
from core.signing.login import verify_login
from core.signing.pages import page
from core.signing.passkeys import (
    add_passkey,
    end_passkey,
    has_passkey,
    passkey_offer,
    passkeys_of,
    site,
    use_passkeys,
)
from core.signing.policy import read_answer
from core.signing.proposals import proposal, proposals_of, propose
from core.signing.proposals import withdraw as withdraw_proposal
from core.signing.queries import is_enrolled, signature, signatures_of, signatures_on, waiting
from core.signing.rendering import render
from core.signing.sessions import open_session, session_until
from core.signing.terms import (
    CeremonyFacts,
    Completed,
    EnrolmentOffer,
    Fact,
    Level2,
    Meaning,
    PageShown,
    Part,
    PasskeyFacts,
    PasskeyOffer,
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
    "CounterBack",
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
    "NeedsFreshProof",
    "NeedsOtherPasskey",
    "NeedsPasskey",
    "NeedsPin",
    "NeedsRenewal",
    "NeedsSecondPerson",
    "NeedsSession",
    "NoOffer",
    "NoPasskeysHere",
    "NotConsecutive",
    "NotDelegable",
    "NotEnrolled",
    "NotVerifiedByDevice",
    "NotYours",
    "OtherAddress",
    "OtherChat",
    "OtherContent",
    "PageShown",
    "Part",
    "PasskeyEnded",
    "PasskeyFacts",
    "PasskeyKnown",
    "PasskeyNeedsRenewal",
    "PasskeyOffer",
    "PasskeyUnreadable",
    "ProposalFacts",
    "ProposalOver",
    "Shown",
    "SignatureFacts",
    "Signed",
    "SignsByPasskey",
    "State",
    "Superseded",
    "Suspended",
    "TooManyPasskeys",
    "UnknownLevel",
    "UnknownPasskey",
    "Unreadable",
    "UnreadableCode",
    "UsedCode",
    "WeakPin",
    "WrongCode",
    "act",
    "add_passkey",
    "begin",
    "check_assertions",
    "check_ledger_keys",
    "complete",
    "complete_by_passkey",
    "delegations_of",
    "drop",
    "end_passkey",
    "enrol",
    "enrolment",
    "has_passkey",
    "is_enrolled",
    "left",
    "level_of",
    "levels",
    "load_demo_factor",
    "must_not_be_suspended",
    "open_session",
    "page",
    "passkey_offer",
    "passkeys_of",
    "proposal",
    "proposals_of",
    "propose",
    "read_answer",
    "render",
    "renewal_granted",
    "renewal_needed",
    "session_until",
    "set_level",
    "sign_by_passkey",
    "signature",
    "signatures_of",
    "signatures_on",
    "site",
    "stands",
    "suspend",
    "term",
    "use_keys",
    "use_passkeys",
    "verify_login",
    "void_for_change",
    "waiting",
    "with_lent_rights",
    "withdraw_delegation",
    "withdraw_proposal",
]
