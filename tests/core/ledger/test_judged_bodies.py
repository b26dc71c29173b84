"""Bodies of entries: canonical, one with their columns, and no changed byte unnoticed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import ledger
from core.ledger import bodies


def stored(body: bytes, **changed: Any) -> bodies.Stored:
    facts = {
        "event_id": "e", "plant_id": 1, "case_number": None, "kind": "k", "person_id": 7,
        "recorded_at": "2026-11-23 00:00:00+00:00", "body": body, "leaf": ledger.leaf_hash(body),
    }  # fmt: skip
    return bodies.Stored(**{**facts, **changed})


BODY = {
    "schema": 1, "event": "e", "plant": 1, "case": None, "kind": "k", "actor": {"person": 7},
    "recorded_at": "2026-11-23T00:00:00.000000Z", "facts": {}, "records": [],
}  # fmt: skip
CANONICAL = json.dumps(BODY, sort_keys=True, separators=(",", ":")).encode()


def test_a_canonical_body_is_sound() -> None:
    """The example of the next tests is right to begin with."""
    assert bodies.judge(stored(CANONICAL)) == (None, [], BODY["recorded_at"])


@pytest.mark.parametrize("body", [
    CANONICAL.replace(b'":', b'": '),
    json.dumps(BODY).encode(),
    CANONICAL.replace(b'"facts":{}', b'"facts":{"a":1.5}'),
    CANONICAL.replace(b'"facts":{}', b'"facts":{"a":NaN}'),
    CANONICAL.replace(b'"facts":{}', '"facts":{"a":"e\u0301"}'.encode()),
    CANONICAL.replace(b'"facts":{}', b'"facts":{"a":"\\u4e2d"}'),
    CANONICAL.replace(b'"facts":{}', b'"facts":{},"facts":{}'),
    CANONICAL.replace(b'"schema":1', b'"schema":2'),
    b"\xff", b"[]", b"null", b"{}", b"",
])  # fmt: skip
def test_a_body_that_is_not_canonical_is_a_fault(body: bytes) -> None:
    """Even when its hash is right: spaces, order, floats, escapes, twins, other forms of a letter."""
    what, *_ = bodies.judge(stored(body))
    assert what is not None


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
@pytest.mark.req("P-10a")
def test_one_changed_byte_anywhere_is_found(data: st.DataObject) -> None:
    """Whatever byte of a body is changed, its hash tells."""
    at = data.draw(st.integers(0, len(CANONICAL) - 1))
    turned = CANONICAL[at] ^ data.draw(st.integers(1, 255))
    body = CANONICAL[:at] + bytes([turned]) + CANONICAL[at + 1 :]
    assert bodies.judge(stored(body, leaf=ledger.leaf_hash(CANONICAL)))[0] == (
        "its body is not the one that was hashed"
    )
