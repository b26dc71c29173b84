"""Judges calls, results and updates by the published Bot API description (messenger_tg_spec/api.json)."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.paths import SHARED_DATA

API = SHARED_DATA / "messenger_tg_spec" / "api.json"
ARRAY = "Array of "
PLAIN: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
}


@dataclass(frozen=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes = field(repr=False)
    mime: str


@dataclass
class Call:
    """One call of the bot: values as the description types them, uploads by their field name."""

    method: str
    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@functools.cache
def _described() -> dict[str, Any]:
    described: dict[str, Any] = json.loads(API.read_text(encoding="utf-8"))
    return described


def version() -> str:
    """Which Bot API the description is of."""
    return str(_described()["version"])


def methods() -> Mapping[str, Any]:
    """Every documented method by name."""
    documented: Mapping[str, Any] = _described()["methods"]
    return documented


def spelled(method: str) -> str | None:
    """The documented spelling of a method (the real server does not mind the case), or None."""
    return _spellings().get(method.lower())


@functools.cache
def _spellings() -> dict[str, str]:
    return {name.lower(): name for name in methods()}


def call(method: str, raw: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Call:
    """Types the raw parameters of a call and lists everything the description does not allow."""
    fields = {one["name"]: one for one in methods()[method].get("fields", [])}
    made = Call(method, {}, dict(uploads))
    attached: set[str] = set()
    for name, value in raw.items():
        if name not in fields:
            made.problems.append(f"{method}: undocumented parameter {name!r}")
            continue
        types = fields[name]["types"]
        typed = _typed(value, types)
        made.problems += [f"{method}.{problem}" for problem in _flaws(typed, types, name)]
        attached |= _attached(typed)
        made.values[name] = typed
    for name in uploads:
        if name in fields and "InputFile" in fields[name]["types"]:
            made.values.setdefault(name, f"attach://{name}")
            attached.add(name)
    made.problems += [f"{method}: file {name!r} is attached to nothing" for name in set(uploads) - attached]
    made.problems += [f"{method}: attach://{name} without a file" for name in attached - set(uploads)]
    made.problems += [
        f"{method}: required parameter {name!r} is missing"
        for name, one in fields.items()
        if one["required"] and name not in made.values
    ]
    return made


def result(method: str, value: object) -> list[str]:
    """What the description does not allow in the answer to a method."""
    return [f"result of {method}: {flaw}" for flaw in _flaws(value, methods()[method]["returns"], "result")]


def update(value: object) -> list[str]:
    """What the description does not allow in an update."""
    return [f"update: {flaw}" for flaw in _flaws(value, ["Update"], "update")]


def _typed(value: object, types: Iterable[str]) -> object:
    """A form field becomes the value its documented type promises; what cannot, stays as it came."""
    if not isinstance(value, str):
        return value
    wanted = list(types)
    if "Integer" in wanted and value.lstrip("-").isdecimal():
        return int(value)
    if "Boolean" in wanted and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if "String" in wanted:
        return value
    if any(kind not in PLAIN or kind == "Float" for kind in wanted):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _attached(value: object) -> set[str]:
    if isinstance(value, str):
        return {value.removeprefix("attach://")} if value.startswith("attach://") else set()
    if isinstance(value, Mapping):
        return {name for one in value.values() for name in _attached(one)}
    if isinstance(value, list):
        return {name for one in value for name in _attached(one)}
    return set()


def _flaws(value: object, types: list[str], where: str) -> list[str]:
    """The flaws of the type that fits best; none when one fits."""
    best: list[str] | None = None
    for kind in types:
        flaws = _flaws_of_kind(value, kind, where)
        if not flaws:
            return []
        if best is None or len(flaws) < len(best):
            best = flaws
    return best or []


def _flaws_of_kind(value: object, kind: str, where: str) -> list[str]:
    if kind in PLAIN:
        fits = isinstance(value, PLAIN[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        return [] if fits else [f"{where}: {type(value).__name__} {value!r:.60} where {kind} is documented"]
    if kind.startswith(ARRAY):
        if not isinstance(value, list):
            return [f"{where}: {value!r:.60} is not an {kind}"]
        inner = [kind.removeprefix(ARRAY)]
        return [flaw for index, one in enumerate(value) for flaw in _flaws(one, inner, f"{where}[{index}]")]
    if kind == "InputFile":
        is_upload = isinstance(value, str) and value.startswith("attach://")
        return [] if is_upload else [f"{where}: {value!r:.60} is no uploaded file"]
    return _flaws_of_object(value, _described()["types"][kind], where)


def _flaws_of_object(value: object, kind: Mapping[str, Any], where: str) -> list[str]:
    if "subtypes" in kind:
        return _flaws(value, _by_discriminator(value, kind["subtypes"]), where)
    if not isinstance(value, Mapping):
        return [f"{where}: {value!r:.60} is no {kind['name']}"]
    fields = {one["name"]: one for one in kind.get("fields", [])}
    flaws = [
        f"{where}: {name!r} is required in {kind['name']}"
        for name, one in fields.items()
        if one["required"] and name not in value
    ]
    for name, inner in value.items():
        if name not in fields:
            flaws.append(f"{where}: {name!r} is undocumented in {kind['name']}")
        else:
            flaws += _flaws(inner, fields[name]["types"], f"{where}.{name}")
    return flaws


def _by_discriminator(value: object, subtypes: list[str]) -> list[str]:
    """Of several shapes, those whose fixed word (``always "photo"``, ``must be photo``) the value carries."""
    if not isinstance(value, Mapping):
        return subtypes
    same = [name for name in subtypes if _word_fits(value, name)]
    return same or subtypes


def _word_fits(value: Mapping[str, Any], name: str) -> bool:
    for one in _described()["types"].get(name, {}).get("fields", []):
        if one["name"] in {"type", "status", "source"} and one["required"]:
            return str(value.get(one["name"])) in _last_words(one["description"])
    return True


def _last_words(description: str) -> set[str]:
    return {word.strip("“”\"'.,*") for word in description.split()}
