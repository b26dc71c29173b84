"""The Merkle tree of RFC 6962 and the texts of C2SP: keys, checkpoints, what a log asks of a witness."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import NamedTuple

from handlers.witness.script.curve import KEY, verify

DASH = "\N{EM DASH} "
LOG_KEY, WITNESS_KEY = b"\x01", b"\x04"
HASH = 32
PROOF_MAX = 63
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Refused(Exception):  # noqa: N818  it is read as a sentence
    """Nothing was signed; the text says why."""


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def consistent(size: int, later: int, first: bytes, second: bytes, proof: list[bytes]) -> bool:
    """Answer whether the proof shows that the later tree begins with the earlier (RFC 9162 §2.1.4.2)."""
    if not 0 < size <= later or any(len(one) != HASH for one in (first, second, *proof)):
        return False
    if size == later:
        return not proof and first == second
    rest = [first, *proof] if size & (size - 1) == 0 else list(proof)
    if not rest:
        return False
    at, end = size - 1, later - 1
    while at & 1:
        at, end = at >> 1, end >> 1
    old = new = rest.pop(0)
    for one in rest:
        if end == 0:
            return False
        if at & 1 or at == end:
            old, new = _node(one, old), _node(one, new)
            while at and not at & 1:
                at, end = at >> 1, end >> 1
        else:
            new = _node(new, one)
        at, end = at >> 1, end >> 1
    return end == 0 and old == first and new == second


def decoded(text: str, what: str) -> bytes:
    """Read standard base64.

    Raises:
        Refused: it is none.
    """
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if base64.b64encode(raw).decode() != text:
        raise Refused(f"the {what} is not standard base64")
    return raw


def key_hash(name: str, kind: bytes, public: bytes) -> bytes:
    """Answer the four bytes that tell keys apart."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def key_line(name: str, kind: bytes, public: bytes) -> str:
    """Write a public key as others keep it."""
    return f"{name}+{key_hash(name, kind, public).hex()}+{base64.b64encode(kind + public).decode()}"


def read_key(line: str, kind: bytes) -> tuple[str, bytes]:
    """Read name and public key of a line ``name+hash+key``.

    Raises:
        Refused: it is none of this kind.
    """
    name, _, rest = line.strip().partition("+")
    shown, _, encoded = rest.partition("+")
    raw = decoded(encoded, "key")
    if raw[:1] != kind or len(raw) != 1 + KEY or shown != key_hash(name, kind, raw[1:]).hex() or not name:
        raise Refused("this is not the public key of a log")
    return name, raw[1:]


class Checkpoint(NamedTuple):
    """A log's statement: its name, how many entries, and their root; ``text`` is what is signed."""

    origin: str
    size: int
    root: bytes
    text: str


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, without its signatures.

    Raises:
        Refused: it is none.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or "" in lines[:-1] or not SIZE.fullmatch(lines[1]):  # noqa: PLR2004
        raise Refused("this is no checkpoint: origin, size and root, each on its own line")
    root = decoded(lines[2], "root")
    if len(root) != HASH:
        raise Refused("a root has 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root, text)


def open_note(note: str, logs: list[str]) -> Checkpoint:
    """Read a signed checkpoint that one of the log's keys signed; other signatures are ignored.

    Raises:
        Refused: no checkpoint, of another log, or not signed by a key of this log.
    """
    text, gap, rest = note.partition("\n\n")
    if not gap:
        raise Refused("this is no signed checkpoint")
    stated = read_checkpoint(text + "\n")
    known = [read_key(line, LOG_KEY) for line in logs]
    if stated.origin not in {name for name, _public in known}:
        raise Refused(f"this is a checkpoint of another log, {stated.origin}")
    signed = False
    for line in rest.splitlines():
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not encoded:
            raise Refused("below the empty line there are signatures only")
        raw = decoded(encoded, "signature")
        for known_name, public in known:
            if (name, raw[:4]) == (known_name, key_hash(name, LOG_KEY, public)):
                if not verify(public, stated.text.encode(), raw[4:]):
                    raise Refused("the log's signature does not belong to this checkpoint")
                signed = True
    if not signed and (strange := strange_keys(note, logs)):
        raise Refused(
            f"this checkpoint is signed by key {', '.join(strange)}, which this witness does not trust; it trusts "
            f"{', '.join(shown_hash(line) for line in logs)}. {ASK_FOR_THE_LINE}"
        )
    if not signed:
        raise Refused("no key of this log signed this checkpoint")
    return stated


ASK_FOR_THE_LINE = (
    "Has the log changed its key? Ask the quality head, by another way than the log's own messages, for the public "
    "line of the new key, then run: python3 witness.py trust 'LINE'"
)


def shown_hash(line: str) -> str:
    """Answer the eight digits by which people tell the keys of a log apart."""
    return line.strip().partition("+")[2].partition("+")[0]


def strange_keys(note: str, logs: list[str]) -> list[str]:
    """Answer the hashes of keys that signed in this log's name and are none of those trusted."""
    names = {line.partition("+")[0] for line in logs}
    trusted = {shown_hash(line) for line in logs}
    found = []
    for line in note.partition("\n\n")[2].splitlines():
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        shown = decoded(encoded, "signature")[:4].hex()
        if name in names and shown not in trusted:
            found.append(shown)
    return found


def read_request(text: str) -> tuple[int, list[bytes], str]:
    """Read what a log asks of a witness (C2SP tlog-witness add-checkpoint): old size, proof, signed checkpoint.

    Raises:
        Refused: it is no such request.
    """
    text = text.replace("\r\n", "\n")
    if not text.endswith("\n"):
        text += "\n"
    head, gap, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    if not gap or not first.startswith("old ") or not SIZE.fullmatch(first[4:]):
        raise Refused("a request begins with a line like: old 312")
    if len(lines) > PROOF_MAX:
        raise Refused(f"a proof has at most {PROOF_MAX} lines")
    return int(first[4:]), [decoded(line, "proof") for line in lines], note
