"""Deciding what becomes of held lots: a signed act of a second person."""

from __future__ import annotations

from collections.abc import Iterable

from core import ledger, signing
from core.kit import (
    Actor,
    Level,
    Malformed,
    Module,
    NotFound,
    NotPermitted,
    Permission,
    current,
    plain_text,
    verb,
)
from core.kit.quantity import Quantity
from core.ledger import Kind
from core.lots import hooks, policy, queries
from core.lots.errors import OneCaseAtATime
from core.lots.holding import concerned
from core.lots.models import Hold, Lot
from core.lots.terms import Disposition, HoldFacts
from core.signing import Fact, Level2, Meaning, Part, Shown, Signed, term

ACT = "lots:hold:decide"
MOST = 100
"""Holds that one signature may decide; more could not be read before signing."""
_REASON = 500
_NAMED = 30


async def decide_hold(
    actor: Actor, hold_id: int, disposition: Disposition, reason: str, signed: Signed
) -> HoldFacts:
    """Decide one hold; see ``decide_holds``."""
    return (await decide_holds(actor, [hold_id], disposition, reason, signed))[0]


@verb(Module.LOTS, Level.APPROVE, Kind.LOT_DISPOSE)
async def decide_holds(
    actor: Actor, hold_ids: Iterable[int], disposition: Disposition, reason: str, signed: Signed
) -> list[HoldFacts]:
    """Write down a signed decision on holds of one case and give each lot the status that follows from it.

    Runs inside the signing ceremony (act ``lots:hold:decide``), after the signature is written. A lot becomes
    free only when no other hold on it is open; the strictest decision since it last was free counts.

    Raises:
        NotFound: a hold is not in the actor's scope.
        OneCaseAtATime: the holds belong to different cases.
        AlreadyDecided: a hold has its decision.
        PlacerDecides: the actor placed one of the holds.
        NotPermitted: the right is missing, or the signature is another person's.
    """
    now = current().now
    if signed.signature_id is None or signed.person_id != actor.identity:
        raise NotPermitted
    text = plain_text.checked(reason, limit=_REASON)
    holds, lots = await _to_decide(actor, hold_ids, lock=True)
    before: dict[str, object] = {str(lot.id): lot.status for lot in lots.values()}
    for row in holds:
        row.decision, row.decision_reason = disposition.value, text
        row.decided_by, row.decided_at, row.signature_id = actor.identity, now, signed.signature_id
        await row.save()
    for lot in lots.values():
        every = await Hold.filter(lot_id=lot.id).order_by("id")
        lot.status = policy.status_after([row.facts(lot.number) for row in every]).value
        await lot.save(update_fields=["status"])
    await ledger.append(
        Kind.LOT_DISPOSE,
        actor,
        rows=[*holds, *lots.values()],
        facts={
            "lots": [lots[row.lot_id].number for row in holds],
            "disposition": disposition.value,
            "signature": signed.signature_id,
            "status": {str(lot.id): lot.status for lot in lots.values()},
        },
        case=holds[0].case_number,
        reason=text,
        before={"status": before},
    )
    facts = [row.facts(lots[row.lot_id].number) for row in holds]
    await hooks.decided.happen(actor, facts, concerned(lots.values()))
    return facts


async def _to_decide(
    actor: Actor, hold_ids: Iterable[int], *, lock: bool
) -> tuple[list[Hold], dict[int, Lot]]:
    wanted = sorted(set(hold_ids))[: MOST + 1]
    if not wanted or len(wanted) > MOST:
        raise Malformed(field="hold_ids", why=f"1…{MOST}")
    rows = await Hold.filter(id__in=wanted, plant_id=actor.plant_id).order_by("id")
    seen = queries.visible_of(actor, [row.lot_id for row in rows]).order_by("id")
    lots = {lot.id: lot for lot in await (seen.select_for_update() if lock else seen)}
    if lock:  # read again behind the lots' locks: a decision made meanwhile must be seen
        rows = await Hold.filter(id__in=wanted, plant_id=actor.plant_id).order_by("id").select_for_update()
    reachable = {row.id for row in rows if row.lot_id in lots}
    for hold_id in wanted:
        if hold_id not in reachable:
            raise NotFound(what=f"#{hold_id}")
    if len({row.case_number for row in rows}) > 1:
        raise OneCaseAtATime
    for row in rows:
        policy.may_decide(row.facts(lots[row.lot_id].number), actor.person_id)
    return rows, lots


def _read(args: dict[str, object]) -> tuple[list[int], Disposition, str]:
    ids = args.get("hold_ids", [args["hold_id"]] if "hold_id" in args else [])
    if not isinstance(ids, list) or not all(isinstance(item, int) for item in ids):
        raise Malformed(field="hold_ids", why=str(ids)[:40])
    try:
        disposition = Disposition(str(args.get("disposition")))
    except ValueError as unknown:
        raise Malformed(field="disposition", why=str(args.get("disposition"))[:40]) from unknown
    return ids, disposition, plain_text.checked(str(args.get("reason") or ""), limit=_REASON)


async def _describe(actor: Actor, args: dict[str, object]) -> Shown:
    actor.must(Permission(Module.LOTS, Level.APPROVE))
    ids, disposition, reason = _read(args)
    holds, lots = await _to_decide(actor, ids, lock=False)
    listed = [
        Fact(
            "Lot",
            f"{lots[row.lot_id].number} · {_size(lots[row.lot_id])} · {lots[row.lot_id].place}".rstrip(" ·"),
        )
        for row in holds
    ]
    return Shown(
        subject_kind="hold",
        subject_number=_named(holds, lots),
        case_number=holds[0].case_number,
        revision=1,
        title=signing.act_says("lots:hold:decide"),
        facts=[
            Fact("Case", holds[0].case_number),
            *listed,
            Fact("Held because", holds[0].reason),
            term("Decision", disposition.says),
            Fact("Reason", reason),
        ],
        involved=[(part, row.placed_by) for row in holds for part in (Part.PLACER, Part.ASKER)],
    )


def _named(holds: list[Hold], lots: dict[int, Lot]) -> str:
    """What the decision is called: the case, its first lot, and how many more."""
    first = f"{holds[0].case_number} · {lots[holds[0].lot_id].number[:_NAMED]}"
    return first if len(holds) == 1 else f"{first} +{len(holds) - 1}"


def _size(lot: Lot) -> str:
    return str(Quantity(amount=lot.quantity, unit=lot.unit))


async def _perform(actor: Actor, args: dict[str, object], signed: Signed) -> list[HoldFacts]:
    ids, disposition, reason = _read(args)
    return await decide_holds(actor, ids, disposition, reason, signed)


signing.act(ACT, describe=_describe, perform=_perform, meaning=Meaning.APPROVED, level=Level2.S2)
