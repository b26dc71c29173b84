"""The XML inside callbacks, and reading of what the app answers to one."""

from __future__ import annotations

from typing import Any

import defusedxml.ElementTree as SafeTree

Fields = dict[str, Any]
"""Element name to text, number, further fields, or a list of such under the same name."""


def rendered(fields: Fields) -> str:
    """The document: texts as CDATA, numbers plain, as the real server writes them."""
    return f"<xml>{_inside(fields)}</xml>"


def _inside(fields: Fields) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{_inside(value)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    safe = str(value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"


def read(document: str) -> Fields:
    """The elements of a document by name; those with children as fields."""
    root = SafeTree.fromstring(document)
    return _read(root)


def _read(element: Any) -> Fields:
    found: Fields = {}
    for child in element:
        value = _read(child) if len(child) else (child.text or "")
        if child.tag in found:
            before = found[child.tag]
            found[child.tag] = [*(before if isinstance(before, list) else [before]), value]
        else:
            found[child.tag] = value
    return found
