"""import, export: a CSV file or workbook, checked and brought in, or taken back; and the templates to fill in."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import click

from core import imports, people
from core.conditions import SeriesFacts
from core.imports import COLUMNS, Faulty, Profile, Report, Subject
from core.kit import Actor, system
from handlers import blanks, bringing, text
from handlers.bringing import SHOWN
from handlers.cli.bundle import new_file
from handlers.cli.tools import Refused, Tools, given, run
from handlers.text import mark

EVERY = 20_000
LANGUAGES = {"zh": "zh_CN", "en": "en"}
TRIED = mark(
    "Nothing wrong: {rows} rows ({encoding}). Nothing was changed; leave out --dry-run to import them."
)
DONE = mark("Imported {rows} rows as {number}. Take them back with: bihuan import --undo {number}")
STAYS = mark("Imported {rows} rows as {number}.")
BEFORE = mark("This file was imported before, as {number}; nothing was changed.")
UNDONE = mark("Undone: {rows} rows of {number}.")
SERIES = mark("{logger}: MKT {mkt} °C, {excursions} excursions, {gaps} gaps")
MORE = mark("… and {count} more")
PROFILE = mark("{head}: {filled} filled, {empty} empty, up to {longest} characters, e.g. {samples}")
WHERE = mark("line {line}, {column}")
LINE = mark("line {line}")


@click.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False),
    help="Which column is which (YAML or JSON); a filled template needs none.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@click.option(
    "--undo", "run_number", help="Take an import back, by its number, while nothing refers to its rows."
)
@click.option("--reason", default="", help="Why it is taken back.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--plant", help="Code of the plant, where there are several.")
@click.option("--lot", default="", help="The lot here that a certificate or measuring file speaks of.")
@click.pass_obj
def bring_in(
    tools: Tools,
    *,
    file: Path | None,
    mapping: str | None,
    dry_run: bool,
    run_number: str | None,
    reason: str,
    as_json: bool,
    plant: str | None,
    lot: str,
) -> None:
    """Bring in products, partners, lots, genealogy links or a logger's record from a file: all rows or none."""
    _ = text.translator(tools.locale)
    if run_number is not None:
        if file is not None or mapping is not None or dry_run:
            raise click.UsageError("--undo stands alone, with --reason")
        rows = run(_undo(tools, run_number, reason or "undone on the command line", plant))
        said = {"undone": run_number, "rows": rows}
        click.echo(json.dumps(said) if as_json else _(UNDONE).format(rows=rows, number=run_number))
        return
    if file is None:
        raise click.UsageError("name a FILE")
    try:
        report = run(_import(tools, file, mapping, plant, lot, dry=dry_run))
    except _Faults as found:
        _tell_faults(found.faulty, tools.locale, as_json=as_json)
        raise Refused(text.said(found.faulty, tools.locale)) from None
    if as_json:
        click.echo(json.dumps(_facts(report), ensure_ascii=False))
        return
    for line in _profile(report.columns, _):
        click.echo(line)
    if report.series is not None:
        click.echo(series_line(report.series, _))
    for one in report.reports:
        click.echo(bringing.report_line(one, tools.locale))
    number = "" if report.run is None else report.run.number
    form = BEFORE if report.before else TRIED if report.run is None else _done(report.run.subject)
    click.echo(_(form).format(rows=report.rows, encoding=report.encoding, number=number))


def _done(subject: Subject) -> str:
    """The words for an import that was made; only lots and links are taken back."""
    return DONE if subject in (Subject.LOTS, Subject.LINKS) else STAYS


def series_line(series: SeriesFacts, _: text.Translate) -> str:
    """Answer what a logger's record says, in a line."""
    return _(SERIES).format(
        logger=series.logger,
        mkt=series.mkt,
        excursions=len(series.excursions),
        gaps=len(series.gaps),
    )


@click.command("export")
@click.argument("template", type=click.Choice([one.value for one in COLUMNS]))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A .xlsx, .csv or .json to make.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), help="Language of the columns.")
@click.pass_obj
def blank(tools: Tools, *, template: str, out: Path, lang: str | None) -> None:
    """Write a template to fill in: a workbook, a CSV, or the JSON Schema of its rows."""
    form = out.suffix.lower().lstrip(".")
    if form not in blanks.FORMS:
        raise click.UsageError("--out must end with .xlsx, .csv or .json")
    locale = LANGUAGES[lang] if lang else tools.locale
    with new_file(out) as target:
        target.write(blanks.made(Subject(template), form, locale))
    click.echo(str(out))


class _Faults(Exception):  # noqa: N818  it carries an answer out of the event loop
    """Rows that cannot be taken."""

    def __init__(self, faulty: Faulty) -> None:
        """Keep them."""
        super().__init__()
        self.faulty = faulty


async def _actor(plant: str | None) -> Actor:
    plants = [one for one in await people.plants() if plant is None or one.code == plant]
    if len(plants) != 1:
        raise Refused("which plant? use --plant CODE")
    return system(plants[0].id, channel="cli")


async def _import(
    tools: Tools, file: Path, mapping: str | None, plant: str | None, lot: str, *, dry: bool
) -> Report:
    read = imports.by_content(file) if mapping is None else imports.read_mapping(given(mapping))
    evidence = read.subject in imports.EVIDENCE and not dry
    async with tools.rooms() if evidence else tools.database() as darkroom:
        actor = await _actor(plant)
        try:
            if dry:
                return await imports.try_file(actor, file, read, tell=_progress, lot=lot)
            received = None
            if darkroom is not None:
                received = await darkroom.receive(
                    actor, await asyncio.to_thread(file.read_bytes), name=file.name, must_be_picture=False
                )
            return await imports.import_file(actor, file, read, tell=_progress, lot=lot, received=received)
        except Faulty as faulty:
            raise _Faults(faulty) from None


async def _undo(tools: Tools, number: str, reason: str, plant: str | None) -> int:
    async with tools.database():
        return await imports.undo(await _actor(plant), number, reason)


def _progress(rows: int) -> None:
    if rows % EVERY == 0 and sys.stderr.isatty():
        click.echo(f"\r{rows:,}", nl=False, err=True)


def _tell_faults(faulty: Faulty, locale: str, *, as_json: bool) -> None:
    _ = text.translator(locale)
    told = [
        {"line": one.line, "column": one.column, "why": text.said(one.why, locale), "code": one.why.code}
        for one in faulty.faults[: len(faulty.faults) if as_json else SHOWN]
    ]
    count = int(str(faulty.facts["count"]))
    if as_json:
        click.echo(json.dumps({"count": count, "faults": told}, ensure_ascii=False))
        return
    for line in _profile(faulty.columns, _):
        click.echo(line, err=True)
    for one in told:
        where = _(WHERE if one["column"] else LINE) if one["line"] else "{column}"
        said = where.format(line=one["line"], column=one["column"])
        click.echo(f"{said}{text.colon(said)}{one['why']}", err=True)
    if count > len(told):
        click.echo(_(MORE).format(count=count - len(told)), err=True)


def _profile(columns: list[Profile], _: text.Translate) -> list[str]:
    return [
        _(PROFILE).format(
            head=one.head,
            filled=one.filled,
            empty=one.empty,
            longest=one.longest,
            samples=" | ".join(one.samples) or "–",
        )
        for one in columns
    ]


def _facts(report: Report) -> dict[str, Any]:
    return {
        "run": None if report.run is None else report.run.number,
        "rows": report.rows,
        "encoding": report.encoding,
        "before": report.before,
        **(
            {}
            if report.series is None
            else {
                "series": {
                    "logger": report.series.logger,
                    "mkt": str(report.series.mkt),
                    "excursions": len(report.series.excursions),
                    "gaps": len(report.series.gaps),
                }
            }
        ),
        "columns": [vars(one) for one in report.columns],
    }
