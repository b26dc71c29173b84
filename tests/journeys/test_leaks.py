"""The check that reads a log for secrets finds what it must and nothing that only looks alike."""

from __future__ import annotations

import json

import pytest

from tests.journeys.leaks import leaks

MOMENT = "2026-12-01T12:58:41.123456Z"


@pytest.mark.parametrize(
    "event",
    [
        "code 123456 taken",
        "123456",
        "https://example.org/send?text=123456&more=1",
        "https://example.org/send?text=yes%20123456",
        "{'text': '123456 birch'}",
    ],
)
def test_a_code_that_stands_alone_is_found(event: str) -> None:
    line = json.dumps({"event": event, "timestamp": MOMENT})
    assert leaks(f"{line}\n", [], ["654321", "123456"]) == [line]


@pytest.mark.parametrize("event", ["offset=731123456", "1234567", "took 0.123456 s", "nothing"])
def test_a_longer_number_and_a_moment_are_no_code(event: str) -> None:
    line = json.dumps({"event": event, "timestamp": MOMENT})
    assert leaks(f"{line}\n", [], ["123456"]) == []


def test_a_secret_is_found_anywhere_and_in_lines_of_no_form() -> None:
    log = '{"event": "xTOKENx"}\nTraceback 123456\n{"event": "fine"}\n'
    assert leaks(log, ["TOKEN"], ["123456"]) == log.splitlines()[:2]
    assert leaks(log, [], []) == [], "nothing asked, nothing found"
