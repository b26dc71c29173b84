"""Reading a CSV file of any size, or a sheet of a workbook, row by row: its text, its head, its cells."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import accumulate, islice
from pathlib import Path
from typing import Any, Final

from core.imports import templates
from core.imports.errors import (
    DateInCell,
    DayUnsure,
    ErrorInCell,
    FormulaInCell,
    MappingUnfit,
    NoRows,
    NotText,
    NumberUnsure,
    OldWorkbook,
    RowBroken,
)
from core.imports.terms import INSTANTS, Mapping, Profile, Subject
from core.imports.workbook import Sheet
from core.kit.refusal import Refusal

_BREAK: Final = re.compile(r"\r\n?|\n")
_BLOCK: Final = 1 << 20
_CELL: Final = 131_072
_SAMPLES: Final = 3
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_DELIMITERS: Final = (",", ";", "\t")
WORKBOOK: Final = "xlsx"
_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_OF_CELLS: Final = (DateInCell, DayUnsure, ErrorInCell, FormulaInCell, NumberUnsure)


def digest(file: Path) -> str:
    """SHA-256 of the file."""
    with file.open("rb") as opened:
        found = sha256()
        while block := opened.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def encoding(file: Path, said: str) -> str:
    """Answer in which of the two encodings the whole file is text; the said one, if said; or that it is a workbook.

    Raises:
        NotText: in none.
        OldWorkbook: it is a workbook that is not read.
    """
    with file.open("rb") as opened:
        begins = opened.read(len(_COMPOUND))
    if begins.startswith(_ZIP):
        return WORKBOOK
    if begins == _COMPOUND:
        raise OldWorkbook
    wanted = {"utf-8": ("utf-8-sig",), "gb18030": ("gb18030",)}.get(said, _ENCODINGS)
    for name in wanted:
        decoder = codecs.getincrementaldecoder(name)("strict")
        try:
            with file.open("rb") as opened:
                while block := opened.read(_BLOCK):
                    if "\x00" in decoder.decode(block):
                        raise NotText
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return name
    raise NotText


def by_template(file: Path) -> Mapping:
    """Answer how a file is read whose heads are those of a template, whatever parts its cells.

    Raises:
        HeadUnclear: they are of none.
        NoRows, NotText, OldWorkbook, WorkbookBroken, WorkbookTooLarge: the file.
    """
    found = encoding(file, "")
    head: list[str] = []
    for delimiter in _DELIMITERS if found != WORKBOOK else (",",):
        mapping = Mapping(subject=Subject.LOTS, columns={}, delimiter=delimiter)
        with Reader(file=file, mapping=mapping, encoding=found).opened() as lines:
            head = _head(lines)
        if len(head) > 1:
            break
    if not any(head):
        raise NoRows
    return replace(templates.mapping_of(head), delimiter=delimiter)


@dataclass(kw_only=True)
class Batch:
    """Rows of a file by column: the line each begins in, its cells by field, and rows that are none."""

    lines: list[int]
    cells: dict[str, list[str]]
    broken: list[tuple[int, Refusal]]


@dataclass(kw_only=True)
class Reader:
    """The rows of one file by the fields of a mapping, and what its columns hold."""

    file: Path
    mapping: Mapping
    encoding: str
    profiles: dict[str, Profile] = field(default_factory=dict)
    rows: int = 0

    def batches(self, most: int) -> Generator[Batch, None, None]:
        """Yield the rows, so many at a time.

        Raises:
            NoRows: the file has no head.
            MappingUnfit: the head lacks a column of the mapping, or has it twice.
            SheetUnknown, WorkbookBroken, WorkbookTooLarge: a workbook.
        """
        with self.opened() as lines:
            head = _head(lines)
            if not any(head):
                raise NoRows
            places = self._places(head)
            if isinstance(lines, Sheet):
                lines.narrow(len(head), {place: name in INSTANTS for name, place, _ in places})
            ended = False
            while not ended:
                batch = Batch(lines=[], cells={}, broken=[])
                whole: list[list[str]] = []
                ended = self._read(lines, len(head), most, batch, whole)
                self._columns(batch, whole, places)
                if whole or batch.broken:
                    yield batch

    @contextmanager
    def opened(self) -> Iterator[Any]:
        """Answer what yields rows and knows the line of the last one."""
        if self.encoding == WORKBOOK:
            with Sheet(self.file, self.mapping.sheet, self.mapping.dates) as sheet:
                yield sheet
            return
        csv.field_size_limit(_CELL)
        with self.file.open(encoding=self.encoding, newline="") as opened:
            yield csv.reader(opened, delimiter=self.mapping.delimiter, strict=True)

    def _read(self, lines: Any, wide: int, most: int, batch: Batch, whole: list[list[str]]) -> bool:
        """Read rows into a batch; answers whether the file ended."""
        if self.encoding == WORKBOOK:
            return self._read_sheet(lines, wide, most, batch, whole)
        begins, broken = lines.line_num + 1, False
        rows: list[list[str]] = []
        try:
            for row in islice(lines, most):
                rows.append(row)  # noqa: PERF402  those before a broken one are kept
        except csv.Error:
            broken = True
        starts = _starts(begins, rows, 0 if broken else lines.line_num)
        if all(map(any, rows)) and {*map(len, rows)} <= {wide}:
            batch.lines.extend(starts[: len(rows)])
            whole.extend(rows)
        else:
            for start, row in zip(starts, rows, strict=False):
                self._take(start, row, wide, batch, whole)
        if broken:
            self.rows += 1
            batch.broken.append((starts[-1], RowBroken(found=0, wanted=wide)))
        return broken or len(rows) < most

    def _read_sheet(self, lines: Any, wide: int, most: int, batch: Batch, whole: list[list[str]]) -> bool:
        for _ in range(most):
            begins = lines.line_num + 1
            try:
                row = next(lines)
            except StopIteration:
                return True
            except _OF_CELLS as why:
                self.rows += 1
                batch.broken.append((lines.line_num, why))
                continue
            self._take(lines.line_num if len(row) == wide else begins, row, wide, batch, whole)
        return False

    def _take(self, line: int, row: list[str], wide: int, batch: Batch, whole: list[list[str]]) -> None:
        if len(row) == wide:
            if any(row):
                batch.lines.append(line)
                whole.append(row)
        elif any(row):
            self.rows += 1
            batch.broken.append((line, RowBroken(found=len(row), wanted=wide)))

    def _columns(self, batch: Batch, whole: list[list[str]], places: list[tuple[str, int, Profile]]) -> None:
        if not whole:
            return
        self.rows += len(whole)
        by_place = list(zip(*whole, strict=True))
        for name, constant in self.mapping.constants.items():
            batch.cells[name] = [constant] * len(whole)
        for name, place, profile in places:
            cells = [one.strip() for one in by_place[place]]
            empty = cells.count("")
            profile.filled += len(cells) - empty
            profile.empty += empty
            profile.longest = max(profile.longest, *map(len, cells))
            if len(profile.samples) < _SAMPLES:
                fresh = [one[:40] for one in dict.fromkeys(cells[:50]) if one]
                profile.samples = list(dict.fromkeys([*profile.samples, *fresh]))[:_SAMPLES]
            meant = self.mapping.values.get(name)
            if meant:
                cells = [meant.get(one, one) for one in cells]
            constant = self.mapping.constants.get(name, "")
            batch.cells[name] = [one or constant for one in cells] if constant else cells

    def _places(self, head: list[str]) -> list[tuple[str, int, Profile]]:
        places: list[tuple[str, int, Profile]] = []
        for name, column in self.mapping.columns.items():
            if head.count(column) != 1:
                raise MappingUnfit(what=column, why="is not exactly one column of the file")
            profile = self.profiles[name] = Profile(head=column)
            places.append((name, head.index(column), profile))
        return places

    def head_of(self, name: str) -> str:
        """Answer the head of the column that stands for a field; the field's own name for a constant."""
        return self.mapping.columns.get(name, name)


def _starts(first: int, rows: list[list[str]], last: int) -> list[int]:
    """Answer the line in which each row begins, and that behind the last; cells may hold line breaks."""
    if last - first + 1 == len(rows):
        return list(range(first, first + len(rows) + 1))
    spans = (1 + sum(len(_BREAK.findall(cell)) for cell in row) for row in rows)
    return list(accumulate(spans, initial=first))


def _head(lines: Any) -> list[str]:
    try:
        return [one.strip() for one in next(lines, [])]
    except csv.Error:
        return []
