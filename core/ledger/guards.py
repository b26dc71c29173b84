"""Triggers that refuse changes of records in the database itself, whoever asks.

They are a guard rail: whoever owns the database can drop them, which ``verification`` would still show.
SQLite runs no delete trigger for a row that ``REPLACE`` pushes out, hence the guards before insert and update.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.ledger import order_guards

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tortoise.backends.base.client import BaseDBAsyncClient

GUARDED: Final[tuple[str, ...]] = (
    "anomalies_grading",
    "anomalies_rules",
    "anomalies_supplement",
    "anomalies_clocks",
    "calendars_rule",
    "calendars_warned",
    "clients_token",
    "conditions_chunk",
    "conditions_reading",
    "conditions_series",
    "epcis_concern",
    "epcis_deed",
    "epcis_event",
    "epcis_location",
    "epcis_mention",
    "escalation_acknowledgement",
    "escalation_policy",
    "escalation_tell",
    "evidence_evidence",
    "evidence_link",
    "inspections_characteristic",
    "inspections_finding",
    "inspections_method",
    "inspections_report",
    "inspections_result",
    "inspections_value",
    "ledger_checkpoint",
    "ledger_entry",
    "ledger_leaf",
    "lots_link",
    "lots_operation",
    "orders_stage_lot",
    "lots_link_void",
    "people_access_log",
    "products_bom",
    "products_bom_line",
    "products_factor",
    "products_parameter",
    "sensors_chunk",
    "sensors_rule",
    "signing_assertion",
    "signing_policy",
    "signing_signature",
    "signing_voiding",
    "sop_template",
    "witness_acknowledgement",
    "witness_cosignature",
    "witness_stamp",
)
"""Append-only tables: no update, no delete."""

KEPT: Final[tuple[str, ...]] = (
    "anomalies_anomaly",
    "anomalies_extension",
    "anomalies_supplier_clock",
    "calendars_day",
    "calendars_shift",
    "capa_action",
    "capa_capa",
    "clients_client",
    "clients_sandbox",
    "clients_secret",
    "duty_absence",
    "duty_override",
    "duty_rotation",
    "duty_swap",
    "duty_watch",
    "epcis_capture",
    "epcis_held",
    "escalation_run",
    "inspections_sample",
    "ledger_key",
    "imports_run",
    "lots_hold",
    "lots_lot",
    "lots_rehearsal",
    "lots_serial",
    "lots_shipment",
    "orders_handover",
    "orders_leg",
    "orders_order",
    "orders_stage",
    "people_contact",
    "people_engagement",
    "people_identity",
    "people_invite",
    "people_link",
    "people_organisation",
    "people_person",
    "people_responsibility",
    "people_role",
    "people_session",
    "people_site",
    "products_identifier",
    "products_product",
    "sensors_episode",
    "sensors_sensor",
    "sensors_standing",
    "signing_ceremony",
    "signing_delegation",
    "signing_factor",
    "signing_passkey",
    "signing_proposal",
    "signing_session",
    "webhooks_subscription",
    "witness_key",
    "witness_witness",
)
"""Tables whose rows change with a ledger entry each time, and are never deleted."""

PRIMARY: Final[dict[str, str]] = {"ledger_checkpoint": "size", "ledger_leaf": "position"}
"""Primary keys that are not called ``id``."""

UNIQUE: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "anomalies_anomaly": (("plant_id", "number"),),
    "anomalies_clocks": (("plant_id", "version"),),
    "anomalies_rules": (("plant_id", "version"),),
    "anomalies_supplier_clock": (("anomaly_id", "step"),),
    "calendars_rule": (("plant_id", "version"),),
    "calendars_warned": (("plant_id", "year"),),
    "clients_client": (("public_id",),),
    "clients_secret": (("secret_hash",),),
    "clients_token": (("token_hash",),),
    "duty_watch": (("rotation_id",),),
    "escalation_acknowledgement": (("run_id", "person_id", "round"),),
    "capa_capa": (("anomaly_id",), ("plant_id", "number")),
    "escalation_policy": (("plant_id", "grade", "version"),),
    "epcis_capture": (("plant_id", "number"),),
    "epcis_concern": (("organisation_id", "event_id"),),
    "epcis_event": (("plant_id", "organisation_id", "event_id", "declared"),),
    "epcis_location": (("plant_id", "uri"),),
    "evidence_evidence": (("plant_id", "organisation_id", "channel", "source_ref"),),
    "conditions_chunk": (("series_id", "position"),),
    "inspections_characteristic": (("method_id", "key"), ("method_id", "position")),
    "inspections_finding": (("report_id", "position"),),
    "inspections_method": (("plant_id", "code", "version"),),
    "inspections_result": (("corrects_id",),),
    "inspections_sample": (("plant_id", "code", "version"),),
    "inspections_value": (("result_id", "characteristic_id", "piece"),),
    "ledger_entry": (("event_id",),),
    "ledger_key": (("line",),),
    "ledger_leaf": (("entry_id",),),
    "imports_run": (("plant_id", "number"),),
    "lots_link_void": (("link_id",),),
    "lots_lot": (("plant_id", "number"),),
    "lots_rehearsal": (("plant_id", "number"),),
    "lots_serial": (("plant_id", "product_id", "number"),),
    "orders_order": (("plant_id", "number"),),
    "orders_stage": (("order_id", "position"),),
    "orders_stage_lot": (("stage_id", "lot_id", "flow"),),
    "people_contact": (("person_id",),),
    "people_identity": (("channel", "tenant", "account"),),
    "people_invite": (("token_hash",),),
    "people_link": (("token_hash",),),
    "people_organisation": (("code",),),
    "people_session": (("token_hash",),),
    "people_site": (("organisation_id", "code"),),
    "products_bom": (("product_id", "version"),),
    "products_bom_line": (("bom_id", "position"), ("bom_id", "component_id")),
    "products_identifier": (("plant_id", "agency", "code"),),
    "products_parameter": (("product_id", "process", "name", "version"),),
    "products_product": (("plant_id", "code"),),
    "sensors_chunk": (("sensor_id", "position"),),
    "sensors_rule": (("sensor_id", "version"),),
    "sensors_sensor": (("topic",), ("plant_id", "code")),
    "signing_assertion": (("signature_id",),),
    "signing_ceremony": (("plant_id", "number"),),
    "signing_delegation": (("plant_id", "number"),),
    "signing_passkey": (("credential_hash",),),
    "signing_policy": (("plant_id", "version"),),
    "signing_proposal": (("plant_id", "number"),),
    "signing_signature": (("ceremony_id",), ("factor_id", "time_step")),
    "signing_voiding": (("signature_id",),),
    "sop_template": (("plant_id", "category", "version"),),
    "witness_cosignature": (("key_id", "size"),),
    "witness_key": (("plant_id", "line"),),
    "witness_stamp": (("size",),),
}
"""Unique values besides the primary key."""

_FUNCTION: Final = "ledger_guard"
_SAYS: Final = "is a kept record: append what changes it"
_BODY: Final = (
    f"BEGIN RAISE EXCEPTION '% {_SAYS} (%)', TG_TABLE_NAME, TG_OP "
    "USING ERRCODE = 'integrity_constraint_violation'; END;"
)


def _taken(table: str, *, other: bool) -> str:
    """Say in SQL whether a row with one of the new row's unique values is there already."""
    key = PRIMARY.get(table, "id")
    uniques = (*(() if other else ((key,),)), *UNIQUE.get(table, ()))
    same = " OR ".join(
        "(" + " AND ".join(f'"{column}" = NEW."{column}"' for column in columns) + ")" for columns in uniques
    )
    if not same:
        return "0"
    apart = f' AND "{key}" <> OLD."{key}"' if other else ""
    return f'EXISTS (SELECT 1 FROM "{table}" WHERE ({same}){apart})'  # noqa: S608  our own names


def _sqlite_trigger(table: str, event: str, when: str = "") -> tuple[str, str]:
    name = f"guard_{table}_{event.lower()}"
    condition = f" WHEN {when}" if when else ""
    return name, (
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}"{condition} '
        f"BEGIN SELECT RAISE(ABORT, '{table} {_SAYS} ({event})'); END"
    )


def _sqlite() -> dict[str, str]:
    made = [_sqlite_trigger(table, event) for table in GUARDED for event in ("UPDATE", "DELETE")]
    made += [_sqlite_trigger(table, "DELETE") for table in KEPT]
    made += [_sqlite_trigger(table, "INSERT", _taken(table, other=False)) for table in (*GUARDED, *KEPT)]
    for table in KEPT:
        key = PRIMARY.get(table, "id")
        moved = f'OLD."{key}" <> NEW."{key}" OR {_taken(table, other=True)}'
        made.append(_sqlite_trigger(table, "UPDATE", moved))
    return {**dict(made), **order_guards.SQLITE}


_FUNCTIONS: Final = {_FUNCTION: _BODY, **order_guards.POSTGRES_FUNCTIONS}


def _postgres() -> dict[str, tuple[str, str, str]]:
    """Answer table, function and statement of every trigger by its name."""
    made: dict[str, tuple[str, str, str]] = {}

    def trigger(
        table: str, event: str, scope: str, what: str, function: str = _FUNCTION, when: str = ""
    ) -> None:
        name = f"guard_{table}_{event}"
        text = (
            f'CREATE OR REPLACE TRIGGER "{name}" BEFORE {what} ON "{table}" FOR EACH {scope} {when}'
            f"EXECUTE FUNCTION {function}()"
        )
        made[name] = (table, function, text)

    for table in GUARDED:
        trigger(table, "change", "ROW", "UPDATE OR DELETE")
    for table in KEPT:
        key = PRIMARY.get(table, "id")
        moved = f'WHEN (OLD."{key}" IS DISTINCT FROM NEW."{key}") '
        trigger(table, "delete", "ROW", "DELETE")
        trigger(table, "move", "ROW", "UPDATE", when=moved)
    for table in (*GUARDED, *KEPT):
        trigger(table, "truncate", "STATEMENT", "TRUNCATE")
    for parts in order_guards.POSTGRES:
        trigger(*parts)
    return made


_UNPRESSED: Final = 'ALTER TABLE "ledger_entry" ALTER COLUMN "body" SET STORAGE EXTERNAL'
"""Digests do not get smaller; trying to press them took PostgreSQL six times as long as writing them."""


def statements(dialect: str) -> list[str]:
    """Answer the SQL that puts the guards up, one statement each, for ``sqlite`` or ``postgres``."""
    if dialect == "sqlite":
        return [
            text.replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1) for text in _sqlite().values()
        ]
    texts = [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ {body} $guard$"
        for name, body in _FUNCTIONS.items()
    ]
    for name, (table, _, text) in _postgres().items():
        texts += [text, f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"']
    return [*texts, _UNPRESSED]


async def install(db: BaseDBAsyncClient) -> None:
    """Put every guard up; those already there stay. The tables must exist."""
    for text in statements(db.capabilities.dialect):
        await db.execute_query(text)


async def missing(db: BaseDBAsyncClient) -> list[str]:
    """Name the guards that are not up, were switched off or were changed; empty when all stand."""
    if db.capabilities.dialect == "sqlite":
        rows = await db.execute_query_dict("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = {row["name"]: row["sql"] for row in rows}
        return _absent(name for name, text in _sqlite().items() if found.get(name) != text)
    rows = await db.execute_query_dict(
        "SELECT t.tgname AS name, c.relname AS home, p.proname AS calls, p.prosrc AS body, "
        "t.tgenabled::text AS enabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    )
    standing = {
        row["name"]: (row["home"], row["calls"])
        for row in rows
        if row["enabled"] == "A" and row["body"].strip() == _FUNCTIONS.get(row["calls"])
    }
    return _absent(
        name for name, (table, calls, _) in _postgres().items() if standing.get(name) != (table, calls)
    )


def _absent(names: Iterable[str]) -> list[str]:
    return sorted(names)
