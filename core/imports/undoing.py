"""Taking an import back, as long as its rows are as they came in."""

from __future__ import annotations

from typing import Final

from core import ledger
from core.imports.errors import (
    EventsStay,
    EvidenceStays,
    NotUndoable,
    ReportStays,
    RunUnknown,
    SeriesStays,
    UndoneAlready,
)
from core.imports.models import ImportRun
from core.imports.terms import Subject
from core.kit import Actor, Level, Module, current, plain_text, verb
from core.ledger import Kind
from core.lots import void_links, withdraw_lots

_REASON: Final = 500


@verb(Module.LOTS, Level.CONFIGURE, Kind.IMPORT_UNDO)
async def undo(actor: Actor, number: str, reason: str) -> int:
    """Take an import back as long as its rows are as they came in and nothing refers to them; answers how many rows.

    Raises:
        RunUnknown: the plant has no such import.
        UndoneAlready: it was taken back before.
        NotUndoable, SeriesStays, EvidenceStays, EventsStay: products and partners; records, certificates, events.
        ImportChanged, ImportInUse: why not.
        Empty, TooLong: the reason.
    """
    run = (
        await ImportRun.filter(plant_id=actor.plant_id, number=number.strip()[:40])
        .select_for_update()
        .first()
    )
    if run is None or actor.partner_id is not None:
        raise RunUnknown(number=number[:40])
    if run.undone_at is not None:
        raise UndoneAlready(number=run.number)
    why = plain_text.checked(reason, limit=_REASON)
    match Subject(run.subject):
        case Subject.LOTS:
            rows = await withdraw_lots(actor, import_id=run.id, run=run.number, digest=run.rows_digest)
        case Subject.LINKS:
            rows = await void_links(
                actor, import_id=run.id, run=run.number, digest=run.rows_digest, reason=why
            )
        case Subject.SERIES:
            raise SeriesStays
        case Subject.EPCIS:
            raise EventsStay
        case Subject.RESULTS | Subject.PROGRESS | Subject.LEGS | Subject.READINGS:
            raise ReportStays
        case Subject.CERTIFICATES | Subject.MEASUREMENTS:
            raise EvidenceStays
        case _:
            raise NotUndoable
    run.undone_at, run.undone_by = current().now, actor.person_id
    await run.save(update_fields=["undone_at", "undone_by"])
    await ledger.append(
        Kind.IMPORT_UNDO, actor, rows=[run], facts={"number": run.number, "rows": rows}, reason=why
    )
    return rows
