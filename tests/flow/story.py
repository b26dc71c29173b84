"""What happens in the two months, by dice of a seed: noted in the journal as it happens, and told through some door.

Each order goes its way through the three partners. Steps of all orders are taken in the order of their time; what is
held stops, and goes on when the hold is decided.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.flow.days import DAYS, HERE, at
from tests.flow.figures import HOUR, MINUTE, Faults
from tests.flow.journal import PLANT, SCRAP, WAY, Journal
from tests.flow.order import Order

FEW = 14
"""So many orders begin every other day; more of them are spread over the same days."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """Something that somebody tells the product: when, what, through which door, who."""

    at: dt.datetime
    deed: str
    door: str
    by: str
    facts: dict[str, Any]


@dataclass(order=True)
class _Step:
    at: dt.datetime
    number: int
    call: Callable[[dt.datetime], None] = field(compare=False)


class Story:
    """Plays the orders; afterwards ``told`` is what the product hears, and ``journal`` what there was."""

    def __init__(self, seed: int, orders: int = 10) -> None:
        """Play everything."""
        self.dice = random.Random(seed)
        self.orders = orders
        self.journal = Journal()
        self.told: list[Told] = []
        self.faults = Faults()
        self.cases: list[str] = []
        """The lots of the cases that are opened."""
        self.readings: list[tuple[dt.datetime, Decimal]] = []
        self.measured: dict[str, tuple[str, list[Decimal]]] = {}
        """What the laboratory measured of each sample, and in which form it said so."""
        self.drives: dict[int, list[dt.datetime]] = {}
        """When the lorry of each order left and came."""
        self.rest: dict[str, tuple[str, Fraction]] = {}
        """What is left over of the last coated lot, by size: the next order takes it."""
        self._steps: list[_Step] = []
        self._numbers = itertools.count()
        self._film = ""
        for number in range(1, orders + 1):
            Order(self, number, first_day=self.first_day(number)).planned()
        for day in range(len(DAYS)):
            self.on(day, "17:30", self.clean_room)
        while self._steps:
            step = heapq.heappop(self._steps)
            step.call(step.at)

    # telling

    def tell(self, when: dt.datetime, deed: str, door: str, by: str, **facts: Any) -> None:
        """Tell the product."""
        self.told.append(Told(at=when, deed=deed, door=door, by=by, facts=facts))

    def on(self, day: int, clock: str, call: Callable[[dt.datetime], None]) -> None:
        """Do something then, some minutes earlier or later."""
        when = at(day, clock) + self.dice.randrange(25) * MINUTE + self.dice.randrange(60) * MINUTE / 60
        heapq.heappush(self._steps, _Step(when, next(self._numbers), call))

    def one_of(self, *doors: str) -> str:
        """A door by dice."""
        return self.dice.choice(doors)

    def first_day(self, n: int) -> int:
        """On which working day an order begins."""
        return 2 * (n - 1) if self.orders <= FEW else (n - 1) * 2 * FEW // self.orders

    def clean_room(self, now: dt.datetime) -> None:
        """The day's readings of the clean room; some days the gateway sends them twice."""
        day = DAYS.index(now.astimezone(HERE).date())
        warm = day == self.first_day(self.faults.warm) + 6
        readings = []
        for clock in ("09:00", "13:00", "16:30"):
            value = Decimal(self.dice.randrange(205, 235)) / 10
            readings.append((at(day, clock), Decimal("27.4") if warm and clock == "13:00" else value))
        if day == self.faults.late_from:
            self._kept_back = readings.pop(1)
        if day == self.faults.late_until:
            readings.append(self._kept_back)
        if warm:
            self.cases.append(f"CL-{self.faults.warm:02d}")
        self.readings += readings
        self.tell(now, "day", "mqtt", "gateway", readings=readings, twice=day % 10 == 4)

    # what several steps do

    def part(self, source: str, number: str, amount: Fraction, when: dt.datetime) -> None:
        """A part is taken off a lot: the same goods under another number, where they were."""
        thing = self.journal.things[source]
        where, state = self.journal.places[source][-1][1], self.journal.state(source)
        self.journal.comes(number, thing.product, amount, thing.unit, when, where=where, state=state)
        self.journal.pour(source, number, amount, when)

    def film(self, when: dt.datetime) -> str:
        """The roll of film in use; a new one is fetched when it is nearly used up."""
        if not self._film or self.journal.left(self._film) < 60:
            number = f"FILM-{when:%m%d}"
            self.journal.comes(number, "FILM-TYVEK", Fraction(400), "m", when - HOUR, where=PLANT)
            self.journal.tally["m"] += 400
            self.tell(
                when - 5 * MINUTE, "bring_lots", "file", "administrator",
                lots=[(number, "FILM-TYVEK", Fraction(400), "m", when - HOUR, "包材库")],
                form="csv", encoding="gb18030",
            )  # fmt: skip
            self._film = number
        return self._film

    def hold(self, root: str, when: dt.datetime) -> list[str]:
        """Everything made of a lot is stopped, wherever it is; what is scrapped is no danger."""
        stopped = sorted(
            one for one in self.journal.affected(root, when) if self.journal.state(one) != "scrapped"
        )
        for one in stopped:
            self.journal.becomes(one, "on_hold", when)
        return stopped

    def go_on(self, stopped: list[str], when: dt.datetime) -> None:
        """The hold is decided: each is again what it was before."""
        for one in stopped:
            self.journal.becomes(one, self.journal.states[one][-2][1], when)

    def leaves(self, number: str, when: dt.datetime) -> None:
        """A lot goes on its way."""
        self.journal.goes(number, WAY, when)
        self.journal.becomes(number, "shipped", when)

    def arrives(self, number: str, where: str, when: dt.datetime, state: str = "available") -> None:
        """A lot has arrived, as good as it left."""
        self.journal.goes(number, where, when)
        self.journal.becomes(number, state, when)

    def thrown_away(self, number: str, when: dt.datetime) -> None:
        """A lot is scrapped."""
        self.journal.goes(number, SCRAP, when)
        self.journal.becomes(number, "scrapped", when)
