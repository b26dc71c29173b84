"""Inbound updates, committed before they are acknowledged, each taking effect exactly once."""

from core.inbox.answering import AnsweredAlready, answer_of, keep_answer
from core.inbox.receiving import (
    Arrived,
    Aside,
    Fate,
    Waiting,
    counts,
    cursor,
    failed,
    lag_seconds,
    next_of,
    rewind,
    set_aside,
    store,
    take,
    take_up,
    waiting_chats,
    waiting_since,
)

__all__ = [
    "AnsweredAlready",
    "Arrived",
    "Aside",
    "Fate",
    "Waiting",
    "answer_of",
    "counts",
    "cursor",
    "failed",
    "keep_answer",
    "lag_seconds",
    "next_of",
    "rewind",
    "set_aside",
    "store",
    "take",
    "take_up",
    "waiting_chats",
    "waiting_since",
]
