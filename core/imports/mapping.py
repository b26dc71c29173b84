"""Reading a mapping: YAML of the plain kind (names, texts, nested by indent), or JSON. Pure.

Anything beyond that (anchors, tags, lists, text over several lines) is refused with its line, never guessed at.
"""

from __future__ import annotations

import json
import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.imports.errors import MappingUnclear, MappingUnfit
from core.imports.terms import COLUMNS, Mapping, Subject

_QUOTED: Final = r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'"""
_LINE: Final = re.compile(
    rf"""(?P<key>{_QUOTED}|[^\s"'#:\[\]{{}}&*!|>%@`-][^:#]*?)\s*:(?:\s+(?P<value>.*))?"""
)
_ENCODINGS: Final = {"", "utf-8", "gb18030"}
_DELIMITERS: Final = {",", ";", "\t", "|"}
_DEEPEST: Final = 3
_KNOWN: Final = {"kind", "columns", "constants", "values", "zone", "dates", "encoding", "delimiter", "sheet"}
Tree = dict[str, "str | Tree"]


def read(text: str) -> Mapping:
    """Read a mapping.

    Raises:
        MappingUnclear: a line is not of the plain kind.
        MappingUnfit: it names what the subject does not have, or leaves out what it needs.
    """
    tree = _json(text) if text.lstrip().startswith("{") else _yaml(text)
    for name in tree:
        if name not in _KNOWN:
            raise MappingUnfit(what=name, why=f"is not one of: {', '.join(sorted(_KNOWN))}")
    kind = _word(tree, "kind")
    if kind not in set(COLUMNS):
        raise MappingUnfit(what=f"kind: {kind}", why=f"is not one of: {', '.join(COLUMNS)}")
    subject = Subject(kind)
    made = Mapping(
        subject=subject,
        columns=_words(tree, "columns"),
        constants=_words(tree, "constants"),
        values={name: _words(_tree(tree, "values"), name) for name in _tree(tree, "values")},
        zone=_word(tree, "zone", "Asia/Shanghai"),
        dates=_word(tree, "dates"),
        encoding=_word(tree, "encoding").lower(),
        sheet=_word(tree, "sheet"),
        delimiter={"tab": "\t", "": ","}.get(_word(tree, "delimiter"), _word(tree, "delimiter")),
    )
    _must_fit(made)
    return made


def _must_fit(made: Mapping) -> None:
    known = {one.name for one in COLUMNS[made.subject]}
    for name in (*made.columns, *made.constants, *made.values):
        if name not in known:
            raise MappingUnfit(
                what=name, why=f"is not a field of {made.subject.value}: {', '.join(sorted(known))}"
            )
    for one in COLUMNS[made.subject]:
        if one.required and one.name not in made.columns and one.name not in made.constants:
            raise MappingUnfit(what=one.name, why="is needed, and no column or constant stands for it")
    try:
        ZoneInfo(made.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise MappingUnfit(what=made.zone, why="is not a time zone") from None
    if made.encoding not in _ENCODINGS:
        raise MappingUnfit(what=made.encoding, why="is not one of: utf-8, gb18030")
    if made.delimiter not in _DELIMITERS:
        raise MappingUnfit(what=made.delimiter, why="is not one of: , ; | tab")


def _tree(tree: Tree, name: str) -> Tree:
    found = tree.get(name, {})
    if isinstance(found, str):
        if not found:
            return {}
        raise MappingUnfit(what=name, why="must hold names and texts")
    return found


def _words(tree: Tree, name: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for key, value in _tree(tree, name).items():
        if not isinstance(value, str):
            raise MappingUnfit(what=key, why="must be a text")
        words[key] = value
    return words


def _word(tree: Tree, name: str, otherwise: str = "") -> str:
    found = tree.get(name, otherwise)
    if not isinstance(found, str):
        raise MappingUnfit(what=name, why="must be a text")
    return found


def _json(text: str) -> Tree:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise MappingUnclear(line=getattr(wrong, "lineno", 1), why="it is not JSON") from None
    return _plain(found, 1)


def _plain(found: object, depth: int) -> Tree:
    if not isinstance(found, dict) or depth > _DEEPEST:
        raise MappingUnclear(line=1, why="it must hold names and texts, nested three deep at most")
    return {
        str(key): value if isinstance(value, str) else _plain(value, depth + 1)
        for key, value in found.items()
    }


def _yaml(text: str) -> Tree:
    tree: Tree = {}
    open_at: list[tuple[int, Tree]] = [(-1, tree)]
    waiting: tuple[int, Tree, str] | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        bare = line.strip()
        if not bare or bare.startswith("#") or bare == "---":
            continue
        indent = len(line) - len(line.lstrip(" "))
        read_line = _LINE.fullmatch(bare)
        if read_line is None:
            raise MappingUnclear(line=number, why=f"“{bare[:40]}” is not “name: text”")
        if waiting is not None and indent > waiting[0]:
            inner: Tree = {}
            waiting[1][waiting[2]] = inner
            open_at.append((indent, inner))
        waiting = None
        while len(open_at) > 1 and indent < open_at[-1][0]:
            open_at.pop()
        if indent != max(open_at[-1][0], 0) or len(open_at) > _DEEPEST:
            raise MappingUnclear(line=number, why="its indent fits no line above")
        key, value = _text(read_line["key"], number), (read_line["value"] or "").strip()
        if key in open_at[-1][1]:
            raise MappingUnclear(line=number, why=f"“{key[:40]}” stands twice")
        if not value or value.startswith("#"):
            open_at[-1][1][key] = ""
            waiting = (indent, open_at[-1][1], key)
        else:
            open_at[-1][1][key] = _text(value, number)
    return tree


def _text(said: str, line: int) -> str:
    """Read a quoted or bare text."""
    if said.startswith('"'):
        end = re.fullmatch(r'("(?:[^"\\]|\\.)*")\s*(?:#.*)?', said)
        try:
            if end is not None:
                return str(json.loads(end[1]))
        except ValueError:
            pass
        raise MappingUnclear(line=line, why="a quotation mark does not end")
    if said.startswith("'"):
        end = re.fullmatch(r"'((?:[^']|'')*)'\s*(?:#.*)?", said)
        if end is None:
            raise MappingUnclear(line=line, why="a quotation mark does not end")
        return end[1].replace("''", "'")
    if said[0] in "[]{}&*!|>%@`":
        raise MappingUnclear(line=line, why=f"“{said[:40]}” must stand in quotation marks")
    return said.split(" #", maxsplit=1)[0].rstrip()
