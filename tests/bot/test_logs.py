"""Logs are one JSON document a line, and what must stay secret is masked in every one."""

from __future__ import annotations

import json
import logging
from io import StringIO

import pytest
from aiohttp.http_exceptions import LineTooLong
from hypothesis import given
from hypothesis import strategies as st

from bot import logs

TOKEN = "7000000001:AAH-dEf_ghIJklmnopqrstuvwxyz0123456"


@pytest.mark.parametrize(
    "said",
    [
        f"token {TOKEN} refused",
        f"POST https://api.telegram.org/bot{TOKEN}/getMe",
        f"https://api.telegram.org/file/bot{TOKEN}/photos/1.jpg",
        "otpauth://totp/Bihuan:Wang?secret=JBSWY3DPEHPK3PXP&issuer=Bihuan",
        "GET /x?token=JBSWY3DPEHPK3PXP&next=1",
        'password=JBSWY3DPEHPK3PXP"',
        "the code was 739214.",
        "739214 K7Q2",
        "验证码739214",
        "739214K7Q2",
        "7k2q739214 失败",
    ],
)
def test_a_secret_is_masked_wherever_it_stands(said: str) -> None:
    masked = logs.masked(said)
    for secret in (TOKEN, "JBSWY3DPEHPK3PXP", "739214"):
        assert secret not in masked
    assert "***" in masked


@pytest.mark.parametrize(
    "said", ["AN-2026-000123", "2026-11-24T08:00:00.123456Z", "port 8080", "731000101 updates", "v1.123456.2"]
)
def test_numbers_of_the_trade_stay_readable(said: str) -> None:
    assert logs.masked(said) == said


@given(st.text(max_size=200))
def test_masking_never_fails_and_changes_nothing_twice(said: str) -> None:
    assert logs.masked(logs.masked(said)) == logs.masked(said)


def test_every_line_is_one_json_document_even_of_a_fault() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = StringIO()
    logs.configure("INFO", stream)
    try:
        try:
            int(f"refused by bot{TOKEN}")
        except ValueError:
            deep = {"tried": ["739214", {"pin": 1234}], "n": 3}
            logging.getLogger("some.library").exception("two\nlines", extra={"code": 739214, "deep": deep})
    finally:
        root.handlers = handlers
        root.setLevel(level)
    [line] = stream.getvalue().splitlines()
    said = json.loads(line)
    assert said["logger"] == "some.library"
    assert TOKEN not in line
    assert "739214" not in line
    assert said["deep"] == {"tried": ["***", {"pin": "***"}], "n": 3}


def test_a_strangers_broken_request_is_no_fault_of_ours() -> None:
    """What anybody can send must not fill the log; a real fault of the server is kept."""
    stream = StringIO()
    logs.configure("INFO", stream)
    server = logging.getLogger("aiohttp.server")
    for fault in (LineTooLong("x" * 10, 8190), RuntimeError("ours")):
        server.error("Error handling request", exc_info=fault)
    assert "LineTooLong" not in stream.getvalue()
    assert "RuntimeError: ours" in stream.getvalue()
