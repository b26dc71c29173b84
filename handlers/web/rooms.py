"""What the web door needs from the assembly."""

from __future__ import annotations

from dataclasses import dataclass, field

from aiohttp import web

from core.evidence import Darkroom
from core.exchange import Exporter
from core.witness import Limits
from handlers.chat.buttons import ButtonPress
from handlers.web.members import MemberSignIn


@dataclass(frozen=True, kw_only=True)
class WebRooms:
    """Parts that pages use besides the rooms' own verbs and queries."""

    darkroom: Darkroom
    exporter: Exporter
    press: ButtonPress
    public_url: str
    secure: bool
    locale: str
    timezone: str
    verifier_lines: tuple[str, ...] = ()
    witness_limits: Limits = field(default_factory=Limits)
    """When an unwitnessed tail is too long."""
    members: MemberSignIn | None = None
    """The sign-in of a messenger whose members may come in by it."""


ROOMS: web.AppKey[WebRooms] = web.AppKey("rooms", WebRooms)
