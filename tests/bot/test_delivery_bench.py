"""The benches of delivery and intake run through and find their figures; here with few messages."""

from __future__ import annotations

import pytest

from bot.benches import delivery, intake


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


async def test_the_intake_bench_stores_what_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails by itself when an answered update is not stored."""
    monkeypatch.setattr(intake, "ROUNDS", 1)
    figures = await intake.run("sqlite://none", "", 40)
    assert [one.goal for one in figures] == [None, "at most 0.5", "at least 1", None]
    assert all(one.value > 0 for one in figures)
