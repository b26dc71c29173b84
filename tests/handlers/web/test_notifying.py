"""How somebody is told, on the admin page: the own settings, anybody's by an administrator with a reason."""

from __future__ import annotations

import pytest

from core import people
from core.people import ChannelRule, Contact, Hours
from tests.handlers.web.doors import Doors

WANTED = {
    "any_0": "telegram",
    "a_0": "wecom",
    "a_1": "telegram",
    "night_0": "browser",
    "quiet_begins": "22:30",
    "quiet_ends": "06:15",
    "prove_minutes": "15",
}
SET = Contact(
    rules=(
        ChannelRule(channels=("telegram",)),
        ChannelRule(channels=("wecom", "telegram"), grade="A"),
        ChannelRule(channels=("browser",), hours=Hours(begins=22 * 60, ends=6 * 60)),
    ),
    quiet=Hours(begins=22 * 60 + 30, ends=6 * 60 + 15),
    digest=False,
    prove_minutes=15,
)


async def test_an_administrator_sets_it_with_a_reason_and_the_page_shows_it(doors: Doors) -> None:
    person = doors.plant.persons["responsible"]
    async with await doors.admin("administrator") as session:
        form = {**WANTED, "person": str(person), "csrf": session.headers["X-CSRF-Token"]}
        async with session.post(doors.url("/admin/notify/set"), data=form) as answer:
            assert answer.status in (400, 409, 422), "no reason"
        assert await people.contact_of(person) == Contact()
        async with session.post(
            doors.url("/admin/notify/set"), data={**form, "reason": "night shift"}
        ) as answer:
            assert answer.status == 200
            page = await answer.text()
    assert await people.contact_of(person) == SET
    for part in ('value="22:30"', 'value="06:15"', 'value="15"', '<option value="wecom" selected>'):
        assert part in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_begins": "22:00"},
        {"quiet_begins": "25:00", "quiet_ends": "06:00"},
        {"prove_minutes": "soon"},
        {"prove_minutes": "999"},
        {"any_0": "pigeon"},
    ],
)
async def test_what_cannot_be_followed_changes_nothing(doors: Doors, wrong: dict[str, str]) -> None:
    person = doors.plant.persons["manager"]
    async with await doors.admin("manager") as session:
        form = {**wrong, "person": str(person), "csrf": session.headers["X-CSRF-Token"]}
        async with session.post(doors.url("/admin/notify/set"), data=form) as answer:
            assert 400 <= answer.status < 500
    assert await people.contact_of(person) == Contact()


async def test_nobody_sees_or_sets_anothers_without_the_right(doors: Doors) -> None:
    person = doors.plant.persons["responsible"]
    async with await doors.admin("manager") as session:
        async with session.get(doors.url(f"/admin/notify?person={person}")) as answer:
            assert answer.status == 403
        form = {"person": str(person), "reason": "prank", "csrf": session.headers["X-CSRF-Token"]}
        async with session.post(doors.url("/admin/notify/set"), data=form) as answer:
            assert answer.status == 403
        async with session.get(doors.url("/admin/notify")) as answer:
            assert answer.status == 200
