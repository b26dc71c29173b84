"""The outbox: rooms leave notices in their own transaction; a wire carries them after the commit."""

from core.notices.carrying import (
    Claimed,
    chat_moved,
    claim,
    depth,
    drop,
    message_ref,
    oldest_due_seconds,
    overtaken,
    put_back,
    record,
    store_rendered,
    waiting_by_priority,
)
from core.notices.page import (
    PageFacts,
    PageHistory,
    What,
    page_event,
    page_events,
    page_forget,
    page_has,
    page_history,
    page_shows,
)
from core.notices.queries import Told, last_sent_to_chat, told_about, told_since
from core.notices.telling import no_wake, on_notice, tell
from core.notices.terms import Outcome, Priority, State

__all__ = [
    "Claimed",
    "Outcome",
    "PageFacts",
    "PageHistory",
    "Priority",
    "State",
    "Told",
    "What",
    "chat_moved",
    "claim",
    "depth",
    "drop",
    "last_sent_to_chat",
    "message_ref",
    "no_wake",
    "oldest_due_seconds",
    "on_notice",
    "overtaken",
    "page_event",
    "page_events",
    "page_forget",
    "page_has",
    "page_history",
    "page_shows",
    "put_back",
    "record",
    "store_rendered",
    "tell",
    "told_about",
    "told_since",
    "waiting_by_priority",
]
