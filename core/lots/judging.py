"""What a lot may be used for: quarantined, taken out again, released by signature, scrapped."""

from __future__ import annotations

from core import ledger, signing
from core.kit import (
    Actor,
    Level,
    Malformed,
    Module,
    NotPermitted,
    Permission,
    clock,
    current,
    plain_text,
    verb,
)
from core.kit.quantity import Quantity
from core.ledger import Kind
from core.lots import hooks, queries, state_policy
from core.lots.models import Lot, LotLink, Shipment
from core.lots.moving import locked
from core.lots.terms import LotFacts, OperationKind, Step
from core.signing import Fact, Level2, Meaning, Part, Shown, Signed

RELEASE = "lots:lot:release"
CLEAR = "lots:lot:clear"
_REASON = 500
_SAME = (OperationKind.SPLIT.value, OperationKind.MERGE.value)
"""After these it is the same goods under another number, as they were inspected."""
_ANEW = (OperationKind.REWORK.value, OperationKind.MERGE.value)
"""These may end in quarantine."""


@verb(Module.LOTS, Level.WORK, Kind.LOT_QUARANTINE)
async def quarantine(actor: Actor, lot_id: int, reason: str) -> LotFacts:
    """Set a lot apart until somebody has looked at it.

    Raises:
        NotFound: no such lot in the actor's scope.
        LotOnHold, LotScrapped, LotAway, NotFromThere: its status forbids it.
        Empty, TooLong: no reason, or more than 500 characters.
    """
    return await _stepped(actor, Kind.LOT_QUARANTINE, lot_id, Step.QUARANTINE, reason)


@verb(Module.LOTS, Level.WORK, Kind.LOT_CLEAR)
async def clear(actor: Actor, lot_id: int, reason: str, signed: Signed) -> LotFacts:
    """Take a lot out of quarantine, inside the ceremony of the act ``lots:lot:clear``; it can be used again.

    Raises:
        NotPermitted: the signature is another person's.
        others: as in ``quarantine``.
    """
    if signed.signature_id is None or signed.person_id != actor.identity:
        raise NotPermitted
    return await _stepped(actor, Kind.LOT_CLEAR, lot_id, Step.CLEAR, reason, signature_id=signed.signature_id)


@verb(Module.LOTS, Level.APPROVE, Kind.LOT_SCRAP)
async def scrap(actor: Actor, lot_id: int, reason: str) -> LotFacts:
    """Take a lot out of the world; a held one only by the decision of its hold.

    Raises:
        as ``quarantine``.
    """
    return await _stepped(actor, Kind.LOT_SCRAP, lot_id, Step.SCRAP, reason)


@verb(Module.LOTS, Level.APPROVE, Kind.LOT_RELEASE)
async def release(actor: Actor, lot_id: int, reason: str, signed: Signed) -> LotFacts:
    """Release a lot, inside the ceremony of the act ``lots:lot:release``.

    Raises:
        NotPermitted: the signature is another person's.
        LotExpired: the expiry date has passed.
        others: as in ``quarantine``.
    """
    if signed.signature_id is None or signed.person_id != actor.identity:
        raise NotPermitted
    return await _stepped(
        actor, Kind.LOT_RELEASE, lot_id, Step.RELEASE, reason, signature_id=signed.signature_id
    )


async def _stepped(
    actor: Actor, kind: Kind, lot_id: int, step: Step, reason: str, *, signature_id: int | None = None
) -> LotFacts:
    text = plain_text.checked(reason, limit=_REASON)
    lot = await locked(actor, lot_id)
    [facts] = await queries.facts_of([lot])
    after = _allowed(actor, facts, step)
    before: dict[str, object] = {"status": lot.status}
    lot.status = after
    await lot.save(update_fields=["status"])
    said: dict[str, object] = {"number": lot.number, "status": lot.status}
    if signature_id is not None:
        said["signature"] = signature_id
    await ledger.append(kind, actor, rows=[lot], facts=said, reason=text, before=before)
    return (await queries.facts_of([lot]))[0]


def _allowed(actor: Actor, facts: LotFacts, step: Step) -> str:
    after = state_policy.may(step, facts)
    if step is Step.RELEASE:
        state_policy.fresh(facts, clock.in_zone(current().now, actor.timezone).date())
    return after.value


async def _describe(actor: Actor, args: dict[str, object]) -> Shown:
    actor.must(Permission(Module.LOTS, state_policy.STATES[Step.RELEASE].level))
    return await _shown(actor, args, RELEASE, Step.RELEASE, [])


async def _describe_clear(actor: Actor, args: dict[str, object]) -> Shown:
    actor.must(Permission(Module.LOTS, state_policy.STATES[Step.CLEAR].level))
    lot_id, _reason = _read(args)
    placers = [(Part.PLACER, one) for one in await _placers(actor.plant_id, lot_id)]
    return await _shown(actor, args, CLEAR, Step.CLEAR, placers)


async def _placers(plant_id: int, lot_id: int) -> set[int]:
    """Who put a lot into quarantine: by word, by working it over again, or by counting another quantity on arrival."""
    said = await ledger.last_by(plant_id, Kind.LOT_QUARANTINE, Lot.table(), lot_id)
    links = LotLink.filter(child_id=lot_id, operation__kind__in=_ANEW).select_related("operation")
    worked = {one.operation.person_id for one in await links if one.operation is not None}
    last = await Shipment.filter(lot_id=lot_id).order_by("-id").first()
    counted = None if last is None or last.received_quantity == last.quantity else last.received_by
    return {one for one in (said, counted, *worked) if one is not None}


async def _shown(
    actor: Actor, args: dict[str, object], act: str, step: Step, involved: list[tuple[Part, int]]
) -> Shown:
    lot_id, reason = _read(args)
    found = await queries.get(actor, lot_id)
    _allowed(actor, found, step)
    facts = [
        Fact("Lot", found.number),
        Fact("Product", found.product.code),
        Fact("Quantity", str(Quantity(amount=found.quantity, unit=found.unit))),
        Fact("Made", found.made_at.strftime("%Y-%m-%d %H:%M UTC")),
    ]
    if found.expires_on is not None:
        facts.append(Fact("Use by", found.expires_on.isoformat()))
    return Shown(
        subject_kind="lot",
        subject_number=found.number,
        case_number=None,
        revision=1,
        title=signing.act_says(act),
        facts=[*facts, Fact("Reason", reason)],
        involved=[*involved, *((Part.INSPECTOR, one) for one in await _inspectors(lot_id))],
    )


async def _inspectors(lot_id: int) -> list[int]:
    """Who recorded a result of the lot, or of those that it was split off or put together from."""
    same, found = {lot_id}, {lot_id}
    while found:
        above = await LotLink.filter(child_id__in=found, operation__kind__in=_SAME)
        found = {one.parent_id for one in above} - same
        same |= found
    asked: set[int] = set()
    await hooks.inspectors.happen(frozenset(same), asked)
    return sorted(asked)


def _read(args: dict[str, object]) -> tuple[int, str]:
    lot_id = args.get("lot_id")
    if not isinstance(lot_id, int):
        raise Malformed(field="lot_id", why=str(lot_id)[:40])
    return lot_id, plain_text.checked(str(args.get("reason") or ""), limit=_REASON)


async def _perform(actor: Actor, args: dict[str, object], signed: Signed) -> LotFacts:
    return await release(actor, *_read(args), signed)


signing.act(RELEASE, describe=_describe, perform=_perform, meaning=Meaning.RELEASED, level=Level2.S2)


async def _perform_clear(actor: Actor, args: dict[str, object], signed: Signed) -> LotFacts:
    return await clear(actor, *_read(args), signed)


signing.act(
    CLEAR, describe=_describe_clear, perform=_perform_clear, meaning=Meaning.APPROVED, level=Level2.S2
)
