"""``verify.py --witness FILE``: what somebody kept outside is held to the bundle, or it is said that it could not be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.exchange.verifier.command import main
from core.ledger import merkle
from tests.core.exchange.office import Kept

Said = Callable[[str], tuple[int, str]]


def note_of(kept: Kept) -> str:
    """The newest checkpoint of the bundle, as the log signed it."""
    files = kept.files
    size = json.loads(files["manifest.json"])["checkpoint"]["size"]
    return files[f"ledger/checkpoints/{size:012d}.note"].decode()


@pytest.fixture
def said(kept: Kept, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Answers exit code and words of the verifier for a kept text."""
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(kept.raw)

    def run(text: str) -> tuple[int, str]:
        file = tmp_path / "kept.txt"
        file.write_bytes(text.encode())
        status = main([str(bundle), "--witness", str(file)])
        return status, capsys.readouterr().out

    return run


def test_a_kept_checkpoint_agrees_whatever_carried_it(kept: Kept, said: Said) -> None:
    """As it was sent, without its last line end, with the line ends of another system, inside a chat's export."""
    note = note_of(kept)
    for text in (
        note,
        note.rstrip("\n"),
        "\ufeff" + note.replace("\n", "\r\n"),
        f"2026-11-30 08:00 Bihuan:\n\n{note}\n陈工: 收到\n",
    ):
        status, words = said(text)
        assert (status, "Witness: 1 kept checkpoints agree" in words) == (0, True), words


@pytest.mark.parametrize("text", ["", "\n", "陈工: 收到\n", "105:d3de886e\n"])
def test_a_file_without_a_checkpoint_is_no_agreement(said: Said, text: str) -> None:
    """Whoever gives the wrong file must not read OK."""
    status, words = said(text)
    assert status == 1
    assert "no signed checkpoint in it" in words


def test_what_cannot_be_compared_is_said(kept: Kept, said: Said) -> None:
    """A later one, or one of a size of which the bundle holds none: beside another it is named, alone it is exit 2."""
    later = kept.signer.checkpoint(10**6, merkle.leaf_hash(b"grown"))
    status, words = said(later)
    assert (status, "NOT compared 未比对: kept checkpoints of 1000000 entries" in words) == (2, True)
    status, words = said(f"{later}\n{note_of(kept)}")
    assert (status, "NOT compared" in words, "1 kept checkpoints agree" in words) == (0, True, True)


def test_another_past_is_a_fault(kept: Kept, said: Said) -> None:
    """Signed by the log's own key for a size that the bundle knows: the log was written anew."""
    size = int(note_of(kept).split("\n")[1])
    status, words = said(kept.signer.checkpoint(size, merkle.leaf_hash(b"another past")))
    assert (status, "the log was written anew" in words) == (1, True)
