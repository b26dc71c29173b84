"""Whatever stands in a column, verification names the row's table and goes on: one odd byte hides nothing else."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise import connections, fields

from core import evidence, ledger, signing, witness
from core.kit.unit_of_work import ALIAS
from core.ledger import Fault, Report, reading
from core.ledger.live_rows import regulated
from tests.core.evidence.people import Ring
from tests.core.ledger.logs import verified, without_guards
from tests.databases import SqliteFiles, close_database, open_database
from tests.validation import forging, insider

BESIDE = "UPDATE products_product SET name_en = 'Else' WHERE code = 'P0001'"
"""Another change, which every verification must still name."""
KEY = "INSERT INTO ledger_key (plant_id, line, adopted_at) VALUES (1, '{line}', '{at}')"
NOW = "2026-11-30 00:00:00+00:00"
WITNESS_KEY = (
    "INSERT INTO witness_key (plant_id, organisation_id, line, registered_at) VALUES (1, 1, '{line}', '{at}')"
)
COSIGNED = (
    "INSERT INTO witness_cosignature (plant_id, organisation_id, key_id, size, root, line, stamped_at, received_at) "
    f"SELECT 1, 1, 1, size, root, 'garbage', '{NOW}', '{NOW}' FROM ledger_checkpoint LIMIT 1"
)
DAMAGE = (
    ("signing_signature", "DELETE FROM signing_ceremony"),
    ("signing_ceremony", "DELETE FROM signing_ceremony"),
    ("signing_signature", "UPDATE signing_ceremony SET level = 'Sa'"),
    ("signing_signature", "UPDATE signing_signature SET method = 'Sa'"),
    ("signing_signature", "UPDATE signing_signature SET shown = '{'"),
    ("signing_assertion", "UPDATE signing_assertion SET entry_id = 'x'"),
    ("signing_signature", "DELETE FROM signing_assertion"),
    ("evidence_evidence", "UPDATE evidence_evidence SET received_at = 'garbage'"),
    ("evidence_evidence", "UPDATE evidence_evidence SET blob_key = '../../../etc/passwd'"),
    ("evidence_evidence", "UPDATE evidence_evidence SET organisation_id = 'x'"),
    ("evidence_evidence", "UPDATE evidence_evidence SET sha256 = '甲'"),
    ("ledger_checkpoint", "UPDATE ledger_checkpoint SET frontier = '[]'"),
    ("ledger_checkpoint", "UPDATE ledger_checkpoint SET frontier = 7"),
    ("ledger_checkpoint", "UPDATE ledger_checkpoint SET made_at = 'garbage'"),
    ("ledger_checkpoint", "UPDATE ledger_checkpoint SET note = x'ff00'"),
    ("ledger_checkpoint", "UPDATE ledger_checkpoint SET root = CAST(x'ff' AS TEXT)"),
    ("ledger_leaf", "UPDATE ledger_leaf SET leaf = x'ff' WHERE position = 1"),
    ("ledger_entry", "UPDATE ledger_entry SET recorded_at = 'garbage' WHERE id = 1"),
    ("ledger_entry", "UPDATE ledger_entry SET body = '{' WHERE id = 1"),
    ("ledger_entry", "UPDATE ledger_entry SET kind = CAST(x'ff' AS TEXT) WHERE id = 1"),
    ("ledger_key", KEY.format(line="garbage", at="zz")),
    ("ledger_key", KEY.format(line="garbage", at=NOW)),
    ("witness_key", WITNESS_KEY.format(line="garbage", at="zz")),
    ("witness_key", WITNESS_KEY.format(line="garbage", at=NOW)),
    ("witness_cosignature", WITNESS_KEY.format(line="garbage", at=NOW) + "; " + COSIGNED),
    ("witness_cosignature", COSIGNED),
)


@pytest.fixture
async def scene(sqlite_files: SqliteFiles, tmp_path: Path) -> AsyncIterator[insider.Scene]:
    """A sealed log with a photo and a passkey's signature; SQLite alone keeps what does not fit its column."""
    await open_database(await sqlite_files.fresh())
    made = await insider.scene(tmp_path)
    await forging.sign_as_somebody()
    await made.sealed()
    async with without_guards() as db:
        await db.execute_query("PRAGMA foreign_keys = OFF")
        yield made
    await close_database()


async def besides(scene: insider.Scene) -> AsyncIterator[Fault]:
    for name, faults in (
        ("files", evidence.faults(scene.blobs, Ring())),
        ("witnesses", witness.check()),
        ("passkeys", signing.check_assertions()),
        ("keys", signing.check_ledger_keys()),
    ):
        async for one in ledger.to_the_end(name, faults):
            yield one


async def looked(scene: insider.Scene, damage: str) -> Report:
    """Do the damage and another change, verify, and put everything back."""
    db = connections.get(ALIAS)
    tables = {"products_product", *re.findall(r"(?:UPDATE|FROM|INTO) (\w+)", damage)}
    for table in tables:
        await db.execute_query(f"CREATE TEMP TABLE IF NOT EXISTS kept_{table} AS SELECT * FROM {table}")
    for statement in (BESIDE, *damage.split("; ")):
        await db.execute_query(statement)
    report = await verified(scene.signer, blobs=besides(scene))
    for table in tables:
        await db.execute_query(f"DELETE FROM {table}")
        await db.execute_query(f"INSERT INTO {table} SELECT * FROM kept_{table}")
    return report


def missed(report: Report, table: str) -> list[str]:
    """What a report lacks: the table, the change beside it, every check come to its end."""
    named = {one.where for one in report.faults}
    return [
        *({table, "products_product"} - named),
        *(str(one) for one in report.faults if "could not be finished" in one.what),
    ]


async def test_what_an_inspector_wrote_is_named_and_hides_nothing(scene: insider.Scene) -> None:
    assert (await verified(scene.signer, blobs=besides(scene))).faults != (), "the forged signature"
    found = {damage: missed(await looked(scene, damage), table) for table, damage in DAMAGE}
    assert {damage: lacks for damage, lacks in found.items() if lacks} == {}


async def test_no_column_of_any_table_can_stop_verification(scene: insider.Scene) -> None:
    """JSON, dates, numbers and texts, each replaced by what does not fit; every table of the scene that has rows."""
    db, tried = connections.get(ALIAS), 0
    lacking: dict[str, list[str]] = {}
    for table, model in sorted(regulated().items()):
        if not await reading.count(db, table):
            continue
        kinds: set[type] = set()
        for name, column in model._meta.fields_db_projection.items():
            kind = type(model._meta.fields_map[name])
            if name in model.unvouched or column == model._meta.db_pk_column or kind in kinds:
                continue
            kinds.add(kind)
            key = model._meta.db_pk_column
            value = "CAST(x'7bff' AS TEXT)" if kind is fields.CharField else "'{'"
            tried += 1
            damage = f"UPDATE {table} SET {column} = {value} WHERE {key} = (SELECT MAX({key}) FROM {table})"
            if lacks := missed(await looked(scene, damage), table):
                lacking[damage] = lacks
    assert lacking == {}
    assert tried > 20, "the scene has rows of many tables"


async def test_a_photo_without_a_place_is_told_in_a_sentence(scene: insider.Scene) -> None:
    report = await looked(scene, "UPDATE evidence_evidence SET blob_key = '../etc/passwd'")
    told = [str(one) for one in report.faults if one.where == "evidence_evidence"]
    assert any(
        one.startswith("evidence_evidence 1: its original is not in the store of files") for one in told
    )


async def test_a_check_that_breaks_off_is_a_fault_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """The last line of defence: what nobody foresaw is told and logged, after what was found before it."""

    async def breaking() -> AsyncIterator[Fault]:
        yield Fault(where="a", number="1", what="wrong")
        raise RuntimeError("nobody foresaw this")

    found = [one async for one in ledger.to_the_end("witnesses", breaking())]
    assert [one.where for one in found] == ["a", "witnesses"]
    assert "nobody foresaw this" in found[1].what
    assert "Traceback" in caplog.text
