"""witness: who keeps the checkpoints outside; ledger witness-script, witness-request, cosign: the script's side."""

from __future__ import annotations

from pathlib import Path

import click

from core import people
from core import witness as room
from core.kit import NotFound
from core.witness import Witnessed
from handlers.cli.ledger import ledger
from handlers.cli.people import root_of
from handlers.cli.tools import Tools, given, run
from handlers.witness import shipping

_PLANT = click.option("--plant", help="Code of the plant, when there are several.")


@ledger.command("witness-script")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file.")
def script(*, out: Path | None) -> None:
    """Print the stand-alone script that a witness runs on a computer of its own."""
    if out is None:
        click.echo(shipping.script(), nl=False)
        return
    out.write_text(shipping.script(), encoding="utf-8")
    click.echo(f"wrote {out}")


@ledger.command("witness-request")
@click.option("--old", default=0, type=click.IntRange(min=0), help="Size that the witness has seen last.")
@click.pass_obj
def request(tools: Tools, *, old: int) -> None:
    """Print what a witness without a network is asked to sign (witness.py sign)."""

    async def work() -> str:
        async with tools.rooms():
            return await room.request(old)

    click.echo(run(work()), nl=False)


@ledger.command()
@click.argument("file")
@_PLANT
@click.pass_obj
def cosign(tools: Tools, *, file: str, plant: str | None) -> None:
    """Keep what the witness script printed (a FILE, or - for what is piped in) under its checkpoint."""
    text = given(file)

    async def work() -> list[Witnessed]:
        async with tools.rooms():
            return await room.cosign(await root_of(plant), text)

    for one in run(work()):
        click.echo(f"kept: {one.size}:{one.root[:8]} cosigned {one.at:%Y-%m-%d %H:%M:%S} UTC")


@click.group()
def witness() -> None:
    """Witnesses: people, chats and keys outside that would notice a rewritten ledger."""


async def _organisation(plant_id: int, code: str) -> int:
    for one in await people.organisations(plant_id):
        if one.code == code:
            return one.id
    raise NotFound(what=code)


@witness.command("name")
@click.argument("name")
@_PLANT
@click.pass_obj
def person(tools: Tools, *, name: str, plant: str | None) -> None:
    """Name a person (printed name or id) as a witness; prints the witness's number."""

    async def work() -> int:
        async with tools.rooms():
            root = await root_of(plant)
            found = int(name) if name.isdecimal() else (await people.named(root, name)).id
            return await room.name_person(root, found)

    click.echo(run(work()))


@witness.command(context_settings={"ignore_unknown_options": True})  # numbers of groups begin with a minus
@click.argument("organisation")
@click.argument("channel")
@click.argument("chat_ref")
@_PLANT
@click.pass_obj
def chat(tools: Tools, *, organisation: str, channel: str, chat_ref: str, plant: str | None) -> None:
    """Name a group chat of an organisation (its code) as a witness, like: KG-supplier telegram -1001234567."""

    async def work() -> int:
        async with tools.rooms():
            root = await root_of(plant)
            return await room.name_chat(
                root, await _organisation(root.plant_id, organisation), channel, chat_ref
            )

    click.echo(run(work()))


@witness.command()
@click.argument("organisation")
@click.argument("line")
@_PLANT
@click.pass_obj
def key(tools: Tools, *, organisation: str, line: str, plant: str | None) -> None:
    """Register the public key line of an organisation's witness script; prints the key's number."""

    async def work() -> int:
        async with tools.rooms():
            root = await root_of(plant)
            return await room.register_key(root, await _organisation(root.plant_id, organisation), line)

    click.echo(run(work()))


@witness.command()
@click.argument("number", type=int)
@click.option("--reason", required=True)
@click.option("--key", "of_key", is_flag=True, help="NUMBER is that of a key, to be retired.")
@_PLANT
@click.pass_obj
def end(tools: Tools, *, number: int, reason: str, of_key: bool, plant: str | None) -> None:
    """Relieve a witness, or retire a key; what they witnessed stays."""

    async def work() -> None:
        async with tools.rooms():
            root = await root_of(plant)
            await (room.retire_key if of_key else room.relieve)(root, number, reason)

    run(work())
    click.echo("ended")


@witness.command("list")
@_PLANT
@click.pass_obj
def listed(tools: Tools, *, plant: str | None) -> None:
    """Show witnesses, keys and the unwitnessed tail."""

    async def work() -> list[str]:
        async with tools.database():
            root = await root_of(plant)
            codes = {one.id: one.code for one in await people.organisations(root.plant_id)}
            lines = [
                f"witness {one.id}\t{codes[one.organisation_id]}\t"
                + (f"person {one.person_id}" if one.person_id else f"{one.channel} {one.chat_ref}")
                for one in await room.witnesses(root.plant_id)
            ]
            lines += [
                f"key {one.id}\t{codes[one.organisation_id]}\t{one.line}{'' if one.retired_at is None else ' (retired)'}"
                for one in await room.keys(root.plant_id)
            ]
            tail = await room.unwitnessed(root.plant_id)
            since = f" since {tail.since:%Y-%m-%d %H:%M} UTC" if tail.since else ""
            return [*lines, f"unwitnessed tail: {tail.count} entries{since}"]

    click.echo("\n".join(run(work())))
