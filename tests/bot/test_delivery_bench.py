"""The bench of delivery runs through and finds its figures; here with few messages."""

from __future__ import annotations

import pytest

from bot.benches import delivery


async def test_every_goal_of_delivery_has_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, few in (("TAPS", 10), ("SECONDS", 1), ("CHATS", 3), ("COPIES", 4), ("FULL", 1)):
        monkeypatch.setattr(delivery, name, few)
    figures = await delivery.run("sqlite://none", "", 12)
    goals = [one.name for one in figures if one.goal is not None]
    for part in (
        "grade A alert behind",
        "any second",
        "any minute",
        "copies, p95",
        "next channel",
        "callback",
    ):
        assert any(part in one for one in goals), part
    assert all(one.value > 0 for one in figures)
    assert {one.met for one in figures if "most messages" in one.name} == {True}
