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
from core.lots.models import LotLink
from core.lots.moving import locked
from core.lots.terms import LotFacts, OperationKind, Step
from core.signing import Fact, Level2, Meaning, Part, Shown, Signed

RELEASE = "lots:lot:release"
_REASON = 500
_SAME = (OperationKind.SPLIT.value, OperationKind.MERGE.value)
"""After these it is the same goods under another number, as they were inspected."""


@verb(Module.LOTS, Level.WORK, Kind.LOT_QUARANTINE)
async def quarantine(actor: Actor, lot_id: int, reason: str) -> LotFacts:
    """Set a lot apart until somebody has looked at it.

    Raises:
        NotFound: no such lot in the actor's scope.
        LotOnHold, LotScrapped, LotAway, NotFromThere: its status forbids it.
        Empty, TooLong: no reason, or more than 500 characters.
    """
    return await _stepped(actor, Kind.LOT_QUARANTINE, lot_id, Step.QUARANTINE, reason)


@verb(Module.LOTS, Level.APPROVE, Kind.LOT_CLEAR)
async def clear(actor: Actor, lot_id: int, reason: str) -> LotFacts:
    """Take a lot out of quarantine; it can be used again.

    Raises:
        as ``quarantine``.
    """
    return await _stepped(actor, Kind.LOT_CLEAR, lot_id, Step.CLEAR, reason)


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
    actor.must(Permission(Module.LOTS, Level.APPROVE))
    lot_id, reason = _read(args)
    found = await queries.get(actor, lot_id)
    _allowed(actor, found, Step.RELEASE)
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
        title=signing.act_says(RELEASE),
        facts=[*facts, Fact("Reason", reason)],
        involved=[(Part.INSPECTOR, one) for one in await _inspectors(lot_id)],
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
