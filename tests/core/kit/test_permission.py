"""Rights build on one another up to approval; who configures or administers never approves by that."""

from __future__ import annotations

import itertools

import pytest

from core.kit import Actor, Level, Module, NotPermitted, Permission, system
from core.kit.permission import parse

LADDER = (Level.READ, Level.REPORT, Level.WORK, Level.APPROVE)
ASIDE = (Level.CONFIGURE, Level.ADMINISTER)


@pytest.mark.parametrize(("held", "asked"), list(itertools.product(LADDER, LADDER)))
def test_the_ladder_includes_what_is_below(held: Level, asked: Level) -> None:
    """Approving includes working, working includes reporting, reporting includes reading."""
    assert held.includes(asked) == (LADDER.index(held) >= LADDER.index(asked))


@pytest.mark.parametrize(("held", "asked"), list(itertools.product(ASIDE, Level)))
def test_configuring_and_administering_include_reading_only(held: Level, asked: Level) -> None:
    """Whoever runs the system decides nothing in it (NMPA D-22a)."""
    assert held.includes(asked) == (asked in (held, Level.READ))


@pytest.mark.parametrize(("held", "asked"), list(itertools.product(LADDER, ASIDE)))
def test_no_rung_of_the_ladder_gives_configuration(held: Level, asked: Level) -> None:
    """An approver does not change templates or people by being one."""
    assert not held.includes(asked)


@pytest.mark.parametrize("permission", [Permission(module, level) for module in Module for level in Level])
def test_the_written_form_is_read_back(permission: Permission) -> None:
    """Each right has one code."""
    assert parse(permission.code) == permission


@pytest.mark.parametrize("code", ["", "anomalies", "anomalies:", "anomalies:own", "lot:read", ":read"])
def test_an_unknown_right_is_refused(code: str) -> None:
    """A misspelt right gives nothing."""
    with pytest.raises(ValueError):
        parse(code)


def actor(*codes: str) -> Actor:
    return Actor(
        person_id=1, name="n", organisation_id=1, plant_id=1, permissions=frozenset(map(parse, codes))
    )


def test_a_right_holds_in_its_module_only() -> None:
    """Working on anomalies is no right on lots."""
    worker = actor("anomalies:work")
    worker.must(parse("anomalies:report"))
    for code in ("lots:read", "anomalies:approve", "capa:work"):
        assert not worker.may(parse(code))
        with pytest.raises(NotPermitted):
            worker.must(parse(code))


def test_the_system_may_do_everything_but_be_a_person() -> None:
    """Rules run by themselves; they cannot sign."""
    rules = system(1)
    assert all(rules.may(Permission(module, level)) for module in Module for level in Level)
    with pytest.raises(NotPermitted):
        _ = rules.identity
    assert actor().identity == 1
