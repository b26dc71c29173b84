"""Evidence: photos and files as they were sent, sealed, and what others may see of them.

Order of use: ``received = await darkroom.receive(actor, data, ...)`` outside any unit, then
``await evidence.keep(actor, received)``, then ``evidence.attach(...)`` inside the verb that needs it.
"""

from core.evidence.checking import check, faults
from core.evidence.darkroom import Darkroom
from core.evidence.errors import NotAPicture
from core.evidence.keeping import attach, keep
from core.evidence.queries import cases_of, evidence_for, evidence_of_case, reused_of, similar, visible
from core.evidence.terms import (
    LIMITS,
    MEGABYTE,
    Fault,
    FaultKind,
    MediaKind,
    Opened,
    Part,
    Prepared,
    Received,
    Reuse,
    SubjectKind,
)
from core.evidence.workbench import Workbench

__all__ = [
    "LIMITS",
    "MEGABYTE",
    "Darkroom",
    "Fault",
    "FaultKind",
    "MediaKind",
    "NotAPicture",
    "Opened",
    "Part",
    "Prepared",
    "Received",
    "Reuse",
    "SubjectKind",
    "Workbench",
    "attach",
    "cases_of",
    "check",
    "evidence_for",
    "evidence_of_case",
    "faults",
    "keep",
    "reused_of",
    "similar",
    "visible",
]
