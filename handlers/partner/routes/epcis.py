"""EPCIS 2.0 over REST (§12): capture of documents and events, jobs, queries by the standard's parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from yarl import URL

from core import epcis
from core.clients import Scope
from core.epcis import Behaviour, CaptureFacts, EventFacts, Role, Wanted
from core.kit import Malformed, Page, clock
from handlers.partner.shapes import Asks, Moment, Out
from handlers.partner.table import Asked, Route, Said

BASE = "/api/v1/epcis"
MOST = 5_000_000
MEDIA = ("application/json", "application/ld+json")
LISTED = r"^[!-~]{1,2000}$"
HEADERS = {"GS1-EPCIS-Version": "2.0.0", "GS1-CBV-Version": "2.0.0", "GS1-Extensions": "none"}
BEHAVIOUR = "GS1-Capture-Error-Behaviour"
Time = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,12})?(Z|[+-]\d\d:\d\d)$",
        description="RFC 3339 with an offset",
        examples=["2026-11-23T21:46:00+08:00"],
    ),
]
VALUES_MAX = 100


def _few(said: str) -> str:
    if said.count("|") >= VALUES_MAX:
        msg = f"at most {VALUES_MAX} values"
        raise ValueError(msg)
    return said


Many = Annotated[
    str,
    Field(pattern=LISTED, description=f"Several are parted by |, {VALUES_MAX} at most"),
    AfterValidator(_few),
]


class EpcisFault(Out):
    """What was wrong with an event that was left out (`proceed`)."""

    index: int | None
    path: str
    code: str
    detail: str


class CaptureBody(Out):
    """A capture job. It is done when it is answered: `events` were kept, `known` had come before."""

    captureID: str  # noqa: N815  the standard's own name
    createdAt: Moment  # noqa: N815  the standard's own name
    finishedAt: Moment  # noqa: N815  the standard's own name
    running: bool
    success: bool
    captureErrorBehaviour: Behaviour  # noqa: N815  the standard's own name
    events: int
    known: int
    errors: list[EpcisFault]


class EpcisDocument(BaseModel):
    """An EPCISQueryDocument (EPCIS 2.0 §10): events as they were sent, with their ids and times of record."""

    model_config = ConfigDict(extra="forbid")

    context: list[Any] = Field(alias="@context")
    type: str
    schemaVersion: str  # noqa: N815  the standard's own name
    creationDate: str  # noqa: N815  the standard's own name
    epcisBody: dict[str, Any]  # noqa: N815  the standard's own name


class EpcisPaged(Asks):
    """Parameters of lists (§12.4)."""

    per_page: Annotated[int, Field(alias="perPage", ge=1, le=200)] = 30
    token: Annotated[str | None, Field(alias="nextPageToken", pattern=r"^[0-9]{1,16}$")] = None


class EventQuery(EpcisPaged):
    """Parameters of SimpleEventQuery (§8.2.7.1); one that is not here is refused."""

    eventType: Many | None = None  # noqa: N815  the standard's own name
    GE_eventTime: Time | None = None
    LT_eventTime: Time | None = None
    GE_recordTime: Time | None = None
    LT_recordTime: Time | None = None
    EQ_action: Many | None = None
    EQ_bizStep: Many | None = None
    EQ_disposition: Many | None = None
    EQ_readPoint: Many | None = None
    EQ_bizLocation: Many | None = None
    EQ_eventID: Many | None = None
    EQ_transformationID: Many | None = None
    MATCH_epc: Many | None = None
    MATCH_parentID: Many | None = None
    MATCH_inputEPC: Many | None = None
    MATCH_outputEPC: Many | None = None
    MATCH_anyEPC: Many | None = None
    EXISTS_errorDeclaration: bool | None = None


class ByCapture(Asks):
    """Which job."""

    capture_id: Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,40}$")]


class ByEvent(Asks):
    """Which event, its id escaped."""

    event_id: Annotated[str, Field(min_length=1, max_length=400)]


class ByEpc(Asks):
    """Which thing: a URN or Digital Link, escaped; classes and lots too."""

    epc: Annotated[str, Field(min_length=1, max_length=400)]


_MATCHED: dict[str, tuple[Role | None, ...]] = {
    "MATCH_epc": (Role.EPC, Role.CHILD),
    "MATCH_parentID": (Role.PARENT,),
    "MATCH_inputEPC": (Role.INPUT,),
    "MATCH_outputEPC": (Role.OUTPUT,),
    "MATCH_anyEPC": (None,),
}


def _job(facts: CaptureFacts) -> CaptureBody:
    return CaptureBody(
        captureID=facts.number,
        createdAt=facts.made_at,
        finishedAt=facts.made_at,
        running=False,
        success=facts.success,
        captureErrorBehaviour=facts.behaviour,
        events=facts.events,
        known=facts.known,
        errors=[EpcisFault(**one) for one in facts.errors],
    )


def _behaviour(asked: Asked) -> Behaviour:
    said = asked.request.headers.get(BEHAVIOUR, Behaviour.ROLLBACK.value)
    if said not in set(Behaviour):
        raise Malformed(field=BEHAVIOUR, why=said[:40])
    return Behaviour(said)


async def capture(asked: Asked) -> Said:
    """Take a document, a list of events or an event."""
    done = await epcis.capture(asked.actor, asked.raw, behaviour=_behaviour(asked))
    headers = {**HEADERS, "Location": f"{BASE}/capture/{done.number}"}
    return Said(body=_job(done), headers=headers)


async def capture_event(asked: Asked) -> Said:
    """Take one event."""
    done = await epcis.capture_event(asked.actor, asked.raw)
    location = f"{BASE}/events/{quote(done.event_id, safe='')}"
    return Said(body=_document([done]), headers={**HEADERS, "Location": location})


async def job(asked: Asked) -> Said:
    """What became of a document."""
    return Said(body=_job(await epcis.capture_of(asked.actor, asked.path.capture_id)), headers=HEADERS)


async def query(asked: Asked) -> Said:
    """Events by the standard's parameters, in the order of their record."""
    said: EventQuery = asked.query
    return await _listed(asked, wanted_of(said), said)


async def event(asked: Asked) -> Said:
    """One event."""
    return Said(body=_document([await epcis.event(asked.actor, asked.path.event_id)]), headers=HEADERS)


async def of_epc(asked: Asked) -> Said:
    """Every event that names a thing."""
    wanted = Wanted(epcs=(((None,), (asked.path.epc,)),))
    return await _listed(asked, wanted, asked.query)


def wanted_of(said: EventQuery) -> Wanted:
    """What a query asks for, as the room takes it."""
    return Wanted(
        types=_parts(said.eventType),
        event_from=_moment(said.GE_eventTime),
        event_before=_moment(said.LT_eventTime),
        record_from=_moment(said.GE_recordTime),
        record_before=_moment(said.LT_recordTime),
        actions=_parts(said.EQ_action),
        biz_steps=_parts(said.EQ_bizStep),
        dispositions=_parts(said.EQ_disposition),
        read_points=_parts(said.EQ_readPoint),
        biz_locations=_parts(said.EQ_bizLocation),
        event_ids=_parts(said.EQ_eventID),
        transformations=_parts(said.EQ_transformationID),
        epcs=tuple(
            (roles, parts) for name, roles in _MATCHED.items() if (parts := _parts(getattr(said, name)))
        ),
        declared=said.EXISTS_errorDeclaration,
    )


def _moment(said: str | None) -> dt.datetime | None:
    return None if said is None else epcis.moment(said)


def _parts(said: str | None) -> tuple[str, ...]:
    return tuple(one for one in (said or "").split("|") if one)


async def _listed(asked: Asked, wanted: Wanted, said: EpcisPaged) -> Said:
    after = None if said.token is None else int(said.token)
    page = await epcis.events(asked.actor, wanted, after=after, size=said.per_page)
    return Said(body=_document(page.rows), headers={**HEADERS, **_next(asked, page)})


def _next(asked: Asked, page: Page[EventFacts]) -> dict[str, str]:
    if page.next_key is None:
        return {}
    link = URL.build(
        path=asked.request.path, query={**asked.request.query, "nextPageToken": str(page.next_key)}
    )
    return {"Link": f'<{link}>; rel="next"'}


def _document(events: Iterable[EventFacts]) -> str:
    return epcis.query_document(list(events), created=clock.now().astimezone(dt.UTC))


ROUTES = (
    Route(
        method="POST",
        path=f"{BASE}/capture",
        scope=Scope.EPCIS_CAPTURE,
        summary="Capture an EPCIS 2.0 document, a list of events or an event: all of it or none (or `proceed`)",
        call=capture,
        subject="epcis capture",
        takes_body=True,
        media=MEDIA,
        most=MOST,
        answer=CaptureBody,
        status=202,
    ),
    Route(
        method="GET",
        path=f"{BASE}/capture/{{capture_id}}",
        scope=Scope.EPCIS_CAPTURE,
        summary="What became of a captured document",
        call=job,
        subject="epcis capture {capture_id}",
        path_model=ByCapture,
        answer=CaptureBody,
    ),
    Route(
        method="POST",
        path=f"{BASE}/events",
        scope=Scope.EPCIS_CAPTURE,
        summary="Capture one EPCIS 2.0 event",
        call=capture_event,
        subject="epcis event",
        takes_body=True,
        media=MEDIA,
        most=MOST,
        answer=EpcisDocument,
        status=201,
    ),
    Route(
        method="GET",
        path=f"{BASE}/events",
        scope=Scope.EPCIS_QUERY,
        summary="EPCIS events by the parameters of SimpleEventQuery",
        call=query,
        subject="epcis events",
        query=EventQuery,
        answer=EpcisDocument,
        statuses=(422,),
    ),
    Route(
        method="GET",
        path=f"{BASE}/events/{{event_id}}",
        scope=Scope.EPCIS_QUERY,
        summary="One EPCIS event",
        call=event,
        subject="epcis event {event_id}",
        path_model=ByEvent,
        answer=EpcisDocument,
        statuses=(422,),
    ),
    Route(
        method="GET",
        path=f"{BASE}/epcs/{{epc}}/events",
        scope=Scope.EPCIS_QUERY,
        summary="Every EPCIS event that names a thing, a lot or a logistic unit",
        call=of_epc,
        subject="epcis events of {epc}",
        path_model=ByEpc,
        query=EpcisPaged,
        answer=EpcisDocument,
    ),
)
