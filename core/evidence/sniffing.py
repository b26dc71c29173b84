"""What a file is, told by its content alone: names and declared types are never believed."""

from __future__ import annotations

import io
import re
import zipfile

from core.evidence.terms import MediaKind

_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}
_KFIELD = re.compile(rb"(?:\xef\xbb\xbf)?K0[01][0-9]{2}(?:/[0-9]+)?[ \t]")
"""Q-DAS ASCII transfer: its values are parted by control characters, its letters are of the maker's code page."""
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


def _container(data: bytes) -> MediaKind | None:
    """Tell HEIC from AVIF by the brands of the leading ``ftyp`` box (ISO/IEC 14496-12 §4.3)."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, length, 4))]
    if any(brand in _AVIF for brand in brands):
        return MediaKind.AVIF
    if any(brand in _HEIC for brand in brands):
        return MediaKind.HEIC
    return None


def _packed(data: bytes) -> MediaKind | None:
    """Tell an Excel workbook and a Q-DAS pair from other zip archives; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return None
    if sorted(one[-4:].lower() for one in names) == [".dfd", ".dfx"]:
        return MediaKind.QDAS_PAIR
    return MediaKind.XLSX if "[Content_Types].xml" in names and "xl/workbook.xml" in names else None


def _is_text(data: bytes) -> bool:
    """Answer whether all of it is text: UTF-8, UTF-16 with its mark, or GB 18030 as Chinese Excel writes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif data.translate(None, _CONTROLS) != data:
        return False
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "\x00" not in text
    return False


def sniff(data: bytes) -> MediaKind | None:
    """Answer the kind of a file by its content, or None when it is none that is kept."""
    found: MediaKind | None = None
    if data.startswith(b"\xff\xd8\xff"):
        found = MediaKind.JPEG
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = MediaKind.PNG
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        found = MediaKind.WEBP
    elif data.startswith((b"GIF87a", b"GIF89a")):
        found = MediaKind.GIF
    elif data[4:8] == b"ftyp":
        found = _container(data)
    elif data.startswith(b"%PDF-"):
        found = MediaKind.PDF
    elif data.startswith(b"PK\x03\x04"):
        found = _packed(data)
    elif _KFIELD.match(data) and b"\x00" not in data:
        found = MediaKind.QDAS
    elif _is_text(data):
        found = MediaKind.TEXT
    return found
