"""The rows of a sheet of a workbook (.xlsx), as texts that mean what the sheet shows; what would be a guess is refused.

Numbers have the 15 digits that spreadsheets keep; dates are told by the format of their cell. Formulas, errors, dates
where none is wanted and numbers that lost digits are faults of their cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, Self
from xml.etree.ElementTree import Element

from core.imports import serials
from core.imports.errors import (
    DateInCell,
    ErrorInCell,
    FormulaInCell,
    NoRows,
    SheetUnknown,
    WorkbookBroken,
    WorkbookTooLarge,
)
from core.imports.package import Package, local
from core.kit.refusal import Refusal

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
_TEXTS: Final = 64 << 20
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LONGEST: Final = 8
_SURROGATES: Final = range(0xD800, 0xE000)


class Sheet:
    """Iterates the rows of one sheet; ``line_num`` is the number of the last one, as the spreadsheet counts.

    A row that holds something unfit is raised as the refusal that says so; the next one can be asked for.
    """

    def __init__(self, file: Path, name: str, dates: str) -> None:
        """Open the first visible sheet, or the one of a name; date cells come in the form of ``dates`` (or ISO 8601).

        Raises:
            SheetUnknown: there is none of that name.
            WorkbookBroken, WorkbookTooLarge: the file.
        """
        self.line_num = 0
        self._wide = 0
        self._wanted: Mapping[int, bool] | None = None
        self._package = Package(file)
        self._dates = dates
        try:
            self._open(name)
        except BaseException:
            self._package.close()
            raise

    def __enter__(self) -> Self:
        """Answer itself."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close the file."""
        self._package.close()

    def __iter__(self) -> Iterator[list[str]]:
        """Answer itself."""
        return self

    def __next__(self) -> list[str]:
        """Answer the next row that holds something, as texts from column A on."""
        for row in self._rows:
            said = row.get("r", str(self.line_num + 1))
            number = int(said) if said.isdecimal() and len(said) < _LONGEST else 0
            if number <= self.line_num:
                raise WorkbookBroken(part=f"row {number}")
            self.line_num = number
            cells = self._cells(row)
            if cells:
                self._count += 1
                if self._count > MOST_ROWS:
                    raise WorkbookTooLarge
                return cells + [""] * (self._wide - len(cells))
        raise StopIteration

    def narrow(self, wide: int, wanted: Mapping[int, bool]) -> None:
        """Read only these columns from now on; each says whether a date may stand there. Rows are that wide at least."""
        self._wide, self._wanted = wide, wanted

    def _open(self, name: str) -> None:
        book = next(
            (part for kind, part in self._package.related("").values() if kind == "officeDocument"), ""
        )
        if not book.endswith(".xml"):
            raise WorkbookBroken(part="workbook")
        related = self._package.related(book)
        sheets: dict[str, str] = {}
        start = 0
        for kind, one in self._package.elements(book, level=3):
            if kind == "sheet" and one.get("state", "visible") == "visible":
                to = related.get(
                    next((one.attrib[key] for key in one.attrib if local(key) == "id"), ""), ("", "")
                )
                if to[0] == "worksheet":
                    sheets[one.get("name", "")] = to[1]
        for kind, one in self._package.elements(book, level=2):
            if kind == "workbookPr" and one.get("date1904", "0") in ("1", "true"):
                start = serials.SINCE_1904
        if not sheets:
            raise NoRows
        if name and name not in sheets:
            raise SheetUnknown(name=name[:60], sheets=", ".join(sheets)[:200])
        self._start = start
        self._shared = list(self._texts(_part(related, "sharedStrings")))
        self._formats = serials.formats(self._package, _part(related, "styles"))
        self._count = 0
        part = sheets[name] if name else next(iter(sheets.values()))
        self._rows = (one for kind, one in self._package.elements(part, level=3) if kind == "row")

    def _texts(self, part: str) -> Iterator[str]:
        length = 0
        for kind, one in self._package.elements(part, level=2) if part else ():
            if kind == "si":
                text = _text(one)
                length += len(text) + 50
                if length > _TEXTS:
                    raise WorkbookTooLarge
                yield text

    def _cells(self, row: Element) -> list[str]:
        cells: list[str] = []
        unfit: Refusal | None = None
        for cell in row:
            if local(cell.tag) != "c":
                continue
            column = self._column(cell, len(cells))
            if column >= MOST_COLUMNS:
                raise WorkbookTooLarge
            cells += [""] * (column - len(cells))
            try:
                known = self._wanted is None or column in self._wanted or column >= self._wide
                cells.append(self._value(cell, column) if known else "")
            except Refusal as why:
                unfit = unfit or why
                cells.append("")
        if unfit is not None:
            raise unfit
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _column(self, cell: Element, before: int) -> int:
        said = cell.get("r")
        if said is None:
            return before
        found = _PLACE.fullmatch(said)
        if found is None or int(found[2]) != self.line_num:
            raise WorkbookBroken(part=f"cell {said[:12]}")
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        if column <= before:
            raise WorkbookBroken(part=f"cell {said[:12]}")
        return column - 1

    def _value(self, cell: Element, column: int) -> str:
        """Read a cell.

        Raises:
            FormulaInCell, ErrorInCell, DateInCell, NumberUnsure, DayUnsure: it cannot be taken as it is.
            WorkbookBroken: it is none that a spreadsheet program writes.
        """
        place = f"{_letters(column)}{self.line_num}"
        held = {local(one.tag): one for one in cell}
        if "f" in held:
            raise FormulaInCell(place=place)
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(held["is"]) if "is" in held else ""
        said = (held["v"].text or "") if "v" in held else ""
        if not said:
            return ""
        read = self._readers.get(kind)
        if read is None:
            raise WorkbookBroken(part=f"cell {place}")
        return read(self, cell, said, column, place)

    def _of_shared(self, cell: Element, said: str, column: int, place: str) -> str:
        if not said.isdecimal() or int(said) >= len(self._shared):
            raise WorkbookBroken(part=f"cell {place}")
        return self._shared[int(said)]

    def _of_number(self, cell: Element, said: str, column: int, place: str) -> str:
        style = cell.get("s", "0")
        shown = self._formats.get(int(style)) if style.isdecimal() else None
        if shown is None:
            return serials.number(said, place)
        self._may_be_dated(column, place)
        return serials.day(said, self._start, shown, self._dates, place)

    def _of_error(self, cell: Element, said: str, column: int, place: str) -> str:
        raise ErrorInCell(place=place, text=said[:20])

    def _of_iso(self, cell: Element, said: str, column: int, place: str) -> str:
        self._may_be_dated(column, place)
        return said

    def _may_be_dated(self, column: int, place: str) -> None:
        if self._wanted is not None and not self._wanted.get(column):
            raise DateInCell(place=place)

    _readers: Final[dict[str, Callable[[Sheet, Element, str, int, str], str]]] = {
        "s": _of_shared,
        "n": _of_number,
        "e": _of_error,
        "d": _of_iso,
        "b": lambda _, _cell, said, _column, _place: "true" if said == "1" else "false",
        "str": lambda _, _cell, said, _column, _place: _unescaped(said),
    }


def _part(related: dict[str, tuple[str, str]], wanted: str) -> str:
    return next((part for kind, part in related.values() if kind == wanted), "")


def _text(holder: Element) -> str:
    """Join the runs of a text, without the reading aids of East Asian ones."""
    runs = [one for one in holder if local(one.tag) in ("t", "r")]
    found = [run.text or "" if local(run.tag) == "t" else _text(run) for run in runs]
    return _unescaped("".join(found)) if local(holder.tag) != "r" else "".join(found)


def _unescaped(said: str) -> str:
    def meant(found: re.Match[str]) -> str:
        point = int(found[1], 16)
        return found[0] if point in _SURROGATES else chr(point)

    return _ESCAPED.sub(meant, said) if "_x" in said else said


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(65 + last) + letters
    return letters
