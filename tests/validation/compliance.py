"""The compliance matrix: requirement → how it is met → the tests that prove it, made from marks on the tests.

``python -m tests.validation.compliance`` writes the page. A test is marked by ``@pytest.mark.req("G-46b")``.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.paths import ROOT

REQUIREMENTS = ROOT / "docs" / "validation" / "requirements.toml"
PAGE = ROOT / "docs" / "validation" / "compliance.md"
HEAD = """# Compliance matrix

Made from `requirements.toml` and the marks on the tests by `make docs`; a house test compares it. Codes are those of the
NMPA inspection guide (G: 医疗器械生产质量管理规范 2025 No. 107), of 药品记录与数据管理要求 (D), of 电子签名法 (S), 21 CFR Part 11
(P), EU Annex 11 (E) and 个人信息保护法 (L). **●** marks the core of the first release. A requirement without a test is open,
and says so. Nothing here is legal advice.
"""


@dataclass(frozen=True)
class Proof:
    """A marked test."""

    code: str
    file: str
    test: str


def requirements() -> dict[str, dict[str, object]]:
    """Every requirement by its code, in the order of the file."""
    return tomllib.loads(REQUIREMENTS.read_text(encoding="utf-8"))


def proofs() -> Iterator[Proof]:
    """Every mark on every test, read from the source."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for code in _codes(node):
                    yield Proof(code, path.relative_to(ROOT).as_posix(), node.name)


def _codes(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.req":
            yield from (ast.literal_eval(one) for one in mark.args)


def page() -> str:
    """The whole page, the same for the same tests."""
    found: dict[str, list[Proof]] = {}
    for one in proofs():
        found.setdefault(one.code, []).append(one)
    every = requirements()
    core = [code for code, facts in every.items() if facts.get("first")]
    proven = [code for code in core if code in found]
    still_open = ", ".join(code for code in core if code not in found)
    lines = [
        HEAD,
        f"Core requirements: {len(core)}; with at least one proving test: {len(proven)}; open: {still_open}.",
        "",
        "| | code | source | requirement | how it is met | proven by |",
        "|---|---|---|---|---|---|",
    ]
    for code, facts in every.items():
        tests = "<br>".join(f"`{one.file}` {one.test}" for one in found.get(code, [])) or "**open**"
        dot = "●" if facts.get("first") else ""
        lines.append(f"| {dot} | {code} | {facts['source']} | {facts['says']} | {facts['met']} | {tests} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
