"""Inbound updates, committed before they are acknowledged, each taking effect exactly once."""

from core.inbox.receiving import (
    Arrived,
    Waiting,
    counts,
    cursor,
    failed,
    lag_seconds,
    next_of,
    store,
    take,
    waiting_chats,
)

__all__ = [
    "Arrived",
    "Waiting",
    "counts",
    "cursor",
    "failed",
    "lag_seconds",
    "next_of",
    "store",
    "take",
    "waiting_chats",
]
