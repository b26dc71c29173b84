"""What is done to lots: split, merged, reworked, used up, produced. All of an operation or none of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core import ledger, people, products
from core.kit import Actor, Level, Module, clock, current, plain_text, verb
from core.kit.provenance import BY_HAND, Provenance
from core.ledger import Kind
from core.lots import operation_policy, policy, queries, state_policy
from core.lots.errors import LotNumberTaken, LotTwice, LotUnknown, NotYet, WouldLoop
from core.lots.models import Lot, LotLink, Operation
from core.lots.operations import facts_of, left_of
from core.lots.terms import (
    LotFacts,
    LotStatus,
    Made,
    OperationFacts,
    OperationKind,
    Step,
    Take,
    Taken,
)
from core.products import BomFacts, Factor, ProductFacts

SLACK = dt.timedelta(minutes=2)
_KINDS = {
    OperationKind.SPLIT: Kind.LOT_SPLIT,
    OperationKind.MERGE: Kind.LOT_MERGE,
    OperationKind.REWORK: Kind.LOT_REWORK,
    OperationKind.CONSUME: Kind.LOT_CONSUME,
    OperationKind.PRODUCE: Kind.LOT_PRODUCE,
}
_STEPS = {
    OperationKind.SPLIT: Step.SPLIT,
    OperationKind.MERGE: Step.MERGE,
    OperationKind.REWORK: Step.REWORK,
    OperationKind.CONSUME: Step.USE,
    OperationKind.PRODUCE: Step.USE,
}


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """When and how an operation was done, and how we know; without a time it was done now."""

    at: dt.datetime | None = None
    process: str = ""
    reason: str = ""
    provenance: Provenance = BY_HAND


NOW = Circumstances()


@verb(Module.LOTS, Level.WORK, Kind.LOT_SPLIT)
async def split(
    actor: Actor, lot: str, parts: Sequence[Made], circumstances: Circumstances = NOW
) -> OperationFacts:
    """Take parts off a lot, each a lot with a number of its own; what is not named stays in the lot.

    Raises:
        LotUnknown, LotNumberTaken, LotTwice, TooFewParts: the numbers do not go together.
        NothingLeft, TooMuchTaken: the parts are more than is left.
        LotOnHold, LotScrapped, LotAway: the lot's status forbids it.
        NotYet: the time lies in the future, or before the lot was made.
        NotAQuantity, NotPositive: a quantity is no such thing.
    """
    made = [_checked(one) for one in parts]
    total = operation_policy.come_out(made)
    given = await _drawn(actor, OperationKind.SPLIT, [Taken(lot=lot, quantity=total)], circumstances)
    return await given.recorded(actor, made, like=given.takes[0].lot, status=given.takes[0].lot.status)


@verb(Module.LOTS, Level.WORK, Kind.LOT_MERGE)
async def merge(
    actor: Actor, lots: Sequence[Taken], made: Sequence[Made], circumstances: Circumstances = NOW
) -> OperationFacts:
    """Put lots of one product together into one (and scrap, if some was lost). It is as good as its worst part.

    Raises:
        DifferentProducts: the lots are of different products.
        NotConserved, NoFactor, NotExact: what comes out is not what goes in.
        others: as in ``split``.
    """
    out = [_checked(one) for one in made]
    given = await _drawn(actor, OperationKind.MERGE, lots, circumstances)
    operation_policy.one_product(given.takes)
    first = given.takes[0].lot
    operation_policy.conserve(given.takes, out, first.unit, await _factors(actor, given.takes))
    return await given.recorded(
        actor,
        out,
        like=first,
        status=operation_policy.strictest(one.lot.status for one in given.takes),
    )


@verb(Module.LOTS, Level.WORK, Kind.LOT_REWORK)
async def rework(
    actor: Actor, lot: Taken, made: Sequence[Made], circumstances: Circumstances = NOW
) -> OperationFacts:
    """Work a lot over again: it gets a new number and waits in quarantine for a new inspection.

    Raises:
        NotConserved: what comes out is not what goes in.
        others: as in ``split``.
    """
    out = [_checked(one) for one in made]
    given = await _drawn(actor, OperationKind.REWORK, [lot], circumstances)
    operation_policy.conserve(given.takes, out, given.takes[0].lot.unit, ())
    return await given.recorded(actor, out, like=given.takes[0].lot, status=LotStatus.QUARANTINED)


@verb(Module.LOTS, Level.WORK, Kind.LOT_CONSUME)
async def consume(
    actor: Actor, lots: Sequence[Taken], into: str, circumstances: Circumstances = NOW
) -> OperationFacts:
    """Use material for a lot that exists already, such as packaging.

    Raises:
        NotInBom: the product has a bill of materials that does not name the material.
        WouldLoop: the material was itself made from that lot.
        others: as in ``split``.
    """
    given = await _drawn(actor, OperationKind.CONSUME, lots, circumstances, also=into)
    target = given.lots[plain_text.clean(into)]
    goal = (await queries.facts_of([target]))[0]
    for take in given.takes:
        if take.lot.id == target.id:
            raise LotTwice(number=take.lot.number)
        if target.id in await _ancestors(take.lot.id):
            raise WouldLoop(number=take.lot.number, other=target.number)
    bom = await products.bom_at(goal.product.id, given.at)
    if bom is not None:
        operation_policy.belongs(bom, goal.product.code, given.takes)
    return await given.linked(actor, [(take, target, take.quantity) for take in given.takes], made=[])


@verb(Module.LOTS, Level.WORK, Kind.LOT_PRODUCE)
async def produce(
    actor: Actor,
    lots: Sequence[Taken],
    product: str,
    made: Sequence[Made],
    circumstances: Circumstances = NOW,
    *,
    maker_id: int | None = None,
    expires_on: dt.date | None = None,
    as_told: bool = False,
) -> OperationFacts:
    """Make lots of a product from others, by its bill of materials of that time or, without one, by declared factors.

    ``as_told`` takes the word of whoever reports it where neither says how the units compare.

    Raises:
        ProductUnknown: no such product.
        BomNotMet, NotInBom: the bill of materials asks for something else.
        NotConserved, NoFactor, NotExact: without one, what comes out is not what goes in.
        LotQuarantined, LotExpired: a lot may not be used.
        others: as in ``split``.
    """
    out = [_checked(one) for one in made]
    goal = (await products.by_code(actor.plant_id, [product]))[product]
    given = await _drawn(actor, OperationKind.PRODUCE, lots, circumstances)
    factors = await _factors(actor, given.takes, goal)
    bom: BomFacts | None = await products.bom_at(goal.id, given.at)
    if bom is None:
        operation_policy.come_out(out)
        try:
            operation_policy.conserve(given.takes, out, goal.unit, factors)
        except products.NoFactor:
            if not as_told:
                raise
    else:
        total = operation_policy.come_out(out)
        operation_policy.by_recipe(bom, goal.code, given.takes, total, factors)
    return await given.recorded(
        actor,
        out,
        like=None,
        status=LotStatus.AVAILABLE,
        product=goal,
        maker_id=maker_id,
        expires_on=expires_on,
    )


async def _ancestors(lot_id: int) -> set[int]:
    """Every lot that went into a lot, generation by generation, in scope or not."""
    found: set[int] = set()
    new = {lot_id}
    while new:
        wanted, parents = sorted(new), set[int]()
        for start in range(0, len(wanted), queries.PART):
            links = LotLink.filter(child_id__in=wanted[start : start + queries.PART])
            parents |= {link.parent_id for link in await links.only("id", "parent_id")}
        new = parents - found
        found |= new
    return found


def _checked(one: Made) -> Made:
    return Made(
        number=plain_text.checked(one.number, limit=queries.LIMIT),
        quantity=policy.amount(one.quantity),
        place=plain_text.checked(one.place, limit=120, required=False),
        scrap=one.scrap,
    )


async def _factors(actor: Actor, takes: Sequence[Take], *more: ProductFacts) -> list[Factor]:
    ids = {one.lot.product.id for one in takes} | {one.id for one in more}
    return await products.factors(actor.plant_id, ids)


@dataclass(frozen=True, kw_only=True)
class _Given:
    """An operation whose lots are locked and may be drawn on."""

    kind: OperationKind
    at: dt.datetime
    circumstances: Circumstances
    takes: list[Take]
    lots: dict[str, Lot]

    async def recorded(
        self,
        actor: Actor,
        made: Sequence[Made],
        *,
        like: LotFacts | None,
        status: LotStatus,
        product: ProductFacts | None = None,
        maker_id: int | None = None,
        expires_on: dt.date | None = None,
    ) -> OperationFacts:
        """Make the lots that come out, as the one they are like, and link them."""
        taken = await Lot.filter(plant_id=actor.plant_id, number__in=[one.number for one in made]).first()
        if taken is not None:
            raise LotNumberTaken(number=taken.number)
        first = self.takes[0].lot
        known = product or first.product
        dates = [one.lot.expires_on for one in self.takes if one.lot.expires_on is not None]
        process = plain_text.checked(self.circumstances.process, limit=60, required=False)
        rows = {
            one.number: await Lot.create(
                plant_id=actor.plant_id,
                number=one.number,
                product_id=known.id,
                organisation_id=maker_id or (like.organisation_id if like else actor.organisation_id),
                partner_id=first.partner_id,
                site_id=first.site_id,
                place=one.place or first.place,
                quantity=one.quantity,
                unit=like.unit if like else known.unit,
                status=LotStatus.SCRAPPED.value if one.scrap else status.value,
                made_at=like.made_at if like and self.kind is OperationKind.SPLIT else self.at,
                expires_on=expires_on if product else min(dates, default=None),
                process=process or first.process,
            )
            for one in made
        }
        shares = operation_policy.shares(self.takes, made)
        links = [(take, rows[one.number], share) for take, one, share in shares]
        return await self.linked(actor, links, made=list(rows.values()))

    async def linked(
        self, actor: Actor, parts: Sequence[tuple[Take, Lot, Decimal]], *, made: list[Lot]
    ) -> OperationFacts:
        """Write the operation with its links."""
        said = self.circumstances
        row = await Operation.create(
            plant_id=actor.plant_id,
            kind=self.kind.value,
            process=plain_text.checked(said.process, limit=60, required=False),
            reason=plain_text.checked(said.reason, limit=500, required=False),
            at=self.at,
            recorded_at=current().now,
            person_id=actor.person_id,
            **said.provenance.columns(),
        )
        links = [
            await LotLink.create(
                plant_id=actor.plant_id,
                parent_id=take.lot.id,
                child_id=lot.id,
                operation_id=row.id,
                quantity=quantity,
                unit=take.lot.unit,
                process=row.process or self.kind.value,
                at=self.at,
            )
            for take, lot, quantity in parts
        ]
        await ledger.append(
            _KINDS[self.kind],
            actor,
            rows=[row, *made, *links],
            facts={
                "from": [take.lot.number for take in self.takes],
                "to": list(dict.fromkeys(lot.number for _take, lot, _quantity in parts)),
                "scrapped": [lot.number for lot in made if lot.status == LotStatus.SCRAPPED.value],
                "at": self.at,
                "process": row.process,
            },
            reason=row.reason or None,
        )
        return facts_of(row, links)


async def _drawn(
    actor: Actor,
    kind: OperationKind,
    wanted: Sequence[Taken],
    circumstances: Circumstances,
    *,
    also: str = "",
) -> _Given:
    """Lock the lots in one order and see that they may be drawn on."""
    numbers = {plain_text.clean(one.lot) for one in wanted} | ({plain_text.clean(also)} if also else set())
    rows = await queries.visible(actor).filter(number__in=numbers or {""}).order_by("id").select_for_update()
    lots = {lot.number: lot for lot in rows}
    for number in sorted(numbers):
        if number not in lots:
            raise LotUnknown(number=number[: queries.LIMIT])
    left = await left_of(rows)
    facts = {one.number: one for one in await queries.facts_of(rows)}
    factors = await products.factors(actor.plant_id, {row.product_id for row in rows})
    now = current().now
    at = now if circumstances.at is None else clock.utc(circumstances.at)
    takes: list[Take] = []
    for lot in facts.values():
        policy.must_have(lot, people.scope(actor).partner_id)
    for one in wanted:
        lot = facts[plain_text.clean(one.lot)]
        state_policy.may(_STEPS[kind], lot)
        if _STEPS[kind] is Step.USE:
            state_policy.fresh(lot, clock.in_zone(at, actor.timezone).date())
        if at > now + SLACK or at < lot.made_at:
            raise NotYet
        amount = left[lot.id] if one.quantity is None else policy.amount(one.quantity)
        asked = products.convert(amount, one.unit or lot.unit, lot.unit, factors)
        takes.append(Take(lot=lot, left=left[lot.id], quantity=asked))
    operation_policy.draw(takes)
    return _Given(kind=kind, at=at, circumstances=circumstances, takes=takes, lots=lots)
