"""What the story goes by: amounts, names, and which order meets with what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

KG_A_PIECE = Fraction(1, 50)
FILM_A_PIECE = Fraction(3, 100)
BOXES, CARTON = 6, 12
HOSPITALS = ("华东医院", "江南骨科中心", "海河联合采购")
MINUTE = dt.timedelta(minutes=1)
HOUR = 60 * MINUTE


@dataclass(frozen=True)
class Faults:
    """Which order meets with what."""

    certificate: int = 3
    """The mill's certificate states a value outside the limits that it names itself."""
    miscounted: int = 4
    """Three pieces fewer are counted on arrival; they are found the next day."""
    excursion: int = 5
    """A lorry stands in the sun."""
    held: int = 6
    """A defect is seen at the steriliser; everything made of the machined lot is stopped, and released days later."""
    declared: int = 8
    """The coater reports a lot under a wrong number, and takes it back."""
    twice: int = 9
    """A file comes twice."""
    resent: int = 10
    """A document of events is sent again."""
    reworked: int = 2
    """The cleaned lot is cleaned once more."""
    scrapped: int = 1
    """Boxes are crushed in the store."""
    warm: int = 7
    """The clean room is too warm for hours while its lot lies there."""
    late_from: int = 22
    late_until: int = 25
    """The working day whose midday reading comes days later, and when it comes."""
