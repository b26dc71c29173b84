"""Witnessing at the command line: real processes, a real script, real exit codes; a cut database is caught by a copy."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests import processes
from tests.bot.test_command_line import bihuan, environment

pytestmark = pytest.mark.enable_socket


def piped(folder: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return processes.run("bot", *arguments, folder=folder, environment=environment(folder), said=text)


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded plant with a few entries, sealed."""
    folder = tmp_path_factory.mktemp("witnessed")
    assert bihuan(folder, "migrate").returncode == 0
    founded = bihuan(
        folder,
        "person",
        "add",
        "王芳",
        "--role",
        "administrator",
        "--plant",
        "KG",
        "--found",
        "康固",
        "Kanggu",
    )
    assert founded.returncode == 0, founded.stderr
    named = bihuan(folder, "witness", "name", "王芳")
    assert named.stdout.strip() == "1", named.stderr
    return folder


def request(folder: Path, old: int = 0) -> str:
    made = bihuan(folder, "ledger", "witness-request", "--old", str(old))
    assert made.returncode == 0, made.stderr
    return made.stdout


def test_the_script_signs_offline_and_cosign_keeps_it(plant: Path, tmp_path: Path) -> None:
    """witness-script, init, key, witness-request, sign, cosign; the second time with a proof; wrong ones are refused."""
    script = tmp_path / "witness.py"
    assert bihuan(plant, "ledger", "witness-script", "--out", str(script)).returncode == 0

    def witness(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", str(script), *arguments],
            cwd=tmp_path,
            input=said,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    key_file = (plant / "var/keys/ledger.key").read_text(encoding="utf-8")
    assert "PRIVATE" in key_file
    from core.ledger import keys

    log = str(keys.load(plant / "var/keys/ledger.key").verifiers[0])
    line = witness("init", "coating.example/w1", "--log", log).stdout.strip()
    unknown = witness("sign", "-", said=request(plant)).stdout
    refused = piped(plant, unknown, "ledger", "cosign", "-")
    assert refused.returncode == 1
    assert "No registered witness key" in refused.stderr
    assert bihuan(plant, "witness", "key", "KG", line).stdout.strip() == "1"
    (tmp_path / "signed").write_text(unknown, encoding="utf-8")
    kept = bihuan(plant, "ledger", "cosign", str(tmp_path / "signed"))
    assert kept.returncode == 0, kept.stderr
    assert kept.stdout.startswith("kept: ")
    size = int(unknown.split("\n")[1])
    again = witness("sign", "-", said=request(plant, size))
    assert again.returncode == 0, again.stderr
    assert piped(plant, again.stdout, "ledger", "cosign", "-").returncode == 0
    listed = bihuan(plant, "witness", "list").stdout
    assert line in listed
    assert "unwitnessed tail:" in listed


def test_verify_against_says_it_in_plain_words(plant: Path, tmp_path: Path) -> None:
    """A chat's export as a file, a text; growth is consistent, a cut tail is not: exit 1."""
    import shutil

    note = request(plant).partition("\n\n")[2]
    earlier = tmp_path / "before"
    shutil.copytree(plant, earlier)
    assert bihuan(plant, "witness", "chat", "KG", "telegram", "-100").returncode == 0
    later = request(plant).partition("\n\n")[2]
    export = tmp_path / "chat export.txt"
    export.write_text(
        f"08:00 Bihuan\r\n{note}\r\n08:01 Li\r\nok\r\n\r\n{later}", encoding="utf-8", newline=""
    )
    both = bihuan(plant, "ledger", "verify", "--against", str(export))
    assert both.returncode == 0, both.stderr
    assert "Older but consistent" in both.stdout
    assert "present state" in both.stdout
    cut = bihuan(earlier, "ledger", "verify", "--against", later)
    assert cut.returncode == 1
    assert "truncation" in cut.stdout
    assert "1 of 1 kept checkpoints" in cut.stderr
    with sqlite3.connect(plant / "var/bihuan.db") as db:
        assert db.execute("SELECT count(*) FROM witness_witness").fetchone() == (2,)
