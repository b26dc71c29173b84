"""Cosignatures are those of C2SP tlog-cosignature v1: right ones hold, every changed one is refused."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from core.ledger import Unreadable, WitnessLine, cosignature
from core.ledger.checkpoint import Checkpoint, Verifier

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
KEY = WitnessLine("coating.example/witness", PRIVATE.public_key().public_bytes_raw())
TEXT = Checkpoint("plant.example/log", 42, bytes(range(32))).text
STAMP = 1_790_000_000


def line(text: str = TEXT, stamp: int = STAMP, name: str = KEY.name) -> str:
    signed = KEY.hash + stamp.to_bytes(8, "big") + PRIVATE.sign(cosignature.message(text, stamp))
    return f"— {name} {base64.b64encode(signed).decode()}"


def test_the_signed_message_is_header_time_and_text() -> None:
    """Byte for byte as the format has it."""
    assert cosignature.message(TEXT, 1679315147) == b"cosignature/v1\ntime 1679315147\n" + TEXT.encode()


def test_a_cosignature_gives_its_second() -> None:
    """What the witness signed is answered."""
    assert KEY.verify(TEXT, line()) == STAMP


def test_the_key_line_comes_back_and_has_type_4() -> None:
    """Name, hash and key; the hash of a log key of the same bytes is another one."""
    assert WitnessLine.parse(str(KEY)) == KEY
    assert base64.b64decode(str(KEY).rpartition("+")[2])[0] == 4
    assert KEY.hash != Verifier(KEY.name, KEY.public).hash


def test_the_published_example_is_laid_out_as_ours() -> None:
    """The example of the specification: 4 bytes of key hash, 8 of time, 64 of signature."""
    example = (
        "— witness.example.com/w1 "
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA=="
    )
    raw = base64.b64decode(example.rpartition(" ")[2])
    assert (len(raw), int.from_bytes(raw[4:12], "big")) == (4 + 8 + 64, 1679315147)


@pytest.mark.parametrize(
    ("text", "given_line"),
    [
        (TEXT + "more\n", line()),
        (TEXT.replace("42", "43"), line()),
        (TEXT, line(name="other.example")),
        (TEXT, line() + "A"),
        (TEXT, line()[:-4]),
        (TEXT, line(stamp=2**63)),
        (TEXT, ""),
        (TEXT, "— coating.example/witness"),
        (TEXT, line().replace("— ", "- ")),
    ],
)
def test_another_text_name_time_or_form_is_refused(text: str, given_line: str) -> None:
    """Nothing of a cosignature can be changed."""
    with pytest.raises(Unreadable):
        KEY.verify(text, given_line)


@given(st.integers(4, 75), st.integers(0, 7))
def test_no_bit_can_be_turned(at: int, bit: int) -> None:
    """Neither in the time nor in the signature."""
    raw = bytearray(base64.b64decode(line().rpartition(" ")[2]))
    raw[at] ^= 1 << bit
    with pytest.raises(Unreadable):
        KEY.verify(TEXT, f"— {KEY.name} {base64.b64encode(raw).decode()}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AAAA",
        str(Verifier(KEY.name, KEY.public)),
        str(KEY).replace("coating", "coatinG"),
        str(KEY)[:-2],
        str(KEY).replace(KEY.name, "a b"),
    ],
)
def test_what_is_no_witness_key_is_refused(text: str) -> None:
    """A log's key, a torn one, another name."""
    with pytest.raises(Unreadable):
        WitnessLine.parse(text)
