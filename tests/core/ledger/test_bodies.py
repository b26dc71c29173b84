"""The quick look at an entry says yes only where the thorough one does, and says yes to what is really written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from core import ledger
from core.kit import canonical
from core.ledger import bodies
from core.ledger.models import LedgerEntry
from tests.core.ledger.logs import fill

BODY: dict[str, Any] = {
    "schema": 1, "event": "0b9e", "kind": "k", "case": None, "plant": 1, "zone": "Asia/Shanghai",
    "actor": {
        "person": 7, "name": "王芳", "roles": ["qa"], "organisation": 1, "channel": "web", "correlation": "",
    },
    "recorded_at": "2026-11-23T00:00:00.000000Z", "reason": "划伤", "facts": {"b": 1, "a": ["x", None]},
    "before": {"a": 2}, "corrects": None, "records": [{"table": "lots_lot", "key": "5", "digest": "ab"}],
}  # fmt: skip
RAW = canonical.encode(BODY)
ODD: list[Any] = [None, True, 1, 1.0, 1.5, "x", "e\u0301", [], {}, [1], {"z": 1, "a": {"d": 1, "c": 2}}]
PIECES = [b"", b" ", b"1", b"1.0", b"1e3", b"null", b"true", b'"', b"{}", b'"a":1,', b"\\u4e2d", b"\xff"]


def stored(body: bytes, **changed: object) -> bodies.Stored:
    """An entry whose hash is right, whatever its bytes are."""
    facts: dict[str, Any] = {
        "event_id": "0b9e", "plant_id": 1, "case_number": None, "kind": "k", "person_id": 7,
        "recorded_at": "2026-11-23 00:00:00.000000+00:00", "body": body, "leaf": ledger.leaf_hash(body),
    }  # fmt: skip
    return bodies.Stored(**{**facts, **changed})


def agree(one: bodies.Stored) -> None:
    """Whatever the quick look passes, the thorough one passes with the same records and time."""
    quick = bodies.sound(one)
    if quick is not None:
        leaf, records, at = quick
        assert leaf.hex() == one.leaf
        assert bodies.judge(one) == (None, records, at)


def test_the_example_passes_both() -> None:
    """Else the next tests would prove nothing."""
    assert bodies.sound(stored(RAW)) is not None
    agree(stored(RAW))


@given(start=st.integers(0, len(RAW)), length=st.integers(0, 40), piece=st.sampled_from(PIECES) | st.binary())
def test_both_agree_on_bytes_changed_anywhere_with_the_hash_made_to_fit(
    start: int, length: int, piece: bytes
) -> None:
    """Bytes cut out or put in, and hashed anew by whoever did it."""
    agree(stored(RAW[:start] + piece + RAW[start + length :]))


@given(
    path=st.sampled_from([(name,) for name in (*BODY, "more")] + [("actor", name) for name in BODY["actor"]]),
    value=st.sampled_from(ODD),
    turned=st.booleans(),
)
def test_both_agree_on_any_member_changed(path: tuple[str, ...], value: object, *, turned: bool) -> None:
    """Members of another type, members more, members in another order; canonical bytes or not."""
    body = {**BODY, "actor": {**BODY["actor"]}}
    inner = body["actor"] if len(path) > 1 else body
    inner[path[-1]] = value
    agree(stored(msgspec.json.encode(body, order=None if turned else "sorted")))


@given(column=st.sampled_from(bodies.Stored._fields[:5]), value=st.sampled_from([None, 0, 1, 7, 8, "k", "x"]))
def test_a_changed_column_passes_neither(column: str, value: object) -> None:
    """Only the value that the body states passes."""
    changed = stored(RAW, **{column: value})
    assert (bodies.sound(changed) is None) == (changed != stored(RAW))
    agree(changed)


@given(st.timedeltas(dt.timedelta(microseconds=1), dt.timedelta(days=9)))
def test_a_changed_time_passes_neither(by: dt.timedelta) -> None:
    """To the microsecond, as text and as an instant."""
    at = dt.datetime(2026, 11, 23, tzinfo=dt.UTC) + by
    for form in (at, at.isoformat(" ", "microseconds")):
        assert bodies.sound(stored(RAW, recorded_at=form)) is None
        assert bodies.judge(stored(RAW, recorded_at=form))[0] is not None


async def test_what_is_really_written_passes_at_the_quick_look(database: str) -> None:
    """Entries as ``append`` writes them need no closer look on either engine."""
    await fill(3)
    columns = bodies.Stored._fields
    rows = await LedgerEntry.all().values_list(*columns)
    assert len(rows) == 3, database
    assert all(bodies.sound(row) for row in rows)
