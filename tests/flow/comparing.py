"""What the product answers, held against the journal: genealogy with quantities, places, states, serials."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from tests.flow.by_api import Programs, said
from tests.flow.journal import Journal

MOST = 500


def rounded(amount: Fraction, unit: str) -> str:
    """An amount as answers write it: to the millionth, half to even, marked where that is not all of it."""
    millionths = round(amount * 10**6)
    exact = "" if Fraction(millionths, 10**6) == amount else "≈ "
    return f"{exact}{said(Fraction(millionths, 10**6))} {unit}"


@dataclass
class Comparing:
    """Asks through the plant's own program."""

    programs: Programs
    journal: Journal

    async def _get(self, path: str) -> Any:
        return await self.programs.get("plant", path)

    async def every_lot(self) -> dict[str, dict[str, Any]]:
        """All lots that there are, page by page; withdrawn ones are none."""
        found: dict[str, dict[str, Any]] = {}
        cursor = ""
        while True:
            page = await self._get(f"/api/v1/lots?limit=200{cursor}")
            found |= {one["number"]: one for one in page["items"] if one["status"] != "withdrawn"}
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    async def lots_are_those_of_the_journal(self) -> None:
        """Number, product, quantity, unit, state and whereabouts of each; what is left of it; nothing came from nowhere.

        Each piece that was machined is left in exactly one lot; so is each kilogram of bar that no piece took, and each
        metre of film.
        """
        left: dict[str, Fraction] = defaultdict(Fraction)
        known = await self.every_lot()
        assert known.keys() == self.journal.things.keys(), known.keys() ^ self.journal.things.keys()
        for number, thing in self.journal.things.items():
            one = await self._get(f"/api/v1/lots/{quote(number)}")
            lot = one["lot"]
            answered = lot["product"], lot["quantity"], lot["unit"], lot["status"], one["where"], one["left"]
            expected = (
                thing.product, said(thing.amount), thing.unit, self.journal.state(number),
                self.journal.whereabouts(number), said(self.journal.left(number)),
            )  # fmt: skip
            assert answered == expected, (number, answered, expected)
            if one["where"] == "at_partner":
                assert lot["at"] == f"KG-{self.journal.places[number][-1][1]}", (number, lot["at"])
            left[lot["unit"]] += Fraction(one["left"])
        assert left == self.journal.tally, left

    async def cases_are_those_of_the_story(self, lots: list[str]) -> None:
        """One case for each thing that went wrong, about the lot that it went wrong with."""
        found = await self._get("/api/v1/anomalies?limit=200")
        assert sorted(str(one["lot"]) for one in found["items"]) == sorted(lots), found

    async def traces_both_ways(self, numbers: Iterable[str], when: dt.datetime | None = None) -> int:
        """Every relative of these lots, how far, how much flowed, how much of the one is in the other."""
        compared = 0
        moment = "" if when is None else f"&as_of={quote(when.isoformat())}"
        for number in numbers:
            found = await self._get(f"/api/v1/lots/{quote(number)}/trace?way=both&most={MOST}{moment}")
            assert found["unlisted"] == 0
            compared += self._is_right(number, found, when)
        return compared

    def _is_right(self, number: str, found: dict[str, Any], when: dt.datetime | None) -> int:
        count = 0
        for way in ("up", "down"):
            expected = self.journal.relatives(number, down=way == "down", when=when)
            answered = {one["lot"]["number"]: one for one in found["nodes"] if one["direction"] == way}
            assert answered.keys() == expected.keys(), (number, way, answered.keys() ^ expected.keys())
            flows = self._flows(found["links"], {number, *expected}, down=way == "down")
            for name, relative in expected.items():
                one = answered[name]
                unit = self.journal.things[number if way == "down" else name].unit
                assert one["depth"] == relative.steps, (number, way, name)
                assert one["carried"] == rounded(relative.share, unit), (number, way, name, one["carried"])
                assert flows[name] == relative.flowed, (number, way, name, flows[name], relative.flowed)
                if way == "down":
                    left = said(self.journal.left(name, when))
                    assert one["left"] == left, (number, name, one["left"], left)
            count += len(expected)
        return count

    @staticmethod
    def _flows(links: list[dict[str, Any]], seen: set[str], *, down: bool) -> dict[str, dict[str, Fraction]]:
        """What flowed between a lot and those nearer, by the answered links."""
        found: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for link in links:
            if {link["parent"], link["child"]} <= seen:
                other = link["child"] if down else link["parent"]
                found[other][link["unit"]] += Fraction(link["quantity"])
        return found

    async def legs_are_those_of_the_story(
        self, drives: dict[int, list[dt.datetime]], stages: dict[int, int]
    ) -> None:
        """Each lorry left and came when it did, its seal whole."""
        for order, moments in drives.items():
            [leg] = (await self._get(f"/api/v1/stages/{stages[order]}/legs"))["items"]
            assert leg["seal_intact"] is True
            answered = [dt.datetime.fromisoformat(leg[name]) for name in ("departed_at", "arrived_at")]
            seconds = [one.replace(microsecond=0) for one in moments]
            assert [one.replace(microsecond=0) for one in answered] == seconds, (order, answered, moments)

    async def results_are_those_of_the_laboratory(
        self, measured: dict[str, tuple[str, list[Decimal]]]
    ) -> None:
        """Every value of a filled template, judged by us; those of instruments' files stand in its reports."""
        for lot, (form, values) in measured.items():
            found = (await self._get(f"/api/v1/lots/{quote(lot)}/results"))["items"]
            if form not in ("csv", "xlsx"):
                continue
            assert {one["verdict"] for one in found} == {"conforming"}, (lot, found)
            answered = [
                Decimal(each["value"]) for one in found for each in one["values"] if each["value"] is not None
            ]
            assert sorted(answered) == sorted(values), (lot, answered, values)
