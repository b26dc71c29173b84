"""The page of goals: all thirteen and those of tracing, each with tests and figures that exist where it says."""

from __future__ import annotations

import ast
import inspect
import re
import sys

import pytest

from bot.benches import BENCHES
from tests.paths import ROOT

PAGE = ROOT / "docs" / "validation" / "goals.md"
ROWS = re.findall(r"^\| (T?\d+) \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_no_goal_is_left_out() -> None:
    assert [number for number, _row in ROWS] == [
        *(str(number) for number in range(1, 14)),
        *(f"T{number}" for number in range(1, 5)),
    ]


@pytest.mark.parametrize(("number", "row"), ROWS)
def test_what_shows_a_goal_exists(number: str, row: str) -> None:
    """Whoever deletes or renames a test or a figure comes by here."""
    tests = re.findall(r"`(tests/[\w/]+\.py)` (test_\w+)", row)
    assert tests, number
    for file, test in tests:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        there = {
            one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert test in there, f"{file} {test}"
    for bench, figures in re.findall(r"`bihuan bench (\w+)` ((?:\"[^\"]+\"(?:, )?)+)", row):
        (source,) = [
            inspect.getsource(sys.modules[one.run.__module__]) for one in BENCHES if one.name == bench
        ]
        for figure in re.findall(r'"([^"]+)"', figures):
            assert figure in source, f"{bench}: {figure}"
