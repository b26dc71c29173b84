"""Catalogues of texts: every msgid of the code with its zh_CN translation, written or checked.

``python -m handlers.cli.texts`` writes ``locales/*/LC_MESSAGES/bot.po`` from the code and ``locales/parts/*.json``;
``--check`` changes nothing and fails when a text has no translation or a catalogue is out of date.
"""

from __future__ import annotations

import ast
import importlib
import io
import json
import pkgutil
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from core.anomalies import policy
from core.kit import Refusal
from core.signing import rendering, undertaking
from core.signing.table import TABLE
from handlers.text import LOCALES, of_one

ROOT = Path(__file__).resolve().parents[2]
CALLS = {"_", "mark", "translate"}
MARKED_CALLS = {"Fact": (0,), "term": (0, 1), "_shown": (2,)}
_PLURAL = re.compile(
    r"\{(?:n|count|rows|left|size|lots|up|down|results|reports|excursions|gaps|entries|days|minutes|seconds)\}"
    r" (?:[a-z-]+ ){0,2}?(?:[a-z]+s|people)\b"
)
"""A count before an English plural."""
_TEMPLATE = re.compile(r"\b_\(\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')")


def _called(node: ast.Call) -> str:
    target = node.func
    return (
        target.id
        if isinstance(target, ast.Name)
        else target.attr
        if isinstance(target, ast.Attribute)
        else ""
    )


def _constant(node: ast.expr) -> Iterator[str]:
    """The texts an argument can be: a literal, or either side of a choice between literals."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constant(node.body)
        yield from _constant(node.orelse)


def _of_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node)
        if name in CALLS and node.args:
            yield from _constant(node.args[0])
        for place in MARKED_CALLS.get(name, ()):
            if place < len(node.args):
                yield from _constant(node.args[place])
        if name in ("Shown", "_shown", "_case"):
            for keyword in node.keywords:
                if keyword.arg == "title":
                    yield from _constant(keyword.value)
            if name == "_case" and len(node.args) > 2:  # noqa: PLR2004  title is its third argument
                yield from _constant(node.args[2])


def _of_template(path: Path) -> Iterator[str]:
    for found in _TEMPLATE.finditer(path.read_text(encoding="utf-8")):
        yield str(ast.literal_eval(found[1]))


def _modules() -> list[object]:
    import core  # noqa: PLC0415  only this command walks the packages
    import handlers  # noqa: PLC0415

    return [
        importlib.import_module(one.name)
        for package in (core, handlers)
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    ]


def _refusals(base: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    yield base
    for one in base.__subclasses__():
        yield from _refusals(one)


def _of_classes() -> Iterator[str]:
    """What refusals say and what enum members are called."""
    modules = _modules()
    for refusal in _refusals():
        if refusal.__module__.startswith(("core.", "handlers.", "bot.")):
            yield refusal.says
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Enum):
                for member in value.__members__.values():
                    says = getattr(member, "says", "")
                    if isinstance(says, str) and says:
                        yield says
    yield from rendering.LABELS.values()
    yield from (rule.says for rule in TABLE.values())
    yield from (undertaking.TITLE, *undertaking.CLAUSES)
    # Reasons of a grade are stored as msgids by a pure file that cannot mark them.
    yield from (*policy.OVERRIDE_WORDS.values(), policy.REPEATED, policy.SEVERAL_LOTS)


def msgids() -> list[str]:
    """Every text of the code, sorted."""
    found: set[str] = set(_of_classes())
    for folder in ("bot", "core", "handlers"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.update(_of_python(path))
        for path in sorted((ROOT / folder).rglob("*.html")):
            found.update(_of_template(path))
    return sorted(one for one in found if one.strip())


def translations() -> dict[str, str]:
    """All translations of the parts; the same text translated twice must read the same.

    Raises:
        ValueError: two parts disagree.
    """
    merged: dict[str, str] = {}
    for part in sorted((ROOT / "locales" / "parts").glob("*.json")):
        for msgid, said in json.loads(part.read_text(encoding="utf-8")).items():
            if merged.setdefault(msgid, said) != said:
                msg = f"{part.name}: “{msgid}” is “{merged[msgid]}” elsewhere"
                raise ValueError(msg)
    return merged


def catalogue(locale: str, texts: list[str], said: dict[str, str]) -> bytes:
    """One language's catalogue, the same bytes for the same texts."""
    made = Catalog(locale=locale, project="bihuan", version="", charset="utf-8", fuzzy=False)
    for msgid in texts:
        made.add(msgid, said.get(msgid, "") if locale == "zh_CN" else msgid)
    kept = io.BytesIO()
    write_po(kept, made, sort_output=True, omit_header=True, width=0)
    header = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {locale}\\n"\n\n'
    return header.encode() + kept.getvalue()


def main(arguments: list[str]) -> int:
    """Write the catalogues, or check them; answers the exit code."""
    texts, said = msgids(), translations()
    missing = [one for one in texts if not said.get(one)]
    different = [one for one in texts if said.get(one) and _places(one) != _places(said[one])]
    for one in missing:
        print(f"no zh_CN text: {json.dumps(one, ensure_ascii=False)}", file=sys.stderr)
    for one in different:
        print(f"placeholders differ: {json.dumps(one, ensure_ascii=False)}", file=sys.stderr)
    counted = miscounted(texts, of_one())
    for one in counted:
        print(f"locales/one.json: {one}", file=sys.stderr)
    stale = False
    for locale in LOCALES:
        path = ROOT / "locales" / locale / "LC_MESSAGES" / "bot.po"
        made = catalogue(locale, texts, said)
        if "--check" in arguments:
            stale |= not path.exists() or path.read_bytes() != made
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made)
    if stale:
        print("catalogues are out of date: run make catalogue", file=sys.stderr)
    print(f"{len(texts)} texts, {len(missing)} without zh_CN, {len(different)} with wrong placeholders")
    return 1 if missing or different or counted or stale else 0


def miscounted(texts: Collection[str], forms: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What is wrong with the English texts of one: unknown, missing, or with other placeholders.

    A text whose count stands before a plural needs a form; an empty entry says that its count is never one.
    """
    known = set(texts)
    wrong = [f"no such text: {one}" for one in forms if one not in known]
    wrong += [f"what is it of one? {one}" for one in texts if one not in forms and _PLURAL.search(one)]
    for msgid, by_count in forms.items():
        for names, said in by_count.items():
            counts, there = set(names.split()), _places(msgid)
            if not counts or not counts <= there or not there - counts <= _places(said) <= there:
                wrong.append(f"placeholders differ: {said}")
    return wrong


def _places(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", sentence))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
