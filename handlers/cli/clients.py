"""client make, list, rotate, end-secret, revoke: the keys of partners' programs."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import click

from core import clients, people
from core.clients import ClientFacts, ClientMade, Scope
from core.kit import Actor, clock
from core.sandbox import make_sandbox
from handlers.cli.people import DAY, DAY_LONG, root_of
from handlers.cli.tools import Refused, Tools, run


@click.group()
def client() -> None:
    """Keys for programs of partners and of the plant (API)."""


def _told(made: ClientMade) -> None:
    """Say the secret, this once; it stands in a line of its own, so that a script can take it."""
    click.echo(f"client_id\t{made.client.client_id}")
    click.echo(f"client_secret\t{made.secret}")
    click.echo("The secret is shown this once; only its digest is kept.", err=True)


@client.command()
@click.argument("name")
@click.option("--organisation", help="Code of the partner; the plant itself by default.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice([one.value for one in Scope])
)
@click.option("--until", type=DAY, required=True, help="Last day, included.")
@click.option("--sandbox", is_flag=True, help="For trying out: touches no real record.")
@click.option("--plant")
@click.pass_obj
def make(
    tools: Tools,
    *,
    name: str,
    organisation: str | None,
    scopes: tuple[str, ...],
    until: dt.datetime,
    sandbox: bool,
    plant: str | None,
) -> None:
    """Make a key for a program; prints its id and its secret, the latter this once."""

    async def work() -> ClientMade:
        async with tools.database():
            root = await root_of(plant)
            codes = {one.code: one.id for one in await people.organisations(root.plant_id)}
            if organisation is not None and organisation not in codes:
                raise Refused(f"no organisation {organisation}; there are: {', '.join(codes)}")
            owner = root.plant_id if organisation is None else codes[organisation]
            if sandbox and await clients.sandbox_of(root.plant_id, owner) is None:
                await make_sandbox(root, owner)
            return await clients.make_client(
                root,
                owner,
                name,
                scopes,
                valid_until=until.replace(tzinfo=ZoneInfo(root.timezone)) + DAY_LONG,
                sandbox=sandbox,
            )

    _told(run(work()))


@client.command("sandbox")
@click.option("--organisation", help="Code of the partner; the plant itself by default.")
@click.option("--plant")
@click.pass_obj
def reset_sandbox(tools: Tools, *, organisation: str | None, plant: str | None) -> None:
    """Make an organisation's sandbox anew; its keys for trying out work in the new one from now on."""

    async def work() -> None:
        async with tools.database():
            root = await root_of(plant)
            codes = {one.code: one.id for one in await people.organisations(root.plant_id)}
            if organisation is not None and organisation not in codes:
                raise Refused(f"no organisation {organisation}; there are: {', '.join(codes)}")
            await make_sandbox(root, root.plant_id if organisation is None else codes[organisation])

    run(work())
    click.echo("made")


@client.command("list")
@click.option("--plant")
@click.pass_obj
def listed(tools: Tools, *, plant: str | None) -> None:
    """Show every key: id, organisation, scopes, state, secrets that hold, last token."""

    async def work() -> tuple[list[ClientFacts], dict[int, str]]:
        async with tools.database():
            root = await root_of(plant)
            codes = {one.id: one.code for one in await people.organisations(root.plant_id)}
            return await clients.clients(root), codes

    found, codes = run(work())
    now = clock.now()
    for one in found:
        holding = ",".join(str(secret.id) for secret in one.secrets if secret.holds(now))
        last = "never" if one.last_token_at is None else f"{one.last_token_at:%Y-%m-%d %H:%M}Z"
        kind = "sandbox" if one.sandbox else "real"
        scopes = " ".join(scope.value for scope in one.scopes)
        click.echo(
            f"{one.client_id}\t{codes[one.organisation_id]}\t{kind}\t{one.state(now).value}\t{scopes}"
            f"\tsecrets {holding or 'none'}\tlast token {last}\t{one.name}"
        )


async def _named(plant: str | None, client_id: str) -> tuple[Actor, ClientFacts]:
    root = await root_of(plant)
    return root, await clients.named(root, client_id)


@client.command()
@click.argument("client_id")
@click.option("--plant")
@click.pass_obj
def rotate(tools: Tools, *, client_id: str, plant: str | None) -> None:
    """Make a new secret; the old one holds seven days more, or until it is ended."""

    async def work() -> ClientMade:
        async with tools.database():
            root, found = await _named(plant, client_id)
            return await clients.rotate_secret(root, found.id)

    _told(run(work()))


@client.command("end-secret")
@click.argument("client_id")
@click.argument("secret", type=int)
@click.option("--plant")
@click.pass_obj
def end_secret(tools: Tools, *, client_id: str, secret: int, plant: str | None) -> None:
    """End a secret at once, by its number in the list; its tokens end with it."""

    async def work() -> None:
        async with tools.database():
            root, found = await _named(plant, client_id)
            await clients.end_secret(root, found.id, secret)

    run(work())
    click.echo("ended")


@client.command()
@click.argument("client_id")
@click.option("--reason", required=True)
@click.option("--plant")
@click.pass_obj
def revoke(tools: Tools, *, client_id: str, reason: str, plant: str | None) -> None:
    """Shut a program out at once, with every token it holds."""

    async def work() -> None:
        async with tools.database():
            root, found = await _named(plant, client_id)
            await clients.revoke_client(root, found.id, reason)

    run(work())
    click.echo("revoked")
