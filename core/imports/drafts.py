"""Reports read out of a document, before their lots are known; and how lots are found and reports written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, TypeVar

from core import inspections, lots
from core.imports.document_errors import FindingsMany, LotNotSaid, LotOfNobody, LotsMany
from core.imports.documents import Opened, Taken, refused
from core.imports.models import ImportRun
from core.imports.terms import Fault
from core.inspections import Bound, Form, NewReport, ReportFacts
from core.kit import Actor, NotPermitted
from core.kit.provenance import Provenance, Source
from core.kit.refusal import Refusal

MOST_LOTS: Final = 50
MOST_FINDINGS: Final = 2_000
MOST_VALUES: Final = 100_000
_TOLD: Final = 5
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A report whose lot is named by groups of numbers; the first group that holds lots of ours says which."""

    numbers: tuple[tuple[str, ...], ...]
    where: str
    """Where the numbers stand."""
    report: NewReport


@dataclass(kw_only=True)
class Drafts:
    """What was read out of a document, and what was wrong in it."""

    found: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def read(self, path: str, call: Callable[..., T], *args: Any) -> T | None:
        """Answer what a reading comes to, or keep why not and answer None."""
        try:
            return call(*args)
        except Refusal as why:
            self.faults.append(refused(path, why))
            return None


Read = Callable[[Opened], Drafts]


def report(form: Form, **more: Any) -> NewReport:
    """Answer a report of no lot yet."""
    return NewReport(form=form, lot="", **more)


def bound(figure: Decimal | None, *, open_: bool = False) -> Bound | None:
    """Answer a limit, if there is one."""
    return None if figure is None else Bound(figure, open_)


def named(company: dict[str, Any]) -> str:
    """Answer a company's name."""
    return str(company.get("Name") or company.get("CompanyName") or "")


def joined(*words: str) -> str:
    """Join what is there."""
    return " ".join(one for one in words if one)


def day_at_noon(day: dt.date | None) -> dt.datetime | None:
    """Answer an instant of a day that is the same day nearly everywhere."""
    return None if day is None else dt.datetime.combine(day, dt.time(12), dt.UTC)


async def written(actor: Actor, drafts: Drafts, run: ImportRun, source: Source) -> Taken:
    """Find the lots of all reports and write them; says in ``faults`` why not."""
    taken = Taken(rows_digest=run.file_digest)
    taken.faults = drafts.faults
    many = sum(len(one.report.findings) for one in drafts.found)
    values = sum(len(each.singles) for one in drafts.found for each in one.report.findings)
    if many > MOST_FINDINGS or values > MOST_VALUES:
        raise FindingsMany(most=MOST_FINDINGS if many > MOST_FINDINGS else MOST_VALUES)
    if taken.faults:
        return taken
    if not many:
        raise inspections.NoFindings
    named = dict(map(tuple, run.mapping.get("constants", []))).get("lot", "")
    for draft in drafts.found:
        try:
            for number, said in await _lots(actor, draft, named):
                taken.reports.append(await _record(actor, draft.report, number, said, run, source))
                taken.written += len(draft.report.findings)
        except NotPermitted:
            raise
        except Refusal as why:
            taken.faults.append(refused(draft.where, why))
    return taken


async def _lots(actor: Actor, draft: Draft, named: str) -> list[tuple[str, str]]:
    """Our lots that a draft speaks of, each with the number that the document has for it.

    Raises:
        LotUnknown: the lot named beside the file is none.
        LotNotSaid, LotOfNobody, LotsMany: what the document names.
    """
    groups = [list(dict.fromkeys(one.strip() for one in group if one.strip())) for group in draft.numbers]
    numbers = [one for group in groups for one in group]
    if named:
        lot = await lots.find(actor, named)
        return [(lot.number, ", ".join(numbers)[:120])]
    if not numbers:
        raise LotNotSaid
    if len(numbers) > MOST_LOTS:
        raise LotsMany(most=MOST_LOTS)
    for group in groups:
        if found := await lots.known(actor, group):
            return [(one.number, one.number) for one in found]
    shown = ", ".join(numbers[:_TOLD]) + (" …" if len(numbers) > _TOLD else "")
    raise LotOfNobody(numbers=shown[:200])


async def _record(
    actor: Actor, new: NewReport, number: str, said: str, run: ImportRun, source: Source
) -> ReportFacts:
    evidence_ids = tuple(run.evidence_ids)
    return await inspections.record_report(
        actor,
        replace(
            new,
            lot=number,
            said_lot=said,
            import_id=run.id,
            evidence_ids=evidence_ids,
            provenance=Provenance(source=source, ref=run.file_name, sha256=run.file_digest),
        ),
    )
