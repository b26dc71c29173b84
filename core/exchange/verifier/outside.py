"""What stands for the log from outside: cosignatures of witnesses (C2SP tlog-cosignature), time stamps (RFC 3161)."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from core.exchange.verifier.curve import ed25519
from core.exchange.verifier.proofs import fail, key_line, signature_line

SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
SHA256 = bytes.fromhex("608648016503040201")


class Witness:
    """A witness's public key, by its line ``name+hash+base64(0x04 key)``."""

    def __init__(self, file: str, line: str) -> None:
        """Read the line."""
        self.line = line
        self.name, self.hash, self.public = key_line(file, line, 4)

    def cosigned(self, file: str, text: str, line: str) -> int:
        """Answer the second (POSIX) of a cosignature of a checkpoint's text; -1 when the line is somebody else's."""
        name, raw = signature_line(file, line)
        if (name, raw[:4]) != (self.name, self.hash):
            return -1
        second = int.from_bytes(raw[4:12], "big")
        if not ed25519(self.public, raw[12:], f"cosignature/v1\ntime {second}\n{text}".encode()):
            fail(file, f"the cosignature of {name} does not belong to this text")
        return second


def split(note: str, witnesses: list[Witness]) -> tuple[str, str, list[str]]:
    """Answer a note's text, the note without the lines of witnesses, and those lines."""
    text, _, rest = note.rpartition("\n\n")
    theirs = {(one.name, one.hash) for one in witnesses}
    own, others = list[str](), list[str]()
    for line in rest[:-1].split("\n"):
        name, raw = signature_line("a checkpoint", line)
        (others if (name, raw[:4]) in theirs else own).append(line)
    return text + "\n", text + "\n\n" + "".join(f"{line}\n" for line in own), others


def parts(raw: bytes) -> list[tuple[int, bytes]]:
    """Answer tags and contents of the DER values that stand one after the other in some bytes."""
    found, at = [], 0
    while at < len(raw):
        tag, length, at = raw[at], raw[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            length, at = int.from_bytes(raw[at : at + count], "big"), at + count
        if at + length > len(raw):
            raise ValueError("a DER value ends behind its end")
        found.append((tag, raw[at : at + length]))
        at += length
    return found


def stamped(file: str, answer: bytes, note: bytes) -> str:
    """Answer the instant that an authority's response states of a note (UTC, ``20261123214600Z``).

    Checked: granted, a SHA-256 imprint, and that it is the note's. Not checked: the authority's signature and
    certificates; ``openssl ts -verify`` does that.
    """
    try:
        (_, response), *more = parts(answer)
        (_, status), (_, content) = parts(response)
        (_, kind), (_, signed) = parts(content)
        (_, data), *_rest = parts(signed)
        wrapped = parts(data)[2][1]
        (_, holds), (_, octets) = parts(wrapped)
        info = parts(parts(parts(octets)[0][1])[0][1])
        (_, algorithm), (_, imprint) = parts(info[2][1])
        granted = int.from_bytes(parts(status)[0][1], "big")
        named, at = parts(algorithm)[0][1], info[4][1].decode("ascii")
    except (ValueError, IndexError, TypeError):
        return fail(file, "this is no time stamp response")
    if more or granted not in (0, 1) or (kind, holds) != (SIGNED_DATA, TST_INFO) or named != SHA256:
        return fail(file, "this is no granted time stamp over a SHA-256 digest")
    if imprint != hashlib.sha256(note).digest():
        return fail(file, "this time stamp is over another text than its checkpoint")
    return (
        at if re.fullmatch(r"[0-9]{14}(\.[0-9]+)?Z", at) else fail(file, "this time stamp states no instant")
    )


def same(file: str, listed: list[Any], rows: dict[str, Any], what: str) -> None:
    """Hold a list of a report to the rows of the records, field by field."""
    if sorted(str(one["id"]) for one in listed) != sorted(rows):
        fail(file, f"its {what} are not those of the records")
    for one in listed:
        row = rows[str(one["id"])]
        if any(one[name] != row[name] for name in one if name in row):
            fail(file, f"{what} {one['id']} is not as its record says")
