"""No verb without a door: what only tests can do, nobody can do."""

from __future__ import annotations

import ast
import importlib
import types
from collections.abc import Iterator
from typing import Any

import pytest

from core.kit import REGISTERED
from core.signing.table import TABLE
from handlers.cli import texts
from tests.paths import ROOT

NO_DOORS = ("handlers/demo/", "bot/benches/", "core/sandbox/")
"""Folders that fill a plant to look at or to measure; nobody works through them."""


DOORLESS: dict[str, str] = {
    "core.clients.sandboxes.found": "an empty sandbox is no use: whoever makes one has it filled",
    "core.people.organisations.found_sandbox": "an empty sandbox is no use: whoever makes one has it filled",
    "core.people.persons._first": "the command line adds the first administrator as it adds everybody; demo and benches",
    "core.signing.enrolment.load_demo_factor": "the demo plant alone has authenticators that everybody knows",
}
"""Verbs that no door calls, each with the reason why none should."""


OWED: dict[str, str] = {}
"""Verbs whose door is being built, and where it will be; this list only gets shorter."""
LISTS_ACTS = ("handlers.chat.dialogues.delegating", "handlers.web.words")
"""Modules that name acts in order to speak of them, not to begin them."""


def modules(*folders: str) -> Iterator[tuple[Any, ast.Module]]:
    """Every module of these folders, loaded and parsed."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            named = path.relative_to(ROOT).as_posix()
            if named.startswith(NO_DOORS):
                continue
            dotted = named.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
            yield importlib.import_module(dotted), ast.parse(path.read_text(encoding="utf-8"))


def name_of(found: object) -> str | None:
    """The full name of a function or class of a room."""
    if isinstance(found, (types.FunctionType, type)) and found.__module__.startswith("core."):
        return f"{found.__module__}.{found.__qualname__}"
    return None


def spoken_of(module: Any, tree: ast.AST) -> set[str]:
    """Functions and classes of rooms that a piece of code names, whatever it calls them."""
    said: set[str] = set()
    for node in ast.walk(tree):
        found: object = None
        if isinstance(node, ast.Name):
            found = getattr(module, node.id, None)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            holder = getattr(module, node.value.id, None)
            found = getattr(holder, node.attr, None) if isinstance(holder, (types.ModuleType, type)) else None
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("core"):
            holder = importlib.import_module(node.module)
            said |= {name for one in node.names if (name := name_of(getattr(holder, one.name, None)))}
        if (name := name_of(found)) is not None:
            said.add(name)
    return said


def reached() -> set[str]:
    """Everything of the rooms that some door leads to, directly or through a room's own functions."""
    leads: dict[str, set[str]] = {}
    open_ends: set[str] = set()
    for module, tree in modules("core"):
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                leads[f"{module.__name__}.{node.name}"] = spoken_of(module, node)
            elif not isinstance(node, (ast.Import, ast.ImportFrom)):
                open_ends |= spoken_of(module, node)  # hooks and tables of functions
    for module, tree in modules("handlers", "bot"):
        open_ends |= spoken_of(module, tree)
    seen: set[str] = set()
    while open_ends:
        one = open_ends.pop()
        if one not in seen:
            seen.add(one)
            open_ends |= leads.get(one, set())
    return seen


@pytest.mark.req("D-22d")
def test_every_verb_has_a_door() -> None:
    """Give the verb its button, page, route or command; or say in DOORLESS why it needs none."""
    texts._modules()
    verbs = {name for name in REGISTERED if name.startswith("core.")}
    without, known = verbs - reached(), DOORLESS.keys() | OWED.keys()
    assert not without - known, sorted(without - known)
    assert not known - without, ("take these out of the list", sorted(known - without))


def test_every_signed_act_is_begun_by_some_door() -> None:
    """A verb behind a signature is reached through its act: some dialogue must begin the ceremony under its name."""
    named: set[str] = set()
    for module, tree in modules("handlers", "bot"):
        for node in ast.walk(tree):
            found: object = None
            if isinstance(node, ast.Constant) and module.__name__ not in LISTS_ACTS:
                found = node.value
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                found = node.value.value
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                holder = getattr(module, node.value.id, None)
                found = getattr(holder, node.attr, None) if isinstance(holder, types.ModuleType) else None
            if isinstance(found, str):
                named.add(str(found))
    without = set(TABLE) - named
    assert not without, sorted(without)
