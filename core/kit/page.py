"""Paging by key: a page is found by the last row seen, so its cost does not grow with the distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """Rows of one page, newest first, and the key to ask for the next with (None at the end)."""

    rows: list[T]
    next_key: int | None


def cut(rows: list[T], size: int, keys: list[int]) -> Page[T]:
    """Make a page from ``size + 1`` rows and their keys; the extra row only proves there is more."""
    more = len(rows) > size
    return Page(rows=rows[:size], next_key=keys[size - 1] if more else None)
