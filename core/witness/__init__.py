"""Witnesses outside: copies of checkpoints with people and organisations who would notice a rewritten log."""

from core.witness.acknowledging import acknowledge, look
from core.witness.alarming import alarm_tails
from core.witness.checking import check
from core.witness.comparing import hold_against
from core.witness.cosigning import actor_for_key, cosign, register_key, request, retire_key
from core.witness.errors import (
    AnotherCheckpoint,
    KeyKnown,
    KeyUnknown,
    KeyUnreadable,
    NamedAlready,
    NoCheckpoint,
    NoCosignature,
    NoSuchChat,
    NotAWitness,
    NotGrown,
    NothingSealed,
    OldSize,
    SeenAlready,
)
from core.witness.log_keys import log_keys, use_keys
from core.witness.moving import chat_moved
from core.witness.naming import name_chat, name_person, relieve
from core.witness.policy import ENOUGH, too_long
from core.witness.posting import ask_after_closure, post_due, posted
from core.witness.queries import (
    cosigned_note,
    is_witness,
    keys,
    last_acknowledged,
    last_witnessed,
    newest,
    unwitnessed,
    witnesses,
)
from core.witness.stamping import BadStamp, last_stamp, recheck, stamp_due, stamp_of
from core.witness.terms import (
    Cosigned,
    KeyFacts,
    Limits,
    Look,
    StampFacts,
    Unwitnessed,
    Vouchers,
    Why,
    Witnessed,
    WitnessFacts,
)
from core.witness.vouching import covering

__all__ = [
    "ENOUGH",
    "AnotherCheckpoint",
    "BadStamp",
    "Cosigned",
    "KeyFacts",
    "KeyKnown",
    "KeyUnknown",
    "KeyUnreadable",
    "Limits",
    "Look",
    "NamedAlready",
    "NoCheckpoint",
    "NoCosignature",
    "NoSuchChat",
    "NotAWitness",
    "NotGrown",
    "NothingSealed",
    "OldSize",
    "SeenAlready",
    "StampFacts",
    "Unwitnessed",
    "Vouchers",
    "Why",
    "WitnessFacts",
    "Witnessed",
    "acknowledge",
    "actor_for_key",
    "alarm_tails",
    "ask_after_closure",
    "chat_moved",
    "check",
    "cosign",
    "cosigned_note",
    "covering",
    "hold_against",
    "is_witness",
    "keys",
    "last_acknowledged",
    "last_stamp",
    "last_witnessed",
    "log_keys",
    "look",
    "name_chat",
    "name_person",
    "newest",
    "post_due",
    "posted",
    "recheck",
    "register_key",
    "relieve",
    "request",
    "retire_key",
    "stamp_due",
    "stamp_of",
    "too_long",
    "unwitnessed",
    "use_keys",
    "witnesses",
]
