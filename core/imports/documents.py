"""Documents: files whose kind their content tells (JSON, XML, K-fields), read within bounds before any room sees them.

The table of kinds stands in ``kinds.py``: what a kind is called, by what its content is told, and who brings it in.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree as Xml
from defusedxml.common import DefusedXmlException

from core.imports import pairs
from core.imports.errors import DocumentBroken, DocumentTooDeep, DocumentTooLarge, KindUnknown, NotText
from core.imports.models import ImportRun
from core.imports.terms import Fault, Subject
from core.inspections import ReportFacts
from core.kit import Actor
from core.kit.refusal import Refusal

LARGEST: Final = 16 << 20
DEEPEST: Final = 64
MOST_PARTS: Final = 2_000_000
"""Values of a JSON document, elements of an XML one."""
_BLOCK: Final = 1 << 20
LONGEST_NUMBER: Final = 60
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_PAIRS: Final = re.compile(rb"[\x80-\xff]{2}")
_WESTERN: Final = frozenset("äöüÄÖÜßéèêëáàâãåæçíìîïñóòôõøúùûÉÈÀÁÂÇÅÆØÑ°±²³µ·×".encode("cp1252"))
_KFIELD: Final = re.compile(r"K[0-9]{4}(?:/[0-9]+)?[ \t]")
_UNKEPT: Final = re.compile(r"[\ud800-\udfff]|\\u0000")
_DECLARED: Final = re.compile(r"\A<\?xml[^>]{0,200}\?>")


class Form(StrEnum):
    """How a document is written."""

    JSON = "JSON"
    XML = "XML"
    KFIELDS = "K-fields"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A document that was read: ``tree`` is what JSON says (numbers are Decimals), the root element, or None."""

    form: Form
    text: str
    tree: Any = None

    @property
    def members(self) -> dict[str, Any]:
        """The members of a JSON object; none of anything else."""
        return self.tree if isinstance(self.tree, dict) else {}

    @property
    def root(self) -> str:
        """The name of an XML document's root as ``{namespace}name``; empty for anything else."""
        return self.tree.tag if isinstance(self.tree, Element) else ""


@dataclass(kw_only=True)
class Taken:
    """What came of a document: how many records, the digest over them, and what was wrong with it and where.

    A fault's ``line`` is 0 where lines say nothing; its ``column`` is the path (``$.epcisBody.eventList[3].action``).
    """

    written: int = 0
    rows_digest: str = ""
    reports: list[ReportFacts] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Bringer(Protocol):
    """Writes a document in the running unit of work; all of it, or says in ``faults`` why not."""

    def __call__(self, actor: Actor, opened: Opened, run: ImportRun) -> Awaitable[Taken]:
        """Bring it in.

        Raises:
            Refusal: the document as a whole.
        """


class Kind(NamedTuple):
    """A kind of document: its name as people know it, its subject, by what it is told, who brings it in."""

    name: str
    subject: Subject
    fits: Callable[[Opened], bool]
    bring: Bringer


def form_of(file: Path) -> Form | None:
    """Answer how a file is written by its first characters; None for tables and everything else."""
    with file.open("rb") as opened:
        begins = opened.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    if begins[:1] in (b"{", b"["):
        return Form.JSON
    if begins[:1] == b"<":
        return Form.XML
    described = _KFIELD.match(begins[:12].decode("ascii", "replace")) is not None
    return Form.KFIELDS if described or pairs.is_pair(file) else None


def must_form(file: Path) -> Form:
    """Answer how a document is written.

    Raises:
        NotText: it is no document.
    """
    found = form_of(file)
    if found is None:
        raise NotText
    return found


def opened(file: Path, form: Form) -> Opened:
    """Read a document.

    Raises:
        DocumentTooLarge, DocumentTooDeep: it is more than is read at once.
        DocumentBroken: it is not what it begins as.
        NotText: it is neither UTF-8 nor GB18030.
    """
    if file.stat().st_size > LARGEST:
        raise DocumentTooLarge(most=LARGEST >> 20)
    data = pairs.joined(file, LARGEST) if pairs.is_pair(file) else file.read_bytes()
    text = _text(data, ("cp1252", *_ENCODINGS) if form is Form.KFIELDS and _western(data) else _ENCODINGS)
    if form is Form.JSON:
        return Opened(form=form, text=text, tree=_json(text))
    if form is Form.XML:
        return Opened(form=form, text=text, tree=_xml(text))
    return Opened(form=form, text=text)


def kind_of(found: Opened, kinds: tuple[Kind, ...]) -> Kind:
    """Answer the one kind that a document is of.

    Raises:
        KindUnknown: it is of none, or of several; says which are taken.
    """
    fitting = [one for one in kinds if one.fits(found)]
    if len(fitting) != 1:
        raise KindUnknown(form=found.form.value, kinds=", ".join(one.name for one in kinds))
    return fitting[0]


def _western(data: bytes) -> bool:
    """Whether bytes beyond ASCII stand alone and are letters or signs of Western Europe: Chinese ones come in pairs."""
    if data.startswith(b"\xef\xbb\xbf") or _PAIRS.search(data):
        return False
    return all(one in _WESTERN for one in data if one > 127)  # noqa: PLR2004  beyond ASCII


def _text(data: bytes, encodings: tuple[str, ...]) -> str:
    for name in encodings:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise NotText


def _json(text: str) -> Any:
    """Read JSON (RFC 8259): numbers exact, each member once, nothing that is no JSON.

    Raises:
        DocumentBroken, DocumentTooDeep, DocumentTooLarge: why not.
    """
    if text.count(",") + text.count("[") + text.count("{") > MOST_PARTS:
        raise DocumentTooLarge(most=LARGEST >> 20)
    try:
        tree = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_members,
        )
    except RecursionError:
        raise DocumentTooDeep(most=DEEPEST) from None
    except json.JSONDecodeError as why:
        raise DocumentBroken(form="JSON", place=f"{why.lineno}:{why.colno}") from None
    _not_too_deep(tree)
    if "\\u" in text:
        _kept_by_a_database(tree)
    return tree


def _number(said: str) -> Decimal:
    try:
        found = Decimal(said) if len(said) <= LONGEST_NUMBER else None
    except InvalidOperation:  # an exponent beyond what Decimal can hold at all
        found = None
    if found is None or abs(found.adjusted()) > LONGEST_NUMBER:
        raise DocumentBroken(form="JSON", place=said[:20])
    return found


def _no_number(said: str) -> Decimal:
    raise DocumentBroken(form="JSON", place=said)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise DocumentBroken(form="JSON", place=f"“{twice[:40]}”")
    return found


class _Blocks(io.BytesIO):
    """A text in large blocks: a parser that waits for the end of a tag reads it anew with every block."""

    def read(self, _least: int | None = -1, /) -> bytes:
        """Answer the next block."""
        return super().read(_BLOCK)


def _xml(text: str) -> Element:
    """Read XML without document types, entities or anything from outside.

    Raises:
        DocumentBroken, DocumentTooDeep, DocumentTooLarge: why not.
    """
    source = _Blocks(_DECLARED.sub("", text.lstrip(), count=1).encode())
    root: Element | None = None
    depth = count = 0
    try:
        for event, element in Xml.iterparse(
            source, ("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True
        ):
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth, count = depth + 1, count + 1
            if depth > DEEPEST:
                raise DocumentTooDeep(most=DEEPEST)
            if count > MOST_PARTS:
                raise DocumentTooLarge(most=LARGEST >> 20)
    except ParseError as why:
        line, column = why.position
        raise DocumentBroken(form="XML", place=f"{line}:{column + 1}") from None
    except DefusedXmlException:
        raise DocumentBroken(form="XML", place="<!DOCTYPE>") from None
    if root is None:
        raise DocumentBroken(form="XML", place="–")
    return root


def _kept_by_a_database(tree: Any) -> None:
    """Refuse texts that no database keeps: halves of surrogate pairs (RFC 8259, 8.2) and NUL, written as escapes."""
    said = json.dumps(tree, ensure_ascii=False, default=str)
    found = _UNKEPT.search(said)
    if found is not None:
        place = said[max(0, found.start() - 15) : found.end()]
        raise DocumentBroken(form="JSON", place=place.encode("utf-8", "backslashreplace").decode())


def _not_too_deep(tree: Any) -> None:
    level, depth = [tree], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise DocumentTooDeep(most=DEEPEST)
        level = [
            below
            for one in level
            for below in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]


def refused(where: str, why: Refusal, line: int = 0) -> Fault:
    """Answer a fault at a path of a document, or in a line of it."""
    return Fault(line=line, column=where, why=why)
