"""Checkpoints are those of C2SP: read by any tool, and every change of one is found."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from core.ledger import checkpoint
from core.ledger.checkpoint import Checkpoint, SigningKey, Unreadable, Verifier

ROOT = bytes(range(32))
KEY = SigningKey("plant.example/log", Ed25519PrivateKey.from_private_bytes(b"k" * 32))
OTHER = SigningKey("plant.example/log", Ed25519PrivateKey.from_private_bytes(b"o" * 32))
STRANGER = SigningKey("witness.example", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
STATED = Checkpoint("plant.example/log", 42, ROOT)
NOTE = checkpoint.sign(STATED.text, [KEY])

# the example of the Go package golang.org/x/mod/sumdb/note, made by another implementation
NEUMANN = Verifier.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
NEUMANN_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
NEUMANN_NOTE = (
    f"{NEUMANN_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotp"
    "RZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_implementation_opens() -> None:
    """The published example of the signed-note format verifies here."""
    assert checkpoint.open_note(NEUMANN_NOTE, [NEUMANN]) == NEUMANN_TEXT


def test_the_text_is_origin_size_and_root() -> None:
    """Three lines, byte for byte as the format has them, and a signature line with an em dash."""
    assert STATED.text == f"plant.example/log\n42\n{base64.b64encode(ROOT).decode()}\n"
    body, _, signature = NOTE.partition("\n\n")
    assert body + "\n" == STATED.text
    assert signature.startswith("\u2014 plant.example/log ")
    assert base64.b64decode(signature.split()[2])[:4] == KEY.verifier.hash


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_what_was_signed_is_read_back(size: int, root: bytes) -> None:
    """Every size and root comes back as signed."""
    stated = Checkpoint("plant.example/log", size, root)
    assert checkpoint.verify(checkpoint.sign(stated.text, [KEY]), [KEY.verifier]) == stated


def test_extension_lines_are_kept() -> None:
    """What later versions of the format add is signed and read."""
    stated = Checkpoint("plant.example/log", 1, ROOT, ("ext one", "two"))
    assert checkpoint.verify(checkpoint.sign(stated.text, [KEY]), [KEY.verifier]) == stated


def test_unknown_signatures_are_ignored() -> None:
    """A witness or a newer key may sign too; one known key is enough."""
    note = checkpoint.sign(STATED.text, [STRANGER, OTHER, KEY])
    assert checkpoint.verify(note, [KEY.verifier]) == STATED
    assert checkpoint.verify(note, [OTHER.verifier]) == STATED


@given(st.data())
def test_one_changed_character_is_found(data: st.DataObject) -> None:
    """Wherever a character of the note is changed, it is refused."""
    at = data.draw(st.integers(0, len(NOTE) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda char: char != NOTE[at]))
    with pytest.raises(Unreadable):
        checkpoint.verify(NOTE[:at] + other + NOTE[at + 1 :], [KEY.verifier])


ENCODED = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(("text", "reason"), [
    ("log\n1\n", "each on its own line"),
    (f"log\n01\n{ENCODED}\n", "'01' is not the size"),
    (f"log\n-1\n{ENCODED}\n", "'-1' is not the size"),
    (f"log\n1\n{ENCODED[:-1]}\n", "not standard base64"),
    ("log\n1\nAAAA\n", "a root has 32 bytes, not 3"),
    (f"\n1\n{ENCODED}\n", "each on its own line"),
    (f"log\n1\n{ENCODED}", "each on its own line"),
])  # fmt: skip
def test_a_text_that_is_no_checkpoint_says_why(text: str, reason: str) -> None:
    """The reason is exact."""
    with pytest.raises(Unreadable, match=reason):
        Checkpoint.parse(text)


def _without_signature() -> str:
    return STATED.text + "\n"


@pytest.mark.parametrize(("note", "keys", "reason"), [
    (NOTE, [], "no known key signed this"),
    (NOTE, [OTHER.verifier], "no known key signed this"),
    (NOTE.replace("\n42\n", "\n43\n"), [KEY.verifier], "does not belong to this text"),
    (STATED.text, [KEY.verifier], "a note is a text"),
    (_without_signature(), [KEY.verifier], "signature line"),
    (NOTE.replace("\u2014", "-"), [KEY.verifier], "em dash"),
    (NOTE.replace("\n42", "\r\n42"), [KEY.verifier], "control characters"),
    (NOTE + "— x " + "A" * 12, [KEY.verifier], "a note is a text"),
    (checkpoint.sign(STATED.text, [KEY] * 65), [KEY.verifier], "at most 64"),
    (checkpoint.sign(STATED.text, [STRANGER]), [STRANGER.verifier], "which no known key is named after"),
])  # fmt: skip
def test_a_note_that_proves_nothing_says_why(note: str, keys: list[Verifier], reason: str) -> None:
    """Without a right signature of a known key nothing is believed, and the reason is exact."""
    with pytest.raises(Unreadable, match=reason):
        checkpoint.verify(note, keys)


def test_a_verifier_line_is_read_back() -> None:
    """The line for auditors names the key fully."""
    assert Verifier.parse(f" {KEY.verifier}\n") == KEY.verifier


@pytest.mark.parametrize(("turn", "reason"), [
    (lambda line: line.replace("+", " ", 1), "base64|no Ed25519"),
    (lambda line: line[:-4] + "AAA=", "no Ed25519|base64"),
    (lambda line: line.replace(KEY.verifier.hash.hex(), "00000000"), "the hash of the verifier line"),
    (lambda line: "a b" + line[line.index("+"):], "cannot name a key"),
    (lambda line: line[line.index("+"):], "cannot name a key"),
])  # fmt: skip
def test_a_damaged_verifier_line_is_refused(turn: Any, reason: str) -> None:
    """A key is believed only with its own name and hash."""
    with pytest.raises(Unreadable, match=reason):
        Verifier.parse(turn(str(KEY.verifier)))


def test_the_private_key_is_not_shown() -> None:
    """A key in a log line or traceback gives nothing away."""
    assert "Ed25519" not in repr(KEY)
