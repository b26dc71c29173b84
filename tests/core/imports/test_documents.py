"""Documents are told by their content, read within bounds, and refused in a sentence otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import imports
from core.imports import DocumentBroken, DocumentTooDeep, DocumentTooLarge, HeadUnclear, KindUnknown, NotText
from core.imports.documents import Form, Opened, form_of, opened
from core.kit.refusal import Refusal

_LOL = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'
_XXE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]><l>&a;</l>'
HOSTILE: dict[str, tuple[bytes, type[Refusal]]] = {
    "entities in entities": (_LOL.encode(), DocumentBroken),
    "a file from outside": (_XXE.encode(), DocumentBroken),
    "a document type from outside": (b'<!DOCTYPE l SYSTEM "http://127.0.0.1/x"><l/>', DocumentBroken),
    "deep lists": (b"[" * 100_000, DocumentTooDeep),
    "deep lists that end": (b"[" * 900 + b"]" * 900, DocumentTooDeep),
    "very deep lists that end": (b"[" * 100_000 + b"]" * 100_000, DocumentTooDeep),
    "deep elements": (b"<a>" * 100_000 + b"</a>" * 100_000, DocumentTooDeep),
    "too many values": (b"[" + b"1," * 2_000_000 + b"1]", DocumentTooLarge),
    "too many bytes": (b'{"a":"' + b"x" * (16 << 20) + b'"}', DocumentTooLarge),
    "not a number": (b'{"a": NaN}', DocumentBroken),
    "infinity": (b'{"a": -Infinity}', DocumentBroken),
    "a number without end": (b'{"a": ' + b"9" * 100 + b"}", DocumentBroken),
    "a number beyond all": (b'{"a": 1e999999999}', DocumentBroken),
    "a number beyond what can be written": (b'{"a": 1e99999999999999999999}', DocumentBroken),
    "a number too small to be written": (b'{"a": [-1e-99999999999999999999]}', DocumentBroken),
    "half a surrogate pair": (b'{"a": "x\\ud800"}', DocumentBroken),
    "half a pair in a name": (b'{"a": {"\\udc00": 1}}', DocumentBroken),
    "half a pair in a list of lists": (b'{"a": [["\\udfff"]]}', DocumentBroken),
    "NUL by its escape": (b'{"a": ["\\u0000"]}', DocumentBroken),
    "a member twice": (b'{"a": 1, "a": 2}', DocumentBroken),
    "half of it": (b'{"a": ', DocumentBroken),
    "half an element": (b"<a><b></a>", DocumentBroken),
    "NUL": (b'{"a": "\x00"}', NotText),
    "no text": (b'{"a": "\xff\xff\x80"}', NotText),
    "JSON of nobody": (b'{"a": 1}', KindUnknown),
    "a list": (b"[]", KindUnknown),
    "XML of nobody": (b"<a/>", KindUnknown),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_document_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    """Bombs, entities, figures that are none, bytes that are no text."""
    content, refusal = HOSTILE[name]
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(refusal):
        imports.by_content(file)


def test_a_table_is_still_told_by_its_heads(tmp_path: Path) -> None:
    """A file that is no document is one of a template, or refused as such."""
    file = tmp_path / "file.csv"
    file.write_text("批号,x\n1,2\n", encoding="gb18030")
    with pytest.raises(HeadUnclear):
        imports.by_content(file)


def test_a_document_is_read_exactly(tmp_path: Path) -> None:
    """Figures keep their digits; GB18030 and a byte order mark are understood; XML may say its own encoding."""
    file = tmp_path / "file"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        file.write_bytes('{"批": [0.10, 1e-7, 12345678901234567890]}'.encode(encoding))
        assert form_of(file) is Form.JSON
        found = opened(file, Form.JSON).members["批"]
        assert [str(one) for one in found] == ["0.10", "1E-7", "12345678901234567890"]
        file.write_bytes('<?xml version="1.0" encoding="GB18030"?>\n<批 名="甲"/>'.encode(encoding))
        assert form_of(file) is Form.XML
        read: Opened = opened(file, Form.XML)
        assert (read.root, read.tree.get("名")) == ("批", "甲")
