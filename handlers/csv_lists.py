"""Lists as CSV files that spreadsheets open as what they are: UTF-8 with its mark, no cell that computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from core.kit.canonical import decimal_text
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
    """Write every listed lot of a genealogy, nearest first."""
    _ = text.translator(locale)
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
            )
            for node in traced.nodes
        ),
    )
