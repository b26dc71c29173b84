"""Many small units one after the other: what fails undoes itself alone."""

from __future__ import annotations

import logging

import pytest

from core.kit import clock, each_alone
from core.notices.models import Notice


async def test_one_that_fails_is_undone_and_named_and_holds_up_none_behind_it(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def leave(kind: str) -> int:
        await Notice.create(plant_id=1, kind=kind, priority=2, due_at=clock.now(), created_at=clock.now())
        if kind == "second":
            raise ValueError(kind)
        return 1

    with caplog.at_level(logging.ERROR):
        assert await each_alone(["first", "second", "third"], leave, "leaving", number=len) == 2
    assert await Notice.all().order_by("id").values_list("kind", flat=True) == ["first", "third"]
    [said] = [one for one in caplog.records if one.name == "core.kit.unit_of_work"]
    assert (said.__dict__["action"], said.__dict__["number"]) == ("leaving", 6)
