"""Imports: files of another system brought in, all rows or none, once, on the record, and taken back while unused."""

from __future__ import annotations

from core.imports.errors import (
    CellMissing,
    CodeUnknown,
    DateInCell,
    DayUnsure,
    ErrorInCell,
    Faulty,
    FormulaInCell,
    HeadUnclear,
    MappingUnclear,
    MappingUnfit,
    NoRows,
    NotAChoice,
    NotAnInstant,
    NotText,
    NotUndoable,
    NumberUnsure,
    OldWorkbook,
    RowBroken,
    RunUnknown,
    SheetUnknown,
    TooManyRows,
    UndoneAlready,
    WorkbookBroken,
    WorkbookTooLarge,
)
from core.imports.mapping import read as read_mapping
from core.imports.queries import runs
from core.imports.reading import by_template
from core.imports.running import import_file, try_file, undo
from core.imports.templates import VERSION as TEMPLATE_VERSION
from core.imports.templates import choices, heads, schema
from core.imports.terms import COLUMNS, INSTANTS, Column, Fault, Mapping, Profile, Report, RunFacts, Subject

__all__ = [
    "COLUMNS",
    "INSTANTS",
    "TEMPLATE_VERSION",
    "CellMissing",
    "CodeUnknown",
    "Column",
    "DateInCell",
    "DayUnsure",
    "ErrorInCell",
    "Fault",
    "Faulty",
    "FormulaInCell",
    "HeadUnclear",
    "Mapping",
    "MappingUnclear",
    "MappingUnfit",
    "NoRows",
    "NotAChoice",
    "NotAnInstant",
    "NotText",
    "NotUndoable",
    "NumberUnsure",
    "OldWorkbook",
    "Profile",
    "Report",
    "RowBroken",
    "RunFacts",
    "RunUnknown",
    "SheetUnknown",
    "Subject",
    "TooManyRows",
    "UndoneAlready",
    "WorkbookBroken",
    "WorkbookTooLarge",
    "by_template",
    "choices",
    "heads",
    "import_file",
    "read_mapping",
    "runs",
    "schema",
    "try_file",
    "undo",
]
