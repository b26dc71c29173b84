"""A carrier's transport legs: planned by the plant, departed and arrived as the carrier says, with seals and lots."""

from __future__ import annotations

from core import lots, orders
from core.imports.errors import CodeUnknown, LegUnknown, StageUnknown
from core.imports.models import ImportRun
from core.imports.progress import stage_of
from core.imports.reported import At, Reported, Row
from core.imports.terms import Subject
from core.kit import Actor, Level, Module, Permission, Refusal
from core.kit.provenance import Flag, Provenance, Source
from core.orders import Flow, LegFacts, NewLeg, StageFacts, StageState


class Legs(Reported):
    """Rows of legs."""

    subject = Subject.LEGS

    def column_of(self, why: Refusal) -> str:
        """In which column it is at home."""
        named = {"LegUnknown": "from", "LegNotThere": "departed_at", "TimesReversed": "arrived_at"}
        return "stage" if isinstance(why, StageUnknown) else named.get(why.code) or super().column_of(why)

    async def told(self, actor: Actor, group: list[Row], run: ImportRun) -> None:
        """Find the leg, or plan it if the plant's people may; then what the row says of it."""
        [row] = group
        stage = await stage_of(actor, row)
        leg = await self._leg(actor, stage, row)
        left, came = row.at("departed_at"), row.at("arrived_at")
        if left is not None and stage.state is StageState.PLANNED:
            stage = await orders.start_stage(actor, stage.id, at=left)
        if row.said["lot"] and stage.state is StageState.RUNNING:
            lot = await lots.find(actor, row.said["lot"])
            counted = row.amount("counted")
            doubts = (Flag.COUNT,) if counted not in (None, lot.quantity) else ()
            source = Provenance(source=Source.FILE, ref=run.file_name, sha256=run.file_digest, flags=doubts)
            flow = Flow.IN if came is None else Flow.OUT
            for one in dict.fromkeys((Flow.IN, flow)):
                await orders.record_lots(
                    actor, stage.id, one, [lot.number], at=left if one is Flow.IN else came, provenance=source
                )
        if left is not None and leg.departed_at is None:
            await orders.depart(actor, leg.id, vehicle=row.said["vehicle"], seal=row.said["seal"], at=left)
        if came is not None and leg.arrived_at is None:
            await orders.arrive(actor, leg.id, seal_found=row.said["seal_found"], at=came)

    async def _leg(self, actor: Actor, stage: StageFacts, row: Row) -> LegFacts:
        start, end = row.said["from"], row.said["to"]
        for one in await orders.legs_of(actor, stage_id=stage.id):
            if (one.from_place, one.to_place) == (start, end):
                return one
        if actor.partner_id is not None or not actor.may(Permission(Module.LOTS, Level.WORK)):
            raise LegUnknown(start=start[:40], end=end[:40])
        code = row.said["carrier"]
        if code and code not in self.known.organisations:
            raise At(row.line, "carrier", CodeUnknown(text=code[:40]))
        carrier = self.known.organisations[code].id if code else stage.partner_id
        return await orders.plan_leg(
            actor,
            NewLeg(
                stage_id=stage.id,
                carrier_id=carrier,
                vehicle=row.said["vehicle"],
                from_place=start,
                to_place=end,
                planned_departure=row.at("planned_departure"),
                planned_arrival=row.at("planned_arrival"),
            ),
        )
