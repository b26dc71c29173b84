"""A Q-DAS description and its values come in as a ZIP of both; wrong pairs and bombs are refused and change nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from core import imports
from core.imports.documents import LARGEST
from core.imports.errors import DocumentBroken, DocumentTooLarge
from core.imports.models import ImportRun
from core.inspections import Form as Kind
from core.inspections.models import TestReport
from core.kit import system
from tests.core.imports.test_measuring_files import DFQ, VALUES
from tests.plants import Plant, small_plant

LINES = VALUES.format(length="35,1")


@pytest.fixture
async def plant(database: object) -> Plant:
    """A plant with the lots of the measuring files."""
    return await small_plant()


def packed(folder: Path, members: list[tuple[str, str]]) -> Path:
    """Pack members."""
    file = folder / "pair.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as into:
        for name, text in members:
            into.writestr(name, text)
    return file


@pytest.mark.parametrize("turned", [False, True])
async def test_a_packed_pair_is_read_as_one_file(plant: Plant, tmp_path: Path, *, turned: bool) -> None:
    """Whichever stands first in the ZIP, and though names differ in case: the same report as of a .dfq."""
    members = [("M/R.DFD", DFQ), ("M/r.dfx", LINES)]
    done = await imports.import_file(system(plant.id), packed(tmp_path, members[::-1] if turned else members))
    (one,) = done.reports
    assert (one.form, one.number, one.lot_number) == (Kind.QDAS, "PP-7 SCREW-35", "CT-001")


@pytest.mark.parametrize(
    "members",
    [
        [("r.dfd", DFQ)],
        [("r.dfx", LINES)],
        [("r.dfd", DFQ), ("other.dfx", LINES)],
        [("r.dfd", DFQ), ("r.dfx", LINES), ("r.exe", "MZ")],
        [("r.dfd", DFQ), ("a/r.dfd", DFQ)],
    ],
)
async def test_a_wrong_pair_is_refused(plant: Plant, tmp_path: Path, members: list[tuple[str, str]]) -> None:
    """One alone, of two names, with a third beside, or two descriptions: nothing is kept."""
    with pytest.raises(DocumentBroken):
        await imports.import_file(system(plant.id), packed(tmp_path, members))
    assert not await TestReport.exists()
    assert not await ImportRun.exists()


async def test_a_bomb_and_a_broken_zip_are_refused(plant: Plant, tmp_path: Path) -> None:
    """Sixteen megabytes of one letter, and bytes changed inside: refused before they are read as fields."""
    with pytest.raises(DocumentTooLarge):
        await imports.import_file(
            system(plant.id), packed(tmp_path, [("r.dfd", DFQ), ("r.dfx", "1" * LARGEST)])
        )
    file = packed(tmp_path, [("r.dfd", DFQ), ("r.dfx", LINES)])
    data = bytearray(file.read_bytes())
    data[60] ^= 0xFF
    file.write_bytes(data)
    with pytest.raises(DocumentBroken):
        await imports.import_file(system(plant.id), file)
    assert not await TestReport.exists()
