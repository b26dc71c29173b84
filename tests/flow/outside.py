"""One order outside the plant: ordered, bar, machined, coated, carried, measured; its faults where the story has them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.flow.figures import BOXES, KG_A_PIECE, MINUTE
from tests.flow.journal import PLANT

if TYPE_CHECKING:
    from tests.flow.story import Story

ANY = ("chat", *("api", "epcis") * 3)
MOSTLY_API = ("chat", *("api",) * 5)
"""What is told in the chat costs seven messages; it is told so now and then."""


class Outside:
    """The steps of one order up to the laboratory; each notes what happens and has it told."""

    def __init__(self, story: Story, n: int, *, first_day: int) -> None:
        """Decide by dice what it is."""
        self.s, self.j, self.n, self.day = story, story.journal, n, first_day
        self.size = story.dice.choice(("35", "27"))
        self.pieces = 50 * story.dice.randrange(18, 29)
        self.kilos = self.pieces * KG_A_PIECE
        self.stopped: list[str] = []
        self.by_template = False
        name = f"{n:02d}"
        self.bar = self.blank = f"TI-{name}"
        self.machined = [f"MC-{name}-1", f"MC-{name}-2"]
        self.coated = [f"CT-{name}-1", f"CT-{name}-2"]
        self.clean, self.sterile = f"CL-{name}", f"ST-{name}"
        self.boxes = [f"PK-{name}-{box}" for box in range(1, BOXES + 1)]

    def product(self, letter: str) -> str:
        """The product of a step of this size."""
        return f"SCREW-{self.size}{letter}"

    # material

    def is_ordered(self, now: dt.datetime) -> None:
        """The planner orders from the partners."""
        self.s.tell(
            now, "order", self.s.one_of("api", "page"), "responsible",
            order=self.n, product=self.product("S"), pieces=self.pieces,
        )  # fmt: skip

    def bar_comes(self, now: dt.datetime) -> None:
        """Bars of the mill lie in the store, with the mill's certificate; a bad one is stopped, another bar is taken."""
        lots = [(self.bar, "BAR-TI64", Fraction(60), "kg", now - 30 * MINUTE, "原料库 A 区")]
        bad = self.n == self.s.faults.certificate
        spare = f"{self.bar}B"
        if bad:
            lots.append((spare, "BAR-TI64", Fraction(60), "kg", now - 30 * MINUTE, "原料库 A 区"))
        for number, product, amount, unit, at, _place in lots:
            self.j.comes(number, product, amount, unit, at, where=PLANT)
            self.j.tally[unit] += amount
        form = self.s.one_of("csv", "xlsx")
        encoding = self.s.one_of("utf-8", "gb18030") if form == "csv" else ""
        self.s.tell(now, "bring_lots", "file", "administrator", lots=lots, form=form, encoding=encoding)
        self.s.tell(now + MINUTE, "certificate", "file", "responsible", lot=self.bar, bad=bad)
        if bad:
            self.s.cases.append(self.bar)
            stopped = self.s.hold(self.bar, now + 4 * MINUTE)
            self.s.tell(
                now + 4 * MINUTE, "hold_by_case", "chat", "responsible", lot=self.bar, stopped=stopped
            )
            self.s.tell(now + 6 * MINUTE, "certificate", "file", "responsible", lot=spare, bad=False)
            self.bar = spare

    def blank_leaves(self, now: dt.datetime) -> None:
        """As much as the order needs is cut and sent to the machinist; an event names no number, so the plant gives one."""
        door = self.s.one_of(*ANY)
        self.blank = f"{self.bar}-P1" if door == "epcis" else f"{self.bar}-1"
        self.s.part(self.bar, self.blank, self.kilos, now)
        self.s.leaves(self.blank, now)
        self.s.tell(
            now, "ship", door, "responsible",
            lot=self.bar, part=self.blank, amount=self.kilos, to="supplier",
        )  # fmt: skip

    def blank_arrives(self, now: dt.datetime) -> None:
        """The machinist has it."""
        self.s.arrives(self.blank, "supplier", now)
        self.s.tell(now, "receive", self.s.one_of(*ANY), "supplier", lot=self.blank, amount=self.kilos)

    # at the machinist and coater

    def is_machined(self, now: dt.datetime) -> None:
        """Two lots and some scrap; every piece takes the same weight of bar."""
        bad = self.s.dice.randrange(4, 21)
        first = (self.pieces - bad) // 2
        made = [(self.machined[0], first), (self.machined[1], self.pieces - bad - first)]
        made.append((f"MC-{self.n:02d}-X", bad))
        self.j.tally["pcs"] += self.pieces
        self.j.tally["kg"] -= self.kilos
        for number, count in made:
            self.j.comes(number, self.product("M"), Fraction(count), "pcs", now, where="supplier")
            self.j.pour(self.blank, number, count * KG_A_PIECE, now)
        self.s.thrown_away(made[-1][0], now)
        self.s.tell(
            now, "machine", "api", "supplier",
            source=self.blank, amount=self.kilos, made=made, product=self.product("M"),
        )  # fmt: skip

    def is_coated(self, now: dt.datetime) -> None:
        """Each machined lot becomes a coated one; of the first some pieces come out badly and are set apart."""
        bad = self.s.dice.randrange(2, 9)
        for place, source in enumerate(self.machined):
            count = self.j.left(source)
            made = [(self.coated[place], count - bad if place == 0 else count)]
            if place == 0:
                made.append((f"CT-{self.n:02d}-X", Fraction(bad)))
            when = now + place * 20 * MINUTE
            for number, amount in made:
                self.j.comes(number, self.product("C"), amount, "pcs", when, where="supplier")
                self.j.pour(source, number, amount, when)
            self.s.tell(
                when, "transform", "epcis", "supplier",
                sources=[(source, self.product("M"), count)], made=made, product=self.product("C"), step="coating",
                wrongly=place == 0 and self.n == self.s.faults.declared,
                again=place == 1 and self.n == self.s.faults.resent,
            )  # fmt: skip
        reject = f"CT-{self.n:02d}-X"
        self.j.becomes(reject, "quarantined", now + 30 * MINUTE)
        self.s.tell(
            now + 30 * MINUTE, "doubt", "epcis", "supplier", lot=reject, product=self.product("C"), amount=bad
        )

    def coated_leave(self, now: dt.datetime) -> None:
        """Both coated lots go back, on one lorry."""
        for place, number in enumerate(self.coated):
            when = now + place * 3 * MINUTE
            self.s.leaves(number, when)
            self.s.tell(
                when, "ship", self.s.one_of("api", "epcis"), "supplier",
                lot=number, part="", amount=self.j.things[number].amount, to="plant", product=self.product("C"),
            )  # fmt: skip
        left = now + 20 * MINUTE
        self.s.drives[self.n] = [left]
        self.by_template = self.s.one_of("api", "file") == "file"
        if not self.by_template:
            self.s.tell(left, "depart", "api", "carrier", order=self.n, leg=0)

    def coated_arrive(self, now: dt.datetime) -> None:
        """The lorry is there; its logger is read."""
        came = now - 5 * MINUTE
        self.s.drives[self.n].append(came)
        if self.by_template:
            self.s.tell(came, "drive", "file", "carrier", order=self.n, left=self.s.drives[self.n][0])
        else:
            self.s.tell(came, "arrive", "api", "carrier", order=self.n, leg=0)
        for place, number in enumerate(self.coated):
            when = now + place * 3 * MINUTE
            amount = self.j.things[number].amount
            short = 3 if place == 1 and self.n == self.s.faults.miscounted else 0
            self.s.arrives(number, PLANT, when, "quarantined" if short else "available")
            self.s.tell(
                when, "receive", self.s.one_of(*MOSTLY_API), "responsible",
                lot=number, amount=amount - short, product=self.product("C"),
            )  # fmt: skip
            if short:
                self.j.becomes(number, "available", when + 300 * MINUTE)
                self.s.tell(
                    when + 300 * MINUTE, "clear", "chat", "manager", lot=number, why="清点无误，数量相符"
                )
        hot = self.n == self.s.faults.excursion
        self.s.cases += [self.coated[0]] * hot
        self.s.tell(
            now + 10 * MINUTE, "logger", "chat" if self.n % 2 else "file", "responsible",
            lot=self.coated[0], hot=hot, begins=now - 90 * MINUTE, again=self.n == self.s.faults.twice,
        )  # fmt: skip

    def sample_leaves(self, now: dt.datetime) -> None:
        """Some pieces of the first coated lot go to the laboratory."""
        self._sampled(self.coated[0], "C", now)

    def _sampled(self, lot: str, letter: str, now: dt.datetime) -> None:
        sample, amount = f"{lot}-L", Fraction(self.s.dice.randrange(3, 8))
        self.s.part(lot, sample, amount, now)
        self.s.leaves(sample, now)
        self.s.tell(
            now, "ship", self.s.one_of(*MOSTLY_API), "responsible",
            lot=lot, part=sample, amount=amount, to="laboratory", product=self.product(letter),
        )  # fmt: skip

    def _measured(self, lot: str, letter: str, now: dt.datetime, *forms: str, again: bool = False) -> None:
        sample = f"{lot}-L"
        self.s.arrives(sample, "laboratory", now)
        doors = ANY if letter == "C" else ("api", "epcis")
        self.s.tell(
            now, "receive", self.s.one_of(*doors), "laboratory",
            lot=sample, amount=self.j.left(sample), product=self.product(letter),
        )  # fmt: skip
        pieces = 3 if letter == "C" else 0
        values = [Decimal(self.s.dice.randrange(260, 341)) / 10 for _piece in range(pieces)]
        form = self.s.one_of(*forms)
        self.s.measured[sample] = form, values
        self.s.tell(
            now + 20 * MINUTE, "measure", "file", "laboratory",
            lot=sample, product=self.product(letter), values=values, form=form, again=again,
        )  # fmt: skip

    def is_measured(self, now: dt.datetime) -> None:
        """The laboratory measures the coating."""
        again = self.n == self.s.faults.twice
        self._measured(self.coated[0], "C", now, "csv", "xlsx", "dfq", "qif", again=again)
