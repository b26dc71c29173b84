"""How much of what waits for a transformation goes into the outputs that are told now. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

_PLACES: Final = 10**6
"""Quantities are kept to six decimals."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An input: its lot, how much of it in its own unit, and how much that is where need is counted (None: unknown).

    ``need`` says which need it serves: a component of the bill of materials, or 0 where there is none.
    """

    lot_id: int
    quantity: Decimal
    counted: Decimal | None
    need: int = 0


@dataclass(frozen=True, kw_only=True)
class Need:
    """How much is needed, and which part of what is used may be lost (0 to 1)."""

    quantity: Decimal
    loss: Decimal = Decimal(0)


def drawn(offers: Sequence[Offer], needs: dict[int, Need]) -> dict[int, Decimal]:
    """Answer by lot what goes into the outputs, in the order in which inputs were told; what is left goes on waiting.

    All of it goes in where it is no more than the need allows for, where units do not compare, and where a part cannot
    be told to six decimals: whoever books it holds the whole to its balance.
    """
    groups: dict[int, list[Offer]] = defaultdict(list)
    for one in offers:
        groups[one.need].append(one)
    found: dict[int, Decimal] = {}
    for key, group in groups.items():
        for lot_id, quantity in _of_one(group, needs.get(key)).items():
            found[lot_id] = found.get(lot_id, Decimal(0)) + quantity
    return {one.lot_id: found[one.lot_id] for one in offers if one.lot_id in found}


def _of_one(group: Sequence[Offer], need: Need | None) -> dict[int, Decimal]:
    everything: dict[int, Decimal] = {}
    for one in group:
        everything[one.lot_id] = everything.get(one.lot_id, Decimal(0)) + one.quantity
    counted = [one.counted for one in group if one.counted is not None]
    if need is None or len(counted) < len(group) or sum(counted) * (1 - need.loss) <= need.quantity:
        return everything
    wanted, found = Fraction(need.quantity), dict[int, Decimal]()
    for one, much in zip(group, counted, strict=True):
        if wanted <= 0:
            break
        share = min(wanted, Fraction(much)) / Fraction(much) * Fraction(one.quantity)
        if (share * _PLACES).denominator != 1:
            return everything
        found[one.lot_id] = found.get(one.lot_id, Decimal(0)) + Decimal(share.numerator) / share.denominator
        wanted -= min(wanted, Fraction(much))
    return found
