"""Rendering: templates, filters, headers. No query in a template."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from core import anomalies
from core.kit.canonical import decimal_text
from handlers import text
from handlers.web import words
from handlers.web.acts import ACTS
from handlers.web.asking import Asked

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["decimal"] = decimal_text
_ENVIRONMENT.globals["ACTS"] = ACTS


def _pretty(facts: object) -> str:
    """Facts of a ledger entry as lines to read."""
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True, default=str)


def page(
    template: str,
    /,
    *,
    locale: str,
    zone: str,
    status: int = 200,
    asked: Asked | None = None,
    **facts: object,
) -> web.Response:
    """Render a template in a language, with the clock of a zone."""
    _ = text.translator(locale)

    def moment(value: dt.datetime | None) -> str:
        return "–" if value is None else text.moment(value, zone)

    def exact(value: dt.datetime) -> str:
        return text.exact(value, zone)

    body = _ENVIRONMENT.get_template(template).render(
        _=_,
        moment=moment,
        exact=exact,
        locale=locale,
        language=locale.replace("_", "-"),
        asked=asked,
        says=lambda family, code: _(words.of(family, code)),
        colour=anomalies.colour,
        duration=lambda value: text.duration(value, _),
        svg=Markup,
        pretty=_pretty,
        exact_in=text.exact,
        **facts,
    )
    return web.Response(text=body, content_type="text/html", status=status, headers=HEADERS)


def shown(asked: Asked, template: str, /, *, status: int = 200, **facts: Any) -> web.Response:
    """Render a template for a signed-in person."""
    return page(
        template, locale=asked.actor.locale, zone=asked.actor.timezone, status=status, asked=asked, **facts
    )


def static(name: str, media_type: str) -> web.Response:
    """One of our own files."""
    body = (HERE / "static" / name).read_bytes()
    return web.Response(
        body=body,
        content_type=media_type,
        charset="utf-8",
        headers={**HEADERS, "Cache-Control": "max-age=300"},
    )


def elsewhere(path: str) -> web.Response:
    """Send the browser to another page, with a GET; cookies can be set on the answer."""
    return web.Response(status=303, headers={**HEADERS, "Location": path})
