"""Checkpoints as people hand them back: copied, forwarded, quoted, retyped in short form. Pure.

Tolerated: lost or changed line ends, a lost last line end, quoting marks, code fences, words around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.ledger.checkpoint import Checkpoint, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

_DASH: Final = "\N{EM DASH} "
DIGITS: Final = 8
"""Digits of the root that a person retypes; fewer do not tell one log from another."""
_AROUND: Final = " \t\r\f\v`>|»│\u00a0\u200b\u2060\ufeff"
_ROOT = re.compile(r"[A-Za-z0-9+/]{43}=")
_SHORT = re.compile(r"#?\s*([0-9]{1,19})\s*[:：·/, -]\s*([0-9a-fA-F]{8,64})\W*")
_EXACT = re.compile(r"[0-9]{1,19}:[0-9a-f]{8}")
_LINES = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, kw_only=True)
class Pasted:
    """What a text states of a log. ``root`` is None in the short form, which has the first digits only."""

    size: int
    digits: str
    """The root in lower-case hex, whole or its beginning."""
    checkpoint: Checkpoint | None = None
    signatures: tuple[str, ...] = ()
    """The signature lines that came along, unchecked."""

    @property
    def note(self) -> str:
        """The signed note as it was before it was handed around; empty when no signature came along."""
        if self.checkpoint is None or not self.signatures:
            return ""
        return self.checkpoint.text + "\n" + "".join(f"{line}\n" for line in self.signatures)


def short_form(size: int, root: str | bytes) -> str:
    """Write a checkpoint so that it can be printed and retyped: its size and the first 8 digits of its root."""
    return f"{size}:{(root.hex() if isinstance(root, bytes) else root)[:DIGITS]}"


def is_pasted(text: str) -> bool:
    """Answer whether a text holds a whole checkpoint, for doors that must tell it from other texts."""
    return next(_found(text), None) is not None


def is_short(text: str) -> bool:
    """Answer whether a text is a checkpoint in short form as we print it; no lot number is taken for one."""
    return _EXACT.fullmatch(text.strip()) is not None


def read_all(text: str) -> list[Pasted]:
    """Answer every checkpoint of a text, a chat's export for instance, in their order."""
    return list(_found(text))


def read(text: str) -> Pasted:
    """Answer the checkpoint that a text holds, in full or in short form.

    Raises:
        Unreadable: it holds none, or more than one.
    """
    found = read_all(text)
    if len(found) == 1:
        return found[0]
    if found:
        msg = f"there are {len(found)} checkpoints in this text; send one at a time"
        raise Unreadable(msg)
    short = _SHORT.fullmatch(text.strip())
    if short is None:
        msg = "there is no checkpoint in this text"
        raise Unreadable(msg)
    return Pasted(size=int(short[1]), digits=short[2].lower())


def _found(text: str) -> Iterator[Pasted]:
    """Yield what looks like origin, size and root on lines of their own, with the signatures behind."""
    lines = [line.strip(_AROUND) for line in _LINES.split(text)]
    for at in range(1, len(lines) - 1):
        if not (lines[at].isdecimal() and _ROOT.fullmatch(lines[at + 1])):
            continue
        end = at + 2
        while end < len(lines) and lines[end] and not lines[end].startswith(_DASH):
            end += 1
        stated = _checkpoint(lines[at - 1 : end]) or _checkpoint(lines[at - 1 : at + 2])
        if stated is None:
            continue
        while end < len(lines) and not lines[end]:
            end += 1
        signatures = []
        while end < len(lines) and lines[end].startswith(_DASH):
            signatures.append(lines[end])
            end += 1
        yield Pasted(
            size=stated.size, digits=stated.root.hex(), checkpoint=stated, signatures=tuple(signatures)
        )


def _checkpoint(lines: list[str]) -> Checkpoint | None:
    try:
        return Checkpoint.parse("".join(f"{line}\n" for line in lines))
    except Unreadable:
        return None
