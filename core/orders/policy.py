"""Decisions of the orders room: which step an order, a stage, a transport or a handover allows. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from core.lots.terms import LotFacts, LotStatus
from core.orders.errors import (
    HandoverConfirmed,
    LegNotThere,
    LotHeldBack,
    NoLotOut,
    NoStages,
    NotYourHandover,
    NotYourLeg,
    NotYourStage,
    OrderNotThere,
    SameParty,
    StageBefore,
    StageNotThere,
    TimesReversed,
    TooManyStages,
    UnknownProcess,
)
from core.orders.terms import (
    Flow,
    HandoverFacts,
    LegFacts,
    NewStage,
    OrderFacts,
    OrderState,
    StageFacts,
    StageKind,
    StageState,
)

MOST_STAGES = 40
ENDED = frozenset({StageState.DONE, StageState.SKIPPED})
OPEN = frozenset({OrderState.PLANNED, OrderState.PLACED, OrderState.RUNNING})
WORKED_ON = frozenset({OrderState.PLACED, OrderState.RUNNING})
_MAKES = frozenset({StageKind.PROCESS, StageKind.PACKING})


def plan(stages: Sequence[NewStage], processes: Collection[str]) -> None:
    """Allow an order to be planned.

    Raises:
        NoStages, TooManyStages, UnknownProcess, TimesReversed: why not.
    """
    if not stages:
        raise NoStages
    if len(stages) > MOST_STAGES:
        raise TooManyStages(most=MOST_STAGES)
    for one in stages:
        if (one.kind is StageKind.PROCESS) is (one.process not in processes) or (
            one.kind is not StageKind.PROCESS and one.process
        ):
            raise UnknownProcess(process=one.process or "–")
        in_order(one.planned_start, one.planned_end)


def in_order(*moments: dt.datetime | None) -> None:
    """Hold times to their order; None is not known yet.

    Raises:
        TimesReversed: a later one lies before an earlier one.
    """
    known = [one for one in moments if one is not None]
    if known != sorted(known):
        raise TimesReversed


def order_may(order: OrderFacts, states: Collection[OrderState]) -> None:
    """Allow a step where the order stands.

    Raises:
        OrderNotThere: it stands elsewhere.
    """
    if order.state not in states:
        raise OrderNotThere(number=order.number, state=order.state.says)


def _stage_may(stage: StageFacts, *states: StageState) -> None:
    if stage.state not in states:
        raise StageNotThere(number=stage.order_number, position=stage.position, state=stage.state.says)


def carries_out(stage: StageFacts, partner_id: int | None) -> None:
    """Allow the people of an organisation to record a stage: the partner's own ones, the plant's people any.

    Raises:
        NotYourStage: another organisation carries it out.
    """
    if partner_id is not None and stage.partner_id != partner_id:
        raise NotYourStage(number=stage.order_number, position=stage.position)


def start(order: OrderFacts, stage: StageFacts, stages: Sequence[StageFacts], at: dt.datetime) -> None:
    """Allow a stage to begin: the one before it has begun, since lots may follow one another in parts.

    Raises:
        OrderNotThere, StageNotThere, StageBefore, TimesReversed: why not.
    """
    order_may(order, WORKED_ON)
    _stage_may(stage, StageState.PLANNED)
    before = [one for one in stages if one.position < stage.position and one.state is not StageState.SKIPPED]
    if before and before[-1].state is StageState.PLANNED:
        raise StageBefore(number=order.number, before=before[-1].position, position=stage.position)
    if before:
        in_order(before[-1].started_at, at)


def take_lots(stage: StageFacts, flow: Flow, lots: Sequence[LotFacts]) -> None:
    """Allow lots to go into a running stage or come out of it; held ones go into an inspection alone.

    Raises:
        StageNotThere, LotHeldBack: why not.
    """
    _stage_may(stage, StageState.RUNNING)
    for lot in lots:
        scrapped = lot.status is LotStatus.SCRAPPED and flow is Flow.IN
        held = lot.status is LotStatus.ON_HOLD and stage.kind is not StageKind.INSPECTION
        if scrapped or held:
            raise LotHeldBack(number=lot.number, status=lot.status_says)


def finish(stage: StageFacts, stages: Sequence[StageFacts], at: dt.datetime) -> None:
    """Allow a stage to end: those before it have ended, and a step that makes something made something.

    Raises:
        StageNotThere, StageBefore, NoLotOut, TimesReversed: why not.
    """
    _stage_may(stage, StageState.RUNNING)
    for one in stages:
        if one.position < stage.position and one.state not in ENDED:
            raise StageBefore(number=stage.order_number, before=one.position, position=stage.position)
    if stage.kind in _MAKES and not any(one.flow is Flow.OUT for one in stage.lots):
        raise NoLotOut(number=stage.order_number, position=stage.position)
    in_order(stage.started_at, at)


def skip(order: OrderFacts, stage: StageFacts) -> None:
    """Allow a stage that has not begun to be left out.

    Raises:
        OrderNotThere, StageNotThere: why not.
    """
    order_may(order, OPEN)
    _stage_may(stage, StageState.PLANNED)


def replan(
    order: OrderFacts, stage: StageFacts, start_at: dt.datetime | None, end_at: dt.datetime | None
) -> None:
    """Allow the times of a stage that has not ended to be planned anew.

    Raises:
        OrderNotThere, StageNotThere, TimesReversed: why not.
    """
    order_may(order, OPEN)
    _stage_may(stage, StageState.PLANNED, StageState.RUNNING)
    in_order(start_at, end_at)


def all_ended(stages: Sequence[StageFacts]) -> bool:
    """Whether an order is complete: every stage is done or left out, and at least one was done."""
    return all(one.state in ENDED for one in stages) and any(one.state is StageState.DONE for one in stages)


def leg_of(leg: LegFacts, partner_id: int | None, concerned: Collection[int | None]) -> None:
    """Allow an organisation to record a transport: the plant, its carrier, who sends and who receives.

    Raises:
        NotYourLeg: it is none of these.
    """
    if partner_id is not None and partner_id != leg.carrier_id and partner_id not in concerned:
        raise NotYourLeg


def depart(leg: LegFacts) -> None:
    """Allow a leg to depart, once.

    Raises:
        LegNotThere: it has departed.
    """
    if leg.departed_at is not None:
        raise LegNotThere


def arrive(leg: LegFacts, at: dt.datetime) -> None:
    """Allow a leg that has departed to arrive, once.

    Raises:
        LegNotThere, TimesReversed: why not.
    """
    if leg.departed_at is None or leg.arrived_at is not None:
        raise LegNotThere
    in_order(leg.departed_at, at)


def hand_over(giver_id: int, taker_id: int, recorder_id: int) -> None:
    """Allow a handover to be recorded by one of its two parties, or by the plant for them.

    Raises:
        SameParty, NotYourHandover: why not.
    """
    if giver_id == taker_id:
        raise SameParty
    if recorder_id not in (giver_id, taker_id):
        raise NotYourHandover


def confirm(handover: HandoverFacts, organisation_id: int) -> None:
    """Allow the other party to confirm, once.

    Raises:
        HandoverConfirmed, NotYourHandover: why not.
    """
    if handover.confirmed_at is not None:
        raise HandoverConfirmed
    other = handover.taker_id if handover.recorded_for == handover.giver_id else handover.giver_id
    if organisation_id != other:
        raise NotYourHandover
