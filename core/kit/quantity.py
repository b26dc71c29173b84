"""Measured quantities: a decimal and a unit, never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from core.kit.canonical import decimal_text
from core.kit.refusal import Refusal

_LIMIT = Decimal(10) ** 12
_PLACES = 6
_WRITTEN = re.compile(
    r"(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?:件|个|只|支|片|根|套|盒|箱|pcs|pieces?)?",
    re.IGNORECASE | re.ASCII,
)
"""A number as people write it, with a counting word or none."""


PIECES = frozenset({"件", "个", "只", "支", "片", "根", "枚", "pc", "pcs", "piece", "pieces", "ea"})
"""Words for one thing counted by itself; a box or a set holds several."""


class NotAQuantity(Refusal):
    """The text is no number, or finer than is kept."""

    says = "“{text}” is not a quantity. Please send a number such as 120 or 3.5."


class TooMuch(NotAQuantity):
    """A number, but more than any plant counts."""

    says = "{text} is more than can be recorded. Please check the number and send it again."


class NotPositive(Refusal):
    """A quantity of a defect or lot must be above zero."""

    says = "The quantity must be greater than zero. Please send it again."


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """An amount and the unit it is counted in (``pcs``, ``kg``)."""

    amount: Decimal
    unit: str

    def __str__(self) -> str:
        """Write amount and unit, e.g. ``120 pcs``."""
        return f"{decimal_text(self.amount)} {self.unit}"


def counts_pieces(unit: str) -> bool:
    """Answer whether a unit counts single pieces."""
    return unit.strip().casefold() in PIECES


def parse(text: str) -> Decimal:
    """Read a positive amount typed by a person, such as ``120``, ``1,200``, ``3.5`` or ``12 件``.

    Full-width digits are understood. A comma stands between thousands and nowhere else: ``3,5`` could be 3.5 or 35,
    and is refused rather than guessed.

    Raises:
        NotAQuantity: not such a number, or more than 6 decimals.
        TooMuch: 10^12 and above.
        NotPositive: zero or below.
    """
    shown = text.strip()
    normal = shown.translate(str.maketrans("０１２３４５６７８９．，－", "0123456789.,-"))
    read = _WRITTEN.fullmatch(normal)
    if read is None:
        raise NotAQuantity(text=shown[:40])
    amount = Decimal(read[1].replace(",", ""))
    if amount >= _LIMIT:
        raise TooMuch(text=shown[:40])
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _PLACES:
        raise NotAQuantity(text=shown[:40])
    if amount <= 0:
        raise NotPositive
    return amount


def exact(value: Decimal) -> Decimal:
    """Hold a measured value to what can be stored exactly: finite, at most 6 decimals, below 10^12; any sign.

    Raises:
        NotAQuantity: it cannot be stored exactly.
    """
    if not value.is_finite() or abs(value) >= _LIMIT:
        raise NotAQuantity(text=str(value)[:40])
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _PLACES:
        raise NotAQuantity(text=str(value)[:40])
    return value
