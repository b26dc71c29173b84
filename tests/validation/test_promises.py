"""The page of promises: all seven, each with tests that exist where it says."""

from __future__ import annotations

import ast
import re

from tests.paths import ROOT

PAGE = ROOT / "docs" / "validation" / "promises.md"


def test_every_promise_names_tests_that_exist() -> None:
    """Whoever deletes or renames a proving test comes by here."""
    rows = re.findall(r"^\| (\d) \|(.*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [number for number, _ in rows] == list("1234567")
    for number, row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)` (test_\w+)", row)
        assert named, number
        for file, test in named:
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            there = {
                one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            }
            assert test in there, f"{number}: {file} {test}"
