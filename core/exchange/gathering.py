"""Reading everything for a bundle, each case at one instant; pictures and proofs are fetched later, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core import (
    anomalies,
    capa,
    clients,
    escalation,
    evidence,
    ledger,
    lots,
    notices,
    people,
    signing,
    witness,
)
from core.exchange.errors import NotAsRecorded, StillSealing
from core.exchange.terms import CASE_TABLES, MOST_DAYS, PLANT_TABLES, CaseFile, Gathered, Granted
from core.kit import Actor, NotFound
from core.kit.unit_of_work import snapshot
from core.ledger import Extract, Kind, Line, Recorded, Stated
from core.ledger.extracting import Row
from core.lots import Genealogy

_ROLES = (
    Kind.PERSON_ADD,
    Kind.ROLE_GRANT,
    Kind.ROLE_WITHDRAW,
    Kind.ENGAGEMENT_OPEN,
    Kind.ENGAGEMENT_END,
)
_OUTSIDE = (
    Kind.WITNESS_KEY,
    Kind.WITNESS_KEY_END,
    Kind.WITNESS_ACKNOWLEDGE,
    Kind.WITNESS_COSIGN,
    Kind.WITNESS_STAMP,
)
_TRACES = frozenset({Kind.RECORDS_EXPORT, Kind.ACCESS_VIEW})
"""What exports and views leave behind: no part of a case that an earlier witness could have seen."""


async def gather(actor: Actor, granted: Granted) -> Gathered:
    """Read the cases, their rows and their entries as they are now.

    Each case is read at one instant, so that others wait for one case at most; a case that changed before the
    last was read is read again with all.

    Raises:
        NotFound: a case is not in the actor's scope.
        StillSealing: an entry has no place in the log yet, or a case changed meanwhile.
        NotAsRecorded: a row is not what the ledger recorded last.
    """
    extracts: dict[int, Extract] = {}
    files = []
    for number in granted.cases:
        async with snapshot():
            files.append(await _case(actor, number, extracts))
    async with snapshot():
        counts = await ledger.counts_of(granted.cases, plant_id=actor.plant_id)
        if any(len(file.lines) != counts.get(file.case.number) for file in files):
            raise StillSealing
        roles = await people.role_history(actor)
        engagements = await people.engagements(actor)
        views = await people.views_of(actor, granted.cases)
        wanted = {("people_role", str(one.id)) for one in roles}
        wanted |= {("people_engagement", str(one.id)) for one in engagements}
        wanted |= {("people_access_log", str(one.id)) for one in views}
        wanted |= {("sop_template", str(one.case.template_id)) for one in files}
        _add(extracts, await ledger.extract_kinds(_ROLES, plant_id=actor.plant_id, rows=wanted))
        _add(
            extracts,
            await ledger.extract_kinds(
                [Kind.ACCESS_VIEW], plant_id=actor.plant_id, rows=wanted, moments=[one.at for one in views]
            ),
        )
        _add(
            extracts,
            await ledger.extract_kinds([Kind.TEMPLATE_PUBLISH], plant_id=actor.plant_id, rows=wanted),
        )
        used = _named(extracts.values(), ("signing_passkey",))
        _add(extracts, await ledger.extract_kinds([Kind.PASSKEY_ADD], plant_id=actor.plant_id, rows=used))
        vouchers = await witness.covering(actor.plant_id, [_last_place(file.lines) for file in files])
        outside = {("witness_key", str(one.id)) for one in vouchers.keys}
        outside |= {("witness_cosignature", str(one.id)) for one in vouchers.cosignatures}
        outside |= {("witness_acknowledgement", str(one)) for one in vouchers.acknowledgements}
        outside |= {
            ("witness_stamp", str(one.id)) for one in vouchers.stamps if one.plant_id == actor.plant_id
        }
        _add(extracts, await ledger.extract_key_changes())
        _add(extracts, await ledger.extract_kinds(_OUTSIDE, plant_id=actor.plant_id, rows=outside))
        wanted |= outside
        records = await ledger.states(_named(extracts.values(), PLANT_TABLES) | wanted)
        checkpoints = await _checkpoints(vouchers.sizes)
        gathered = Gathered(
            granted=granted,
            made_by=actor.name,
            timezone=actor.timezone,
            plant=await people.organisation(actor.plant_id),
            organisations=await people.organisations_for(actor),
            names={one.id: one.printed_name for one in await people.everyone(actor)},
            programs=await clients.names(actor.plant_id),
            files=files,
            records=records,
            roles=roles,
            engagements=engagements,
            views=views,
            extracts=sorted(extracts.values(), key=lambda one: one.position or 0),
            checkpoints=checkpoints,
            vouchers=vouchers,
        )
    _must_be_sealed(gathered.extracts, checkpoints)
    _must_be_as_recorded(gathered)
    return gathered


def _last_place(lines: Sequence[Line]) -> int:
    """Where the last entry of a case stands that is more than a trace of a reader."""
    return max((one.position or 0 for one in lines if one.kind not in _TRACES), default=0)


async def _checkpoints(sizes: Iterable[int]) -> list[Stated]:
    """One of every day, those at which a key was handed on, and those that somebody outside stands for."""
    found = {one.size: one for one in await ledger.checkpoints_by_day(most=MOST_DAYS)}
    newest = max(found, default=0)
    found.update((one.size, one) for one in await ledger.checkpoints_at_retirement() if one.size < newest)
    for size in sizes:
        stated = found.get(size) or await ledger.checkpoint_at(size)
        if stated is not None:
            found[size] = stated
    return [found[size] for size in sorted(found)]


def _add(extracts: dict[int, Extract], found: Iterable[Extract]) -> None:
    extracts.update((one.entry_id, one) for one in found)


def _named(extracts: Iterable[Extract], tables: Iterable[str]) -> set[Row]:
    kept = set(tables)
    return {row for one in extracts for row in one.rows if row[0] in kept}


async def _case(actor: Actor, number: str, extracts: dict[int, Extract]) -> CaseFile:
    found = await anomalies.get(actor, number)
    photos = await evidence.evidence_of_case(actor, number)
    entries = await ledger.extract_case(number, plant_id=found.plant_id)
    kept = {("evidence_evidence", str(one.id)) for one in photos}
    _add(extracts, entries)
    _add(
        extracts,
        await ledger.extract_kinds(
            [Kind.EVIDENCE_KEEP],
            plant_id=found.plant_id,
            rows=kept,
            moments=[one.received_at for one in photos],
        ),
    )
    opened = await capa.of_anomaly(actor, found.id)
    return CaseFile(
        case=found,
        partner=None if found.partner_id is None else await people.organisation(found.partner_id),
        photos=photos,
        lines=await ledger.timeline(number, plant_id=found.plant_id),
        gradings=await anomalies.gradings(actor, found.id),
        runs=await escalation.runs_of(found.id),
        told=await notices.told_about(number, plant_id=found.plant_id),
        capa=opened,
        actions=[] if opened is None else await capa.actions(opened.id),
        holds=await lots.holds_of(actor, number),
        signatures=await signing.signatures_of(number, plant_id=found.plant_id),
        records=await ledger.states(_named(entries, CASE_TABLES) | kept),
        genealogy=await _genealogy(actor, found.lot_id),
    )


async def _genealogy(actor: Actor, lot_id: int | None) -> Genealogy | None:
    if lot_id is None:
        return None
    try:
        return await lots.trace_both(actor, lot_id)
    except NotFound:  # an auditor let in for one partner, and a lot that the partner never had
        return None


def _must_be_sealed(extracts: Iterable[Extract], checkpoints: list[Stated]) -> None:
    size = checkpoints[-1].size if checkpoints else 0
    if not checkpoints or any(one.position is None or one.position >= size for one in extracts):
        raise StillSealing


def _must_be_as_recorded(gathered: Gathered) -> None:
    last: dict[Row, str] = {}
    for one in gathered.extracts:
        last.update(one.rows)
    for name, records in (
        *((file.case.number, file.records) for file in gathered.files),
        (gathered.plant.code, gathered.records),
    ):
        for record in records:
            _must_match(name, record, last.pop((record.table, record.key), None))
    for table, key in last:
        if table in (*CASE_TABLES, *PLANT_TABLES):
            raise NotAsRecorded(case=gathered.plant.code, record=f"{table} {key}")


def _must_match(case: str, record: Recorded, digest: str | None) -> None:
    if record.digest != digest:
        raise NotAsRecorded(case=case, record=f"{record.table} {record.key}")
