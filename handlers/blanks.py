"""Templates to fill in, made from the one definition of their fields: CSV, workbook and JSON Schema, both languages."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from core import imports
from core.imports import COLUMNS, INSTANTS, Column, Subject
from handlers import text
from handlers.text import mark

FORMS: Final = ("xlsx", "csv", "json")
_ROWS: Final = 5000
"""Rows that show and check what may be typed."""
_NEW: Final = (1980, 1, 1, 0, 0, 0)
_PLAIN, _HEAD, _DAY, _NEEDED = 1, 2, 3, 4
NOTES: Final = mark("Notes")
_ABOUT: Final = (mark("Column"), mark("Required"), mark("What to write"))
_TITLE: Final = mark(
    "{subject}, template version {version}. Keep the names of the columns; columns that are not needed may stay empty."
)
_YES_NEEDED: Final = mark("required")
_A_NUMBER: Final = mark("A number above zero with at most six decimals")
_A_DAY: Final = mark("A day or time, such as 2026-11-23 or 2026-11-23 08:30")
_MEASURED: Final = mark("A measured value such as 22.5 or -18; limits stand in the first row")
_HINTS: Final = {
    "zone": mark("Such as +08:00 or Asia/Shanghai; empty only where each time has its offset"),
    "interval": mark("Minutes between two samples, in the first row; empty: the most usual step"),
}
_A_CHOICE: Final = mark("One of: {choices}")
_A_TEXT: Final = mark("A text of at most {n} characters")


def name(subject: Subject, form: str, locale: str) -> str:
    """Answer the name of a template's file."""
    return f"bihuan-{subject.value}-v{imports.TEMPLATE_VERSION}-{locale}.{form}"


def made(subject: Subject, form: str, locale: str) -> bytes:
    """Make a template; the same every time."""
    if form == "json":
        return json.dumps(imports.schema(subject, locale), ensure_ascii=False, indent=2).encode() + b"\n"
    if form == "csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerow(imports.heads(subject, locale))
        return out.getvalue().encode("utf-8-sig")
    return _workbook(subject, locale)


def notes(subject: Subject, locale: str) -> list[tuple[str, str, str]]:
    """Answer for each column its head, whether it is required, and what to write in it."""
    _ = text.translator(locale)
    return [
        (head, _(_YES_NEEDED) if one.required else "", _what(one, locale))
        for one, head in zip(COLUMNS[subject], imports.heads(subject, locale), strict=True)
    ]


def _what(column: Column, locale: str) -> str:
    _ = text.translator(locale)
    choices = imports.choices(column.name, locale)
    if choices:
        return _(_A_CHOICE).format(choices=" / ".join(choices))
    if column.name in imports.MEASURED:
        return _(_MEASURED)
    if column.name in _HINTS:
        return _(_HINTS[column.name])
    if column.name in INSTANTS:
        return _(_A_DAY)
    return _(_A_TEXT).format(n=column.longest) if column.longest else _(_A_NUMBER)


def _workbook(subject: Subject, locale: str) -> bytes:
    _ = text.translator(locale)
    title = _(subject.says)
    said = _(_TITLE).format(subject=title, version=imports.TEMPLATE_VERSION)
    about = [(said,), tuple(_(one) for one in _ABOUT), *notes(subject, locale)]
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": _BOOK.format(first=quoteattr(title[:31]), second=quoteattr(_(NOTES)[:31])),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"),
            ("worksheet", "worksheets/sheet2.xml"),
            ("styles", "styles.xml"),
        ),
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": _entry(COLUMNS[subject], imports.heads(subject, locale), locale),
        "xl/worksheets/sheet2.xml": _SHEET.format(
            view='<sheetView workbookViewId="0"/>',
            columns='<col min="1" max="2" width="18" customWidth="1"/><col min="3" max="3" width="60" customWidth="1"/>',
            rows="".join(
                _row(at, row, [_HEAD if at in (1, 2) else _PLAIN] * len(row))
                for at, row in enumerate(about, 1)
            ),
            checks="",
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, content in parts.items():
            entry = zipfile.ZipInfo(part, _NEW)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content.encode())
    return out.getvalue()


def _entry(columns: Sequence[Column], heads: Sequence[str], locale: str) -> str:
    """The sheet that is filled in: texts stay texts, choices are offered, days are days."""
    widths, checks = [], []
    for place, one in enumerate(columns, 1):
        style = _DAY if one.name in INSTANTS else _PLAIN if one.longest else 0
        widths.append(f'<col min="{place}" max="{place}" width="18" style="{style}" customWidth="1"/>')
        where = f"{chr(64 + place)}2:{chr(64 + place)}{_ROWS}"
        choices = imports.choices(one.name, locale)
        if choices:
            listed = escape(",".join(choices))
            checks.append(
                f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{where}">'
                f'<formula1>"{listed}"</formula1></dataValidation>'
            )
        elif one.longest:
            checks.append(
                '<dataValidation type="textLength" operator="lessThanOrEqual" allowBlank="1" showErrorMessage="1" '
                f'sqref="{where}"><formula1>{one.longest}</formula1></dataValidation>'
            )
    styles = [_NEEDED if one.required else _HEAD for one in columns]
    return _SHEET.format(
        view='<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView>",
        columns="".join(widths),
        rows=_row(1, heads, styles),
        checks=f'<dataValidations count="{len(checks)}">{"".join(checks)}</dataValidations>'
        if checks
        else "",
    )


def _row(number: int, cells: Sequence[str], styles: Sequence[int]) -> str:
    written = "".join(
        f'<c r="{chr(64 + place)}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        for place, (cell, style) in enumerate(zip(cells, styles, strict=True), 1)
    )
    return f'<row r="{number}">{written}</row>'


def _relations(*found: tuple[str, str]) -> str:
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="rId{place}" Type="{kinds}/{kind}" Target="{target}"/>'
            for place, (kind, target) in enumerate(found, 1)
        )
        + "</Relationships>"
    )


_DECLARED: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES: Final = (
    _DECLARED + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_OFFICE}.styles+xml"/></Types>'
)
_BOOK: Final = (
    _DECLARED + f'<workbook xmlns="{_MAIN}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name={first} sheetId="1" r:id="rId1"/><sheet name={second} sheetId="2" r:id="rId2"/></sheets></workbook>'
)
_SHEET: Final = (
    _DECLARED + f'<worksheet xmlns="{_MAIN}"><sheetViews>{{view}}</sheetViews><cols>{{columns}}</cols>'
    "<sheetData>{rows}</sheetData>{checks}</worksheet>"
)
_STYLES: Final = (
    _DECLARED + f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><color rgb="FFB00020"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
