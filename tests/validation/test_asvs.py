"""The ASVS page names tests that exist, and says ✔ only where it names one or says why none is needed."""

from __future__ import annotations

import re

from tests.paths import ROOT

PAGE = (ROOT / "docs" / "validation" / "asvs.md").read_text(encoding="utf-8")


def test_every_test_named_on_the_page_exists() -> None:
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 40
    assert named - there == set()


def test_what_is_called_met_is_shown_by_a_test() -> None:
    """One row rests on the linter instead: it says so."""
    rows = [line for line in PAGE.splitlines() if "| ✔ |" in line]
    assert [one for one in rows if "`test_" not in one] == [one for one in rows if "ruff" in one]
