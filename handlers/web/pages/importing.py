"""Bringing files in from the page: templates to take, a file to check or import, its faults, what came before."""

from __future__ import annotations

from aiohttp import web

from core import imports
from core.imports import COLUMNS, Faulty, Subject
from core.kit import Malformed, NotFound, NotPermitted, Refusal
from handlers import blanks, bringing, text
from handlers.bringing import ROWS_MAX
from handlers.text import mark
from handlers.web import showing
from handlers.web.asking import IMPORTS, Asked
from handlers.web.rooms import ROOMS
from handlers.web.uploads import UPLOAD

FILE_MAX = 2_000_000
MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/schema+json",
}
IMPORTED = mark("Imported {rows} rows as {number}.")
RIGHT = mark("Nothing is wrong: {rows} rows. Nothing was changed yet.")
BEFORE = mark("This file was imported before, as {number}. Nothing was changed.")
SERIES = mark("{logger}: MKT {mkt} °C, {excursions} excursions, {gaps} gaps")
UNDONE = mark("Undone: {rows} rows of {number}.")


async def shown(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Templates, the form, and the imports before."""
    _must_import(asked)
    return await _page(asked)


async def blank(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """A template, in the reader's language or the one that is asked for."""
    _must_import(asked)
    name, _, form = asked.request.match_info["template"].partition(".")
    if name not in set(COLUMNS) or form not in blanks.FORMS:
        raise NotFound(what=f"{name}.{form}"[:40])
    said = asked.query("language")
    locale = said if said in text.LOCALES else asked.actor.locale
    content = blanks.made(Subject(name), form, locale)
    file = blanks.name(Subject(name), form, locale)
    headers = {**showing.HEADERS, "Content-Disposition": f'attachment; filename="{file}"'}
    return web.Response(body=content, content_type=MEDIA[form], headers=headers)


async def bring_in(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Check the file of the form, or import it; every fault is told with its line and column."""
    _must_import(asked)
    _ = asked.translate
    given = asked.request.get(UPLOAD)
    what = form.get("what", "")
    if given is None or not given.content or what not in ("try", "import"):
        raise Malformed(field="file", why=_("Choose a file first."))
    try:
        _read, report = await bringing.brought(
            asked.actor,
            given.content,
            given.name,
            dry=what == "try",
            lot=form.get("lot", ""),
            darkroom=asked.request.app[ROOMS].darkroom,
        )
    except Faulty as faulty:
        return await _page(asked, status=422, faulty=faulty, name=given.name)
    except NotPermitted:
        raise
    except Refusal as why:
        return await _page(asked, status=422, wrong=text.said(why, asked.actor.locale), name=given.name)
    number = "" if report.run is None else report.run.number
    form_of = BEFORE if report.before else RIGHT if report.run is None else IMPORTED
    done = _(form_of).format(rows=report.rows, number=number)
    if (series := report.series) is not None:
        done += " " + _(SERIES).format(
            logger=series.logger,
            mkt=series.mkt,
            excursions=len(series.excursions),
            gaps=len(series.gaps),
        )
    done += "".join(f" {bringing.report_line(one, asked.actor.locale)}" for one in report.reports)
    return await _page(asked, done=done, name=given.name)


async def undo(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Take an import back while nothing uses its rows."""
    number = form.get("number", "")[:40]
    rows = await imports.undo(asked.actor, number, form.get("reason", ""))
    return await _page(asked, done=asked.translate(UNDONE).format(rows=rows, number=number))


def _must_import(asked: Asked) -> None:
    """Let in who brings some kind of file in; which kinds, the import itself checks."""
    if not asked.imports:
        raise NotPermitted


async def _page(
    asked: Asked,
    *,
    status: int = 200,
    done: str = "",
    wrong: str = "",
    faulty: Faulty | None = None,
    name: str = "",
) -> web.Response:
    return showing.shown(
        asked,
        "import.html",
        status=status,
        done=done,
        wrong=wrong,
        name=name,
        faults=[] if faulty is None else faulty.faults[: bringing.SHOWN],
        count=0 if faulty is None else int(str(faulty.facts["count"])),
        said=lambda why: text.said(why, asked.actor.locale),
        runs=await imports.runs(asked.actor),
        subjects=[one for one in imports.subjects_for(asked.actor) if one in COLUMNS],
        undoable=(Subject.LOTS, Subject.LINKS) if asked.actor.may(IMPORTS) else (),
        most=ROWS_MAX,
    )
