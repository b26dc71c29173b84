"""Faults a test orders at the WeCom server: errcodes, HTTP errors, slow, cut and half answers, dead tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

EVERY = "*"
HTTP_STATUS = range(400, 600)
Fault = int | Literal["drop", "timeout_after_effect", "half"]
"""An HTTP status (400 to 599), an errcode (any other number), ``drop`` (cut, not performed),
``timeout_after_effect`` (performed, then cut) or ``half`` (performed, half of the answer, then cut)."""


@dataclass
class Faults:
    """Orders by API (``message/send``); ``*`` is every one."""

    delays: dict[str, float] = field(default_factory=dict)
    failures: dict[str, list[Fault]] = field(default_factory=dict)
    is_trusted: bool = True
    """False: our address is not among the trusted ones, 60020."""

    def delay(self, api: str) -> float:
        """Seconds to wait before the call is performed."""
        return self.delays.get(api, self.delays.get(EVERY, 0.0))

    def failure(self, api: str) -> Fault | None:
        """The next ordered failure, used up by asking."""
        for key in (api, EVERY):
            if self.failures.get(key):
                return self.failures[key].pop(0)
        return None
