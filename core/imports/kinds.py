"""The kinds of documents that are brought in: one row each. Whoever adds a kind adds a row, and every door takes it."""

from __future__ import annotations

from typing import Final

from core.imports import certificates, events, qdas, qif
from core.imports.documents import Kind
from core.imports.terms import Subject

KINDS: Final[tuple[Kind, ...]] = (
    Kind("EPCIS 2.0", Subject.EPCIS, events.fits, events.bring),
    Kind("Material Identity CoA (JSON)", Subject.CERTIFICATES, certificates.is_coa, certificates.COA),
    Kind("EN 10168 (JSON)", Subject.CERTIFICATES, certificates.is_en10168, certificates.EN10168),
    Kind("E-CoC (JSON)", Subject.CERTIFICATES, certificates.is_ecoc, certificates.ECOC),
    Kind("QIF 3.0 (XML)", Subject.MEASUREMENTS, qif.fits, qif.BRING),
    Kind("Q-DAS AQDEF (.dfq)", Subject.MEASUREMENTS, qdas.fits, qdas.BRING),
)
