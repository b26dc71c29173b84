"""Reading a CSV file row by row, whatever its size: its text, its head, its cells."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from core.imports.errors import MappingUnfit, NoRows, NotText, RowBroken
from core.imports.terms import COLUMNS, Column, Mapping, Profile
from core.kit.refusal import Refusal

_BLOCK: Final = 1 << 20
_CELL: Final = 131_072
_SAMPLES: Final = 3
_ENCODINGS: Final = ("utf-8-sig", "gb18030")

Cells = dict[str, str]
"""A row's cells by field, as they stand in the file, constants included."""


def digest(file: Path) -> str:
    """SHA-256 of the file."""
    with file.open("rb") as opened:
        found = sha256()
        while block := opened.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def encoding(file: Path, said: str) -> str:
    """Answer in which of the two encodings the whole file is text; the said one, if one is said.

    Raises:
        NotText: in none.
    """
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


@dataclass(kw_only=True)
class Reader:
    """The rows of one file by the fields of a mapping, and what its columns hold."""

    file: Path
    mapping: Mapping
    encoding: str
    profiles: dict[str, Profile] = field(default_factory=dict)
    rows: int = 0

    def rows_of(self) -> Iterator[tuple[int, Cells | Refusal]]:
        """Yield every row with the number of its line, as cells by field or as what is wrong with it as a whole.

        Raises:
            NoRows: the file has no head.
            MappingUnfit: the head lacks a column of the mapping, or has it twice.
        """
        csv.field_size_limit(_CELL)
        with self.file.open(encoding=self.encoding, newline="") as opened:
            lines = csv.reader(opened, delimiter=self.mapping.delimiter, strict=True)
            head = [one.strip() for one in next(lines, [])]
            if not any(head):
                raise NoRows
            places = self._places(head)
            while True:
                begins = lines.line_num + 1
                try:
                    row = next(lines)
                except StopIteration:
                    return
                except csv.Error:
                    self.rows += 1
                    yield begins, RowBroken(found=0, wanted=len(head))
                    return
                if not any(row):
                    continue
                self.rows += 1
                if len(row) != len(head):
                    yield begins, RowBroken(found=len(row), wanted=len(head))
                    continue
                yield begins, self._cells(row, places)

    def _places(self, head: list[str]) -> list[tuple[str, int, Profile]]:
        places: list[tuple[str, int, Profile]] = []
        for name, column in self.mapping.columns.items():
            if head.count(column) != 1:
                raise MappingUnfit(what=column, why="is not exactly one column of the file")
            profile = self.profiles[name] = Profile(head=column)
            places.append((name, head.index(column), profile))
        return places

    def _cells(self, row: list[str], places: list[tuple[str, int, Profile]]) -> Cells:
        cells, values = dict(self.mapping.constants), self.mapping.values
        for name, place, profile in places:
            text = row[place].strip()
            if text:
                profile.filled += 1
                meant = values.get(name)
                cells[name] = text if meant is None else meant.get(text, text)
                profile.longest = max(profile.longest, len(text))
                if len(profile.samples) < _SAMPLES and text not in profile.samples:
                    profile.samples.append(text[:40])
            else:
                profile.empty += 1
        return cells

    def head_of(self, name: str) -> str:
        """Answer the head of the column that stands for a field; the field's own name for a constant."""
        return self.mapping.columns.get(name, name)


def columns(mapping: Mapping) -> tuple[Column, ...]:
    """Answer the fields of the mapping's subject."""
    return COLUMNS[mapping.subject]
