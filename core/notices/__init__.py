"""The outbox: rooms leave notices in their own transaction; a wire carries them after the commit."""

from core.notices.carrying import (
    Claimed,
    claim,
    depth,
    drop,
    message_ref,
    oldest_due_seconds,
    record,
    store_rendered,
)
from core.notices.queries import Told, last_sent_to_chat, told_about
from core.notices.telling import no_wake, on_notice, tell
from core.notices.terms import Outcome, Priority, State

__all__ = [
    "Claimed",
    "Outcome",
    "Priority",
    "State",
    "Told",
    "claim",
    "depth",
    "drop",
    "last_sent_to_chat",
    "message_ref",
    "no_wake",
    "oldest_due_seconds",
    "on_notice",
    "record",
    "store_rendered",
    "tell",
    "told_about",
]
