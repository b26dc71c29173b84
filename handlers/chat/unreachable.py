"""When a message reaches nobody, the administrators learn it once a day.

For each person whom no messenger reaches any more, and for each kind of message that was given up unsent.
"""

from __future__ import annotations

import datetime as dt

from core import notices, people
from core.kit import system, unit_of_work
from core.notices import Claimed, Priority
from handlers.chat.cards import Reader
from handlers.chat.renders import renders
from handlers.chat.vocabulary import Outgoing

KIND = "notices:unreachable"
GIVEN_UP = "notices:given-up"
QUIET = dt.timedelta(days=1)


async def tell_administrators(notice: Claimed) -> None:
    """Leave a notice for every other administrator of the plant, unless they know since less than a day."""
    await _tell(notice, KIND, about=str(notice.person_id))


async def tell_given_up(notice: Claimed) -> None:
    """Tell the administrators that somebody never got what was due to them; whose it was is in the first only."""
    await _tell(notice, GIVEN_UP, about=notice.kind)


async def _tell(notice: Claimed, kind: str, *, about: str) -> None:
    if notice.person_id is None or notice.kind in (KIND, GIVEN_UP):
        return
    async with unit_of_work() as work:
        for one in await people.persons(notice.plant_id, role="administrator"):
            key = f"{kind.removeprefix('notices:')}:{about}:{one.id}"
            if one.id == notice.person_id or await notices.told_since(kind, key, work.now - QUIET):
                continue
            await notices.tell(
                system(notice.plant_id, correlation=notice.correlation),
                kind,
                person_id=one.id,
                facts={"person_id": notice.person_id, "notice": notice.id},
                priority=min(Priority.ALERT, Priority(notice.priority)),
                replaces_key=key,
                case=notice.case_number,
            )


@renders(KIND)
async def _unreachable(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    person = await people.person(int(str(facts["person_id"])))
    return Outgoing(
        head=_("⚠ No messenger reaches {name} any more").format(name=person.printed_name),
        body=_(
            "Messages for them wait on their phone page only. Please tell them another way, and send a new "
            "invitation so that alerts reach them again."
        ),
    )


@renders(GIVEN_UP)
async def _given_up(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    person = await people.person(int(str(facts["person_id"])))
    return Outgoing(
        head=_("⚠ A message to {name} could not be sent").format(name=person.printed_name),
        body=_(
            "It was given up after a fault, and is not tried again. Please tell them another way. The server's log "
            "has the reason (notice {number}). Further ones of this kind are told of again after a day only."
        ).format(number=facts["notice"]),
    )
