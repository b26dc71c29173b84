"""What is appended is canonical, complete, and one with the transaction that changed the rows."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
import uuid
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from core import ledger
from core.kit import REGULATED, canonical, system, unit_of_work
from core.kit.unit_of_work import ALIAS
from core.ledger import Kind, bodies, recording
from core.ledger.models import LedgerEntry, LedgerLeaf, LedgerPending
from core.ledger.row_digests import RowDigests
from core.products.models import Product
from tests.core.ledger.logs import ACTOR, record
from tests.databases import as_owner


@pytest.mark.req("D-05")
async def test_an_entry_says_everything_of_the_act(database: str) -> None:
    """Who, in which role, where, when, why, and the digest of every row; the hash is over the stored bytes."""
    appended = await record("A", case="AN-2026-000001")
    entry = await LedgerEntry.get(id=appended.entry_id)
    body = json.loads(entry.body)
    row = await Product.get(code="A")
    assert body["actor"] == {
        "person": 7, "name": "李明", "roles": ["auditor", "manager"], "organisation": 1,
        "channel": "telegram", "correlation": "",
    }  # fmt: skip
    assert body["records"] == [
        {"table": "products_product", "key": str(row.id), "digest": row.state_digest()}
    ]
    assert (body["case"], body["kind"], body["reason"]) == (
        "AN-2026-000001",
        Kind.PRODUCT_RECORD.value,
        "new",
    )
    assert (entry.leaf, appended.leaf) == (ledger.leaf_hash(entry.body),) * 2
    assert canonical.encode(body) == entry.body
    assert await LedgerPending.filter(entry_id=entry.id).exists()


async def test_the_system_acts_without_a_person(database: str) -> None:
    """A rule's entry names no person, and is sound."""
    appended = await record("A", actor=system(1))
    entry = await LedgerEntry.get(id=appended.entry_id)
    assert entry.person_id is None
    facts = bodies.Stored(
        entry.event_id, entry.plant_id, entry.case_number, entry.kind, entry.person_id, entry.recorded_at,
        entry.body, entry.leaf,
    )  # fmt: skip
    assert bodies.judge(facts)[0] is None


@given(
    name=st.text(max_size=9),
    reason=st.none() | st.text(max_size=9),
    facts=st.none()
    | st.dictionaries(
        st.from_regex(r"[a-z0-9_]{1,5}", fullmatch=True),
        st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists, max_leaves=5),
    ),
    corrects=st.none() | st.uuids(),
)
def test_whatever_is_composed_is_canonical_and_says_what_was_given(
    name: str, reason: str | None, facts: dict[str, object] | None, corrects: uuid.UUID | None
) -> None:
    """Its members stand in canonical order by themselves; texts and numbers come in their one form."""
    now = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    actor = replace(ACTOR, name=name)
    event, *columns = recording.composed(
        Kind.PRODUCT_RECORD, actor, now, facts=facts, before=facts, reason=reason, corrects=corrects
    )
    said = json.loads(columns[-2])
    assert canonical.encode(said) == columns[-2]
    assert bodies.judge(bodies.Stored(event, *columns))[0] is None
    given_facts = json.loads(canonical.encode({"facts": facts or {}, "before": facts, "reason": reason}))
    assert {key: said[key] for key in given_facts} == given_facts
    assert said["actor"]["name"] == unicodedata.normalize("NFC", name)
    assert said["corrects"] == (None if corrects is None else str(corrects))


async def test_a_fact_that_has_no_canonical_form_undoes_the_unit(database: str) -> None:
    """A float in the facts is a programming fault, and nothing is written."""
    with pytest.raises(TypeError):
        async with unit_of_work():
            row = await Product.create(plant_id=1, code="A", name_zh="甲", name_en="A", unit="pcs")
            await ledger.append(Kind.PRODUCT_RECORD, ACTOR, rows=[row], facts={"weight": 1.5})
    assert await Product.all().count() == await LedgerEntry.all().count() == 0


async def test_appending_outside_a_unit_is_refused(database: str) -> None:
    """Only verbs write."""
    with pytest.raises(RuntimeError, match="only verbs write"):
        await ledger.append(Kind.PRODUCT_RECORD, ACTOR)


async def test_waking_happens_once_and_only_after_the_commit(database: str) -> None:
    """A unit undone wakes nobody; many entries in one unit wake once."""
    woken: list[int] = []

    async def look() -> int:
        return await LedgerEntry.all().count()

    def wake() -> None:
        woken.append(1)

    ledger.on_append(wake)
    ledger.on_append(wake)
    with pytest.raises(ZeroDivisionError):
        async with unit_of_work():
            await record("A")
            raise ZeroDivisionError
    assert woken == []
    async with unit_of_work():
        await record("B")
        await record("C")
        assert woken == []
    assert (woken, await look()) == ([1], 2)
    ledger.off_append(wake)
    await record("D")
    assert woken == [1]


def value_for(field: Any, number: int) -> Any:
    """A value that a field takes and that a database might give back in another shape."""
    if isinstance(field, fields.JSONField):
        return {"b": [1, "中", None, True], "a": {"z": 1, "y": "e\u0301"}}
    if isinstance(field, fields.DecimalField):
        return Decimal("12.50")
    if isinstance(field, fields.DatetimeField):
        zone = dt.timezone(dt.timedelta(hours=8))
        return dt.datetime(2026, 11, 23, 23, 59, 1, 120000 if number % 2 else 0, tzinfo=zone)
    if isinstance(field, fields.DateField):
        return dt.date(2026, 11, 23)
    if isinstance(field, fields.BooleanField):
        return True
    if isinstance(field, fields.UUIDField):
        return uuid.UUID(int=number + 1)
    if isinstance(field, fields.BinaryField):
        return b"\x00\xff" * number
    if isinstance(field, fields.CharField | fields.TextField):
        return f"e\u0301中{number}"[: getattr(field, "max_length", 9)]
    return number + 1


UNCONDITIONAL = {
    "sqlite": ("PRAGMA defer_foreign_keys = ON", "PRAGMA ignore_check_constraints = ON"),
    "postgres": (
        "SET LOCAL session_replication_role = replica",
        """DO $$ DECLARE one record; BEGIN
            FOR one IN SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'c' LOOP
                EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', one.conname);
            END LOOP;
        END $$""",
    ),
}
"""Let a transaction that is rolled back write any value."""


@pytest.mark.parametrize("number", [0, 1])
async def test_the_digest_of_every_table_survives_the_database(database: str, number: int) -> None:
    """A row of each regulated table has the same digest before it is stored and when it is read again.

    Otherwise verification would call sound rows changed. Foreign keys and conditions are out of force for this.
    """
    tables = [
        model
        for model in REGULATED.values()
        if not model.__module__.startswith("tests.") and model is not LedgerLeaf  # its guard wants an entry
    ]
    assert len(tables) > 20
    for model in tables:
        made = {
            name: value_for(field, number)
            for name, field in model._meta.fields_map.items()
            if name in model._meta.fields_db_projection and not (field.pk and field.generated)
        }
        with pytest.raises(ZeroDivisionError):
            async with as_owner(), in_transaction(ALIAS) as db:
                for statement in UNCONDITIONAL[database]:
                    await db.execute_query(statement.format(table=model.table()))
                row = model(**made)
                await row.save(using_db=db)
                before = row.state_digest()
                again: Model = await model.get(pk=row.pk).using_db(db)
                assert again.state_digest() == before, model  # type: ignore[attr-defined]
                reader = RowDigests(model)
                names = ", ".join(f'"{name}"' for name in reader.columns)
                found = (await db.execute_query(f'SELECT {names} FROM "{model.table()}"'))[1]
                assert reader.of(found[0]) == before, model
                raise ZeroDivisionError
