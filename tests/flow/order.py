"""One order inside and on: cleaned → sterile → packed → hospital, and when which of all its steps is taken."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from tests.flow.days import DAYS
from tests.flow.figures import CARTON, FILM_A_PIECE, HOSPITALS, MINUTE
from tests.flow.journal import PLANT
from tests.flow.outside import ANY, MOSTLY_API, Outside

HOLD_DAYS = 6
LATER = "14:30"


class Order(Outside):
    """The whole way of an order."""

    def planned(self) -> None:
        """Set down when which step is taken, by working days after the first."""
        held = HOLD_DAYS if self.n == self.s.faults.held else 0
        steps = (
            (0, "08:40", self.is_ordered), (0, "09:30", self.bar_comes), (0, "15:00", self.blank_leaves),
            (1, "09:00", self.blank_arrives), (2, "16:00", self.is_machined), (3, "16:00", self.is_coated),
            (4, "15:00", self.coated_leave), (5, "10:00", self.coated_arrive), (5, "16:20", self.sample_leaves),
            (6, "08:30", self.is_measured), (6, "09:30", self.is_cleaned), (6, "15:00", self.clean_leaves), (7, "09:00", self.clean_arrives),
            (7, "17:00", self.is_sterilised),
            (8 + held, "15:00", self.sterile_leaves), (9 + held, "09:30", self.sterile_arrives),
            (9 + held, "15:00", self.sterile_sample_leaves), (10 + held, "08:30", self.is_tested),
            (10 + held, "10:00", self.is_released),
            (10 + held, LATER, self.is_packed), (11 + held, "10:00", self.is_delivered),
        )  # fmt: skip
        for days, clock, call in steps:
            if self.day + days < len(DAYS):
                self.s.on(self.day + days, clock, call)
        if held:
            self.s.on(self.day + 8, "09:00", self.defect_is_seen)
            self.s.on(self.day + 7 + held, "10:00", self.hold_is_decided)

    # at the plant and the steriliser

    def is_cleaned(self, now: dt.datetime) -> None:
        """Coated lots of one size are cleaned together: the first whole, most of the second, what was left over before."""
        takes = [(self.coated[0], self.j.left(self.coated[0]))]
        keep = Fraction(10 * self.s.dice.randrange(3, 10))
        takes.append((self.coated[1], self.j.left(self.coated[1]) - keep))
        rest = self.s.rest.pop(self.size, None)
        if rest is not None and self.j.state(rest[0]) == "available":
            takes.append(rest)
        self.s.rest[self.size] = (self.coated[1], keep)
        total = sum((amount for _number, amount in takes), Fraction(0))
        self.j.comes(self.clean, self.product("C"), total, "pcs", now, where=PLANT)
        for number, amount in takes:
            self.j.pour(number, self.clean, amount, now)
        self.s.tell(
            now,
            "merge",
            self.s.one_of("page", "api"),
            "responsible",
            takes=takes,
            made=self.clean,
            amount=total,
        )
        if self.n == self.s.faults.warm:
            self.s.tell(now + MINUTE, "stands", "page", "responsible", lot=self.clean)
        if self.n == self.s.faults.reworked:
            self._again(now + 60 * MINUTE, total)

    def _again(self, now: dt.datetime, total: Fraction) -> None:
        """It is not clean: it is cleaned once more under a new number, looked at, and good."""
        before, self.clean = self.clean, f"{self.clean}-R"
        self.j.comes(self.clean, self.product("C"), total, "pcs", now, where=PLANT, state="quarantined")
        self.j.pour(before, self.clean, total, now)
        self.s.tell(now, "rework", "page", "responsible", lot=before, made=self.clean, amount=total)
        self.j.becomes(self.clean, "available", now + 120 * MINUTE)
        self.s.tell(now + 120 * MINUTE, "clear", "chat", "manager", lot=self.clean, why="复检合格")

    def clean_leaves(self, now: dt.datetime) -> None:
        """It goes to the steriliser."""
        self.s.leaves(self.clean, now)
        self.s.tell(
            now, "ship", self.s.one_of(*ANY), "responsible",
            lot=self.clean, part="", amount=self.j.left(self.clean), to="steriliser", product=self.product("C"),
        )  # fmt: skip

    def clean_arrives(self, now: dt.datetime) -> None:
        """The steriliser has it."""
        self.s.arrives(self.clean, "steriliser", now)
        self.s.tell(
            now, "receive", self.s.one_of(*ANY), "steriliser",
            lot=self.clean, amount=self.j.left(self.clean), product=self.product("C"),
        )  # fmt: skip

    def is_sterilised(self, now: dt.datetime) -> None:
        """Ethylene oxide; as many pieces as before."""
        count = self.j.left(self.clean)
        self.j.comes(self.sterile, self.product("S"), count, "pcs", now, where="steriliser")
        self.j.pour(self.clean, self.sterile, count, now)
        self.s.tell(
            now, "transform", "epcis", "steriliser",
            sources=[(self.clean, self.product("C"), count)], made=[(self.sterile, count)],
            product=self.product("S"), step="sterilising", wrongly=False, again=False,
        )  # fmt: skip

    def defect_is_seen(self, now: dt.datetime) -> None:
        """An operator reports it with a photo; from a label everything affected is stopped; what is stopped does not leave."""
        self.s.cases.append(self.machined[0])
        self.s.tell(now, "report", "chat", "operator", lot=self.machined[0])
        self.stopped = self.s.hold(self.machined[0], now + 10 * MINUTE)
        self.s.tell(
            now + 10 * MINUTE, "hold_by_label", "chat", "responsible",
            lot=self.machined[0], product=self.product("M"), stopped=self.stopped,
        )  # fmt: skip
        self.s.tell(
            now + 20 * MINUTE, "ship_in_vain", "epcis", "steriliser",
            lot=self.sterile, amount=self.j.left(self.sterile), to="plant", product=self.product("S"),
        )  # fmt: skip

    def hold_is_decided(self, now: dt.datetime) -> None:
        """It was the light: everything goes on."""
        self.s.go_on(self.stopped, now)
        self.s.tell(now, "decide", "chat", "manager", lot=self.machined[0], stopped=self.stopped)

    def sterile_leaves(self, now: dt.datetime) -> None:
        """It goes back to the plant."""
        self.s.leaves(self.sterile, now)
        self.s.tell(
            now, "ship", self.s.one_of("api", "epcis"), "steriliser",
            lot=self.sterile, part="", amount=self.j.left(self.sterile), to="plant", product=self.product("S"),
        )  # fmt: skip

    def sterile_arrives(self, now: dt.datetime) -> None:
        """The plant has it."""
        self.s.arrives(self.sterile, PLANT, now)
        self.s.tell(
            now, "receive", self.s.one_of(*ANY), "responsible",
            lot=self.sterile, amount=self.j.left(self.sterile), product=self.product("S"),
        )  # fmt: skip

    # finished goods

    def sterile_sample_leaves(self, now: dt.datetime) -> None:
        """Some pieces are tested for sterility."""
        self._sampled(self.sterile, "S", now)

    def is_tested(self, now: dt.datetime) -> None:
        """The laboratory tests for sterility."""
        self._measured(self.sterile, "S", now, "csv", "xlsx")

    def is_released(self, now: dt.datetime) -> None:
        """The manager releases it by signature."""
        self.j.becomes(self.sterile, "released", now)
        self.s.tell(now, "release", "chat", "manager", lot=self.sterile)

    def is_packed(self, now: dt.datetime) -> None:
        """Boxes of it, wrapped in film, numbered pieces in some; some pieces stay as samples."""
        kept = Fraction(self.s.dice.randrange(5, 20))
        count = self.j.left(self.sterile) - kept
        each = count // len(self.boxes)
        sizes = [Fraction(each)] * (len(self.boxes) - 1)
        sizes.append(count - sum(sizes, Fraction(0)))
        parts = list(zip(self.boxes, sizes, strict=True))
        for number, amount in parts:
            self.s.part(self.sterile, number, amount, now)
        self.s.tell(now, "split", "api", "responsible", lot=self.sterile, parts=parts)
        film = self.s.film(now + 10 * MINUTE)
        for number, amount in parts[:2]:
            self.j.pour(film, number, amount * FILM_A_PIECE, now + 10 * MINUTE)
            self.j.tally["m"] -= amount * FILM_A_PIECE
            self.s.tell(
                now + 10 * MINUTE, "consume", self.s.one_of("page", "api"), "responsible",
                lot=film, amount=amount * FILM_A_PIECE, into=number,
            )  # fmt: skip
        self._numbered(now + 20 * MINUTE)

    def _numbered(self, now: dt.datetime) -> None:
        box = self.boxes[0]
        serials = [f"{self.n:02d}{piece:04d}" for piece in range(1, CARTON + 1)]
        self.j.serials[box] = serials
        self.s.tell(
            now, "number", self.s.one_of("epcis", "page"), "responsible",
            lot=box, product=self.product("S"), serials=serials,
        )  # fmt: skip
        self.s.tell(
            now + 5 * MINUTE, "pack", "epcis", "responsible", product=self.product("S"),
            serials=serials, carton=self.n,
        )  # fmt: skip

    def is_delivered(self, now: dt.datetime) -> None:
        """Boxes go to hospitals, one of them in part; one is crushed in the store."""
        for place, box in enumerate(self.boxes[:4]):
            when = now + 5 * place * MINUTE
            to = self.s.dice.choice(HOSPITALS)
            amount, lot = self.j.left(box), box
            if place == 1:
                lot, amount = f"{box}-1", Fraction(self.s.dice.randrange(10, 60))
                self.s.part(box, lot, amount, when)
            self.j.goes(lot, f"to:{to}", when)
            self.j.becomes(lot, "shipped", when)
            self.s.tell(
                when, "deliver", self.s.one_of(*MOSTLY_API), "responsible",
                lot=box, part=lot if lot != box else "", amount=amount, to=to,
            )  # fmt: skip
        if self.n == self.s.faults.scrapped:
            crushed = self.boxes[5]
            self.s.thrown_away(crushed, now + 60 * MINUTE)
            self.s.tell(now + 60 * MINUTE, "scrap", "chat", "manager", lot=crushed, why="叉车压坏")
