"""The look at a whole page says yes only where the thorough one does, and says yes to what is really written."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise import connections

from core import ledger
from core.kit import canonical
from core.kit.unit_of_work import ALIAS
from core.ledger import Signer, bodies, reading
from core.ledger.whole_pages import Placed, Whole, whole
from tests.core.ledger.logs import fill, seal_all

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


SOUND = stored(RAW)


def row(one: bodies.Stored, place: int, placed: str | None = None) -> Placed:
    """The entry as a page of the log holds it."""
    return Placed(place, place + 1, *one[:7], one.leaf if placed is None else None)


def look(*entries: bodies.Stored) -> Whole | None:
    """Look at a page of these entries."""
    return whole([row(one, place) for place, one in enumerate(entries)], 0)


def agree(one: bodies.Stored) -> None:
    """Whatever the look at a page passes, the thorough one passes with the same records and time.

    The entry stands between others, so that bytes of one could be taken for those of its neighbour.
    """
    page = look(SOUND, one, SOUND)
    if page is not None:
        assert [leaf.hex() for leaf in page.leaves] == [SOUND.leaf, one.leaf, SOUND.leaf]
        assert bodies.judge(one) == (None, page.records[1], page.recorded_at[1])


def test_the_example_passes_both() -> None:
    """Else the next tests would prove nothing."""
    assert look(SOUND) is not None
    assert bodies.judge(SOUND)[0] is None
    agree(SOUND)


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


@given(cut=st.integers(0, len(RAW)), moved=st.sampled_from([b"", b"\n", b" ", b"\n\n"]))
def test_bodies_cut_at_another_place_do_not_pass(cut: int, moved: bytes) -> None:
    """Bytes moved from one body to its neighbour give the same bytes when they are joined."""
    first, second = stored(RAW + moved + RAW[:cut]), stored(RAW[cut:])
    whole_cut = cut in (0, len(RAW)) and not moved
    assert whole_cut or look(first, second) is None
    agree(first)
    agree(second)


@pytest.mark.parametrize("place", [-1, 1, 3])
def test_a_page_at_another_place_does_not_pass(place: int) -> None:
    """Neither one that begins elsewhere nor one with a gap."""
    assert whole([row(SOUND, place), row(SOUND, place + 1)], 0) is None
    assert whole([row(SOUND, 0), row(SOUND, 1 + abs(place))], 0) is None


def test_a_leaf_that_is_not_its_entrys_does_not_pass() -> None:
    """The statement answers no hash where leaf and entry differ, or the entry is gone."""
    assert whole([row(SOUND, 0, "differs")], 0) is None
    assert whole([(0, 1, *[None] * 8)], 0) is None
    assert look(stored(RAW, leaf=SOUND.leaf[:-1]), stored(RAW, leaf=SOUND.leaf + SOUND.leaf[-1])) is None


@given(st.text(st.characters(categories=["Lo", "Lm", "Mn", "Mc", "Ll", "Po"]), max_size=12))
def test_every_script_passes_in_its_normal_form_only(reason: str) -> None:
    """Letters that join with others are told from those that do not."""
    raw = msgspec.json.encode({**BODY, "reason": reason}, order="sorted")
    assert (look(stored(raw)) is not None) == unicodedata.is_normalized("NFC", reason)
    agree(stored(raw))


@given(column=st.sampled_from(bodies.Stored._fields[:5]), value=st.sampled_from([None, 0, 1, 7, 8, "k", "x"]))
def test_a_changed_column_passes_neither(column: str, value: object) -> None:
    """Only the value that the body states passes."""
    changed = stored(RAW, **{column: value})
    assert (look(changed) is None) == (changed != SOUND)
    agree(changed)


@given(st.timedeltas(dt.timedelta(microseconds=1), dt.timedelta(days=9)))
def test_a_changed_time_passes_neither(by: dt.timedelta) -> None:
    """To the microsecond, in the form of SQLite and in that of a body."""
    at = dt.datetime(2026, 11, 23, tzinfo=dt.UTC) + by
    for form in (at.isoformat(" ", "microseconds"), canonical.instant_text(at)):
        assert look(stored(RAW, recorded_at=form)) is None
        assert bodies.judge(stored(RAW, recorded_at=form))[0] is not None


@pytest.mark.parametrize(
    "text", ["2026-11-23", "2026-13-23T00:00:00.000000Z", "x" * 27, "", "2026-11-23T00\n"]
)
def test_a_time_that_is_none_passes_neither(text: str) -> None:
    """Even when column and body say the same."""
    odd = stored(canonical.encode({**BODY, "recorded_at": text}), recorded_at=text)
    assert look(odd) is None
    agree(odd)


def test_a_body_that_is_text_is_named() -> None:
    """SQLite takes text into any column."""
    odd = bodies.Stored("e", 1, None, "k", 7, "", RAW.decode(), SOUND.leaf)  # type: ignore[arg-type]
    assert bodies.judge(odd)[0] == "its body is no row of bytes"
    assert look(odd) is None


async def test_what_is_really_written_passes_page_by_page(database: str, signer: Signer) -> None:
    """Entries as ``append`` writes them need no closer look on either engine."""
    await fill(3)
    await seal_all(signer)
    rows = await reading.placed(connections.get(ALIAS), reading.EVERY_ROW)
    page = whole(rows, 0)
    assert page is not None, database
    assert len(page.leaves) == 3
