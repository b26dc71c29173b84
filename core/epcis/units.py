"""Units of measure: codes of UN/ECE Recommendation 20 in the units that lots are counted in. Pure.

Factors within a dimension are exact (SI prefixes; international yard and pound). What is not here is compared by
factors that the plant declared, or refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

from core.epcis.errors import AmountUnclear, UomUnknown
from core.kit.canonical import decimal_text
from core.kit.quantity import PIECES, TooMuch
from core.products import Factor, NoFactor, NotExact, convert


class Unit(NamedTuple):
    """What a code means: its name here, its dimension, how many base units one of it is."""

    name: str
    dimension: str
    size: Decimal


def _units(dimension: str, **sizes: tuple[str, str]) -> dict[str, Unit]:
    return {code: Unit(name, dimension, Decimal(size)) for code, (name, size) in sizes.items()}


CODES: Final[dict[str, Unit]] = {
    **_units("count", H87=("pcs", "1"), EA=("pcs", "1"), C62=("pcs", "1"), PCB=("pcs", "1"), DZN=("dozen", "12"),
             PR=("pair", "2")),
    **_units("mass", KGM=("kg", "1000"), GRM=("g", "1"), MGM=("mg", "0.001"), MC=("µg", "0.000001"),
             TNE=("t", "1000000"), LBR=("lb", "453.59237"), ONZ=("oz", "28.349523125")),
    **_units("length", MTR=("m", "1"), CMT=("cm", "0.01"), MMT=("mm", "0.001"), KMT=("km", "1000"),
             INH=("in", "0.0254"), FOT=("ft", "0.3048"), YRD=("yd", "0.9144")),
    **_units("volume", LTR=("L", "1"), MLT=("mL", "0.001"), DLT=("dL", "0.1"), MTQ=("m³", "1000"),
             CMQ=("cm³", "0.001"), DMQ=("dm³", "1")),
    **_units("area", MTK=("m²", "1"), CMK=("cm²", "0.0001"), DMK=("dm²", "0.01")),
}  # fmt: skip
_OTHER_NAMES: Final = {
    **dict.fromkeys(PIECES, "pcs"), "千克": "kg", "公斤": "kg", "克": "g", "毫克": "mg",
    "吨": "t", "米": "m", "毫米": "mm", "厘米": "cm", "升": "L", "l": "L", "毫升": "mL", "ml": "mL",
}  # fmt: skip
_LIMIT: Final = Decimal(10) ** 12
_BY_NAME: Final = {one.name: one for one in reversed(CODES.values())}
CODE_OF: Final = {"pcs": "H87"} | {one.name: code for code, one in CODES.items() if one.name != "pcs"}
"""The code that a unit of ours is written with."""
_LARGEST: Final = Decimal(10) ** 12
_PLACES: Final = Decimal("0.000001")


def of_name(name: str) -> Unit | None:
    """Answer the unit that a name of ours means, if it is one of these."""
    plain = _OTHER_NAMES.get(name.strip().casefold(), name.strip())
    return _BY_NAME.get(plain) or _BY_NAME.get(plain.casefold())


def code_of(name: str) -> str:
    """Answer the code of a unit of ours; empty where Rec. 20 has none that we know."""
    found = of_name(name)
    return "" if found is None else CODE_OF[found.name]


def amount(
    quantity: Decimal, uom: str, into: str, factors: Iterable[Factor], *, contains: int, what: str
) -> Decimal:
    """Answer a quantity of an event in a unit of ours; without a code it counts articles of ``contains`` pieces each.

    Raises:
        UomUnknown: no such code.
        AmountUnclear: the units do not compare, or not to the last millionth.
        TooMuch: more than can be recorded.
    """
    if abs(quantity) >= _LIMIT:
        raise TooMuch(text=decimal_text(quantity))
    target = of_name(into)
    if not uom:
        if target is None and contains == 1:  # articles counted in a word of the plant, such as sets
            return quantity
        if target is None or target.name != "pcs":
            raise AmountUnclear(quantity=decimal_text(quantity), text=what, unit=into)
        return quantity * contains
    unit = CODES.get(uom)
    if unit is None:
        raise UomUnknown(uom=uom)
    if target is not None and target.dimension == unit.dimension:
        found = quantity * unit.size / target.size
        if abs(found) >= _LARGEST or (kept := found.quantize(_PLACES)) != found:
            raise AmountUnclear(quantity=f"{decimal_text(quantity)} {uom}", text=what, unit=into)
        return kept
    try:
        return convert(quantity, unit.name, into, factors)
    except (NoFactor, NotExact):
        raise AmountUnclear(quantity=f"{decimal_text(quantity)} {uom}", text=what, unit=into) from None
