"""How imports say no."""

from __future__ import annotations

from core.imports.terms import Fault, Profile
from core.kit.refusal import Refusal


class MappingUnclear(Refusal):
    """The mapping cannot be read, or names what does not exist."""

    says = "The mapping cannot be used, line {line}: {why}"


class MappingUnfit(Refusal):
    """The mapping does not fit its subject or the file."""

    says = "The mapping does not fit: “{what}” {why}"


class NotText(Refusal):
    """The file is neither UTF-8 nor GB18030 text."""

    says = "The file is neither UTF-8 nor GB18030 text. Please save it as CSV UTF-8 and try again."


class NoRows(Refusal):
    """The file has no head or no row below it."""

    says = "The file holds no rows. Please check that the first line names the columns."


class RowBroken(Refusal):
    """A row has more or fewer cells than the head, or a quotation mark that never ends."""

    says = "The row has {found} cells, the head has {wanted}. Please check commas and quotation marks."


class CellMissing(Refusal):
    """A required cell is empty."""

    says = "The cell is empty; it must be filled in."


class NotAnInstant(Refusal):
    """A day or time that is none, or not in the form that the mapping names."""

    says = "“{text}” is not a date or time. Please write it like 2026-11-23 or 2026-11-23 08:30."


class NotAChoice(Refusal):
    """A word that is not in the list."""

    says = "“{text}” is not one of: {choices}"


class CodeUnknown(Refusal):
    """A product or organisation code that the plant does not have."""

    says = "The plant has nothing with the code “{text}”. Import it first, or correct the code."


class Faulty(Refusal):
    """Some rows cannot be taken; nothing was changed."""

    says = "{count} faults in the file; nothing was imported. Please correct them and import the file again."

    def __init__(self, *, count: int, faults: list[Fault], columns: list[Profile]) -> None:
        """Keep the first faults and what the file holds."""
        super().__init__(count=count)
        self.faults = faults
        self.columns = columns


class RunUnknown(Refusal):
    """The plant has no such import."""

    says = "Import {number} was not found. Please check its number."


class UndoneAlready(Refusal):
    """The import was taken back before."""

    says = "Import {number} was undone already."


class NotUndoable(Refusal):
    """Products and partners are corrected, not withdrawn: records name them."""

    says = "An import of products or partners is not undone. Correct their rows and import the file again."
