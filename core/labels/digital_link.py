"""GS1 Digital Link: a label inside a web address. Uncompressed only; the address itself is never opened."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from biip import ParseError
from biip.gs1_digital_link_uris import GS1DigitalLinkURI

from core.labels.errors import CompressedLink, FieldTwice, LinkBroken, NotALabel
from core.labels.gs1 import Elements

_ADDRESS = re.compile(r"(?i)https?://")
_KEYED = re.compile(r"(?:^|/)(?:00|01|253|255|401|402|414|415|417|8003|8004|8006|8010|8013|8017|8018)/")
_SQUEEZED = re.compile(r"/[A-Za-z0-9_-]{10,}$")
"""What a compressed link ends with: one long run of base64url (GS1 Digital Link: Compression)."""
_IN_QUERY = re.compile(r"\d{2,4}")
_HOST: Final = "id.gs1.org"


def is_address(text: str) -> bool:
    """Whether a text is a web address."""
    return _ADDRESS.match(text) is not None


def read(text: str) -> Elements:
    """Answer the elements of a link.

    Raises:
        CompressedLink, LinkBroken, NotALabel, FieldTwice: why it has none.
    """
    try:
        address = urlsplit(text)
        said = parse_qsl(address.query)
    except ValueError as broken:
        raise LinkBroken from broken
    if _KEYED.search(address.path) is None:
        if _SQUEEZED.search(address.path) and (address.hostname or "").endswith(_HOST):
            raise CompressedLink
        raise NotALabel(value=text[:40])
    try:
        found = GS1DigitalLinkURI.parse(text)
    except ParseError as broken:
        raise LinkBroken from broken
    elements = tuple((one.ai.ai, one.value) for one in found.element_strings)
    known = dict(elements)
    for field, value in said:
        if _IN_QUERY.fullmatch(field) and known.get(field, value) != value:
            raise FieldTwice(field=f"({field})", one=known[field][:40], other=value[:40])
    return elements
