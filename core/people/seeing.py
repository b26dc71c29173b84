"""What an auditor let in for certain cases reaches: the cases themselves are known by a room above, which says so.

The rooms between (lots, evidence) and the access log ask here, so that there is one answer to "which cases".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from core.kit import Actor

Finder = TypeVar("Finder", bound=Callable[[Actor], QuerySet[Any]])
_finders: list[Callable[[Actor], QuerySet[Any]]] = []


def cases_are(finder: Finder) -> Finder:
    """Say how to find the cases that an actor may see; rows have ``number`` and ``lot_id``."""
    _finders[:] = [finder]
    return finder


def _cases(actor: Actor) -> QuerySet[Any]:
    (finder,) = _finders
    return finder(actor)


def case_numbers(actor: Actor) -> Subquery:
    """The numbers of the cases that the actor may see, for a condition."""
    return Subquery(_cases(actor).values("number"))


def lots_of_cases(actor: Actor) -> Subquery:
    """The lots that these cases are about, for a condition."""
    return Subquery(_cases(actor).exclude(lot_id=None).values("lot_id"))


async def known(actor: Actor, numbers: Iterable[str]) -> set[str]:
    """Which of these numbers are cases that the actor may see."""
    wanted = sorted(set(numbers))
    if not wanted:
        return set()
    return {str(one.number) for one in await _cases(actor).filter(number__in=wanted).only("id", "number")}
