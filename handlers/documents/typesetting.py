"""Setting a document: data and pictures in, PDF out. The same input gives the same bytes on every machine."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import manimgx_fonts_cjk
import segno
import typst

_SHEET = Path(__file__).with_name("sheet.typ")
_BEYOND = re.compile("[\U0001f000-\U0001ffff\ue000-\uf8ff\U000e0000-\U0010ffff\ufff0-\uffff]")
"""Pictures, private and unassigned characters, which no font of ours has."""
_MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_PLAIN = "".join(map(chr, range(0x20, 0x7F)))
_ROUNDS = 40


@functools.cache
def _fonts() -> str:
    return str(Path(str(manimgx_fonts_cjk.__file__)).parent)


def set_pdf(
    document: Mapping[str, Any], pictures: Mapping[str, bytes], code: str, made_at: dt.datetime
) -> bytes:
    """Set a document as PDF/A-2 with its text, fonts and structure inside; blocks: call it in a thread.

    ``pictures`` are JPEG, or SVG, by the file name that the document uses; ``code`` becomes the square code of its end.
    """
    with tempfile.TemporaryDirectory(prefix="bihuan-") as folder:
        root = Path(folder)
        for name, data in pictures.items():
            (root / name).write_bytes(data)
        segno.make(code, error="m", micro=False).save(str(root / "checkpoint.svg"), border=0, dark="#17212b")
        (root / "sheet.typ").write_bytes(_SHEET.read_bytes())
        return _compiled(root, json.dumps(document, ensure_ascii=False), made_at)


def _compiled(root: Path, data: str, made_at: dt.datetime) -> bytes:
    """Compile; what the font cannot show is printed as its code, ``[U+1F600]``: the JSON holds it as typed."""
    data = _BEYOND.sub(lambda found: _code(found[0]), data)
    for _round in range(_ROUNDS):
        try:
            return _pdf(root, data, made_at, "a-2a")
        except typst.TypstError as fault:
            missing = _MISSING.search(str(fault))
            if missing is None:
                break
            for char in set(missing[1]) - set(_PLAIN):
                data = data.replace(char, _code(char))
    return _pdf(root, data, made_at, None)


def _code(char: str) -> str:
    return f"[U+{ord(char):04X}]"


def _pdf(root: Path, data: str, made_at: dt.datetime, standard: Literal["a-2a"] | None) -> bytes:
    (root / "data.json").write_text(data, encoding="utf-8")
    made: bytes = typst.compile(
        str(root / "sheet.typ"),
        root=str(root),
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        pdf_standards=standard,
        timestamp=made_at.replace(microsecond=0),
    )
    return made
