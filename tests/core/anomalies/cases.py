"""Cases as policy sees them, and cases as people make them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from typing import Any

from core import anomalies, evidence, sop
from core.anomalies import AnomalyFacts
from core.evidence import MediaKind, Received
from core.kit import REGULATED, Actor
from core.ledger.models import LedgerEntry
from tests.plants import Plant, answers, token

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)  # a Monday
REPORTER, OWNER, SECOND = 11, 12, 13
ALIKE = "5a5a5a5a0f0f0f0f"


def facts(**changes: Any) -> AnomalyFacts:
    """A reported case with a lot; keywords replace what it says."""
    case = AnomalyFacts(
        id=1,
        plant_id=1,
        number="AN-2026-000001",
        category="P",
        subcode="P01",
        template_id=1,
        answers={},
        state="reported",
        reporter_id=REPORTER,
        owner_id=OWNER,
        partner_id=2,
        site_id=None,
        place="涂层二线",
        lot_id=5,
        lot_number="CT-001",
        quantity=None,
        unit="pcs",
        interface_from="coating",
        interface_to="receipt",
        detection="visual",
        description="涂层剥落",
        occurred_at=NOW,
        reported_at=NOW,
        channel="telegram",
        grade=None,
        proposed_grade="B",
        s=3,
        o=3,
        d=3,
        reasons=(),
        evidence_ids=(),
        reused_photo_of=(),
        due_at=None,
        revision=1,
        cycle=1,
        closed_at=None,
    )
    return dataclasses.replace(case, **changes)


async def photo(actor: Actor, *, content: str = "", dhash: str | None = None) -> int:
    """A photo that a person sent; the same content gives the same bytes."""
    digest = hashlib.sha256((content or token()).encode()).hexdigest()
    received = Received(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        kind=MediaKind.JPEG,
        size=1000,
        sha256=digest,
        blob_key=f"original/{digest}",
        width=640,
        height=480,
        dhash=dhash,
        preview_key=f"preview/{digest}",
        preview_sha256=digest,
        thumb_key=f"thumb/{digest}",
        taken_at=None,
        source_ref=None,
        name=None,
    )
    return (await evidence.keep(actor, received)).id


async def reported(
    plant: Plant, *, by: str = "operator", category: str = "P", lot: str | None = "CT-001", **changes: str
) -> AnomalyFacts:
    """A case reported by a person with one photo."""
    actor = await plant.actor(by)
    template = await sop.current_template(plant.id, category)
    return await anomalies.report(
        actor,
        template_id=template.id,
        answers=answers(category, lot=lot, **changes),
        evidence_ids=[await photo(actor)],
        channel=actor.channel,
    )


async def taken(plant: Plant, *, by: str = "operator", category: str = "P", **changes: Any) -> AnomalyFacts:
    """A case that the responsible person has taken up."""
    case = await reported(plant, by=by, category=category, **changes)
    return await anomalies.acknowledge(await plant.actor("responsible"), case.id)


async def confirmed(
    plant: Plant, case: AnomalyFacts, *, by: str = "responsible", **scores: int
) -> AnomalyFacts:
    """The case with its grade signed: as proposed, or by other scores."""
    s, o, d = scores.get("s", case.s), scores.get("o", case.o), scores.get("d", case.d)
    grade = await anomalies.grade_for(case.id, s, o, d)
    await plant.sign(by, "anomalies:grade:confirm", {"id": case.id, "s": s, "o": o, "d": d, "grade": grade})
    return await anomalies.get(await plant.actor(by), case.id)


async def contained(plant: Plant, case: AnomalyFacts, *, by: str = "responsible") -> AnomalyFacts:
    """The case with its lots on hold and containment signed."""
    await anomalies.hold_affected(await plant.actor(by), case.id)
    await plant.sign(by, "anomalies:containment:complete", {"id": case.id, "reason": ""})
    return await anomalies.get(await plant.actor(by), case.id)


async def unvouched() -> list[str]:
    """Rows whose present state is not the one that the ledger recorded last; none in a sound plant."""
    known: dict[tuple[str, str], str] = {}
    for entry in await LedgerEntry.all().order_by("id"):
        for record in json.loads(bytes(entry.body))["records"]:
            known[record["table"], record["key"]] = record["digest"]
    wrong = []
    for model in REGULATED.values():
        table = model._meta.db_table
        if not table or table.startswith("ledger_"):
            continue
        wrong += [
            f"{table} {row.pk}"
            for row in await model.all()
            if known.get((table, str(row.pk))) != row.state_digest()
        ]
    return wrong
