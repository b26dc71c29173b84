"""Files: whatever imports read, handed in or only tried; all rows or none, once, faults by line and column."""

from __future__ import annotations

import asyncio
from typing import Annotated

from pydantic import Field

from core import imports
from core.clients import Scope
from core.evidence import Received
from core.imports import Subject
from core.kit import NotFound
from handlers import blanks, bringing, text
from handlers.partner.shapes import Asks, Out
from handlers.partner.table import Asked, Route, Said
from handlers.web.rooms import ROOMS

FILE_MAX = 5_000_000
ROWS_MAX = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA = ("text/csv", XLSX, "application/json", "application/xml", "text/plain", "application/octet-stream")
FORMS = {"xlsx": XLSX, "csv": "text/csv", "json": "application/schema+json"}


class FileQuery(Asks):
    """How the file is called, which lot it speaks of, and whether it is only tried."""

    name: Annotated[str, Field(max_length=200)] = ""
    lot: Annotated[
        str, Field(max_length=60, description="The lot that a certificate or measuring file speaks of")
    ] = ""
    dry_run: Annotated[bool, Field(description="Say what it would come to, and change nothing")] = False


class FileBody(Out):
    """What came of it: `number` names the import, None for one that was only tried."""

    number: str | None
    subject: str | None
    rows: int
    before: bool = Field(description="Whether this very file was brought in before; nothing changed then")
    encoding: str


class BlankPath(Asks):
    """Which template, in which form."""

    template: Annotated[str, Field(pattern=r"^[a-z_]{1,20}\.(csv|xlsx|json)$")]


class BlankQuery(Asks):
    """In which language; without one that of Accept-Language."""

    language: Annotated[str | None, Field(pattern="^(zh_CN|en)$")] = None


async def receive(asked: Asked) -> Received | None:
    """Seal a file that is itself evidence, unless it is only tried."""
    if asked.query.dry_run:
        return None
    darkroom = asked.request.app[ROOMS].darkroom
    return await bringing.sealed(asked.actor, asked.raw, asked.query.name, darkroom)


async def hand_in(asked: Asked) -> Said:
    """Bring a file in, or try it."""
    query: FileQuery = asked.query
    _mapping, report = await bringing.brought(
        asked.actor,
        asked.raw,
        query.name or "file",
        dry=query.dry_run,
        lot=query.lot,
        received=asked.ready,
        most=ROWS_MAX,
    )
    run = report.run
    return Said(
        body=FileBody(
            number=None if run is None else run.number,
            subject=None if run is None else run.subject.value,
            rows=report.rows,
            before=report.before,
            encoding=report.encoding,
        )
    )


async def blank(asked: Asked) -> Said:
    """A template to fill in."""
    subject, _dot, form = asked.path.template.partition(".")
    if subject not in {one.value for one in imports.subjects_for(asked.actor) if one in imports.COLUMNS}:
        raise NotFound(what=asked.path.template)
    locale = asked.query.language or (asked.locale if asked.locale in text.LOCALES else text.DEFAULT)
    content = await asyncio.to_thread(blanks.made, Subject(subject), form, locale)
    name = blanks.name(Subject(subject), form, locale)
    return Said(
        body=content,
        media=FORMS[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/files",
        scope=Scope.FILES_WRITE,
        summary="Hand in a file: a template that is filled in, or a document of a known kind",
        call=hand_in,
        before=receive,
        subject="file",
        takes_body=True,
        media=MEDIA,
        most=FILE_MAX,
        query=FileQuery,
        answer=FileBody,
        statuses=(404,),
    ),
    Route(
        method="GET",
        path="/api/v1/files/templates/{template}",
        scope=Scope.FILES_WRITE,
        summary="A template to fill in: CSV, workbook, or the JSON Schema of a row",
        call=blank,
        subject="template {template}",
        path_model=BlankPath,
        query=BlankQuery,
        answer_media=tuple(FORMS.values()),
        statuses=(422,),
    ),
)
