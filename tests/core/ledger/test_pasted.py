"""A checkpoint is understood as people hand it back, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from core import ledger
from core.ledger import Unreadable, checkpoint, pasted
from core.ledger.checkpoint import Checkpoint, SigningKey

KEY = SigningKey("plant.example/log", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
STATED = Checkpoint("plant.example/log", 312, bytes(range(32)))
NOTE = checkpoint.sign(STATED.text, [KEY])
QUOTED = "".join(f"> {line}\n" for line in NOTE.splitlines())

WAYS = {
    "as it was": NOTE,
    "without the last line end": NOTE.rstrip("\n"),
    "with Windows line ends": NOTE.replace("\n", "\r\n"),
    "with old Mac line ends": NOTE.replace("\n", "\r"),
    "quoted": QUOTED,
    "quoted twice": "".join(f">> {line}\n" for line in NOTE.splitlines()),
    "in a code fence": f"```\n{NOTE}```",
    "with words around": f"Forwarded from Bihuan, 08:00\n\n{NOTE}\nsee above",
    "with words right before": f"Checkpoint\n{NOTE}",
    "with spaces at the ends": "".join(f"  {line} \t\n" for line in NOTE.splitlines()),
    "with the empty line lost": NOTE.replace("\n\n", "\n"),
    "with two empty lines": NOTE.replace("\n\n", "\n\n\n"),
    "with marks that cannot be seen": "\ufeff" + NOTE.replace("\n", "\u200b\n"),
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS.keys())
def test_a_handed_back_checkpoint_is_the_one_that_was_signed(text: str) -> None:
    """Whatever chats and mail did to the line ends and around it, text and signature come back byte for byte."""
    read = pasted.read(text)
    assert read.checkpoint == STATED
    assert read.note == NOTE
    assert checkpoint.verify(read.note, [KEY.verifier]) == STATED
    assert ledger.is_pasted(text)


def test_the_dash_is_part_of_the_signature_line() -> None:
    """A signature behind a hyphen is no signature line: the text is read, unsigned."""
    read = pasted.read(NOTE.replace("\N{EM DASH}", "-"))
    assert (read.size, read.note) == (312, "")


def test_extension_lines_stay_signed() -> None:
    """A checkpoint with further lines is read whole, and without them when words follow at once."""
    extended = Checkpoint(STATED.origin, 312, STATED.root, ("stamp 2026-11-24",))
    assert pasted.read(checkpoint.sign(extended.text, [KEY])).checkpoint == extended


@pytest.mark.parametrize(
    "text", ["312:00010203", " #312 00010203 ", "312/00010203", "312·00010203", "312：00010203"]
)
def test_the_short_form_is_understood(text: str) -> None:
    """Size and first digits, retyped from paper."""
    read = pasted.read(text)
    assert (read.size, read.digits, read.checkpoint) == (312, "00010203", None)


def test_the_short_form_that_is_printed_is_the_one_that_is_read() -> None:
    """Size, colon, 8 digits, from bytes or hex; only this exact form is taken for one unasked."""
    short = ledger.short_form(STATED.size, STATED.root)
    assert short == ledger.short_form(312, STATED.root.hex()) == "312:00010203"
    assert ledger.is_short(short)
    assert not any(
        map(ledger.is_short, ["20261123-12345678", "CT-001", "312", "312:0001", "312 00010203", ""])
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "312",
        "312:0001",
        "x:00010203",
        "-1:00010203",
        "plant.example/log\n312\n",
        NOTE.replace("312", "three"),
        NOTE.replace("312", "0312"),
        NOTE.replace("312", "٣١٢"),
        "\n312\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
        NOTE + NOTE,
    ],
)
def test_what_is_no_single_checkpoint_is_refused(text: str) -> None:
    """A reason is given; nothing is guessed."""
    with pytest.raises(Unreadable):
        pasted.read(text)


def test_all_checkpoints_of_an_export_are_found() -> None:
    """A chat's export holds many, in order, between other messages."""
    later = checkpoint.sign(Checkpoint("plant.example/log", 400, bytes(32)).text, [KEY])
    found = pasted.read_all(f"08:00 Bihuan\n{NOTE}\n08:05 Li\nok\n\n08:00 Bihuan\n{later}")
    assert [one.size for one in found] == [312, 400]


@given(st.text(max_size=300))
def test_no_text_is_a_fault(text: str) -> None:
    """Anything a person can send is read or refused."""
    pasted.read_all(text)
    try:
        assert pasted.read(text).size >= 0
    except Unreadable as refused:
        assert str(refused)
