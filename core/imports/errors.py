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


class HeadUnclear(Refusal):
    """The heads of a file are those of no template."""

    says = "These columns are of no template. Missing: {lacking}. Not known: {unknown}. Please take a template as it is."


class NotText(Refusal):
    """The file is neither UTF-8 nor GB18030 text."""

    says = "The file is neither UTF-8 nor GB18030 text. Please save it as CSV UTF-8 and try again."


class KindUnknown(Refusal):
    """JSON, XML or K-fields that are none of the documents that are taken."""

    says = "This {form} file is of no kind that can be imported. Taken are: {kinds}."


class DocumentBroken(Refusal):
    """A document that is not what it begins as, says something twice, or declares a document type."""

    says = "The file cannot be read as {form} ({place}). Please export it again from the system that made it."


class DocumentTooDeep(Refusal):
    """A document nested deeper than any real one."""

    says = (
        "The file is nested deeper than {most} levels. Please export it again from the system that made it."
    )


class DocumentTooLarge(Refusal):
    """A document of more than is read at once."""

    says = "The file holds more than is read at once ({most} MB). Please export it in several files."


class OldWorkbook(Refusal):
    """An encrypted workbook or one of the time before 2007: both begin alike."""

    says = "The file is an old or password-protected workbook. Please save it as .xlsx without a password."


class WorkbookBroken(Refusal):
    """The file is no sound workbook, or holds what a spreadsheet program does not write."""

    says = "The workbook cannot be read ({part}). Please open it, save it as .xlsx again and try that file."


class WorkbookTooLarge(Refusal):
    """The workbook holds more than is read at once."""

    says = "The workbook is too large. Please save the sheet as CSV UTF-8, or split it into several files."


class SheetUnknown(Refusal):
    """The workbook has no visible sheet of that name."""

    says = "The workbook has no visible sheet “{name}”. It has: {sheets}"


class FormulaInCell(Refusal):
    """A cell holds a formula."""

    says = "Cell {place} holds a formula. Please copy the cells and paste them as values."


class ErrorInCell(Refusal):
    """A cell holds an error of the spreadsheet."""

    says = "Cell {place} shows an error ({text}). Please correct it."


class DateInCell(Refusal):
    """A cell that is to hold a text or a number holds a date: spreadsheets turn “1-2” into one."""

    says = "Cell {place} holds a date. Please format the column as text and type the value anew."


class NumberUnsure(Refusal):
    """A number is longer than a spreadsheet keeps: its last digits may have been changed."""

    says = (
        "Cell {place} holds more than 15 digits, which no spreadsheet keeps. Please type it anew, as a text."
    )


class DayUnsure(Refusal):
    """A date cell holds no date: a duration, a time of day, or a day that the format cannot tell."""

    says = "Cell {place} holds no full date. Please write it like 2026-11-23 or 2026-11-23 08:30."


class NoRows(Refusal):
    """The file has no head or no row below it."""

    says = "The file holds no rows. Please check that the first line names the columns."


class TooManyRows(Refusal):
    """The door does not take so many rows at once: others wait for the database meanwhile."""

    says = "The file holds more than {most} rows. Please split it, or have it imported on the command line."


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


class EventsStay(Refusal):
    """Events are kept as they were sent."""

    says = "EPCIS events stay on the record. Who sent a wrong one declares it (errorDeclaration)."


class SeriesStays(Refusal):
    """A logger's record is evidence, not withdrawn: a case may stand on it."""

    says = "A logger's record stays on the record. If it was of another lot, say so in its case."


class EvidenceStays(Refusal):
    """A certificate or measured results are evidence, not withdrawn: a case may stand on them."""

    says = "What a certificate says stays on the record. If it was of another lot, say so in its case."


class ReportStays(Refusal):
    """What partners reported of their work is a record of its own."""

    says = "What was reported stays on the record. Send the corrected rows, or say in a case what was wrong."


class StageUnknown(Refusal):
    """No such stage of an order in the reader's scope."""

    says = (
        "Order {order} has no stage {stage} that you carry out. Please check order and number of the stage."
    )


class LegUnknown(Refusal):
    """A leg that nobody planned; a carrier's people plan none."""

    says = "No leg from {start} to {end} is planned in this stage. Please ask the plant to plan it."


class ParameterUnclear(Refusal):
    """A value of a parameter without its name, or a name without value."""

    says = "A parameter needs its name and its value. Please fill in both cells, or none."


class ZoneMissing(Refusal):
    """A time without an offset in a file that states no zone."""

    says = "The time zone is not stated. Please write +08:00 in the column “Time zone”, or after each time."


class ZoneUnknown(Refusal):
    """No time zone."""

    says = "“{text}” is not a time zone. Please write it like +08:00 or Asia/Shanghai."


class TimeTwice(Refusal):
    """A local time at which clocks were put forward or back."""

    says = "“{text}” was there twice or never: the clocks were changed. Please export the times in UTC."


class NotMeasured(Refusal):
    """A cell of measured values holds no figure."""

    says = "“{text}” is not a measured value. Please leave out samples that the logger did not take."


class MarkUnsure(Refusal):
    """A comma that parts thousands or decimals."""

    says = "“{text}” can be read in two ways. Please write the decimals with a point."


class MarksMixed(Refusal):
    """Decimal points and decimal commas in one file."""

    says = "“{text}” is written with another decimal mark than the values above. Please use one in the whole file."


class Absurd(Refusal):
    """A value that no goods were exposed to: a broken probe, another unit."""

    says = "“{text}” cannot be right. Please check probe and unit (°C, %RH)."


class SampleTwice(Refusal):
    """Two samples of one moment."""

    says = "This moment stands in the file twice. Please keep one sample of it."


class OutOfOrder(Refusal):
    """A sample that is older than the one above it."""

    says = "This sample is older than the one above it. Please export the file in the order of time."


class SeriesMixed(Refusal):
    """A file of several records: another lot, logger, zone or limit than in its first row."""

    says = "“{text}” differs from the first row (“{first}”). One file is one logger's record of one lot."


class LimitsMissing(Refusal):
    """A record without any limit: nothing could ever be out of it."""

    says = "No limit is stated. Please write at least one in the first row, as the goods' specification says."


class LimitsCrossed(Refusal):
    """The least that is allowed lies above the most: everything would be out of limits."""

    says = "The lower limit lies above the upper one. Please correct the limits in the first row."


class IntervalUnclear(Refusal):
    """One sample and no interval, or an interval of nothing."""

    says = "The interval cannot be told. Please write it in minutes in the first row."


class SeriesKnown(Refusal):
    """The same record was brought in before, in another file."""

    says = "This record of {logger} is known already for {lot}. Nothing was changed."
