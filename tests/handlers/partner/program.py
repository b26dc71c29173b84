"""Programs of partners as strangers write them: a token for id and secret, then requests with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import aiohttp

from core import clients
from core.clients import SCOPES_OF, ClientMade, Scope
from core.kit import clock
from tests.handlers.web.doors import Doors


@dataclass
class Answered:
    """What came back."""

    status: int
    headers: Any
    body: Any


class Program:
    """One client with its token."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self.headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, **more: Any) -> Answered:
        """One request; the body comes back as JSON where it is."""
        headers = {**self.headers, **more.pop("headers", {})}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.address}{path}", headers=headers, **more) as answer,
        ):
            raw = await answer.read()
            body = await answer.json(content_type=None) if "json" in answer.content_type and raw else raw
            return Answered(answer.status, answer.headers, body)

    async def get(self, path: str, **more: Any) -> Answered:
        """GET."""
        return await self.ask("GET", path, **more)

    async def post(self, path: str, json: object = None, *, key: str = "", **more: Any) -> Answered:
        """POST, with an Idempotency-Key where one is given."""
        headers = {**more.pop("headers", {}), **({"Idempotency-Key": key} if key else {})}
        return await self.ask("POST", path, json=json, headers=headers, **more)


@dataclass
class Programs(Doors):
    """A served house whose administrator makes clients."""

    async def made(
        self, partner: str, scopes: list[Scope] | None = None, *, sandbox: bool = False
    ) -> ClientMade:
        """A client of a partner, or of the plant itself (``plant``)."""
        owner = self.plant.id if partner == "plant" else self.plant.partners[partner]
        kind = "maker" if partner == "plant" else partner
        return await clients.make_client(
            await self.plant.actor("administrator", "admin"),
            owner,
            f"{partner} interface",
            [one.value for one in (scopes or sorted(SCOPES_OF[kind]))],
            valid_until=clock.now() + dt.timedelta(days=365),
            sandbox=sandbox,
        )

    async def program(
        self, partner: str, scopes: list[Scope] | None = None, *, sandbox: bool = False
    ) -> Program:
        """A client with a token of all its scopes."""
        made = await self.made(partner, scopes, sandbox=sandbox)
        given = await clients.issue_token(made.client.client_id, made.secret)
        return Program(self.address, given.token)
