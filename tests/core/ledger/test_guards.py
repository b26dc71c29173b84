"""The database refuses changes of records by itself, to its owner too: both attack lists, on both engines."""

from __future__ import annotations

import importlib
import uuid

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from core import tables
from core.kit import REGULATED, Regulated, clock
from core.ledger import guards
from core.ledger.models import LedgerEntry, LedgerLeaf, LedgerPending
from core.products.models import Product
from tests.databases import as_owner

for _module in tables.MODULES:
    importlib.import_module(_module)

PRODUCT = {"name_zh": "甲", "name_en": "A", "unit": "pcs"}
REFUSALS = (IntegrityError, OperationalError)


def ours() -> list[type[Regulated]]:
    """The tables of the house; other tests may have registered some of their own."""
    return [model for model in REGULATED.values() if model.__module__.startswith("core.")]


async def entry(leaf: str = "0" * 64) -> LedgerEntry:
    made = await LedgerEntry.create(
        event_id=uuid.uuid4(), plant_id=1, kind="k", recorded_at=clock.now(), body=b"{}", leaf=leaf
    )
    await LedgerPending.create(entry_id=made.id)
    return made


def test_every_regulated_table_is_guarded() -> None:
    """The lists in the code are those of the models: append-only tables guarded, all others kept."""
    models = ours()
    assert set(guards.GUARDED) == {m._meta.db_table for m in models if m.append_only}
    assert set(guards.KEPT) == {m._meta.db_table for m in models if not m.append_only}


async def test_every_unique_value_is_guarded(database: str) -> None:
    """Keys and unique values named in the guards are those of the models."""
    for model in ours():
        meta = model._meta
        columns = {name: field.source_field or name for name, field in meta.fields_map.items()}
        single = {
            (columns[name],)
            for name in meta.db_fields
            if meta.fields_map[name].unique and not meta.fields_map[name].pk
        }
        together = {tuple(columns[name] for name in group) for group in meta.unique_together}
        assert set(guards.UNIQUE.get(meta.db_table, ())) == single | together, meta.db_table
        assert guards.PRIMARY.get(meta.db_table, "id") == columns[meta.pk_attr]


async def test_nothing_is_missing_after_installation(database: str) -> None:
    """All guards stand, installing them again changes nothing, and a dropped one is named."""
    async with as_owner() as db:
        await guards.install(db)
        assert await guards.missing(db) == []
        name = "guard_ledger_entry_" + ("update" if database == "sqlite" else "change")
        table = "" if database == "sqlite" else " ON ledger_entry"
        await db.execute_query(f"DROP TRIGGER {name}{table}")
        assert await guards.missing(db) == [name]


ATTACKS = {
    "update": "UPDATE ledger_entry SET kind = 'x'",
    "delete": "DELETE FROM ledger_entry",
    "update leaf": "UPDATE ledger_leaf SET leaf = 'x'",
    "delete leaf": "DELETE FROM ledger_leaf WHERE position = 0",
    "move": "UPDATE ledger_entry SET id = 99",
    "delete kept": "DELETE FROM products_product",
    "move kept": "UPDATE products_product SET id = 99",
    "hide from the sealer": "DELETE FROM ledger_pending",
    "hide one from the sealer": "DELETE FROM ledger_pending WHERE entry_id = 3",
    "move a mark": "UPDATE ledger_pending SET entry_id = 1 WHERE entry_id = 3",
    "forge a leaf": "INSERT INTO ledger_leaf (position, entry_id, leaf) VALUES (2, 3, '" + "f" * 64 + "')",
    "leave a gap": "INSERT INTO ledger_leaf (position, entry_id, leaf) VALUES (3, 3, '" + "0" * 64 + "')",
    "place what is not there": "INSERT INTO ledger_leaf (position, entry_id, leaf) VALUES (2, 77, '')",
}
SQLITE_ATTACKS = {
    "replace by key": "REPLACE INTO ledger_leaf (position, entry_id, leaf) VALUES (0, 77, 'x')",
    "replace by unique": "INSERT OR REPLACE INTO ledger_leaf (position, entry_id, leaf) VALUES (5, 1, 'x')",
    "upsert": "INSERT INTO ledger_leaf (position, entry_id, leaf) VALUES (0, 77, 'x')"
    " ON CONFLICT (position) DO UPDATE SET leaf = 'x'",
    "update or replace": "UPDATE OR REPLACE ledger_leaf SET position = 1",
    "kept pushed out": "UPDATE OR REPLACE products_product SET code = 'A'",
}
POSTGRES_ATTACKS = {
    "truncate": "TRUNCATE ledger_entry",
    "truncate kept": "TRUNCATE products_product CASCADE",
    "upsert": "INSERT INTO ledger_leaf (position, entry_id, leaf) VALUES (0, 77, 'x')"
    " ON CONFLICT (position) DO UPDATE SET leaf = 'x'",
    "merge": "MERGE INTO ledger_leaf l USING (SELECT 0 AS p) s ON l.position = s.p"
    " WHEN MATCHED THEN UPDATE SET leaf = 'x'",
    "replica role": "SET session_replication_role = replica; UPDATE ledger_entry SET kind = 'x'",
}


@pytest.mark.req("G-45c", "G-46b")
async def test_attacks_are_refused(database: str) -> None:
    """Every statement of the attack list fails, and the rows are as before."""
    for position, leaf in enumerate(("a" * 64, "b" * 64)):
        written = await entry(leaf)
        await LedgerLeaf.create(position=position, entry_id=written.id, leaf=leaf)
    await entry()
    await product("A")
    await product("B")
    attacks = ATTACKS | (SQLITE_ATTACKS if database == "sqlite" else POSTGRES_ATTACKS)
    async with as_owner() as db:
        for name, attack in attacks.items():
            with pytest.raises(REFUSALS):
                await db.execute_script(attack)
            assert await LedgerEntry.filter(id=written.id, kind="k").exists(), name
    assert await LedgerLeaf.all().order_by("position").values_list("entry_id", "leaf") == [
        (1, "a" * 64),
        (2, "b" * 64),
    ]
    assert set(await LedgerPending.all().values_list("entry_id", flat=True)) == {1, 2, 3}
    assert await Product.all().order_by("id").values_list("code", flat=True) == ["A", "B"]


async def product(code: str) -> Product:
    return await Product.create(plant_id=1, code=code, **PRODUCT)


async def test_kept_rows_may_change(database: str) -> None:
    """A change that keeps key and unique values passes the guards."""
    row = await product("A")
    row.code = "C"
    await row.save()
    assert await Product.filter(code="C").exists()


async def test_twins_are_refused_as_always(database: str) -> None:
    """A second row of the same unique value fails with the error the rooms expect."""
    await product("A")
    with pytest.raises(IntegrityError):
        await product("A")
