"""Taking back what was recorded wrongly while nothing was built on it; nothing is deleted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from core import ledger, people
from core.kit import Actor, Level, Module, NotFound, NotPermitted, current, plain_text, verb
from core.kit.regulated import Regulated
from core.ledger import Kind
from core.lots import queries
from core.lots.errors import ReceivedAlready, UsedSince
from core.lots.models import Hold, LinkVoid, Lot, LotLink, Operation, Serial, Shipment
from core.lots.terms import LotStatus
from core.lots.withdrawing import references

_LONGEST: Final = 60
_REASON: Final = 500
Besides = Mapping[str, Collection[int]]
"""Rows by table that do not count as uses: those that are taken back together with the lot."""


@verb(Module.LOTS, Level.WORK, Kind.LINK_VOID, Kind.LOT_WITHDRAW)
async def void_operation(
    actor: Actor, operation_id: int, reason: str, *, besides: Besides | None = None
) -> int:
    """Take an operation back: its links are void, the lots that it made withdrawn. Answers how many links.

    Raises:
        NotFound: no such operation on lots in the actor's scope.
        UsedSince: a lot that it made went on, or another record names it.
        Empty, TooLong: the reason.
    """
    row = await Operation.get_or_none(id=operation_id, plant_id=actor.plant_id)
    links = await LotLink.filter(operation_id=operation_id).order_by("id")
    done = {one.link_id for one in await LinkVoid.filter(link_id__in=[one.id for one in links] or [0])}
    standing = [one for one in links if one.id not in done]
    ends = {one for link in standing for one in (link.parent_id, link.child_id)}
    if row is None or not standing or ends - await queries.openable(actor, ends):
        raise NotFound(what=f"#{operation_id}")
    rows = await Lot.filter(id__in=ends).order_by("id").select_for_update()
    why = plain_text.checked(reason, limit=_REASON)
    voids = [
        await LinkVoid.create(plant_id=actor.plant_id, link_id=one.id, reason=why, at=current().now)
        for one in standing
    ]
    await ledger.append(
        Kind.LINK_VOID,
        actor,
        rows=voids,
        facts={"count": len(voids), "operation": row.kind, "at": row.at},
        reason=why,
    )
    children = {one.child_id for one in standing}
    made = [one for one in rows if one.id in children and row.kind != "consume"]
    await _withdrawn(actor, made, why, besides or {})
    return len(voids)


@verb(Module.LOTS, Level.WORK, Kind.LOT_WITHDRAW)
async def withdraw(
    actor: Actor, lot_ids: Collection[int], reason: str, *, besides: Besides | None = None
) -> int:
    """Withdraw lots that were recorded wrongly, with their serial numbers; their numbers are free again.

    Raises:
        NotFound: a lot is not in the actor's scope.
        UsedSince: a link, hold, case or another record refers to one of them.
        Empty, TooLong: the reason.
    """
    wanted = sorted(set(lot_ids))
    rows = await queries.visible_of(actor, wanted).order_by("id").select_for_update()
    if len(rows) != len(wanted):
        raise NotFound(what=f"#{wanted[0]}")
    await _withdrawn(actor, rows, plain_text.checked(reason, limit=_REASON), besides or {})
    return len(rows)


async def _withdrawn(actor: Actor, lots: Sequence[Lot], reason: str, besides: Besides) -> None:
    changed: list[Regulated] = []
    names: list[str] = []
    for lot in lots:
        await _must_be_free(lot, besides)
        names.append(lot.number)
        lot.status, lot.number = LotStatus.WITHDRAWN.value, _freed(lot.number, lot.id)
        await lot.save(update_fields=["status", "number"])
        changed.append(lot)
        for serial in await Serial.filter(lot_id=lot.id).order_by("id"):
            serial.number = _freed(serial.number, serial.id)
            await serial.save(update_fields=["number"])
            changed.append(serial)
    if changed:
        await ledger.append(
            Kind.LOT_WITHDRAW,
            actor,
            rows=changed,
            facts={"count": len(names), "numbers": names},
            reason=reason,
        )


def _freed(number: str, key: int) -> str:
    mark = f"~{key}"
    return number[: _LONGEST - len(mark)] + mark


async def _must_be_free(lot: Lot, besides: Besides) -> None:
    db = current().db
    mark = "?" if db.capabilities.dialect == "sqlite" else "$1"
    for table, column in references():
        if table == Serial.table():
            continue
        unless = (
            " AND NOT EXISTS (SELECT 1 FROM lots_link_void v WHERE v.link_id = t.id)"
            if table == LotLink.table()
            else ""
        )
        _, rows = await db.execute_query(
            f'SELECT t.id FROM "{table}" t WHERE t."{column}" = {mark}{unless}',  # noqa: S608  our own names
            [lot.id],
        )
        if {int(row[0]) for row in rows} - set(besides.get(table, ())):
            raise UsedSince(number=lot.number)


@verb(Module.LOTS, Level.REPORT, Kind.SHIPMENT_VOID)
async def void_shipment(actor: Actor, shipment_id: int, reason: str) -> None:
    """Take a shipment back that did not happen: the lot is again where it was, as it was; a hold on it stays.

    Raises:
        NotFound: no such shipment in the actor's scope.
        NotPermitted: the actor's organisation did not send it.
        ReceivedAlready: it arrived.
        Empty, TooLong: the reason.
    """
    row = (
        await Shipment.filter(id=shipment_id, plant_id=actor.plant_id, voided_at=None)
        .select_for_update()
        .first()
    )
    partner = people.scope(actor).partner_id
    if row is None or (partner is not None and partner not in (row.sender_id, row.receiver_id)):
        raise NotFound(what=f"#{shipment_id}")
    if partner is not None and row.sender_id != partner:
        raise NotPermitted
    lot = await Lot.filter(id=row.lot_id).select_for_update().get()
    if row.received_at is not None:
        raise ReceivedAlready(number=lot.number)
    why = plain_text.checked(reason, limit=_REASON)
    before: dict[str, object] = {"status": lot.status, "partner": lot.partner_id}
    row.voided_at = current().now
    await row.save(update_fields=["voided_at"])
    holds = await Hold.filter(lot_id=lot.id, decision=None, status_before=LotStatus.SHIPPED.value)
    for hold in holds:
        hold.status_before = row.status_before
        await hold.save(update_fields=["status_before"])
    if lot.status == LotStatus.SHIPPED.value:
        lot.status = row.status_before
    lot.partner_id = None if row.sender_id == actor.plant_id else row.sender_id
    await lot.save(update_fields=["status", "partner_id"])
    await ledger.append(
        Kind.SHIPMENT_VOID,
        actor,
        rows=[row, lot, *holds],
        facts={"number": lot.number, "quantity": row.quantity, "unit": row.unit},
        reason=why,
        before=before,
    )
