"""Inspection results: handed in by laboratories and suppliers, judged by us against the method of that time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from core import inspections, lots
from core.clients import Scope
from core.inspections import NewResult, NewValue, ResultFacts, Verdict
from core.kit.provenance import Flag
from handlers.partner.parties import codes_for, id_of, provenance_of
from handlers.partner.routes.lots import ByLot
from handlers.partner.routes.orders import Code, LotNumber
from handlers.partner.shapes import Decimals, In, Instant, Key, Moment, Out, Whole
from handlers.partner.table import Asked, Route, Said

Figure = Annotated[str, Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$", description="A decimal as text")]


class ValueIn(In):
    """One value by the key of its characteristic: a number in a unit, or good or bad."""

    key: Annotated[str, Field(min_length=1, max_length=60)]
    value: Figure | None = None
    passed: bool | None = None
    unit: Annotated[str, Field(max_length=20)] = ""
    piece: Annotated[int, Field(ge=1, le=100_000), Whole] = 1


class ResultIn(In):
    """A result; `claims` is the sender's own judgement, which stands beside ours."""

    lot: LotNumber
    method: Annotated[str, Field(min_length=1, max_length=60)]
    method_version: Annotated[int, Field(ge=1, le=10_000), Whole] | None = None
    values: Annotated[list[ValueIn], Field(min_length=1, max_length=500)]
    measured_at: Instant
    stage: Key | None = None
    laboratory: Code | None = None
    instrument: Annotated[str, Field(max_length=80)] = ""
    calibrated_until: dt.date | None = None
    analyst: Annotated[str, Field(max_length=80)] = ""
    claims: bool | None = None
    corrects: Key | None = None


class ValueBody(Out):
    """A value with what it was judged against."""

    key: str
    piece: int
    value: Decimals | None
    unit: str
    passed: bool | None
    lower: Decimals | None
    upper: Decimals | None
    within: bool


class ResultBody(Out):
    """A result with our verdict and what is doubtful about it."""

    id: int
    lot: str
    method: str
    method_version: int
    laboratory: str | None
    instrument: str
    measured_at: Moment
    recorded_at: Moment
    verdict: Verdict
    claims: bool | None
    corrects: int | None
    flags: list[Flag]
    values: list[ValueBody]


class ResultList(Out):
    """The results of a lot that the asker may see, oldest first."""

    items: list[ResultBody]


def _result(facts: ResultFacts, codes: dict[int, str]) -> ResultBody:
    return ResultBody(
        id=facts.id,
        lot=facts.lot_number,
        method=facts.method,
        method_version=facts.method_version,
        laboratory=None if facts.laboratory_id is None else codes.get(facts.laboratory_id),
        instrument=facts.instrument,
        measured_at=facts.measured_at,
        recorded_at=facts.recorded_at,
        verdict=facts.verdict,
        claims=facts.claims,
        corrects=facts.corrects,
        flags=list(facts.flags),
        values=[
            ValueBody(
                key=one.key,
                piece=one.piece,
                value=one.value,
                unit=one.unit,
                passed=one.passed,
                lower=one.lower,
                upper=one.upper,
                within=one.within,
            )
            for one in facts.values
        ],
    )


async def record(asked: Asked) -> Said:
    """Hand a result in."""
    body: ResultIn = asked.body
    actor = asked.actor
    made = await inspections.record_result(
        actor,
        NewResult(
            lot=body.lot,
            method=body.method,
            method_version=body.method_version,
            values=tuple(
                NewValue(
                    key=one.key,
                    value=None if one.value is None else Decimal(one.value),
                    passed=one.passed,
                    unit=one.unit,
                    piece=one.piece,
                )
                for one in body.values
            ),
            measured_at=body.measured_at,
            stage_id=body.stage,
            laboratory_id=await id_of(actor, body.laboratory) or actor.partner_id,
            instrument=body.instrument,
            calibrated_until=body.calibrated_until,
            analyst=body.analyst,
            claims=body.claims,
            corrects=body.corrects,
            provenance=provenance_of(asked),
        ),
    )
    return Said(body=_result(made, await codes_for(actor)))


async def of_lot(asked: Asked) -> Said:
    """The results of a lot."""
    lot = await lots.find(asked.actor, asked.path.number)
    codes = await codes_for(asked.actor)
    found = await inspections.results_of(asked.actor, lot.id)
    return Said(body=ResultList(items=[_result(one, codes) for one in found]))


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/results",
        scope=Scope.RESULTS_WRITE,
        summary="Hand in an inspection result",
        call=record,
        subject="result",
        body=ResultIn,
        answer=ResultBody,
        status=201,
        statuses=(404,),
    ),
    Route(
        method="GET",
        path="/api/v1/lots/{number}/results",
        scope=Scope.LOTS_READ,
        summary="The results of a lot that the asker may see",
        call=of_lot,
        subject="results of lot {number}",
        path_model=ByLot,
        answer=ResultList,
    ),
)
