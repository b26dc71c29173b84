"""A Q-DAS description (.dfd) and its values (.dfx) in one ZIP, taken for hostile: read as the .dfq they make together.

The AQDEF transfer format knows both ways; in a pair the two files have one name (ADR 29).
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from core.imports.errors import DocumentBroken, DocumentTooLarge

_ZIP: Final = b"PK\x03\x04"
_FORM: Final = "Q-DAS .dfd + .dfx"
_ENDS: Final = (".dfd", ".dfx")
_LOOKED_AT: Final = 1000
_WAYS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_SHOWN: Final = 40
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)


def is_pair(file: Path) -> bool:
    """Whether it is a ZIP that holds a description or values, complete or not."""
    with file.open("rb") as opened:
        if opened.read(len(_ZIP)) != _ZIP:
            return False
    try:
        with zipfile.ZipFile(file) as packed:
            return any(_end(one) in _ENDS for one in packed.namelist()[:_LOOKED_AT])
    except _BROKEN:
        return False


def joined(file: Path, most: int) -> bytes:
    """Answer the description followed by the values.

    Raises:
        DocumentBroken: not exactly one of each, of one name and readable; says which is the matter.
        DocumentTooLarge: unpacked they are more bytes than ``most``, whatever the ZIP says of itself.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            members = sorted(packed.infolist(), key=lambda one: _end(one.filename))
            _must_pair(members)
            parts: list[bytes] = []
            for one in members:
                with packed.open(one) as opened:
                    parts.append(opened.read(most + 1))
                if sum(map(len, parts)) > most:
                    raise DocumentTooLarge(most=most >> 20)
    except _BROKEN:
        raise DocumentBroken(form=_FORM, place="ZIP") from None
    return parts[0].rstrip(b"\r\n\x1a") + b"\n" + parts[1].removeprefix(b"\xef\xbb\xbf")


def _must_pair(members: list[zipfile.ZipInfo]) -> None:
    names = [PurePosixPath(one.filename) for one in members]
    said = ", ".join(str(one)[:_SHOWN] for one in names[:3])
    if tuple(_end(one.filename) for one in members) != _ENDS or len({one.stem.lower() for one in names}) != 1:
        raise DocumentBroken(form=_FORM, place=said)
    if any(one.flag_bits & _ENCRYPTED or one.compress_type not in _WAYS for one in members):
        raise DocumentBroken(form=_FORM, place="ZIP")


def _end(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
