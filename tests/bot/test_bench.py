"""Measuring leaves the installation as it was, on both engines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import ModuleType
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from tortoise import connections

from bot import database
from bot.benches import BENCHES, escalation, importing, tracing
from bot.benches.ledger import run
from core.kit.unit_of_work import ALIAS
from handlers.cli.bench import bench
from handlers.cli.tools import Bench, Figure
from tests.databases import PostgresServer


async def schemas() -> list[str]:
    rows = await connections.get(ALIAS).execute_query_dict(
        "SELECT schema_name || ' ' || count(table_name) AS said FROM information_schema.schemata"
        " LEFT JOIN information_schema.tables ON table_schema = schema_name GROUP BY schema_name ORDER BY 1"
    )
    return [row["said"] for row in rows]


async def test_the_ledger_bench_works_beside_the_data_on_both_engines(
    postgres_server: PostgresServer,
) -> None:
    """Every figure of both engines is there; on the server nothing is left behind."""
    made = await postgres_server.empty()
    name = made["credentials"]["database"]
    address = (
        f"postgres://postgres@localhost:{postgres_server.port}/{name}?host={quote(postgres_server.host)}"
    )
    await database.open_database(address)
    before = await schemas()
    await database.close_database()
    figures = await run(address, "", 320)
    await database.open_database(address)
    assert await schemas() == before
    await database.close_database()
    await postgres_server.drop(made)
    assert {figure.name.partition(":")[0] for figure in figures} == {"sqlite", "postgresql"}
    assert len(figures) == 20
    assert all(figure.value > 0 for figure in figures)


async def test_the_escalation_bench_climbs_what_is_due_among_many(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small here; --size 1000000 is the goal's. Exactly the due alerts climb, or it would fail itself."""
    monkeypatch.setattr(escalation, "FEW", 40)
    monkeypatch.setattr(escalation, "DUE", 2)
    assert "escalation" in {one.name for one in BENCHES}
    made = await postgres_server.empty()
    name = made["credentials"]["database"]
    address = (
        f"postgres://postgres@localhost:{postgres_server.port}/{name}?host={quote(postgres_server.host)}"
    )
    figures = await escalation.run(address, "", 80)
    await postgres_server.drop(made)
    assert [figure.name.partition(":")[0] for figure in figures] == ["sqlite"] * 2 + ["postgresql"] * 2
    assert all(figure.value > 0 for figure in figures)


@pytest.mark.parametrize("measured", [importing, tracing], ids=["import", "trace"])
async def test_the_benches_of_the_chain_give_ratios_on_both_engines(
    postgres_server: PostgresServer, measured: ModuleType
) -> None:
    """Small here; --lots 1000000 is the goal's. Ours reaches as many lots as the plain way, or it would fail itself."""
    made = await postgres_server.empty()
    name = made["credentials"]["database"]
    address = (
        f"postgres://postgres@localhost:{postgres_server.port}/{name}?host={quote(postgres_server.host)}"
    )
    figures = await measured.run(address, "", 320)
    await postgres_server.drop(made)
    ratios = [one for one in figures if one.unit == "x"]
    engines = [one.name.partition(":")[0] for one in ratios]
    bare = sum("COPY of the same rows" in one.name for one in ratios)
    assert bare == (measured is importing)
    assert engines.count("sqlite") == engines.count("postgresql") - bare == (len(ratios) - bare) / 2 > 0
    assert all(figure.value > 0 for figure in figures)


class Tools:
    """Stands for the assembly: one bench with known values."""

    benches = (Bench(name="quick", says="nothing much", size=10, run=run), *BENCHES)

    async def measure(self, bench: Bench, size: int) -> list[Figure]:
        """Answer as if measured."""
        return [
            Figure(f"{bench.name} {size}", 0.9, "x", at_least=0.85),
            Figure("slow", 3.0, "x", at_most=2.5),
            Figure("plain", 7.25, "ms"),
        ]


def asked(arguments: Sequence[str]) -> Any:
    return CliRunner().invoke(bench, list(arguments), obj=Tools())


def test_alone_it_lists_and_runs_all() -> None:
    """Name and purpose first, then every figure with its goal."""
    lines = asked([]).stdout.splitlines()
    assert lines[0] == "quick: nothing much"
    listed = len(Tools.benches)
    assert {one.partition(":")[0] for one in lines[1:listed]} == {one.name for one in BENCHES}
    assert "quick 10 (goal at least 0.85: met)" in lines[listed]
    assert "slow (goal at most 2.5: missed)" in lines[listed + 1]
    assert "7.250 ms" in lines[listed + 2]
    assert f"{BENCHES[0].name} {BENCHES[0].size}" in lines[listed + 3]


def test_figures_come_as_json() -> None:
    """For machines that compare two runs."""
    answer = asked(["quick", "--size", "320", "--json"])
    assert json.loads(answer.stdout)["quick"][0] == {
        "name": "quick 320", "value": 0.9, "unit": "x", "goal": "at least 0.85", "met": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["strange"], "choose from delivery, escalation, import, intake, ledger, quick, trace"),
        (["--size", "3"], "320"),
    ],
)
def test_what_cannot_be_measured_is_said(arguments: list[str], said: str) -> None:
    """An unknown name or a size too small for 32 writers."""
    answer = asked(arguments)
    assert answer.exit_code != 0
    assert said in answer.output
