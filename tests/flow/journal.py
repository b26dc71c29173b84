"""A plain journal of what physically happened, and what follows from it by walking every path. Knows nothing of the product.

Amounts are fractions. What was poured from one lot into another is counted in the unit of the lot it came out of.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

PLANT, WAY, SCRAP = "plant", "way", "scrap"
"""Where a lot can be besides at a partner (by kind) or a customer (``to:NAME``)."""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A lot that came to be."""

    number: str
    product: str
    amount: Fraction
    unit: str
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Poured:
    """So much of one lot went into another."""

    source: str
    into: str
    amount: Fraction
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A lot on a trace: steps away, what flowed between it and the lots traced, how much of the one is in the other."""

    steps: int
    flowed: dict[str, Fraction]
    share: Fraction


@dataclass
class Journal:
    """Everything that happened, in the order in which it was noted."""

    things: dict[str, Thing] = field(default_factory=dict)
    pours: list[Poured] = field(default_factory=list)
    places: dict[str, list[tuple[dt.datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    states: dict[str, list[tuple[dt.datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    lost: dict[str, Fraction] = field(default_factory=dict)
    """Pieces that went into a lot and never came out, by the lot."""
    serials: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tally: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))
    """What there must be in all, by unit, counted where it comes from and where it becomes something else."""

    # what happens

    def comes(
        self,
        number: str,
        product: str,
        amount: Fraction,
        unit: str,
        at: dt.datetime,
        *,
        where: str,
        state: str = "available",
    ) -> None:
        """A lot comes to be."""
        assert number not in self.things, number
        self.things[number] = Thing(number=number, product=product, amount=amount, unit=unit, at=at)
        self.places[number].append((at, where))
        self.states[number].append((at, state))

    def pour(self, source: str, into: str, amount: Fraction, at: dt.datetime) -> None:
        """Part of a lot goes into another."""
        assert 0 < amount <= self.left(source), (source, into, amount, self.left(source))
        self.pours.append(Poured(source=source, into=into, amount=amount, at=at))

    def goes(self, number: str, where: str, at: dt.datetime) -> None:
        """A lot is somewhere else from now on."""
        self.places[number].append((at, where))

    def becomes(self, number: str, state: str, at: dt.datetime) -> None:
        """A lot's state changes."""
        self.states[number].append((at, state))

    # what follows

    def left(self, number: str, until: dt.datetime | None = None) -> Fraction:
        """What is left of a lot."""
        out = sum((one.amount for one in self.until(until) if one.source == number), Fraction(0))
        return self.things[number].amount - out

    def until(self, when: dt.datetime | None) -> list[Poured]:
        """What had been poured by then."""
        return [one for one in self.pours if when is None or one.at <= when]

    def state(self, number: str) -> str:
        """The state of a lot now."""
        return self.states[number][-1][1]

    def whereabouts(self, number: str) -> str:
        """Where a lot is now: ``scrapped``, ``shipped``, ``in_transit``, ``used_up``, ``at_partner``, ``in_stock``."""
        place = self.places[number][-1][1]
        if place == SCRAP or self.state(number) == "scrapped":
            return "scrapped"
        if place.startswith("to:"):
            return "shipped"
        if place == WAY:
            return "in_transit"
        if self.left(number) == 0:
            return "used_up"
        return "in_stock" if place == PLANT else "at_partner"

    def _paths(self, root: str, pours: list[Poured], *, down: bool) -> Iterator[list[Poured]]:
        """Every way that leads from a lot, one pour after the other, each beginning of a way as well."""
        onward: dict[str, list[Poured]] = defaultdict(list)
        for one in pours:
            onward[one.source if down else one.into].append(one)

        def walked(here: str, so_far: list[Poured]) -> Iterator[list[Poured]]:
            for one in onward[here]:
                path = [*so_far, one]
                yield path
                yield from walked(one.into if down else one.source, path)

        yield from walked(root, [])

    def relatives(self, root: str, *, down: bool, when: dt.datetime | None = None) -> dict[str, Relative]:
        """Every lot that was made of this one (down) or went into it (up), with exact amounts.

        Downwards: how much of the root is in the other lot; each path carries the part of a lot that was poured on.
        Upwards: how much of the other lot is in the root, by the same sum seen from its other end.
        """
        steps: dict[str, int] = {}
        share: dict[str, Fraction] = defaultdict(Fraction)
        flowed: dict[str, dict[Poured, None]] = defaultdict(dict)
        for path in self._paths(root, self.until(when), down=down):
            last = path[-1]
            other = last.into if down else last.source
            steps[other] = min(steps.get(other, len(path)), len(path))
            flowed[other][last] = None
            ordered = path if down else path[::-1]
            part = ordered[0].amount
            for one in ordered[1:]:
                part *= one.amount / self.things[one.source].amount
            share[other] += part
        return {
            name: Relative(steps=steps[name], flowed=self._sums(flowed[name]), share=share[name])
            for name in steps
        }

    def _sums(self, pours: dict[Poured, None]) -> dict[str, Fraction]:
        found: dict[str, Fraction] = defaultdict(Fraction)
        for one in pours:
            found[self.things[one.source].unit] += one.amount
        return dict(found)

    def affected(self, number: str, when: dt.datetime) -> set[str]:
        """A lot and everything that had been made of it."""
        return {number, *self.relatives(number, down=True, when=when)}

    def imbalance(self) -> dict[str, Fraction]:
        """Lots of pieces into which more or fewer pieces went than they hold and lost; nothing should be named."""
        inside: dict[str, Fraction] = defaultdict(Fraction)
        for one in self.pours:
            if self.things[one.source].unit == self.things[one.into].unit:
                inside[one.into] += one.amount
        found = {}
        for name, amount in inside.items():
            missing = amount - self.things[name].amount - self.lost.get(name, Fraction(0))
            if missing:
                found[name] = missing
        return found
