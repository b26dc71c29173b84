"""Which columns a signature shows, and every place of the product that writes one of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum

from tests.paths import ROOT


class Answer(StrEnum):
    """Why writing a signed column never changes signed content silently."""

    VOIDS = "voids the signatures that show it"
    BEFORE = "is refused once it is signed"
    NEW = "makes a new row, which nobody signed yet"
    CYCLE = "blanks what a finished cycle left; the next judgement voids the one before"
    ANOTHER = "writes a column of this name that no signature shows"


SHOWN: dict[str, dict[str, frozenset[str]]] = {
    "anomalies:grade:confirm": {
        "anomalies": frozenset({"description", "lot_number", "quantity", "unit", "s", "o", "d", "grade"})
    },
    "anomalies:grade:lower": {
        "anomalies": frozenset({"description", "lot_number", "quantity", "unit", "s", "o", "d", "grade"})
    },
    "anomalies:containment:complete": {
        "anomalies": frozenset({"description", "lot_number", "quantity", "unit"})
    },
    "capa:waive": {"anomalies": frozenset({"description", "grade"}), "capa": frozenset({"waiver_reason"})},
    "capa:plan:approve": {
        "capa": frozenset(
            {
                "occurrence_category",
                "occurrence",
                "escape_category",
                "escape",
                "kind",
                "text",
                "owner_id",
                "due",
                "effect_kind",
                "effect_criterion",
                "effect_target",
                "effect_due",
            }
        )
    },
    "capa:implementation:confirm": {"capa": frozenset({"text", "done_note"})},
    "capa:effectiveness:result": {"capa": frozenset({"effect_result", "effect_note"})},
    "capa:close": {"capa": frozenset({"effect_result", "effect_note", "waiver_reason"})},
    "lots:hold:decide": {"lots": frozenset({"decision", "decision_reason", "reason"})},
    "inspections:sample:approve": {"inspections": frozenset({"kind", "title", "shows", "digests"})},
    "lots:lot:release": {"lots": frozenset({"expires_on", "made_at", "product_id"})},
    "lots:lot:clear": {"lots": frozenset({"expires_on", "made_at", "product_id"})},
    "signing:delegation:give": {
        "signing": frozenset({"delegate_id", "acts", "categories", "worst_grade", "since", "until"})
    },
    "signing:policy:set": {"signing": frozenset({"levels", "args"})},
    "signing:factor:renew": {"signing": frozenset({"args"})},
    "ledger:key:adopt": {"signing": frozenset({"args"})},
    "ledger:key:retire": {"signing": frozenset({"args"})},
    "people:role:grant": {"signing": frozenset({"args"})},
    "people:role:withdraw": {"signing": frozenset({"args"})},
}
"""Act → room → columns that its signed content is made of. An act without a row here fails a test."""


def writers() -> dict[str, set[str]]:
    """Every function of a room that writes a column which some signature shows: ``room.file:function`` → columns."""
    columns: dict[str, set[str]] = {}
    for shown in SHOWN.values():
        for room, names in shown.items():
            columns.setdefault(room, set()).update(names)
    found: dict[str, set[str]] = {}
    for room, names in columns.items():
        for path in sorted((ROOT / "core" / room).glob("*.py")):
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
                    written = set(_written(function)) & {*names, "*"}
                    if written:
                        found[f"{room}.{path.stem}:{function.name}"] = written
    return found


def _written(function: ast.AsyncFunctionDef | ast.FunctionDef) -> Iterator[str]:
    """Names of attributes that a function assigns; ``*`` where it assigns by a name known only when it runs."""
    for node in ast.walk(function):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = list(node.targets)
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            for one in ast.walk(target):
                if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store):
                    yield one.attr
        if isinstance(node, ast.Call):
            yield from _called(node)


def _called(node: ast.Call) -> Iterator[str]:
    if isinstance(node.func, ast.Name) and node.func.id == "setattr":
        yield "*"
    if isinstance(node.func, ast.Attribute):
        if node.func.attr == "update_from_dict":
            yield "*"
        if node.func.attr in ("update", "create", "bulk_create"):
            yield from (one.arg or "*" for one in node.keywords)
