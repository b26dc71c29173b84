"""Setting a document: data and pictures in, PDF out. The same input gives the same bytes on every machine."""

from __future__ import annotations

import datetime as dt
import functools
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import manimgx_fonts_cjk
import segno
import typst

_SHEET = Path(__file__).with_name("sheet.typ")


@functools.cache
def _fonts() -> str:
    return str(Path(str(manimgx_fonts_cjk.__file__)).parent)


def set_pdf(
    document: Mapping[str, Any], pictures: Mapping[str, bytes], code: str, made_at: dt.datetime
) -> bytes:
    """Set a document as PDF/A-2 with its text, fonts and structure inside; blocks: call it in a thread.

    ``pictures`` are JPEG by the file name that the document uses; ``code`` becomes the square code of its end.
    """
    with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
        root = Path(folder)
        for name, data in pictures.items():
            (root / name).write_bytes(data)
        segno.make(code, error="m", micro=False).save(str(root / "checkpoint.svg"), border=0, dark="#17212b")
        (root / "data.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        (root / "sheet.typ").write_bytes(_SHEET.read_bytes())
        made: bytes = typst.compile(
            str(root / "sheet.typ"),
            root=str(root),
            font_paths=[_fonts()],
            ignore_system_fonts=True,
            pdf_standards=["a-2a"],
            timestamp=made_at.replace(microsecond=0),
        )
    return made
