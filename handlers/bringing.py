"""A file from a page or a chat, tried or brought in; and its faults as a list that a spreadsheet opens."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from core import imports
from core.evidence import Darkroom, Received
from core.imports import Faulty, Mapping, Report
from core.inspections import ReportFacts
from core.kit import Actor
from handlers import csv_lists, text
from handlers.text import mark

ROWS_MAX: Final = 5_000
"""Larger files are brought in on the command line, beside the server."""
SHOWN: Final = 200
"""Faults that a page lists; the list of all is a file."""
OF_REPORT: Final = mark("{what} {number}, lot {lot}: {n} results, {verdict}.")
_NAMED: Final = 5
_HEADS: Final = (mark("Line"), mark("Column"), mark("What is wrong"))


async def brought(
    actor: Actor,
    content: bytes,
    name: str,
    *,
    dry: bool,
    lot: str = "",
    received: Received | None = None,
    darkroom: Darkroom | None = None,
    most: int = ROWS_MAX,
) -> tuple[Mapping, Report]:
    """Recognise a file by its content and try it, or bring it in; answers as what, and what it came to.

    ``lot`` is the lot that a certificate speaks of, where it has another number for it. A file that is itself
    evidence is kept: as it was ``received``, or sealed in the ``darkroom`` now. ``most`` rows are taken.

    Raises:
        Faulty: some rows cannot be taken; nothing was changed.
        Refusal: the file as a whole.
    """
    async with _recognised(content) as (file, mapping):
        if dry:
            return mapping, await imports.try_file(actor, file, mapping, name=name, most=most, lot=lot)
        if received is None and darkroom is not None:
            received = await _sealed(actor, content, name, mapping, darkroom)
        return mapping, await imports.import_file(
            actor, file, mapping, name=name, most=most, lot=lot, received=received
        )


async def sealed(actor: Actor, content: bytes, name: str, darkroom: Darkroom) -> Received | None:
    """Seal a file that is itself evidence, for a door whose transaction has not begun; None for any other.

    Raises:
        Refusal: the file as a whole.
    """
    async with _recognised(content) as (_file, mapping):
        return await _sealed(actor, content, name, mapping, darkroom)


async def _sealed(
    actor: Actor, content: bytes, name: str, mapping: Mapping, darkroom: Darkroom
) -> Received | None:
    if mapping.subject not in imports.EVIDENCE:
        return None
    return await darkroom.receive(actor, content, name=name, must_be_picture=False)


@asynccontextmanager
async def _recognised(content: bytes) -> AsyncIterator[tuple[Path, Mapping]]:
    with tempfile.TemporaryDirectory(prefix="bihuan-import-") as folder:
        file = Path(folder) / "file"
        await asyncio.to_thread(file.write_bytes, content)
        yield file, await asyncio.to_thread(imports.by_content, file)


def report_line(report: ReportFacts, locale: str) -> str:
    """Answer in a line what a certificate or measuring file says of a lot, by our judgement."""
    _ = text.translator(locale)
    out = ", ".join(one.name for one in report.out[:_NAMED])
    return _(OF_REPORT).format(
        what=_(report.form.says),
        number=report.number,
        lot=report.lot_number,
        n=len(report.findings),
        verdict=_(report.verdict.says) + (f" ({out})" if out else ""),
    )


def faults_file(faulty: Faulty, locale: str) -> bytes:
    """Write every fault that is known, in the reader's language; no cell of it computes."""
    _ = text.translator(locale)
    return csv_lists.written(
        [_(one) for one in _HEADS],
        [(str(one.line), one.column, text.said(one.why, locale)) for one in faulty.faults],
    )
