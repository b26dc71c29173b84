"""The parts of a workbook file: a zip of XML, taken for hostile. Nothing is unpacked to disk, nothing outside is opened.

Parts are read as streams with a bound on their size, their depth and their elements; declared document types, encrypted
members and unusual compression are refused (ADR 26).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree as Xml
from defusedxml.common import DefusedXmlException

from core.imports.errors import WorkbookBroken, WorkbookTooLarge

_PACKED: Final = 32 << 20
_UNPACKED: Final = 192 << 20
"""Of all members together; a hundred thousand rows of twelve columns take about half of it."""
_MEMBERS: Final = 1000
_DEEPEST: Final = 24
_ELEMENTS: Final = 8_000_000
_WITHIN: Final = 20_000
"""Elements inside one row, text or style."""
_BLOCK: Final = 2 << 20
_GAP: Final = 1 << 20
_WIDE: Final = re.compile(rb"[^<]{%d}" % _GAP)
_WAYS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class Package:
    """An opened workbook file; close it."""

    def __init__(self, file: Path) -> None:
        """Open a file and look at its table of contents.

        Raises:
            WorkbookBroken: it is no zip, or one that a spreadsheet program does not write.
            WorkbookTooLarge: it is larger than what is read.
        """
        if file.stat().st_size > _PACKED:
            raise WorkbookTooLarge
        self._file = file.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
        except (*_BROKEN, ValueError):
            self._file.close()
            raise WorkbookBroken(part="zip") from None
        members = self._zip.infolist()
        self._names = {one.filename: one for one in members}
        unusual = any(
            one.flag_bits & _ENCRYPTED or one.compress_type not in _WAYS or one.file_size < 0
            for one in members
        )
        if unusual or len(self._names) != len(members):
            self.close()
            raise WorkbookBroken(part="zip")
        if len(members) > _MEMBERS or sum(one.file_size for one in members) > _UNPACKED:
            self.close()
            raise WorkbookTooLarge

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def __contains__(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self._names

    def elements(self, part: str, *, level: int) -> Iterator[tuple[str, Element]]:
        """Yield name (without namespace) and element of every element of a part that stands at a level, root 1.

        Each is complete with all it holds, and is forgotten when the next is asked for.

        Raises:
            WorkbookBroken: the part is missing or is no sound XML.
            WorkbookTooLarge: it holds too much.
        """
        try:
            with self._zip.open(self._names[part]) as opened:
                yield from _elements(opened, level)
        except KeyError:
            raise WorkbookBroken(part=part[:60]) from None
        except (ParseError, DefusedXmlException, ValueError, LookupError, *_BROKEN):
            raise WorkbookBroken(part=part[:60]) from None

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Answer what a part refers to inside the file: kind and part, by the name of the relation.

        Raises:
            WorkbookBroken, WorkbookTooLarge: as above.
        """
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}
        for _, one in self.elements(f"{folder}/_rels/{name}.rels" if part else "_rels/.rels", level=2):
            if one.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/" + folder, one.get("Target", "")))
            kind = one.get("Type", "").rpartition("/")[2]
            found[one.get("Id", "")] = kind, target.lstrip("/")
        return found


def local(name: str) -> str:
    """Answer an element's or attribute's name without its namespace."""
    return name.rpartition("}")[2]


class _Blocks:
    """A stream of XML in large blocks: a parser that waits for the end of a tag reads it anew with every block.

    In blocks of 16 KB one tag of 190 MB, packed in 190 KB, would hold the process up for minutes.
    """

    def __init__(self, opened: IO[bytes]) -> None:
        """Begin before the first tag."""
        self._opened = opened
        self._since = 0

    def read(self, _least: int = 0) -> bytes:
        """Answer the next block.

        Raises:
            WorkbookTooLarge: more than a megabyte between two tags begins; a cell has 32,767 characters.
        """
        block = self._opened.read(_BLOCK)
        first, last = block.find(b"<"), block.rfind(b"<")
        gap = self._since + (len(block) if first < 0 else first)
        self._since = gap if last < 0 else len(block) - last
        if max(gap, self._since) > _GAP or _WIDE.search(block) or _left_open(block):
            raise WorkbookTooLarge
        return block


def _left_open(block: bytes) -> bool:
    """Whether a comment or an instruction, which are one token each, goes on beyond a whole block."""
    pairs = ((b"<!--", b"-->"), (b"<?", b"?>"))
    return len(block) == _BLOCK and any(block.rfind(one) > block.rfind(other) for one, other in pairs)


def _elements(opened: IO[bytes], level: int) -> Iterator[tuple[str, Element]]:
    above: list[Element] = []
    seen = within = 0
    events: Any = Xml.iterparse(_Blocks(opened), events=("start", "end"), forbid_dtd=True)
    for event, element in events:
        if event == "start":
            above.append(element)
            seen, within = seen + 1, within + 1
            if len(above) > _DEEPEST or seen > _ELEMENTS or within > _WITHIN:
                raise WorkbookTooLarge
            continue
        above.pop()
        if len(above) >= level or not above:
            continue
        if len(above) == level - 1:
            yield local(element.tag), element
        above[-1].remove(element)
        within = 0
