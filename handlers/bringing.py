"""A file from a page or a chat, tried or brought in; and its faults as a list that a spreadsheet opens."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from core import imports
from core.imports import Faulty, Mapping, Report
from core.kit import Actor
from handlers import csv_lists, text
from handlers.text import mark

ROWS_MAX: Final = 5_000
"""Larger files are brought in on the command line, beside the server."""
SHOWN: Final = 200
"""Faults that a page lists; the list of all is a file."""
_HEADS: Final = (mark("Line"), mark("Column"), mark("What is wrong"))


async def brought(actor: Actor, content: bytes, name: str, *, dry: bool) -> tuple[Mapping, Report]:
    """Recognise a file by its heads and try it, or bring it in; answers as what, and what it came to.

    Raises:
        Faulty: some rows cannot be taken; nothing was changed.
        Refusal: the file as a whole.
    """
    with tempfile.TemporaryDirectory(prefix="bihuan-import-") as folder:
        file = Path(folder) / "file"
        await asyncio.to_thread(file.write_bytes, content)
        mapping = await asyncio.to_thread(imports.by_content, file)
        call = imports.try_file if dry else imports.import_file
        return mapping, await call(actor, file, mapping, name=name, most=ROWS_MAX)


def faults_file(faulty: Faulty, locale: str) -> bytes:
    """Write every fault that is known, in the reader's language; no cell of it computes."""
    _ = text.translator(locale)
    return csv_lists.written(
        [_(one) for one in _HEADS],
        [(str(one.line), one.column, text.said(one.why, locale)) for one in faulty.faults],
    )
