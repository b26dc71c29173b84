"""Figures of documents: exact, with the operator that makes a bound of a value ("<0.01"), or refused. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from core.imports.document_errors import FigureUnclear
from core.inspections import Bound
from core.kit.provenance import Flag

_WIDTHS: Final = str.maketrans("０１２３４５６７８９．，－＜＞＝\u2212\u00a0", "0123456789.,-<>=- ")
_FIGURE: Final = re.compile(
    r"(<=|>=|<|>|=|≤|≥)?\s*([+-]?\d{1,40})(?:([.,])(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?", re.ASCII
)
_OPERATORS: Final = {"≤": "<=", "≥": ">=", "=": ""}
_THOUSANDS: Final = 3
_SHOWN: Final = 40


def bounded(said: str) -> tuple[str, Decimal]:
    """Read a figure that may be a bound; answers operator (empty: the value itself) and figure.

    Raises:
        FigureUnclear: it is none; a comma before three digits can part thousands or decimals.
    """
    read = _FIGURE.fullmatch(said.strip().translate(_WIDTHS))
    if read is None:
        raise FigureUnclear(text=said[:_SHOWN])
    operator, whole, mark, part, power = read.groups()
    unsure = mark == "," and len(part) == _THOUSANDS and whole.lstrip("+-").strip("0")
    if unsure:
        raise FigureUnclear(text=said[:_SHOWN])
    figure = Decimal(f"{whole}.{part or '0'}" if mark else whole)
    if power:
        figure = figure.scaleb(int(power))
    return _OPERATORS.get(operator or "", operator or ""), figure


def taken(said: str) -> tuple[str, Decimal | None, tuple[Flag, ...]]:
    """Read a figure as far as it is one; what is none is doubtful, and stays a text that shows nothing."""
    try:
        return *bounded(said), ()
    except FigureUnclear:
        return "", None, (Flag.IMPLAUSIBLE,)


class Limits(NamedTuple):
    """Two limits as far as they can be read, and what could not be."""

    lower: Bound | None
    upper: Bound | None
    unclear: str


def limits(low: str, high: str) -> Limits:
    """Read limits that are written as texts; empty: none."""
    found: list[Bound | None] = []
    unclear = []
    for sign, said in (("≥", low.strip()), ("≤", high.strip())):
        try:
            found.append(Bound(plain(said)) if said else None)
        except FigureUnclear:
            found.append(None)
            unclear.append(f"{sign} {said[:_SHOWN]}")
    return Limits(found[0], found[1], ", ".join(unclear))


def plain(said: str) -> Decimal:
    """Read a figure.

    Raises:
        FigureUnclear: it is none, or a bound.
    """
    operator, figure = bounded(said)
    if operator:
        raise FigureUnclear(text=said[:_SHOWN])
    return figure
