"""Workbooks for tests: made by openpyxl as people's programs make them, or by hand as an attacker does."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

Rows = Sequence[Sequence[Any]]


def saved(folder: Path, rows: Rows, work: Callable[[Any], None] | None = None) -> Path:
    """A workbook with these rows in its first sheet; ``work`` may go on with the sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if work is not None:
        work(sheet)
    file = folder / "表.xlsx"
    book.save(file)
    return file


def changed(file: Path, parts: Mapping[str, str | bytes], drop: Iterable[str] = ()) -> Path:
    """The same workbook with some parts put in place of its own."""
    with zipfile.ZipFile(file) as packed:
        kept = {one: packed.read(one) for one in packed.namelist() if one not in drop}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (kept | dict(parts)).items():
            packed.writestr(name, content)
    file.write_bytes(out.getvalue())
    return file


SHEET = "xl/worksheets/sheet1.xml"


def sheet(rows: str) -> str:
    """The XML of a sheet with these rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
