"""Who asks: the session, the actor behind it, the token against forgery, the body of a form."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web

from core import imports, people
from core.kit import Actor, Level, Malformed, Module, NotFound, NotPermitted, Permission, Refusal
from core.lots import LotUnknown
from core.people import Role, SessionFacts
from handlers import text
from handlers.web import bodies
from handlers.web.rooms import ROOMS

_COOKIE = "bihuan_admin"
FORM_MAX = 64_000
DIGITS = 17
"""Of the largest key that every database takes."""
WATCHERS = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
"""Who reads the access log."""
ADMINISTERS = Permission(Module.PEOPLE, Level.ADMINISTER)
IMPORTS = Permission(Module.LOTS, Level.CONFIGURE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request of a known person."""

    request: web.Request
    actor: Actor
    session: SessionFacts

    @property
    def translate(self) -> text.Translate:
        """The reader's language."""
        return text.translator(self.actor.locale)

    @property
    def imports(self) -> bool:
        """Whether the reader brings files in."""
        return self.actor.partner_id is None and bool(imports.subjects_for(self.actor))

    @property
    def sets_up(self) -> bool:
        """Whether the reader says how lots, files and events are read."""
        return self.actor.partner_id is None and self.actor.may(IMPORTS)

    @property
    def administers(self) -> bool:
        """Whether the reader administers people and keys."""
        return self.actor.may(ADMINISTERS)

    @property
    def watches(self) -> bool:
        """Whether the access log is open to the reader."""
        return bool(WATCHERS & self.actor.roles)

    def query(self, name: str, limit: int = 80) -> str:
        """A query parameter, cut to a sane length."""
        return self.request.query.get(name, "")[:limit]

    def number(self, name: str) -> int | None:
        """A query parameter that is a number, or None."""
        value = self.query(name, 18)
        return int(value) if value.isdecimal() else None


def cookie_name(request: web.Request) -> str:
    """The session cookie's name; over TLS its prefix binds it to this very host."""
    return f"__Host-{_COOKIE}" if request.app[ROOMS].secure else _COOKIE


def token_of(request: web.Request) -> str:
    """The admin session's token as the browser sent it; empty when there is none that could be one."""
    token = request.cookies.get(cookie_name(request), "")
    return token if token.isascii() else ""


def locale_of(request: web.Request) -> str:
    """The language of somebody not yet known: what the browser prefers, else the house's."""
    return "en" if request.headers.get("Accept-Language", "").startswith("en") else request.app[ROOMS].locale


def keepable(request: web.Request) -> bool:
    """Whether the address holds whole text only: no NUL and no half characters, which no database keeps."""
    said = [request.path, *request.query.keys(), *request.query.values()]
    return not any(char == "\x00" or "\ud800" <= char <= "\udfff" for one in said for char in one)


async def session_of(request: web.Request) -> SessionFacts | None:
    """The admin session of a request, if there is one."""
    token = token_of(request)
    return await people.session(token, "admin") if token else None


async def asked(request: web.Request) -> Asked | None:
    """The person behind a fully signed-in session; None otherwise."""
    session = await session_of(request)
    if session is None or not session.second_factor:
        return None
    try:
        actor = await people.actor_of(session.person_id, "admin")
    except Refusal:
        return None
    return Asked(request=request, actor=actor, session=session)


def foreign(request: web.Request) -> bool:
    """Whether a browser says that the request comes from another site."""
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host


async def form_of(request: web.Request) -> dict[str, str]:
    """A small form's fields.

    Raises:
        web.HTTPRequestEntityTooLarge, web.HTTPRequestTimeout, web.HTTPBadRequest: it is none.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPBadRequest(reason="send a form")
    raw = await bodies.whole(request, FORM_MAX)
    try:
        fields = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        raise web.HTTPBadRequest(reason="not a form") from None
    if any("\x00" in value for _name, value in fields):
        raise web.HTTPBadRequest(reason="NUL is no text")
    return dict(fields)


def key_of(form: dict[str, str], name: str) -> int:
    """A form's field that is the key of a row; 0, which no row has, when it is none."""
    said = form.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= DIGITS else 0


def day_of(form: dict[str, str], name: str) -> dt.date | None:
    """A form's field that is a day, as browsers send it; None when it is empty.

    Raises:
        Malformed: it is no day.
    """
    said = form.get(name, "").strip()
    if not said:
        return None
    try:
        return dt.datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise Malformed(field=name, why=said[:20]) from None


def same_token(given: str, session: SessionFacts) -> bool:
    """Whether a form or header carries its session's token."""
    return hmac.compare_digest(given.encode(errors="surrogateescape"), session.csrf.encode())


def set_cookie(answer: web.StreamResponse, request: web.Request, token: str) -> None:
    """Give the browser its session."""
    answer.set_cookie(
        cookie_name(request),
        token,
        httponly=True,
        samesite="Strict",
        secure=request.app[ROOMS].secure,
        path="/",
        max_age=43_200,
    )


def drop_cookie(answer: web.StreamResponse, request: web.Request) -> None:
    """Take the session out of the browser."""
    answer.del_cookie(cookie_name(request), path="/", secure=request.app[ROOMS].secure, httponly=True)


def status_of(refusal: Refusal, otherwise: int) -> int:
    """The HTTP status of a refusal; ``otherwise`` for those that are neither about rights nor about existence."""
    if isinstance(refusal, NotPermitted):
        return 403
    return 404 if isinstance(refusal, NotFound | LotUnknown) else otherwise
