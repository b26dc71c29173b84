"""Lots by what is known of their numbers and in which order they are listed: by indexes alone, however many there are.

Answers ids or numbers of a whole plant; what somebody may see of them is for ``queries`` to say.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from typing import Any, Final

from tortoise import connections

from core.kit.columns import FOLDED
from core.kit.unit_of_work import ALIAS, dialect
from core.lots.terms import LotStatus

ALIKE_IN: Final = 5000
"""Up to so many numbers of a plant are all held against a wanted one; of more, those that can be alike are looked up."""
_WINDOW: Final = 300
_ENOUGH: Final = 900
_LONGEST_TYPED: Final = 24
_LETTERS: Final = string.ascii_uppercase + string.digits + "-_/. "
_LAST: Final = chr(0x10FFFF)
_SHOWN: Final = [one.value for one in LotStatus if one is not LotStatus.WITHDRAWN]


async def _asked(text: str, values: Sequence[object]) -> list[Any]:
    """Answer the first column of a statement written for PostgreSQL."""
    speech = dialect()
    text = text.replace("{folded}", FOLDED[speech].format(column="number"))
    if speech == "sqlite":
        text = text.replace("$", "?")
    return [row[0] for row in (await connections.get(ALIAS).execute_query(text, list(values)))[1]]


async def same(plant_id: int, number: str) -> list[int]:
    """Ids of the lots of a number whatever its case, oldest first; few, since only case tells them apart."""
    return await _asked(
        "SELECT id FROM lots_lot WHERE plant_id = $1 AND {folded} = UPPER(CAST($2 AS TEXT)) ORDER BY id LIMIT 50",
        [plant_id, number],
    )


async def beginning(plant_id: int, begins: str, most: int) -> list[str]:
    """Numbers that begin with a text, whatever its case."""
    return await _asked(
        "SELECT number FROM lots_lot WHERE plant_id = $1 AND {folded} >= UPPER(CAST($2 AS TEXT)) "
        "AND {folded} < UPPER(CAST($2 AS TEXT)) || CAST($3 AS TEXT) ORDER BY {folded} LIMIT $4",
        [plant_id, begins, _LAST, most],
    )


async def alike(plant_id: int, wanted: str) -> list[str]:
    """Numbers among which those most like a wanted one are.

    In a large plant: one letter wrong, missing, too many or exchanged, and those that begin as the wanted one does.
    """
    every = await _asked(
        "SELECT number FROM lots_lot WHERE plant_id = $1 ORDER BY number LIMIT $2", [plant_id, ALIKE_IN + 1]
    )
    if len(every) <= ALIKE_IN:
        return every
    found = dict.fromkeys(await _typed(plant_id, wanted))
    for length in range(len(wanted), 1, -1):
        if len(found) >= _ENOUGH:
            break
        found |= dict.fromkeys(await beginning(plant_id, wanted[:length], _WINDOW))
    return list(found)


async def _typed(plant_id: int, wanted: str) -> list[str]:
    """Numbers that are one slip of the finger away."""
    if len(wanted) > _LONGEST_TYPED:
        return []
    slips = sorted(set(_slips(wanted.upper())))
    if dialect() == "postgres":
        return await _asked(
            "SELECT number FROM lots_lot WHERE plant_id = $1 AND {folded} = ANY(CAST($2 AS TEXT[]))",
            [plant_id, slips],
        )
    marks = ", ".join("?" * len(slips))
    return await _asked(
        f"SELECT number FROM lots_lot WHERE plant_id = ? AND {{folded}} IN ({marks})",  # noqa: S608  our own marks
        [plant_id, *slips],
    )


def _slips(text: str) -> Iterator[str]:
    for place in range(len(text) + 1):
        before, after = text[:place], text[place:]
        for letter in _LETTERS:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


async def newest(
    plant_id: int,
    text: str,
    *,
    partner_id: int | None,
    status: LotStatus | None,
    before: int | None,
    most: int,
) -> list[int]:
    """Ids of the lots recorded last, newest first: of a plant, or of what a partner made or has.

    With a text only those whose number holds it, whatever its case.
    """
    if text:
        return await _within(plant_id, text, partner_id=partner_id, status=status, before=before, most=most)
    states = _SHOWN if status is None else [status.value]
    named = ", ".join(f"'{one}'" for one in states)
    until = 2**63 - 1 if before is None else before
    if partner_id is None:
        parts = [f"plant_id = $1 AND status = '{one}'" for one in states]
    else:
        parts = [
            f"plant_id = $1 AND {column} = $4 AND status IN ({named})"
            for column in ("partner_id", "organisation_id")
        ]
    each = [
        f"SELECT id FROM (SELECT id FROM lots_lot WHERE {part} AND id < $2 ORDER BY id DESC LIMIT $3) p{place}"  # noqa: S608
        for place, part in enumerate(parts)
    ]
    values: list[object] = [plant_id, until, most]
    return await _asked(
        f"{' UNION '.join(each)} ORDER BY id DESC LIMIT $3",
        values if partner_id is None else [*values, partner_id],
    )


async def _within(
    plant_id: int,
    text: str,
    *,
    partner_id: int | None,
    status: LotStatus | None,
    before: int | None,
    most: int,
) -> list[int]:
    """No index helps to find a text within another: the numbers alone are looked through, once."""
    states = _SHOWN if status is None else [status.value]
    named = ", ".join(f"'{one}'" for one in states)
    until = 2**63 - 1 if before is None else before
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    values: list[object] = [plant_id, until, most, f"%{escaped}%"]
    mine = ""
    if partner_id is not None:
        mine = " AND (partner_id = $5 OR organisation_id = $5)"
        values.append(partner_id)
    if dialect() == "postgres":
        return await _asked(
            f"SELECT id FROM lots_lot WHERE plant_id = $1 AND id < $2 AND number ILIKE $4 "  # noqa: S608
            f"AND status IN ({named}){mine} ORDER BY id DESC LIMIT $3",
            values,
        )
    return await _asked(
        "SELECT id FROM lots_lot WHERE id IN (SELECT id FROM lots_lot WHERE plant_id = $1 AND number LIKE $4 "  # noqa: S608
        rf"ESCAPE '\' AND id < $2) AND status IN ({named}){mine} ORDER BY id DESC LIMIT $3",
        values,
    )
