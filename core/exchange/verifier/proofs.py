"""Canonical JSON, the Merkle tree of RFC 9162, signed notes and checkpoints (C2SP)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import unicodedata
from typing import Any, NoReturn

from core.exchange.verifier.curve import ed25519


class Fault(Exception):  # noqa: N818  it is read by an auditor as a sentence
    """The first thing that is not as it should be: the file it is in, and what."""

    def __init__(self, file: str, what: str) -> None:
        """Name the file."""
        super().__init__(f"{file}: {what}")
        self.file = file


def fail(file: str, what: str) -> NoReturn:
    """Stop at a fault."""
    raise Fault(file, what)


def canonical(value: object) -> bytes:
    """Write a value canonically: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: object) -> str:
    """SHA-256 (hex) over the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def parsed(file: str, raw: bytes) -> Any:
    """Read JSON that must be canonical."""
    try:
        text = raw.decode()
        value = json.loads(text, parse_float=int, parse_constant=int)
        same = canonical(value) == raw and unicodedata.normalize("NFC", text) == text
    except (ValueError, RecursionError):
        same = False
    return value if same else fail(file, "this is not canonical JSON")


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def included(index: int, size: int, leaf: bytes, proof: list[bytes], root: bytes) -> bool:
    """Answer whether the proof leads from a leaf to the root of a tree of this size (RFC 9162 §2.1.3)."""
    start, end, right = 0, size, list[bool]()
    while end - start > 1:
        middle = start + _split(end - start)
        right.append(index < middle)
        start, end = (start, middle) if index < middle else (middle, end)
    if not 0 <= index < size or len(right) != len(proof):
        return False
    node = leaf
    for value, on_right in zip(proof, reversed(right)):  # noqa: B905  Python 3.9 knows no strict
        node = _node(node, value) if on_right else _node(value, node)
    return node == root


def grew(size: int, later: int, first: bytes, second: bytes, proof: list[bytes]) -> bool:
    """Answer whether the proof shows that the later tree begins with the earlier one (RFC 9162 §2.1.4)."""
    start, end, path, whole = 0, later, [], True
    if not 0 < size <= later:
        return False
    while size != end:
        middle = start + _split(end - start)
        path.append((middle, end) if size <= middle else (start, middle))
        start, end, whole = (start, middle, whole) if size <= middle else (middle, end, False)
    path = ([] if whole else [(start, end)]) + path[::-1]
    if len(path) != len(proof):
        return False
    old = new = proof[0] if not whole else first
    for value, (at, _) in list(zip(proof, path))[0 if whole else 1 :]:  # noqa: B905
        old, new = (old, _node(new, value)) if at >= size else (_node(value, old), _node(value, new))
    return old == first and new == second


def _unbase(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if base64.b64encode(raw).decode() == text else b""


def key_line(file: str, line: str, kind: int) -> tuple[str, bytes, bytes]:
    """Answer name, hash and key of a line ``name+hash+base64(kind key)``."""
    name, _, rest = line.partition("+")
    shown, _, encoded = rest.partition("+")
    raw = _unbase(encoded)
    hashed = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if raw[:1] != bytes([kind]) or len(raw) != 33 or shown != hashed.hex():  # noqa: PLR2004  signed-note
        fail(file, f"{line[:80]!r} is no Ed25519 key line")
    return name, hashed, raw[1:]


class Key:
    """A public key of the log, by its line ``name+hash+base64(0x01 key)``."""

    def __init__(self, file: str, line: str) -> None:
        """Read the line."""
        self.line = line
        self.name, self.hash, self.public = key_line(file, line, 1)


def signature_line(file: str, line: str) -> tuple[str, bytes]:
    """Answer the name, and the key hash with the signature behind it, of a note's signature line."""
    name, _, encoded = line[2:].partition(" ")
    raw = _unbase(encoded)
    if line[:2] != "\u2014 " or len(raw) <= 4:  # noqa: PLR2004  a hash and more
        fail(file, "this is no signed note")
    return name, raw


def opened(file: str, note: str, keys: list[Key], *, only: bool = False) -> str:
    """Answer the text of a signed note; one known key must have signed it, with ``only`` nobody else."""
    text, gap, rest = note.rpartition("\n\n")
    signed = False
    for line in rest[:-1].split("\n"):
        if not gap or not note.endswith("\n"):
            fail(file, "this is no signed note")
        name, raw = signature_line(file, line)
        known = [key for key in keys if key.name == name and key.hash == raw[:4]]
        if any(not ed25519(key.public, raw[4:], (text + "\n").encode()) for key in known):
            fail(file, f"the signature of {name} does not belong to this text")
        if only and not known:
            fail(file, f"{name} is not a key of this bundle")
        signed = signed or bool(known)
    return text + "\n" if signed else fail(file, "no known key signed this")


def signers(note: str, keys: list[Key]) -> set[str]:
    """Answer the lines of the known keys under a note that ``opened`` found in order."""
    under = [line[2:].partition(" ") for line in note.rpartition("\n\n")[2].split("\n")[:-1]]
    named = {(name, _unbase(encoded)[:4]) for name, _, encoded in under}
    return {key.line for key in keys if (key.name, key.hash) in named}


def checkpoint(file: str, note: str, keys: list[Key]) -> tuple[int, bytes]:
    """Answer size and root of a signed checkpoint (C2SP tlog-checkpoint)."""
    lines = opened(file, note, keys).split("\n")
    root = _unbase(lines[2]) if len(lines) > 3 else b""  # noqa: PLR2004  origin, size, root, end
    if len(root) != 32 or not re.fullmatch(r"[1-9][0-9]{0,15}", lines[1]):  # noqa: PLR2004
        fail(file, "this is no checkpoint")
    if lines[0] not in {key.name for key in keys}:
        fail(file, f"this is a checkpoint of another log, {lines[0]!r}")
    return int(lines[1]), root
