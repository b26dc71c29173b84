"""Bringing a file in: all of it or nothing, once, with one entry that carries the file's digest and the counts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from core import evidence, ledger
from core.conditions import SeriesFacts
from core.evidence import Received
from core.imports import documents, reading
from core.imports.ahead import Ahead
from core.imports.errors import Faulty, NoRows, TooManyRows
from core.imports.kinds import KINDS
from core.imports.models import ImportRun
from core.imports.policy import Checker
from core.imports.reading import Reader
from core.imports.recognising import by_content
from core.imports.subjects import known_for
from core.imports.terms import COLUMNS, EVIDENCE, HANDED_IN, REPORTED, Fault, Mapping, Report, Subject
from core.imports.writers import WRITERS
from core.kit import (
    Actor,
    Level,
    Module,
    NotPermitted,
    Permission,
    Refusal,
    canonical,
    current,
    plain_text,
    verb,
)
from core.kit.numbering import next_number
from core.kit.unit_of_work import dialect
from core.ledger import Kind

FAULTS_KEPT: Final = 5000
MOST_ROWS: Final = 10**9
"""Rows of a file where nobody waits."""

Tell = Callable[[int], None]
"""Told how many rows were read so far."""


class _OnlyTried(Exception):  # noqa: N818  it ends a trial, nothing is wrong
    """Undoes what a trial wrote."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


@dataclass(frozen=True, kw_only=True)
class _Given:
    """What is brought in: the file, how it is read, what it is called, and the sealed file where it is evidence."""

    file: Path
    mapping: Mapping
    name: str
    received: Received | None


@dataclass(kw_only=True)
class _Faults:
    """The first faults, and how many there are."""

    kept: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, column: str, why: Refusal) -> None:
        """Count one more."""
        self.count += 1
        if len(self.kept) < FAULTS_KEPT:
            self.kept.append(Fault(line=line, column=column, why=why))


async def try_file(
    actor: Actor,
    file: Path,
    mapping: Mapping | None = None,
    *,
    name: str = "",
    tell: Tell | None = None,
    most: int = MOST_ROWS,
    lot: str = "",
) -> Report:
    """Do everything that an import does, and undo it; answers what it would come to.

    Raises:
        Faulty: some rows cannot be taken.
        Refusal: without a mapping, what ``by_content`` says.
        MappingUnfit, NotText, NoRows, TooManyRows: the file or the mapping as a whole.
    """
    try:
        given = await _given(file, mapping, name, lot, None)
        return await _way(actor, given.mapping)(actor, given, tell or _silent, most, dry=True)
    except _OnlyTried as tried:
        return tried.report


async def import_file(
    actor: Actor,
    file: Path,
    mapping: Mapping | None = None,
    *,
    name: str = "",
    tell: Tell | None = None,
    most: int = MOST_ROWS,
    lot: str = "",
    received: Received | None = None,
) -> Report:
    """Bring a file in, all rows or none. The same file read the same way is brought in once.

    Without a mapping the file says itself what it is: the heads of a template, or a document of the kinds in the table.
    ``lot`` names the lot that a certificate or measuring file speaks of, where it has another number for it;
    ``received`` is that file as the darkroom sealed it: it is kept as evidence.

    Raises:
        Faulty: some rows cannot be taken; nothing was changed.
        Refusal: without a mapping, what ``by_content`` says.
        MappingUnfit, NotText, NoRows, TooManyRows: the file or the mapping as a whole.
    """
    given = await _given(file, mapping, name, lot, received)
    return await _way(actor, given.mapping)(actor, given, tell or _silent, most, dry=False)


async def _given(
    file: Path, mapping: Mapping | None, name: str, lot: str, received: Received | None
) -> _Given:
    """What is brought in, and how it is read; only a file that is itself evidence is kept as such."""
    read = await asyncio.to_thread(by_content, file) if mapping is None else mapping
    if read.subject not in EVIDENCE:
        return _Given(file=file, mapping=read, name=name or file.name, received=None)
    if lot:
        read = replace(read, constants={**read.constants, "lot": plain_text.clean(lot)[:60]})
    return _Given(file=file, mapping=read, name=name or file.name, received=received)


def subjects_for(actor: Actor) -> list[Subject]:
    """Answer what this actor may bring in by file, in the order of the templates."""
    every = actor.may(Permission(Module.LOTS, Level.CONFIGURE)) and actor.partner_id is None
    some = actor.may(Permission(Module.LOTS, Level.REPORT))
    return [one for one in Subject if (every and one not in REPORTED) or (some and one in HANDED_IN)]


def _way(actor: Actor, mapping: Mapping) -> Callable[..., Awaitable[Report]]:
    """Answer by which right the file comes in."""
    reports = actor.may(Permission(Module.LOTS, Level.REPORT))
    return _hand_in if reports and mapping.subject in HANDED_IN else _set_up


@verb(Module.LOTS, Level.REPORT, Kind.IMPORT_RUN)
async def _hand_in(actor: Actor, given: _Given, tell: Tell, most: int, *, dry: bool) -> Report:
    """Hand in a file of facts about lots, such as a logger's record or a certificate, or try it."""
    return await _import(actor, given, tell, most, dry=dry)


@verb(Module.LOTS, Level.CONFIGURE, Kind.IMPORT_RUN)
async def _set_up(actor: Actor, given: _Given, tell: Tell, most: int, *, dry: bool) -> Report:
    """Bring a file of the plant's records in, or try it."""
    if actor.partner_id is not None or given.mapping.subject in REPORTED:
        raise NotPermitted
    return await _import(actor, given, tell, most, dry=dry)


async def _import(actor: Actor, given: _Given, tell: Tell, most: int, *, dry: bool) -> Report:
    file, mapping = given.file, given.mapping
    found = await asyncio.to_thread(reading.digest, file)
    said = _stated(mapping)
    await _alone(actor.plant_id, found)
    same = await ImportRun.filter(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        file_digest=found,
        mapping_digest=canonical.digest(said),
        undone_at=None,
    ).first()
    form = None if mapping.subject in COLUMNS else await asyncio.to_thread(documents.must_form, file)
    encoding = (
        await asyncio.to_thread(reading.encoding, file, mapping.encoding) if form is None else form.value
    )
    if same is not None:
        return Report(run=same.facts(), rows=same.rows, columns=[], encoding=encoding, before=True)
    sealed = given.received
    kept = [] if sealed is None or sealed.sha256 != found else [(await evidence.keep(actor, sealed)).id]
    run = await ImportRun.create(
        plant_id=actor.plant_id,
        organisation_id=actor.organisation_id,
        number=await next_number(actor.plant_id, "IM"),
        subject=mapping.subject.value,
        file_name=plain_text.clean(given.name)[:200],
        file_digest=found,
        mapping=said,
        mapping_digest=canonical.digest(said),
        evidence_ids=kept,
        person_id=actor.person_id,
        made_at=current().now,
    )
    reader = Reader(file=file, mapping=mapping, encoding=encoding)
    report = Report(run=None, rows=0, columns=[], encoding=encoding)
    if form is None:
        run.rows, run.rows_digest, series = await _rows(actor, reader, run, tell, most)
        report = replace(report, series=series, columns=list(reader.profiles.values()))
    else:
        taken = await _document(actor, file, form, run)
        run.rows, run.rows_digest = taken.written, taken.rows_digest
        report = replace(report, reports=tuple(taken.reports))
    report = replace(report, rows=run.rows)
    if dry:
        raise _OnlyTried(report)
    await run.save(update_fields=["rows", "rows_digest"])
    await ledger.append(
        Kind.IMPORT_RUN,
        actor,
        rows=[run],
        facts={
            "number": run.number,
            "subject": run.subject,
            "file": run.file_name,
            "digest": found,
            "rows": run.rows,
            "rows_digest": run.rows_digest,
            "evidence": run.evidence_ids,
        },
    )
    return replace(report, run=run.facts())


async def _document(actor: Actor, file: Path, form: documents.Form, run: ImportRun) -> documents.Taken:
    """Write a document; answers what came of it.

    Raises:
        Faulty: parts of it cannot be taken.
        KindUnknown: its content is of another kind than the mapping says.
    """
    opened = await asyncio.to_thread(documents.opened, file, form)
    kinds = tuple(one for one in KINDS if one.subject is Subject(run.subject))
    taken = await documents.kind_of(opened, kinds).bring(actor, opened, run)
    if taken.faults:
        raise Faulty(count=len(taken.faults), faults=taken.faults[:FAULTS_KEPT], columns=[])
    return taken


async def _alone(plant_id: int, digest: str) -> None:
    """Let one unit at a time bring a plant's file in: the next one finds it brought. SQLite writes one by one anyway."""
    if dialect() != "sqlite":
        key = int(sha256(f"import {plant_id} {digest}".encode()).hexdigest()[:15], 16)
        await current().db.execute_query("SELECT pg_advisory_xact_lock($1)", [key])


async def _rows(
    actor: Actor, reader: Reader, run: ImportRun, tell: Tell, most: int
) -> tuple[int, str, SeriesFacts | None]:
    """Check and write every row; answers how many, the digest over all their digests, and a logger's series.

    Raises:
        Faulty: rows that cannot be taken.
        NoRows: there are none.
        TooManyRows: there are more than ``most``.
    """
    known = await known_for(actor, reader.mapping)
    writer = WRITERS[reader.mapping.subject](reader.mapping, Checker(reader.mapping), known)
    faults, whole, written = _Faults(), sha256(), 0
    ahead = Ahead(reader, writer)
    writer.meanwhile = ahead.begin
    async with aclosing(ahead.each()) as batches:
        async for checked, rows in batches:
            if rows > most:
                raise TooManyRows(most=most)
            brought = await writer.take(actor, checked, import_id=run.id, run=run.number)
            for line, name, why in brought.faults:
                faults.add(line, reader.head_of(name) if name else "", why)
            whole.update("".join(brought.digests).encode())
            written += brought.written
            tell(rows)
    if not faults.count:
        for line, name, why in await writer.finish(actor, run):
            faults.add(line, reader.head_of(name) if name else "", why)
    if faults.count:
        raise Faulty(
            count=faults.count,
            faults=sorted(faults.kept, key=lambda one: one.line),
            columns=list(reader.profiles.values()),
        )
    if not reader.rows:
        raise NoRows
    return written, whole.hexdigest(), writer.made


def _stated(mapping: Mapping) -> dict[str, object]:
    """What decides how a file is read, for the record; names that people chose stand as texts, not as keys."""
    return {
        "subject": mapping.subject.value,
        "columns": [list(pair) for pair in sorted(mapping.columns.items())],
        "constants": [list(pair) for pair in sorted(mapping.constants.items())],
        "values": [
            [name, [list(pair) for pair in sorted(words.items())]]
            for name, words in sorted(mapping.values.items())
        ],
        "zone": mapping.zone,
        "dates": mapping.dates,
        "delimiter": mapping.delimiter,
        **({"sheet": mapping.sheet} if mapping.sheet else {}),
    }


def _silent(_rows_read: int) -> None:
    """Tell nobody."""
