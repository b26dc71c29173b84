"""Canonical JSON: the bytes of RFC 8785 for every value we allow, refusal of all others."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
import uuid
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from core.kit import canonical
from tests.paths import SHARED_DATA

VECTORS = SHARED_DATA / "sec_jcs"
SAFE = 2**53 - 1

keys = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1, max_size=8)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-SAFE, SAFE) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=20,
)


class Colour(StrEnum):
    RED = "red"


def _allowed(value: Any) -> bool:
    """Whether a vector holds only values and keys that our records may hold."""
    if isinstance(value, dict):
        return all(canonical._KEY.fullmatch(key) and _allowed(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_allowed, value))
    return not isinstance(value, float) and (
        not isinstance(value, str) or unicodedata.is_normalized("NFC", value)
    )


def _rekeyed(value: Any, names: dict[str, str]) -> Any:
    """The same content under keys that we allow."""
    if isinstance(value, dict):
        return {names.setdefault(key, f"k{len(names)}"): _rekeyed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_rekeyed(item, names) for item in value]
    return str(value) if isinstance(value, float) else value


@given(values)
def test_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    """For every allowed value an independent implementation writes the same bytes."""
    assert canonical.encode(value) == rfc8785.dumps(canonical.plain(value))  # type: ignore[arg-type]


@given(values)
def test_reading_and_writing_again_changes_nothing(value: Any) -> None:
    """A verifier that parses a body and writes it again gets the stored bytes."""
    once = canonical.encode(value)
    assert canonical.encode(json.loads(once)) == once


@pytest.mark.parametrize("name", sorted(path.stem for path in (VECTORS / "input").iterdir()))
def test_published_vectors(name: str) -> None:
    """A published vector is written as published when its values are ours; else it is refused.

    Its content under allowed keys, floats as text, has the bytes of the independent implementation.
    """
    value = json.loads((VECTORS / "input" / f"{name}.json").read_text(encoding="utf-8"))
    expected = bytes.fromhex((VECTORS / "outhex" / f"{name}.txt").read_text())
    assert rfc8785.dumps(value) == expected
    if _allowed(value):
        assert canonical.encode(value) == expected
    elif name != "unicode":
        with pytest.raises((TypeError, ValueError)):
            canonical.encode(value)
    ours = canonical.plain(_rekeyed(value, {}))
    assert canonical.encode(ours) == rfc8785.dumps(ours)  # type: ignore[arg-type]


@given(st.dictionaries(keys, scalars, max_size=8), st.randoms())
def test_the_order_of_keys_does_not_matter(facts: dict[str, Any], random: Any) -> None:
    """Equal facts have equal digests however they were put together."""
    items = list(facts.items())
    random.shuffle(items)
    assert canonical.digest(dict(items)) == canonical.digest(facts)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("9.000"), '"9"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("-0.0"), '"0"'),
        (Decimal("0.10"), '"0.1"'),
        (SAFE, str(SAFE)),
        (SAFE + 1, f'"{SAFE + 1}"'),
        (
            dt.datetime(2026, 1, 2, 8, tzinfo=dt.timezone(dt.timedelta(hours=8))),
            '"2026-01-02T00:00:00.000000Z"',
        ),
        (dt.date(2026, 1, 2), '"2026-01-02"'),
        (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        (b"\x01\xff", '"01ff"'),
        (Colour.RED, '"red"'),
        (frozenset({"b", "a"}), '["a","b"]'),
        ("e\u0301", '"é"'),
        ((1, None, True), "[1,null,true]"),
    ],
)
def test_how_values_are_written(value: object, text: str) -> None:
    """Every kind of value has one text."""
    assert canonical.encode(value).decode() == text


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        {"a": 0.5},
        object(),
        {1: 2},
        {"Ä": 1},
        {"a b": 1},
        {"": 1},
        Decimal("NaN"),
        Decimal("Infinity"),
        dt.datetime(2026, 1, 2),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    """Floats, unknown types, free keys and naive times never get into a record."""
    with pytest.raises((TypeError, ValueError)):
        canonical.encode(value)
