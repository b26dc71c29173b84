"""The genealogy as a program of the plant reads it from EPCIS events alone, held against the journal."""

from __future__ import annotations

import re
from collections import defaultdict
from fractions import Fraction
from typing import Any
from urllib.parse import unquote

from tests.flow.by_api import Programs
from tests.flow.journal import Journal

SIZE = {"": Fraction(1), "KGM": Fraction(1), "GRM": Fraction(1, 1000), "MTR": Fraction(1)}
_LOT = re.compile(r".*(?:/10/|:lot:[^:]+:|lgtin:[0-9]+\.[0-9]+\.)(.+)$")
_PART = re.compile(r"-P[0-9]+$")
"""A part that was sent apart goes on by the class identifier of its lot."""


async def events(programs: Programs) -> list[dict[str, Any]]:
    """Every event that stands, in the order of recording."""
    found: list[dict[str, Any]] = []
    async for page in programs.pages("plant", "/api/v1/epcis/events?perPage=200"):
        found += page["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
    wrong = {one["eventID"] for one in found if "errorDeclaration" in one}
    assert len({(one["eventID"], "errorDeclaration" in one) for one in found}) == len(found), "each once"
    return [one for one in found if one["eventID"] not in wrong]


async def tell_the_genealogy(programs: Programs, journal: Journal, brought: set[str]) -> int:
    """How much went out of each lot, and each lot that came to be with its quantity; answers how many events there are.

    Lots of imported files (``brought``) are not told, what was poured out of them is.
    """
    found = await events(programs)
    gone: dict[str, Fraction] = defaultdict(Fraction)
    came: dict[str, Fraction] = {}
    for one in found:
        for line in one.get("inputQuantityList", ()):
            gone[_base(line)] += _amount(line)
        made = one.get(
            "outputQuantityList", one.get("quantityList", []) if one.get("action") == "ADD" else []
        )
        for line in made:
            if "quantity" in line:
                name = _name(line)
                assert name not in came, (name, one)
                came[name] = _amount(line)
    poured: dict[str, Fraction] = defaultdict(Fraction)
    for pour in journal.pours:
        poured[_PART.sub("", pour.source)] += pour.amount
    assert gone == poured, {
        name: (gone[name], poured[name]) for name in gone.keys() | poured.keys() if gone[name] != poured[name]
    }
    expected = {name: thing.amount for name, thing in journal.things.items() if name not in brought}
    assert came == expected, came.items() ^ expected.items()
    return len(found)


def _name(line: dict[str, Any]) -> str:
    lot = _LOT.match(line["epcClass"])
    assert lot is not None, line
    return unquote(lot[1])


def _base(line: dict[str, Any]) -> str:
    return _PART.sub("", _name(line))


def _amount(line: dict[str, Any]) -> Fraction:
    return Fraction(str(line["quantity"])) * SIZE[line.get("uom", "")]
