"""The file of an export appears whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from handlers.cli import bundle
from handlers.cli.tools import Refused


def test_a_complete_file_gets_its_name(tmp_path: Path) -> None:
    out = tmp_path / "审计 包.zip"
    with bundle.new_file(out) as file:
        file.write(b"whole")
        assert not out.exists()
    assert out.read_bytes() == b"whole"
    assert [one.name for one in tmp_path.iterdir()] == [out.name]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Neither what was there before, nor what came meanwhile."""
    out = tmp_path / "a.zip"
    out.write_bytes(b"old")
    with pytest.raises(Refused, match="exists already"), bundle.new_file(out):
        raise AssertionError
    late = tmp_path / "b.zip"
    with pytest.raises(Refused, match="exists already"), bundle.new_file(late):
        late.write_bytes(b"came first")
    assert (out.read_bytes(), late.read_bytes()) == (b"old", b"came first")
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("wrong", [OSError(errno.ENOSPC, "No space left on device"), Refused("no such case")])
def test_a_failure_leaves_nothing(tmp_path: Path, wrong: Exception) -> None:
    """A full disk, or a refusal halfway: a sentence, and an empty folder."""
    with (
        pytest.raises(Refused, match=r"No space left|no such case"),
        bundle.new_file(tmp_path / "a.zip") as file,
    ):
        file.write(b"half")
        raise wrong
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"), bundle.new_file(tmp_path / "no" / "a.zip"):
        raise AssertionError


def test_a_memory_stick_without_links_takes_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def linkless(*_args: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", linkless)
    with bundle.new_file(tmp_path / "a.zip") as file:
        file.write(b"whole")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"whole"]
