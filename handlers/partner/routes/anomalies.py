"""Anomalies: reported by the templates of the chat, listed and read inside what the asker may see."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core import anomalies, sop
from core.anomalies import AnomalyFacts, Filters
from core.clients import Scope
from handlers.partner import paging
from handlers.partner.shapes import Asks, In, Key, Moment, Out, Paged
from handlers.partner.table import Asked, Route, Said

NUMBER = r"^[A-Za-z0-9\-]{1,40}$"


class Case(Asks):
    """Which case."""

    number: Annotated[str, Field(pattern=NUMBER)]


class ReportBody(In):
    """A new anomaly: category, answers by the keys of its template, ids of the photos handed in before."""

    category: str = Field(min_length=1, max_length=4, pattern="^[A-Z]+$")
    answers: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")], str] = Field(
        max_length=60, json_schema_extra={"additionalProperties": False}
    )
    evidence_ids: list[Key] = Field(max_length=9)


class SupplementBody(In):
    """What is added to a case, or corrected in it, and why; the answers before stay on record."""

    reason: str = Field(min_length=1, max_length=500)
    changes: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")], str] = Field(
        default={}, max_length=60, json_schema_extra={"additionalProperties": False}
    )
    evidence_ids: list[Key] = Field(default=[], max_length=9)


class AnomalyBody(Out):
    """A case: a grade is None until it is signed."""

    number: str
    state: str
    stage: int
    grade: str | None
    proposed_grade: str | None
    lot: str | None
    description: str
    reported_at: Moment
    evidence_ids: list[int]


class AnomalyPage(Out):
    """Cases, newest first, and the cursor of the next page."""

    items: list[AnomalyBody]
    next: str | None


class CaseQuery(Paged):
    """Which cases: of a state, of a lot."""

    state: anomalies.State | None = None


def shown(facts: AnomalyFacts) -> AnomalyBody:
    """A case as the API shows it."""
    return AnomalyBody(
        number=facts.number,
        state=facts.state,
        stage=anomalies.stage_of(facts.state).position,
        grade=facts.grade,
        proposed_grade=facts.proposed_grade,
        lot=facts.lot_number,
        description=facts.description,
        reported_at=facts.reported_at,
        evidence_ids=list(facts.evidence_ids),
    )


async def report(asked: Asked) -> Said:
    """Report an anomaly by its category's template."""
    found = await sop.current_template(asked.actor.plant_id, asked.body.category)
    made = await anomalies.report(
        asked.actor,
        template_id=found.id,
        answers=dict(asked.body.answers),
        evidence_ids=asked.body.evidence_ids,
        channel="api",
    )
    return Said(body=shown(made))


async def supplement(asked: Asked) -> Said:
    """Add to a case that this very program reported, until its grade is signed."""
    found = await anomalies.get(asked.actor, asked.path.number)
    made = await anomalies.supplement(
        asked.actor,
        found.id,
        changes=dict(asked.body.changes),
        reason=asked.body.reason,
        evidence_ids=asked.body.evidence_ids,
    )
    return Said(body=shown(made))


async def one(asked: Asked) -> Said:
    """One case."""
    return Said(body=shown(await anomalies.get(asked.actor, asked.path.number)))


async def listed(asked: Asked) -> Said:
    """Cases, newest first."""
    state = asked.query.state
    page = await anomalies.page(
        asked.actor,
        Filters(state=None if state is None else state.value),
        after=paging.after_of(asked, "anomalies"),
        size=asked.query.limit,
    )
    cursor, headers = paging.next_of(asked, "anomalies", page)
    return Said(body=AnomalyPage(items=[shown(case) for case in page.rows], next=cursor), headers=headers)


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/anomalies",
        scope=Scope.ANOMALIES_WRITE,
        summary="Report an anomaly",
        call=report,
        subject="report",
        body=ReportBody,
        most=64_000,
        answer=AnomalyBody,
        status=201,
        statuses=(404,),
        people=True,
    ),
    Route(
        method="POST",
        path="/api/v1/anomalies/{number}/supplements",
        scope=Scope.ANOMALIES_WRITE,
        summary="Add to an anomaly that this program reported, or correct it",
        call=supplement,
        subject="case {number}",
        path_model=Case,
        body=SupplementBody,
        most=64_000,
        answer=AnomalyBody,
        status=201,
    ),
    Route(
        method="GET",
        path="/api/v1/anomalies",
        scope=Scope.ANOMALIES_READ,
        summary="Anomalies, newest first",
        call=listed,
        subject="cases",
        query=CaseQuery,
        answer=AnomalyPage,
        statuses=(422,),
    ),
    Route(
        method="GET",
        path="/api/v1/anomalies/{number}",
        scope=Scope.ANOMALIES_READ,
        summary="One anomaly",
        call=one,
        subject="case {number}",
        path_model=Case,
        answer=AnomalyBody,
        people=True,
    ),
)
