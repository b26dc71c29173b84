"""What journeys share: a log at its most talkative."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot import logs
from bot.logs import NOISY


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """What the house would write at its most talkative, every call of a messenger with its address included."""
    root = logging.getLogger()
    handlers, level, stream = root.handlers, root.level, io.StringIO()
    levels = {name: logging.getLogger(name).level for name in NOISY}
    logs.configure("DEBUG", stream)
    for name in ("httpx", "httpcore", "telegram", "aiohttp"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.handlers = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
