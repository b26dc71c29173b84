"""A log to test on: an actor, rows that are recorded, a signer with its files."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from core import ledger
from core.kit import Actor, unit_of_work
from core.ledger import Appended, Kind, Report, Signer
from core.products.models import Product
from tests.databases import as_owner

ORIGIN = "plant.example/bihuan"
ACTOR = Actor(
    person_id=7,
    name="李明",
    organisation_id=1,
    plant_id=1,
    roles=frozenset({"manager", "auditor"}),
    channel="telegram",
)


async def record(code: str, *, case: str | None = None, actor: Actor = ACTOR) -> Appended:
    """Record a product as a verb would: the row and its entry in one unit."""
    async with unit_of_work():
        row = await Product.create(plant_id=1, code=code, name_zh="导管", name_en="Catheter", unit="pcs")
        return await ledger.append(
            Kind.PRODUCT_RECORD, actor, rows=[row], facts={"code": code}, case=case, reason="new"
        )


async def fill(count: int, start: int = 0) -> None:
    """Record so many products."""
    for number in range(start, start + count):
        await record(f"P{number:04d}", case=f"AN-2026-{number % 3:06d}")


async def seal_all(signer: Signer, limit: int = 1000) -> int:
    """Seal until nothing waits; answer how many were sealed."""
    sealed = 0
    while batch := await ledger.seal(signer, limit=limit):
        sealed += batch.count
    return sealed


async def verified(signer: Signer, **more: Any) -> Report:
    """Verify everything with the signer's public keys and its outside copy."""
    return await ledger.verify(
        verifiers=signer.verifiers, checkpoint_file=more.pop("file", signer.checkpoint_file), **more
    )


@contextlib.asynccontextmanager
async def without_guards() -> AsyncIterator[Any]:
    """Give the connection of one who owns the database and takes the guards away first."""
    async with as_owner() as db:
        if db.capabilities.dialect == "sqlite":
            for row in await db.execute_query_dict("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                await db.execute_query(f"DROP TRIGGER {row['name']}")
        else:
            found = await db.execute_query_dict(
                "SELECT t.tgname AS name, c.relname AS home FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal"
            )
            for row in found:
                await db.execute_query(f'DROP TRIGGER "{row["name"]}" ON "{row["home"]}"')
        yield db
