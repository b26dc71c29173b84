"""Which writer takes the rows of which subject."""

from __future__ import annotations

from typing import Final

from core.imports.legs import Legs
from core.imports.progress import Progress
from core.imports.readings import Readings
from core.imports.results import Results
from core.imports.series import Series
from core.imports.subjects import Links, Lots, Partners, Products, Writer
from core.imports.terms import Subject

WRITERS: Final[dict[Subject, type[Writer]]] = {
    Subject.LOTS: Lots,
    Subject.LINKS: Links,
    Subject.PRODUCTS: Products,
    Subject.PARTNERS: Partners,
    Subject.SERIES: Series,
    Subject.RESULTS: Results,
    Subject.PROGRESS: Progress,
    Subject.LEGS: Legs,
    Subject.READINGS: Readings,
}
