"""Inbound updates, committed before they are acknowledged, each taking effect exactly once."""

from core.inbox.answering import AnsweredAlready, AnswerNotOurs, answer_of, keep_answer
from core.inbox.putting_aside import UNREADABLE, Aside, aside_count, set_aside, take_up
from core.inbox.receiving import (
    Fate,
    Waiting,
    counts,
    cursor,
    failed,
    lag_seconds,
    next_of,
    rewind,
    take,
    waiting_chats,
    waiting_since,
)
from core.inbox.storing import Arrived, Batch, store, store_all
from core.inbox.vouching import NOT_OURS, PURPOSE, use_key

__all__ = [
    "NOT_OURS",
    "PURPOSE",
    "UNREADABLE",
    "AnswerNotOurs",
    "AnsweredAlready",
    "Arrived",
    "Aside",
    "Batch",
    "Fate",
    "Waiting",
    "answer_of",
    "aside_count",
    "counts",
    "cursor",
    "failed",
    "keep_answer",
    "lag_seconds",
    "next_of",
    "rewind",
    "set_aside",
    "store",
    "store_all",
    "take",
    "take_up",
    "use_key",
    "waiting_chats",
    "waiting_since",
]
