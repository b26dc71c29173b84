"""When no messenger reaches a person any more, the administrators learn it: once a day for each person."""

from __future__ import annotations

import datetime as dt

from core import notices, people
from core.kit import system, unit_of_work
from core.notices import Claimed, Priority
from handlers.chat.cards import Reader
from handlers.chat.renders import renders
from handlers.chat.vocabulary import Outgoing

KIND = "notices:unreachable"
QUIET = dt.timedelta(days=1)


async def tell_administrators(notice: Claimed) -> None:
    """Leave a notice for every other administrator of the plant, unless they know since less than a day."""
    if notice.person_id is None or notice.kind == KIND:
        return
    async with unit_of_work() as work:
        for one in await people.persons(notice.plant_id, role="administrator"):
            key = f"unreachable:{notice.person_id}:{one.id}"
            if one.id == notice.person_id or await notices.told_since(KIND, key, work.now - QUIET):
                continue
            await notices.tell(
                system(notice.plant_id, correlation=notice.correlation),
                KIND,
                person_id=one.id,
                facts={"person_id": notice.person_id},
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
