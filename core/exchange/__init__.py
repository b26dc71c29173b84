"""What leaves the house: export bundles that an auditor checks without trusting us."""

from core.exchange.errors import (
    DatesReversed,
    NotAsRecorded,
    NothingAsked,
    NothingThere,
    StillSealing,
    TooLarge,
    TooManyCases,
)
from core.exchange.exporter import Exporter
from core.exchange.joining import verifier
from core.exchange.ports import Printer
from core.exchange.terms import LOCALES, CaseFile, Gathered, Made, Wanted
from core.exchange.verifier.command import main as verify_bundle

__all__ = [
    "LOCALES",
    "CaseFile",
    "DatesReversed",
    "Exporter",
    "Gathered",
    "Made",
    "NotAsRecorded",
    "NothingAsked",
    "NothingThere",
    "Printer",
    "StillSealing",
    "TooLarge",
    "TooManyCases",
    "Wanted",
    "verifier",
    "verify_bundle",
]
