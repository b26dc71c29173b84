"""Imports: files of another system brought in, all rows or none, once, on the record, and taken back while unused."""

from __future__ import annotations

from core.imports.errors import (
    CellMissing,
    CodeUnknown,
    Faulty,
    MappingUnclear,
    MappingUnfit,
    NoRows,
    NotAChoice,
    NotAnInstant,
    NotText,
    NotUndoable,
    RowBroken,
    RunUnknown,
    UndoneAlready,
)
from core.imports.mapping import read as read_mapping
from core.imports.queries import runs
from core.imports.running import import_file, try_file, undo
from core.imports.terms import Fault, Mapping, Profile, Report, RunFacts, Subject

__all__ = [
    "CellMissing",
    "CodeUnknown",
    "Fault",
    "Faulty",
    "Mapping",
    "MappingUnclear",
    "MappingUnfit",
    "NoRows",
    "NotAChoice",
    "NotAnInstant",
    "NotText",
    "NotUndoable",
    "Profile",
    "Report",
    "RowBroken",
    "RunFacts",
    "RunUnknown",
    "Subject",
    "UndoneAlready",
    "import_file",
    "read_mapping",
    "runs",
    "try_file",
    "undo",
]
