"""Reading what somebody may have spoilt: a row that cannot be read becomes a fault, and the others are read on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, TypeVar

from tortoise.exceptions import OperationalError

from core.kit.spoilt import SPOILT, reason
from core.ledger.faults import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tortoise.queryset import QuerySet

    from core.kit.regulated import Regulated

log = logging.getLogger(__name__)
R = TypeVar("R", bound="Regulated")
_ROW: Final = (*SPOILT, OperationalError)
_BATCH: Final = 200
_FIRST: Final = -(2**63)


def spoilt(table: str, number: object, wrong: BaseException) -> Fault:
    """Answer the fault of a row that cannot be read."""
    return Fault(where=table, number=str(number), what=f"the row cannot be read ({reason(wrong)})")


def unfinished(checker: str, wrong: BaseException) -> Fault:
    """Answer the fault of a check that met what nobody foresaw; the exception is logged whole."""
    log.error("%s could not be finished", checker, exc_info=wrong)
    return Fault(where=checker, number="", what=f"this check could not be finished ({reason(wrong)})")


async def legible(model: type[R], *only: str, **where: object) -> AsyncIterator[R | Fault]:
    """Yield the rows of a table by their numbers; one that cannot be read as the fault that names it.

    With ``only`` some fields are read, so that damage elsewhere in a row does not keep it from being looked at.
    """
    after = _FIRST
    while True:
        asked = model.filter(id__gt=after, **where).order_by("id").limit(_BATCH)
        numbers = [int(str(one)) for one in await asked.values_list("id", flat=True)]
        for row in await _rows(model, only, numbers):
            yield row
        if len(numbers) < _BATCH:
            return
        after = numbers[-1]


async def _rows(model: type[R], only: tuple[str, ...], numbers: list[int]) -> list[R | Fault]:
    def asked(**where: object) -> QuerySet[R]:
        rows = model.filter(**where).order_by("id")
        return rows.only(*only) if only else rows

    try:
        return [*await asked(id__in=numbers)]
    except _ROW:
        found: list[R | Fault] = []
        for number in numbers:
            try:
                found += await asked(id=number)
            except _ROW as wrong:
                found.append(spoilt(model.table(), number, wrong))
        return found


async def to_the_end(checker: str, faults: AsyncIterator[Fault]) -> AsyncIterator[Fault]:
    """Yield the faults of one check; if it breaks off, that is a fault too, and other checks go on."""
    try:
        async for one in faults:
            yield one
    except Exception as wrong:  # noqa: BLE001  the last line: told and logged, never hidden
        yield unfinished(checker, wrong)


async def finished(checker: str, add: Callable[[Fault], None], work: Awaitable[None]) -> bool:
    """Answer whether a step came to its end; if not, add the fault that says so."""
    try:
        await work
    except Exception as wrong:  # noqa: BLE001  the last line: told and logged, never hidden
        add(unfinished(checker, wrong))
        return False
    return True
