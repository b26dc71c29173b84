"""The ledger key file: made once, for its owner only, readable by the public note tools."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.kit.keys import KeyFault
from core.ledger import Signer, Unreadable, checkpoint, keys
from tests.core.ledger.logs import ORIGIN


def test_a_key_is_made_and_read_back(signer: Signer, tmp_path: Path) -> None:
    """The file has mode 600, the same key comes back, the checkpoints lie beside it."""
    file = tmp_path / "ledger.key"
    assert file.stat().st_mode & 0o777 == 0o600
    again = keys.load(file)
    assert again.verifiers == signer.verifiers
    assert again.origin == ORIGIN
    assert again.checkpoint_file == tmp_path / "ledger.key.checkpoints"
    assert re.fullmatch(rf"PRIVATE\+KEY\+{ORIGIN}\+[0-9a-f]{{8}}\+\S{{44}}\n", file.read_text())


def test_what_it_signs_the_verifier_believes(signer: Signer) -> None:
    """The public line is all an auditor needs."""
    line = checkpoint.Verifier.parse(str(signer.verifiers[0]))
    assert checkpoint.verify(signer.checkpoint(3, b"r" * 32), [line]).size == 3


def test_two_lines_sign_both(signer: Signer, tmp_path: Path) -> None:
    """While keys change, holders of the old and of the new verifier line can both check."""
    file = tmp_path / "ledger.key"
    other = keys.create(tmp_path / "new.key", ORIGIN)
    file.write_text((tmp_path / "new.key").read_text() + "# the old key\n" + file.read_text())
    note = keys.load(file).checkpoint(1, b"r" * 32)
    for verifier in (*signer.verifiers, *other.verifiers):
        assert checkpoint.verify(note, [verifier]).size == 1


def test_a_key_is_never_overwritten(signer: Signer, tmp_path: Path) -> None:
    """Making a key where one is fails; asking for either reads it."""
    with pytest.raises(KeyFault, match="cannot be written"):
        keys.create(tmp_path / "ledger.key", ORIGIN)
    assert keys.load_or_create(tmp_path / "ledger.key", "other.example").verifiers == signer.verifiers
    assert keys.load_or_create(tmp_path / "keys" / "k", "other.example").origin == "other.example"


def test_a_file_open_to_others_is_refused(signer: Signer, tmp_path: Path) -> None:
    """The message says what to run."""
    (tmp_path / "ledger.key").chmod(0o640)
    with pytest.raises(KeyFault, match="chmod 600"):
        keys.load(tmp_path / "ledger.key")


@pytest.mark.parametrize("text", ["", "# only words\n", "nonsense\n", "PRIVATE+KEY+a+00000000+AAAA\n", "é"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    """Nothing is signed with half a key."""
    file = tmp_path / "k"
    file.touch(0o600)
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(KeyFault):
        keys.load(file)
    with pytest.raises(KeyFault):
        keys.load(tmp_path / "absent")


def test_a_key_under_another_name_is_refused(signer: Signer, tmp_path: Path) -> None:
    """The hash in the line binds name and key."""
    file = tmp_path / "ledger.key"
    file.write_text(file.read_text().replace("plant.example", "plane.example"))
    with pytest.raises(KeyFault, match="belongs to another key"):
        keys.load(file)


def test_a_name_with_spaces_cannot_be_used(tmp_path: Path) -> None:
    """The format has no way to write it, and no file is left behind."""
    with pytest.raises(Unreadable, match="cannot name a key"):
        keys.create(tmp_path / "k", "my plant")
    assert not (tmp_path / "k").exists()
