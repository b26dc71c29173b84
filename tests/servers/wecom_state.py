"""What one simulated corporation holds, shared by the API, the callbacks and the members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.wecom_courier import Courier
from tests.servers.wecom_crypto import Seal
from tests.servers.wecom_faults import Faults
from tests.servers.wecom_limits import Rates, Sizes
from tests.servers.wecom_media import MediaStore
from tests.servers.wecom_screen import Sent, World


@dataclass(frozen=True)
class App:
    """A self-built app of the corporation."""

    agent: int
    secret: str


@dataclass
class Token:
    """An access_token; ``dead`` is the errcode it is answered with before its time is over."""

    value: str
    app: App
    until: float
    dead: int = 0


@dataclass
class ResponseCode:
    """The right to change a card once; ``clicker`` is set when a tap brought it."""

    sent: Sent
    made_at: float
    clicker: str = ""
    used: bool = False


@dataclass
class SignInCode:
    """A code of the web sign-in; without ``userid`` the visitor is no member."""

    userid: str
    made_at: float
    used: bool = False


@dataclass
class Call:
    """One call of the API as it came."""

    api: str
    query: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    upload: tuple[str, bytes] | None = field(default=None, repr=False)
    """Name and content of an uploaded file."""
    is_broken: bool = False
    """The body is no JSON object."""
    app: App | None = None
    answer: dict[str, Any] = field(default_factory=dict)


@dataclass
class Dropped:
    """A message that never reached a member, without anybody being told."""

    userid: str
    msgid: str
    kind: str


@dataclass
class State:
    """Everything of one corporation; ``wall`` answers seconds and is the only clock of rates and ages."""

    corp_id: str
    wall: Callable[[], float]
    rates: Rates
    sizes: Sizes
    seal: Seal
    world: World
    media: MediaStore
    courier: Courier
    violations: list[str]
    apps: dict[str, App] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    response_codes: dict[str, ResponseCode] = field(default_factory=dict)
    signin_codes: dict[str, SignInCode] = field(default_factory=dict)
    is_closed: bool = False
    """The administrator switched the app off."""
    trusted_domains: set[str] = field(default_factory=lambda: {"127.0.0.1", "localhost"})
    faults: Faults = field(default_factory=Faults)
    task_ids: set[tuple[int, str]] = field(default_factory=set)
    known_bodies: dict[tuple[int, str], tuple[float, dict[str, Any]]] = field(default_factory=dict)
    menus: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    """The tappable keys by app."""
    dropped: list[Dropped] = field(default_factory=list)
    truncated: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    person_times: dict[int, int] = field(default_factory=dict)
    """Messages to members by day."""
