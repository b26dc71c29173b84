"""The outbox: rooms leave notices in their own transaction; a wire carries them after the commit."""

from core.notices.bundling import bundle, told_keys
from core.notices.carrying import (
    Claimed,
    claim,
    more_urgent_waits,
    overtaken,
    put_back,
    ready,
)
from core.notices.pacing import prune, rest
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
from core.notices.proving import pass_on
from core.notices.queries import Told, last_sent_to_chat, leases_over, told_about, told_since, unsent_late
from core.notices.recording import (
    chat_moved,
    depth,
    drop,
    edits_saved,
    message_ref,
    oldest_due_seconds,
    proven,
    proven_up_to,
    record,
    waiting,
)
from core.notices.telling import due_now, no_wake, on_notice, tell
from core.notices.terms import LIVE, Budget, Limits, Outcome, Priority, State, Window

__all__ = [
    "LIVE",
    "Budget",
    "Claimed",
    "Limits",
    "Outcome",
    "PageFacts",
    "PageHistory",
    "Priority",
    "State",
    "Told",
    "What",
    "Window",
    "bundle",
    "chat_moved",
    "claim",
    "depth",
    "drop",
    "due_now",
    "edits_saved",
    "last_sent_to_chat",
    "leases_over",
    "message_ref",
    "more_urgent_waits",
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
    "pass_on",
    "proven",
    "proven_up_to",
    "prune",
    "put_back",
    "ready",
    "record",
    "rest",
    "tell",
    "told_about",
    "told_keys",
    "told_since",
    "unsent_late",
    "waiting",
]
