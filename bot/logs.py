"""JSON logs with one correlation id from update to delivery; secrets are masked before anything is written."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRETS = (
    re.compile(
        r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"
    ),  # a bot token, also right behind the "bot" of an address
    re.compile(r"(?i)(otpauth://\S+)"),
    re.compile(r"(?i)((?:token|secret|code|password|key)=)[^\s&\"']+"),
    re.compile(r"(?<![\w.:-])\d{6}(?![\w.:-])"),  # a one-time code
)
NOISY = ("httpx", "httpcore", "telegram", "aiosqlite", "tortoise", "apscheduler", "aiohttp.access")
"""Libraries that say every request, with its address, below WARNING."""
_PLAIN_KEYS = frozenset({"timestamp", "level", "logger", "correlation", "action"})


def masked(text: str) -> str:
    """Replace tokens, secrets and anything that looks like a one-time code by ``***``."""
    for pattern in _SECRETS:
        text = pattern.sub(
            lambda found: (found[1] if found.lastindex and "=" in found[1] else "") + "***", text
        )
    return text


def _mask(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and key not in _PLAIN_KEYS:
            event[key] = masked(value)
    return event


def configure(level: str) -> None:
    """Send every log line of every library to stderr as one JSON document per line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
