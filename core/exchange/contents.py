"""The JSON files of a bundle: canonical, from what was gathered. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from core.evidence.terms import MediaKind
from core.exchange.terms import CASE_TABLES, MOST_LOTS, PLANT_TABLES, CaseFile, Gathered
from core.exchange.verifier.bundle import FORMAT
from core.kit import canonical, clock
from core.ledger import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.ledger import Recorded

EXTENSIONS: Final = {
    MediaKind.JPEG: "jpg",
    MediaKind.PNG: "png",
    MediaKind.WEBP: "webp",
    MediaKind.HEIC: "heic",
    MediaKind.AVIF: "avif",
    MediaKind.GIF: "gif",
    MediaKind.PDF: "pdf",
    MediaKind.XLSX: "xlsx",
    MediaKind.TEXT: "txt",
}
_SIGNED: Final = (
    "id",
    "printed_name",
    "roles",
    "meaning",
    "meaning_text",
    "signed_at",
    "timezone",
    "method",
    "channel",
    "subject_kind",
    "subject_number",
    "revision",
    "shown",
    "shown_digest",
    "locale",
    "renderer",
)


def records(rows: Iterable[Recorded], **head: object) -> bytes:
    """Rows in the form whose digest the ledger records."""
    listed = [{"table": one.table, "key": one.key, "row": one.row} for one in rows]
    listed.sort(key=lambda one: (str(one["table"]), len(str(one["key"])), str(one["key"])))
    return canonical.encode({**head, "records": listed})


def signatures(file: CaseFile, gathered: Gathered) -> bytes:
    """Every signature of a case with exactly what was shown, and the entry that recorded it."""
    entries = {
        facts["facts"]["signature"]: facts["event"]
        for facts in (one.facts for one in gathered.extracts)
        if facts["kind"] == Kind.SIGN_APPLY.value and facts["case"] == file.case.number
    }
    words = {one.id: one.check_word for one in file.signatures}
    voided = {
        one.row["signature_id"]: {"at": one.row["at"], "reason": one.row["reason"]}
        for one in file.records
        if one.table == "signing_voiding"
    }
    listed = []
    for row in (one.row for one in file.records if one.table == "signing_signature"):
        number: Any = row["id"]
        at = clock.in_zone(dt.datetime.fromisoformat(str(row["signed_at"])), str(row["timezone"]))
        listed.append(
            {
                **{name: row[name] for name in _SIGNED},
                "signed_at_local": at.isoformat(),
                "check_word": words[number],
                "entry": entries[number],
                "voided": voided.get(number),
            }
        )
    return canonical.encode(sorted(listed, key=lambda one: int(one["id"])))


def access(gathered: Gathered) -> bytes:
    """Who had which role when, which auditor was let in for what, and who looked at the cases.

    The recorded rows with names beside them.
    """
    names = {one.id: one.name_en for one in gathered.organisations}
    held = {one.id: one for one in gathered.roles}
    rows: dict[str, list[dict[str, Any]]] = {
        "people_role": [],
        "people_engagement": [],
        "people_access_log": [],
    }
    for one in gathered.records:
        if one.table in rows:
            rows[one.table].append(dict(one.row))
    for row in rows["people_role"]:
        line = held[row["id"]]
        row.update(printed_name=line.printed_name, organisation=names.get(line.organisation_id, ""))
    for row in (*rows["people_engagement"], *rows["people_access_log"]):
        row.update(printed_name=gathered.names.get(row["person_id"], ""))
    return canonical.encode(
        {
            "roles": rows["people_role"],
            "engagements": rows["people_engagement"],
            "views": rows["people_access_log"],
        }
    )


def witnesses(gathered: Gathered) -> bytes:
    """Who stands for the log from outside: keys, what they cosigned, what people acknowledged, what was stamped.

    The recorded rows with names beside them; stamps by their file, whichever plant of the installation kept them.
    """
    organisations = {one.id: one.name_en for one in gathered.organisations}
    parts: dict[str, list[dict[str, Any]]] = {"keys": [], "cosignatures": [], "acknowledgements": []}
    for one in gathered.records:
        part = f"{one.table.removeprefix('witness_')}s"
        if one.table.startswith("witness_") and part in parts:
            row = dict(one.row)
            row.update(organisation=organisations.get(int(str(row["organisation_id"])), ""))
            if part == "acknowledgements":
                row.update(printed_name=gathered.names.get(int(str(row["person_id"])), ""))
            parts[part].append(row)
    stamps = [
        {
            "size": one.size,
            "root": one.root,
            "authority": one.authority,
            "stamped_at": clock.utc(one.stamped_at),
            "file": stamp_path(one.size),
        }
        for one in gathered.vouchers.stamps
        if one.size in {stated.size for stated in gathered.checkpoints}
    ]
    return canonical.encode({**parts, "stamps": stamps})


def stamp_path(size: int) -> str:
    """Where the time stamp of the checkpoint of a size lies."""
    return f"ledger/stamps/{size:012d}.tsr"


def genealogy(file: CaseFile) -> bytes:
    """The case's lot with everything that went into it and came of it, nearest first, and the case's holds."""
    found = file.genealogy
    nodes = () if found is None else found.nodes[:MOST_LOTS]
    lots: dict[int, dict[str, Any]] = {}
    for node in nodes:
        lot = node.lot
        made = lots.setdefault(
            lot.id,
            {
                "id": lot.id,
                "number": lot.number,
                "product": lot.product.code,
                "product_zh": lot.product.name_zh,
                "product_en": lot.product.name_en,
                "made_by_zh": lot.organisation_zh,
                "made_by_en": lot.organisation_en,
                "made_at": clock.utc(lot.made_at),
                "quantity": lot.quantity,
                "unit": lot.unit,
                "status": lot.status.value,
                "place": lot.place,
                "process": lot.process,
                "steps": {},
            },
        )
        made["steps"][node.direction.value] = node.depth
    links = () if found is None else found.links
    return canonical.encode(
        {
            "case": file.case.number,
            "lot": None if found is None else found.root.lot.id,
            "lots": [lots[key] for key in sorted(lots)],
            "lots_left_out": 0 if found is None else len({node.lot.id for node in found.nodes} - lots.keys()),
            "links": [
                {
                    "parent_id": one.parent_id,
                    "child_id": one.child_id,
                    "quantity": one.quantity,
                    "unit": one.unit,
                    "process": one.process,
                }
                for one in links
                if one.parent_id in lots and one.child_id in lots
            ],
            "holds": [one.row for one in file.records if one.table == "lots_hold"],
        }
    )


def manifest(gathered: Gathered, files: Sequence[dict[str, object]], origin: str) -> bytes:
    """What the bundle holds, for whom it was made, under which checkpoint."""
    granted, plant = gathered.granted, gathered.plant
    wanted = granted.wanted
    return canonical.encode(
        {
            "format": FORMAT,
            "bundle": granted.id,
            "made_at": granted.at,
            "made_by": gathered.made_by,
            "plant": {"code": plant.code, "name_zh": plant.name_zh, "name_en": plant.name_en},
            "asked": {
                "cases": list(wanted.cases),
                "from": wanted.since,
                "to": wanted.until,
                "zone": gathered.timezone,
                "languages": list(wanted.locales),
            },
            "cases": list(granted.cases),
            "tables": [*CASE_TABLES, *PLANT_TABLES],
            "checkpoint": {
                "origin": origin,
                "size": gathered.checkpoint.size,
                "root": gathered.checkpoint.root,
            },
            "files": list(files),
        }
    )
