"""``bihuan trace --json`` in a process of its own, beside a copy of the plant's database."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from aerich.models import Aerich
from aerich.utils import get_models_describe
from tortoise import connections

from bot import schema
from core.kit.unit_of_work import ALIAS
from tests import processes
from tests.flow.journal import Journal
from tests.paths import ROOT


def copied(folder: Path) -> Path:
    """A copy of the open SQLite database, marked as migrated: tests make their tables without migrations."""
    file = folder / "plant.sqlite3"
    with (
        closing(sqlite3.connect(connections.get(ALIAS).filename)) as source,
        closing(sqlite3.connect(file)) as copy,
    ):
        source.backup(copy)
        copy.execute("CREATE TABLE aerich (id INTEGER PRIMARY KEY, version TEXT, app TEXT, content JSON)")
        models = json.dumps(
            get_models_describe("core") | {"core.Aerich": Aerich.describe() | {"table": "aerich"}}
        )
        for name in sorted(schema.known()):
            copy.execute("INSERT INTO aerich (version, app, content) VALUES (?, 'core', ?)", [name, models])
        copy.commit()
    return file


def traced(folder: Path, file: Path, number: str) -> list[dict[str, Any]]:
    """What the command answers."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BIHUAN_")}
    said = processes.run(
        "bot", "trace", number, "--json",
        folder=folder,
        environment={**kept, "PYTHONPATH": str(ROOT), "BIHUAN_DATABASE_URL": f"sqlite://{file}"},
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    rows: list[dict[str, Any]] = json.loads(said.stdout)
    return rows


def agrees(folder: Path, journal: Journal, numbers: Iterable[str]) -> None:
    """Shares as exact fractions, distances and flows of these lots' relatives."""
    file = copied(folder)
    for number in numbers:
        rows = {(one["direction"], one["lot"]): one for one in traced(folder, file, number)}
        expected = {
            (way, name): relative
            for way in ("up", "down")
            for name, relative in journal.relatives(number, down=way == "down").items()
        }
        assert {key for key in rows if key[0] != "root"} == expected.keys()
        for key, relative in expected.items():
            one = rows[key]
            assert one["depth"] == relative.steps, (number, key)
            assert one["carried"]["exactly"] == str(relative.share), (number, key, one["carried"], relative)
            flowed = {part.rpartition(" ")[2] for part in one["contributed"]}
            assert flowed == relative.flowed.keys(), (number, key, one["contributed"])
