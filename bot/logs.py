"""JSON logs with one correlation id from update to delivery; secrets are masked before anything is written."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog
from aiohttp.http_exceptions import HttpProcessingError

_SECRETS = (
    re.compile(
        r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"
    ),  # a bot token, also right behind the "bot" of an address
    re.compile(r"(?i)(otpauth://\S+)"),
    re.compile(r"(?i)((?:token|secret|code|password|key)=)[^\s&\"']+"),
    re.compile(r"(?<![A-Za-z0-9_.:-])\d{6}(?![A-Za-z0-9_:-]|\.\d)"),  # a one-time code
    re.compile(  # the same typed in one with its check word, which signing takes too
        r"(?i)(?<![a-z0-9_.:-])(?=\d*[a-z])(?:\d{6}[a-hjkmnp-z2-9]{4}|[a-hjkmnp-z2-9]{4}\d{6})(?![a-z0-9_:-]|\.\d)"
    ),
)
_SECRET_KEYS = frozenset(
    {"code", "answer", "pin", "password", "secret", "seed", "token", "cookie", "authorization"}
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
        if key not in _PLAIN_KEYS:
            event[key] = _hidden(key, value)
    return event


def _hidden(key: str, value: object) -> object:
    """A value as it may be written: nothing under a telling name, nothing secret inside a text, however deep."""
    if key.lower() in _SECRET_KEYS:
        return "***"
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {str(name): _hidden(str(name), one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden("", one) for one in value]
    return value


def _ours(record: logging.LogRecord) -> bool:
    """Whether a line of the server is about a fault of ours; a stranger's broken request is answered, not logged."""
    fault = record.exc_info[1] if record.exc_info else None
    return not isinstance(fault, HttpProcessingError)


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send every log line of every library to stderr (or ``stream``) as one JSON document per line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
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
    logging.getLogger("aiohttp.server").addFilter(_ours)
    for noisy in NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
