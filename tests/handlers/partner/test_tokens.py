"""Who is let in: id and secret for a short-lived token, a scope for every route, and nothing after the end."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import aiohttp
import pytest

from core import clients, people
from core.clients import SCOPES_OF, Scope
from core.clients.models import ClientSecret, ClientToken
from core.kit import Level, Module, NotPermitted, clock, system
from core.ledger.models import LedgerEntry
from handlers.partner.routes import ROUTES
from tests.handlers.partner.program import Program, Programs

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def asked(programs: Programs, form: Any, **headers: str) -> tuple[int, dict[str, Any], Any]:
    """What the token endpoint answers."""
    async with aiohttp.ClientSession() as session:
        async with session.post(programs.url("/api/v1/token"), data=form, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None), answer.headers


async def test_a_token_is_given_for_id_and_secret_by_header_or_form(programs: Programs) -> None:
    """RFC 6749 4.4 both ways, all scopes or some; what is kept of secret and token are digests; the ledger tells it."""
    made = await programs.made("supplier")
    name, secret = made.client.client_id, made.secret
    form = {"grant_type": "client_credentials"}
    basic = "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()
    status, by_header, headers = await asked(programs, {**form, "scope": "lots:read"}, Authorization=basic)
    assert (status, by_header["token_type"], by_header["scope"]) == (200, "Bearer", "lots:read")
    assert headers["Cache-Control"] == "no-store"
    assert 880 < by_header["expires_in"] <= 900
    status, by_form, _ = await asked(programs, {**form, "client_id": name, "client_secret": secret})
    assert (status, set(by_form["scope"].split())) == (200, {one.value for one in SCOPES_OF["supplier"]})
    kept = [one.token_hash for one in await ClientToken.all()] + [
        one.secret_hash for one in await ClientSecret.all()
    ]
    assert not {by_header["access_token"], by_form["access_token"], secret} & set(kept)
    told = await LedgerEntry.filter(kind="clients:token:give").order_by("id")
    assert len(told) == 2
    for one in await LedgerEntry.all():
        assert secret.encode() not in one.body
        assert by_form["access_token"].encode() not in one.body
    assert name.encode() in told[0].body


async def test_what_is_no_right_request_gets_the_words_of_the_rfc(programs: Programs) -> None:
    """Wrong, unknown, twice, elsewhere, too much: the RFC's error, never a token."""
    made = await programs.made("supplier", [Scope.LOTS_READ])
    name, secret = made.client.client_id, made.secret
    whole = {"grant_type": "client_credentials", "client_id": name, "client_secret": secret}
    basic = "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()
    for form, headers, status, error in (
        ({**whole, "client_secret": secret[:-1]}, {}, 401, "invalid_client"),
        ({**whole, "client_secret": ""}, {}, 401, "invalid_client"),
        ({**whole, "client_id": "bhc_00000000000000000000"}, {}, 401, "invalid_client"),
        ({**whole, "client_id": "长" * 50}, {}, 401, "invalid_client"),
        ({**whole, "grant_type": "password"}, {}, 400, "unsupported_grant_type"),
        ({"client_id": name, "client_secret": secret}, {}, 400, "invalid_request"),
        ({**whole, "scope": "lots:read orders:read"}, {}, 400, "invalid_scope"),
        ({**whole, "scope": "admin"}, {}, 400, "invalid_scope"),
        (whole, {"Authorization": basic}, 400, "invalid_request"),
        ({"grant_type": "client_credentials"}, {"Authorization": "Basic ???"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials"}, {"Authorization": "Digest x"}, 401, "invalid_client"),
        (b"grant_type=client_credentials&client_id=%00", FORM, 400, "invalid_request"),
        (b"{}", {"Content-Type": "application/json"}, 400, "invalid_request"),
    ):
        got, said, answer = await asked(programs, form, **headers)
        assert (got, said["error"]) == (status, error), form
        assert ("WWW-Authenticate" in answer) == (status == 401)
    assert await ClientToken.all().count() == 0


async def test_each_route_asks_for_its_scope(programs: Programs) -> None:
    """A token of every scope but the route's: 403 that names the scope, nothing recorded."""
    before: int | None = None
    for missing in Scope:
        others = [one for one in SCOPES_OF["supplier"] if one is not missing]
        program = await programs.program("supplier", others)
        before = await LedgerEntry.all().count()
        for route in (one for one in ROUTES if one.scope is missing):
            path = route.path.replace("{", "").replace("}", "")
            answer = await program.ask(route.method, path, json={} if route.has_body else None)
            assert (answer.status, answer.body["code"]) == (403, "ScopeMissing"), route
            assert missing.value in answer.headers["WWW-Authenticate"]
        assert await LedgerEntry.all().count() == before


async def test_without_a_token_there_is_nothing(programs: Programs) -> None:
    """No token, another's form, one in the address, a person's session token: 401 at every route."""
    session = await people.open_session(programs.plant.persons["responsible"], "admin", second_factor=True)
    stranger = Program(programs.address, "x")
    for headers in (
        {},
        {"Authorization": "Bearer bht_unknown"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {session.token}"},
        {"Authorization": "Basic eDp5"},
    ):
        stranger.headers = headers
        for route in ROUTES:
            path = route.path.replace("{", "").replace("}", "")
            answer = await stranger.ask(route.method, path, json={} if route.has_body else None)
            assert answer.status == 401, (headers, route)
            assert "WWW-Authenticate" in answer.headers
    made = await programs.made("supplier")
    token = (await clients.issue_token(made.client.client_id, made.secret)).token
    stranger.headers = {}
    assert (await stranger.get(f"/api/v1/anomalies?access_token={token}")).status == 401


@pytest.mark.parametrize("end", ["time", "revoked", "rotated", "client over"])
async def test_a_token_ends_with_its_time_its_secret_and_its_client(programs: Programs, end: str) -> None:
    """What was stolen is worth a quarter of an hour, and nothing once an administrator acts."""
    made = await programs.made("supplier")
    administrator = await programs.plant.actor("administrator")
    program = Program(programs.address, (await clients.issue_token(made.client.client_id, made.secret)).token)
    assert (await program.get("/api/v1/anomalies")).status == 200
    if end == "time":
        clock.shift(clients.TOKEN_LASTS)
    elif end == "revoked":
        await clients.revoke_client(administrator, made.client.id, "key lost")
    elif end == "rotated":
        again = await clients.rotate_secret(administrator, made.client.id)
        assert (
            await program.get("/api/v1/anomalies")
        ).status == 200  # the old secret holds while they change over
        await clients.issue_token(made.client.client_id, made.secret)
        with pytest.raises(clients.SecretsTooMany):
            await clients.rotate_secret(administrator, made.client.id)
        await clients.end_secret(administrator, made.client.id, again.client.secrets[0].id)
        with pytest.raises(clients.ClientRefused):
            await clients.issue_token(made.client.client_id, made.secret)
        await clients.issue_token(made.client.client_id, again.secret)
    else:
        clock.shift(dt.timedelta(days=365))
    answer = await program.get("/api/v1/anomalies")
    assert (answer.status, answer.body["code"]) == (401, "TokenDead")
    if end in ("revoked", "client over"):
        with pytest.raises(clients.ClientRefused):
            await clients.issue_token(made.client.client_id, made.secret)


async def test_a_client_never_holds_more_than_to_report(programs: Programs) -> None:
    """Not a partner's, not the plant's own: no approval, no administration, no signing, no person."""
    for owner in ("supplier", "laboratory", "carrier", "plant"):
        made = await programs.made(owner)
        token = (await clients.issue_token(made.client.client_id, made.secret)).token
        actor = (await clients.caller_of(token, "en")).actor
        assert actor.person_id is None
        assert not actor.is_system
        assert not actor.roles
        assert (actor.partner_id is None) == (owner == "plant")
        held = {(one.module, one.level) for one in actor.permissions}
        assert not [one for one in held if one[1] in (Level.APPROVE, Level.ADMINISTER)]
        assert not [one for one in held if one[0] in (Module.SIGNING, Module.CAPA, Module.PEOPLE)]
        if owner != "plant":
            beyond = {one for one in held if one[1] not in (Level.READ, Level.REPORT)}
            assert beyond <= ({(Module.LOTS, Level.WORK)} if owner == "supplier" else set())
        with pytest.raises(NotPermitted):
            _ = actor.identity
        with pytest.raises(NotPermitted):
            await clients.make_client(actor, actor.organisation_id, "x", [], valid_until=clock.now())


async def test_only_an_administrator_makes_clients_and_only_fitting_ones(programs: Programs) -> None:
    """Rights, organisations of other plants, scopes of other kinds, days too far ahead."""
    root, supplier = system(programs.plant.id), programs.plant.partners["supplier"]
    until = clock.now() + dt.timedelta(days=30)
    for name in ("manager", "supplier", "auditor", "operator"):
        with pytest.raises(NotPermitted):
            await clients.make_client(
                await programs.plant.actor(name), supplier, "x", ["lots:read"], valid_until=until
            )
    carrier = programs.plant.partners["carrier"]
    for owner, scopes, end, why in (
        (carrier, ["lots:write"], until, clients.ScopesUnfit),
        (supplier, ["lots:everything"], until, clients.ScopesUnfit),
        (supplier, [], until, clients.ScopesUnfit),
        (supplier, ["lots:read"], clock.now(), clients.ClientPeriod),
        (supplier, ["lots:read"], clock.now() + dt.timedelta(days=800), clients.ClientPeriod),
    ):
        with pytest.raises(why):
            await clients.make_client(root, owner, "x", scopes, valid_until=end)
    assert await clients.clients(root) == []


async def test_an_allowance_is_shared_by_all_processes_and_told(programs: Programs) -> None:
    """What is left stands on each answer; beyond it 429 with Retry-After; a minute later it goes on."""
    program = await programs.program("supplier")
    first = await program.get("/api/v1/anomalies")
    assert first.headers["RateLimit"].startswith(f'"requests";r={clients.REQUESTS.most - 1};t=')
    await clients.models.ClientPace.all().update(used=clients.REQUESTS.most)
    answer = await program.get("/api/v1/anomalies")
    assert (answer.status, answer.body["code"]) == (429, "TooFast")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    clock.shift(dt.timedelta(seconds=60))
    assert (await program.get("/api/v1/anomalies")).status == 200
