"""A route is a row: what it takes, what it answers, what it needs. Everything about it follows from here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from core.clients import Caller, Pace, Scope
from core.kit import Actor

JSON = "application/json"
BODY_MAX = 256_000
DEPTH_MAX = 32


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request of a known caller; ``caller`` is None for a person signed in to a page."""

    actor: Actor
    caller: Caller | None
    locale: str
    path: Any
    query: Any
    body: Any
    raw: bytes
    media: str
    request: web.Request
    ready: Any = None
    """What ``Route.before`` answered."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is answered: a model, a list of models, or bytes of a stated type."""

    body: BaseModel | list[BaseModel] | bytes | str | Mapping[str, Any] | None = None
    status: int | None = None
    media: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


Call = Callable[[Asked], Awaitable[Said]]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One row. ``statuses`` names what may come besides what every route answers."""

    method: str
    path: str
    scope: Scope
    summary: str
    call: Call
    before: Callable[[Asked], Awaitable[Any]] | None = None
    """Work that takes the processor or the disk long: done before the transaction begins, again at every attempt."""
    pace: Pace | None = None
    """An allowance of its own, beside that of requests."""
    subject: str
    """What the access log says of a GET; ``{name}`` stands for a part of the path."""
    body: type[BaseModel] | None = None
    media: tuple[str, ...] = (JSON,)
    """Types of body that are taken; without ``body`` the bytes go to the call as they came."""
    takes_body: bool = False
    most: int = BODY_MAX
    query: type[BaseModel] | None = None
    path_model: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    many: bool = False
    """Whether the answer is a bare list of ``answer``."""
    answer_media: tuple[str, ...] = (JSON,)
    status: int = 200
    statuses: tuple[int, ...] = ()
    people: bool = False
    """Whether people signed in to a page may ask as well."""
    reads: bool = False
    """Whether a POST only reads; then nothing is kept under its key."""

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET" and not self.reads

    @property
    def has_body(self) -> bool:
        """Whether a body is taken."""
        return self.body is not None or self.takes_body
