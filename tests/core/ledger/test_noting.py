"""The copy outside the database grows note by note and survives a power cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.ledger import Signer, checkpoint, noting


def sizes(signer: Signer) -> list[int]:
    return [checkpoint.verify(text, signer.verifiers).size for text in noting.noted(signer.checkpoint_file)]


def test_notes_are_read_back_in_order(signer: Signer) -> None:
    """Everything noted comes back; the largest at the end is the last."""
    assert noting.last_noted(signer.checkpoint_file) is None
    assert sizes(signer) == []
    for size in (1, 2, 300, 5000):
        noting.note(signer.checkpoint_file, signer.checkpoint(size, bytes([size % 256]) * 32))
    assert sizes(signer) == [1, 2, 300, 5000]
    last = noting.last_noted(signer.checkpoint_file)
    assert last is not None
    assert (last.size, last.root) == (5000, bytes([5000 % 256]) * 32)
    assert signer.checkpoint_file.stat().st_mode & 0o777 == 0o600


def test_a_long_file_is_read_from_its_end(signer: Signer) -> None:
    """The last note is found wherever the reading begins."""
    for size in range(1, 200):
        noting.note(signer.checkpoint_file, signer.checkpoint(size, b"r" * 32))
        last = noting.last_noted(signer.checkpoint_file)
        assert last is not None
        assert last.size == size
    assert sizes(signer) == list(range(1, 200))


@pytest.mark.parametrize("kept", [0, 2])
def test_a_torn_note_never_mixes_with_the_next(signer: Signer, kept: int) -> None:
    """Wherever a power cut ended a note, the notes before stay and the next one is whole."""
    for size in range(1, kept + 1):
        noting.note(signer.checkpoint_file, signer.checkpoint(size, b"r" * 32))
    before = signer.checkpoint_file.read_bytes() if kept else b""
    torn = signer.checkpoint(9, b"t" * 32).encode() + b"\n"
    for cut in range(len(torn)):
        signer.checkpoint_file.write_bytes(before + torn[:cut])
        noting.note(signer.checkpoint_file, signer.checkpoint(10, b"n" * 32))
        assert sizes(signer) == [*range(1, kept + 1), 10]


def test_what_is_no_note_is_left_for_the_verifier(signer: Signer, tmp_path: Path) -> None:
    """A long text that someone put there is not taken away by the next note."""
    signer.checkpoint_file.write_text("x" * 2000)
    noting.note(signer.checkpoint_file, signer.checkpoint(10, b"n" * 32))
    assert signer.checkpoint_file.read_text().startswith("x" * 2000)
    assert tmp_path in signer.checkpoint_file.parents
