"""Lists as CSV files that spreadsheets open as what they are: UTF-8 with its mark, no cell that computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from core.kit.canonical import decimal_text
from core.kit.provenance import Source
from core.lots import Direction, Genealogy
from handlers import text
from handlers.text import mark

_COMPUTES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_HEADS = (
    mark("Direction"),
    mark("Steps away"),
    mark("Lot"),
    mark("Product code"),
    mark("Product"),
    mark("Quantity"),
    mark("Unit"),
    mark("Contributed"),
    mark("Carried"),
    mark("Carried, exactly"),
    mark("Unit carried"),
    mark("State"),
    mark("Maker"),
    mark("Where"),
    mark("Made"),
    mark("From lots"),
    mark("To lots"),
    mark("How it is known"),
)
_SIDES = {Direction.ROOT: mark("This lot"), Direction.UP: mark("Origin"), Direction.DOWN: mark("Whereabouts")}


def cell(value: str) -> str:
    """Answer a text that no spreadsheet takes for a formula: what begins like one is set behind an apostrophe."""
    return f"'{value}" if value.lstrip(" \u3000").startswith(_COMPUTES) else value


def written(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a list of texts as a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([cell(one) for one in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def of_trace(traced: Genealogy, locale: str, zone: str) -> bytes:
    """Write every listed lot of a genealogy, nearest first, with its neighbours in the trace."""
    _ = text.translator(locale)
    numbers = {node.lot.id: node.lot.number for node in traced.nodes}
    sources: dict[int, list[str]] = {}
    uses: dict[int, list[str]] = {}
    for parent, child in dict.fromkeys((one.parent_id, one.child_id) for one in traced.links):
        if parent in numbers and child in numbers:
            sources.setdefault(child, []).append(numbers[parent])
            uses.setdefault(parent, []).append(numbers[child])
    return written(
        [_(one) for one in _HEADS],
        (
            (
                _(_SIDES[node.direction]),
                str(node.depth),
                node.lot.number,
                node.lot.product.code,
                node.lot.product.name(locale),
                decimal_text(node.lot.quantity),
                _(node.lot.unit),
                " + ".join(text.quantity(one.amount, one.unit, _) for one in node.contributed),
                "" if node.carried is None else decimal_text(node.carried.rounded),
                "" if node.carried is None else str(node.carried.amount),
                "" if node.carried is None else _(node.carried.unit),
                _(node.lot.status_says),
                node.lot.maker(locale),
                node.lot.place,
                text.moment(node.lot.made_at, zone),
                " ".join(sources.get(node.lot.id, ())),
                " ".join(uses.get(node.lot.id, ())),
                " · ".join(_(Source(one).says) for one in traced.told.get((node.direction, node.lot.id), ())),
            )
            for node in traced.nodes
        ),
    )
