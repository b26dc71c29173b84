"""One aiohttp server: the pages, the phone page, the messengers' callbacks, health and metrics."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot import database, patience
from bot.asking import Asking
from bot.assembly import House
from bot.away import AWAY
from bot.patience import Doorman
from bot.settings import SettingsFault
from bot.tally import Outbox
from handlers.partner import app as partner
from handlers.web import app as pages

log = logging.getLogger(__name__)
STALE = 30.0
AWAY_SAID = "the database cannot be asked"
AUDIT_STALE = 120.0
"""Seconds without a look of the auditor, who looks every 30: whoever watches is watched."""
SHUTDOWN = 2.0
"""Seconds that open event streams get when the server stops; pages reconnect by themselves."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server and its address."""

    runner: web.AppRunner
    host: str
    port: int
    doorman: Doorman

    async def stop(self) -> None:
        """Stop answering."""
        await self.doorman.stop()
        await self.runner.cleanup()


def build(house: House) -> web.Application:
    """All routes of this installation."""
    application = pages.build(house.web)
    application.add_routes(partner.routes())
    for messenger in house.shelf.messengers.values():
        routes = getattr(messenger, "routes", None)
        if callable(routes):
            application.add_routes(routes())
    application.add_routes(_watched(house))
    return application


def _watched(house: House) -> list[web.RouteDef]:
    """What whoever watches over processes asks."""
    return [
        web.get("/healthz", _healthz(house)),
        web.get("/readyz", _readyz()),
        web.get("/metrics", _metrics(house)),
    ]


Answer = Callable[[web.Request], Awaitable[web.Response]]


def _healthz(house: House) -> Answer:
    asking = Asking(house.health)

    async def answer(_request: web.Request) -> web.Response:
        try:
            ages = await asking.answer()
        except AWAY:
            return web.json_response({"status": "stuck", "database": AWAY_SAID, **house.cycles()}, status=503)
        loops = ("gateway_cycle_age", "delivery_cycle_age", "seal_lag")
        stuck = ages["audit_age"] > AUDIT_STALE or any(ages[name] > STALE for name in loops)
        return web.json_response(
            {"status": "stuck" if stuck else "alive", **ages}, status=503 if stuck else 200
        )

    return answer


def _readyz() -> Answer:
    asking = Asking(database.faults)

    async def answer(_request: web.Request) -> web.Response:
        try:
            missing = await asking.answer()
        except Exception as fault:  # noqa: BLE001  whoever balances hears it; a trace each second would fill the log
            log.warning("not ready", extra={"action": "readyz", "why": f"{type(fault).__name__}: {fault}"})
            missing = [AWAY_SAID]
        return web.json_response({"ready": not missing, "missing": missing}, status=503 if missing else 200)

    return answer


def _metrics(house: House) -> Answer:
    registry = CollectorRegistry()
    gauges: dict[str, Gauge] = {}
    outbox = Outbox()

    async def counted() -> dict[str, float]:
        await outbox.look()
        return await house.health()

    asking = Asking(counted)

    async def answer(_request: web.Request) -> web.Response:
        try:
            ages = {**await asking.answer(), "database_answers": 1.0}
        except AWAY:
            ages = {**house.cycles(), "database_answers": 0.0}
        for name, value in ages.items():
            gauge = (
                gauges.setdefault(name, Gauge(f"bihuan_{name}", name.replace("_", " "), registry=registry))
                if name not in gauges
                else gauges[name]
            )
            gauge.set(value)
        every = (registry, outbox.registry, house.delivery.tally.registry, house.measuring.registry)
        body = b"".join(generate_latest(one) for one in every)
        return web.Response(body=body, content_type="text/plain", charset="utf-8")

    return answer


async def serve(house: House, *, with_pages: bool = True) -> Server:
    """Answer on the set address; port 0 takes a free one. Without pages: health and metrics alone, for a worker.

    Raises:
        SettingsFault: somebody else listens there, or we may not.
    """
    application, doorman = build(house) if with_pages else web.Application(), Doorman()
    if not with_pages:
        application.add_routes(_watched(house))
    asked = house.settings.port if with_pages else house.settings.worker_port or 0
    doorman.guard(application)
    runner = web.AppRunner(
        application, access_log=None, shutdown_timeout=SHUTDOWN, keepalive_timeout=patience.IDLE
    )
    await runner.setup()
    site = web.TCPSite(runner, house.settings.host, asked)
    try:
        await site.start()
    except OSError as fault:
        await runner.cleanup()
        at = f"{house.settings.host}:{asked}"
        msg = f"{at} cannot be listened on ({fault.strerror}); choose another port, for example PORT=9000"
        raise SettingsFault(msg) from None
    port = runner.addresses[0][1] if runner.addresses else asked
    if runner.server is not None:
        doorman.start(runner.server)
    return Server(doorman=doorman, runner=runner, host=house.settings.host, port=port)
