"""What the parts of a JSON document must be: a small language of shapes, and every fault with its path. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from core.imports.document_errors import (
    MemberMissing,
    MemberUnknown,
    NotAFlag,
    NotAList,
    NotAnObject,
    NotANumber,
    NotAText,
    NotShaped,
    TooFew,
    TooMany,
)
from core.imports.errors import NotAChoice, NotAnInstant
from core.kit.refusal import Refusal

MOST_FAULTS: Final = 200
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)*")
_SHOWN: Final = 40

Found = Iterator[tuple[str, Refusal]]
Shape = Callable[[Any, str], Found]
"""Answers what is wrong with a value at a path, and where."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text."""

    least: int = 0
    most: int = 0
    """0: as long as it likes."""
    pattern: str = ""
    choices: tuple[str, ...] = ()

    def __call__(self, value: Any, path: str) -> Found:
        """Answer what is wrong."""
        if not isinstance(value, str):
            yield path, NotAText()
        elif self.choices and value not in self.choices:
            yield path, NotAChoice(text=value[:_SHOWN], choices=", ".join(self.choices))
        elif not self._fits(value):
            yield path, NotShaped(text=value[:_SHOWN])

    def _fits(self, value: str) -> bool:
        long_enough = len(value) >= self.least and (not self.most or len(value) <= self.most)
        return long_enough and (not self.pattern or re.search(self.pattern, value) is not None)


def day(value: Any, path: str) -> Found:
    """A calendar day (RFC 3339 full-date)."""
    if not isinstance(value, str):
        yield path, NotAText()
    elif read_day(value) is None:
        yield path, NotAnInstant(text=value[:_SHOWN])


def read_day(said: str) -> dt.date | None:
    """Answer a day written like 2026-11-23; None for anything else."""
    try:
        return dt.date.fromisoformat(said) if _DAY.fullmatch(said) else None
    except ValueError:
        return None


def mail(value: Any, path: str) -> Found:
    """An address of mail."""
    if not isinstance(value, str):
        yield path, NotAText()
    elif not _MAIL.fullmatch(value):
        yield path, NotShaped(text=value[:_SHOWN])


def number(value: Any, path: str) -> Found:
    """A number."""
    if not isinstance(value, Decimal):
        yield path, NotANumber()


def flag(value: Any, path: str) -> Found:
    """True or false."""
    if not isinstance(value, bool):
        yield path, NotAFlag()


@dataclass(frozen=True, kw_only=True)
class Many:
    """A list of one shape."""

    of: Shape
    least: int = 0
    most: int = 0
    once: bool = False
    """No member stands there twice."""

    def __call__(self, value: Any, path: str) -> Found:
        """Answer what is wrong."""
        if not isinstance(value, list):
            yield path, NotAList()
            return
        if len(value) < self.least:
            yield path, TooFew(least=self.least)
        if self.most and len(value) > self.most:
            yield path, TooMany(most=self.most)
        if self.once and len({repr(one) for one in value}) != len(value):
            yield path, NotShaped(text="[…]")
        for place, one in enumerate(value):
            yield from self.of(one, f"{path}[{place}]")


@dataclass(frozen=True, kw_only=True)
class Members:
    """An object: its members, which of them it must have, which shape members have whose name fits a pattern."""

    needed: dict[str, Shape] = field(default_factory=dict)
    free: dict[str, Shape] = field(default_factory=dict)
    named: tuple[str, Shape] | None = None
    others: bool = False
    """Whether it may have members that nobody knows."""
    one_of: tuple[str, ...] = ()
    """At least one of these must be there."""

    def __call__(self, value: Any, path: str) -> Found:
        """Answer what is wrong."""
        if not isinstance(value, dict):
            yield path, NotAnObject()
            return
        for name in self.needed:
            if name not in value:
                yield path, MemberMissing(name=name)
        if self.one_of and not any(name in value for name in self.one_of):
            yield path, MemberMissing(name=" / ".join(self.one_of))
        for name, one in value.items():
            shape = self.needed.get(name) or self.free.get(name)
            if shape is None and self.named is not None and re.search(self.named[0], name):
                shape = self.named[1]
            if shape is not None:
                yield from shape(one, f"{path}.{name[:_SHOWN]}")
            elif not self.others:
                yield path, MemberUnknown(name=name[:_SHOWN])


@dataclass(frozen=True, kw_only=True)
class Either:
    """One of two shapes, told by whether the value is a list."""

    many: Shape
    one: Shape

    def __call__(self, value: Any, path: str) -> Found:
        """Answer what is wrong."""
        yield from (self.many if isinstance(value, list) else self.one)(value, path)


def faults(shape: Shape, value: Any) -> list[tuple[str, Refusal]]:
    """Answer the first faults of a document, each with its path from the root ``$``."""
    found: list[tuple[str, Refusal]] = []
    for one in shape(value, "$"):
        found.append(one)
        if len(found) >= MOST_FAULTS:
            break
    return found
