"""Templates: one definition makes every form in both languages, and a filled one comes in as it is."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from core import imports
from core.imports import COLUMNS, Subject
from core.lots import LotStatus
from core.people import PARTNERS
from handlers import blanks
from handlers.cli.importing import blank

EVERY = [(subject, locale) for subject in COLUMNS for locale in ("zh_CN", "en")]


@pytest.mark.parametrize(("subject", "locale"), EVERY)
def test_every_form_has_the_same_columns_and_is_known_again(
    subject: Subject, locale: str, tmp_path: Path
) -> None:
    """Read by openpyxl as people's programs read it; required columns are red; texts stay texts, days are days."""
    heads = imports.heads(subject, locale)
    book = openpyxl.load_workbook(io.BytesIO(blanks.made(subject, "xlsx", locale)))
    sheet, notes = book.worksheets
    assert [one.value for one in sheet[1]] == heads
    assert sheet.freeze_panes == "A2"
    assert [one.font.color is not None and one.font.color.rgb == "FFB00020" for one in sheet[1]] == [
        one.required for one in COLUMNS[subject]
    ]
    assert [row[0].value for row in notes.iter_rows(min_row=3)] == heads
    assert all(row[2].value for row in notes.iter_rows(min_row=3))
    listed = {
        str(one.sqref)[0]: one.formula1.strip('"').split(",") for one in sheet.data_validations.dataValidation if one.type == "list"
    }  # fmt: skip
    for place, one in enumerate(COLUMNS[subject]):
        letter = chr(65 + place)
        assert listed.get(letter, []) == imports.choices(one.name, locale)
        shown = sheet.column_dimensions[letter].number_format
        assert shown == (
            "yyyy\\-mm\\-dd\\ hh:mm" if one.name in imports.INSTANTS else "@" if one.longest else "General"
        )
    (head,) = csv.reader(io.StringIO(blanks.made(subject, "csv", locale).decode("utf-8-sig")))
    said = json.loads(blanks.made(subject, "json", locale))
    assert (head, list(said["properties"])) == (heads, heads)
    assert said["required"] == [
        name for name, one in zip(heads, COLUMNS[subject], strict=True) if one.required
    ]
    for form in ("xlsx", "csv"):
        file = tmp_path / blanks.name(subject, form, locale)
        file.write_bytes(blanks.made(subject, form, locale))
        assert imports.by_content(file).subject is subject
        assert blanks.made(subject, form, locale) == file.read_bytes(), "the same every time"
    semicolons = tmp_path / "semicolons.csv"
    semicolons.write_bytes(";".join(heads).encode("gb18030"))
    assert (imports.by_content(semicolons).subject, imports.by_content(semicolons).delimiter) == (
        subject,
        ";",
    )


def test_the_choices_are_all_that_an_import_takes() -> None:
    """Every kind of partner, every state that is brought in; not the plant itself, no hold without its case."""
    assert len(imports.choices("kind", "en")) == len(PARTNERS)
    assert len(imports.choices("status", "en")) == len(
        set(LotStatus) - {LotStatus.ON_HOLD, LotStatus.WITHDRAWN}
    )


class Here:
    """Stands for the assembly."""

    locale = "zh_CN"


def test_the_command_writes_a_template_and_never_over_a_file(tmp_path: Path) -> None:
    """The ending of the name says the form, the installation the language."""
    out = tmp_path / "批次.XLSX"
    done = CliRunner().invoke(blank, ["lots", "--out", str(out)], obj=Here())
    assert (done.exit_code, out.read_bytes()) == (0, blanks.made(Subject.LOTS, "xlsx", "zh_CN"))
    again = CliRunner().invoke(blank, ["lots", "--out", str(out), "--lang", "en"], obj=Here())
    assert (again.exit_code, out.read_bytes()) == (1, blanks.made(Subject.LOTS, "xlsx", "zh_CN"))
    for wrong in (["lots", "--out", str(tmp_path / "a.doc")], ["strange", "--out", str(tmp_path / "a.csv")]):
        assert CliRunner().invoke(blank, wrong, obj=Here()).exit_code == 2
