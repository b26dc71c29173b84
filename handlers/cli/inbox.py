"""inbox list, again: messages that were set aside because of a fault, and how they are taken up once it is mended."""

from __future__ import annotations

import datetime as dt

import click

from core import inbox as room
from handlers.cli.tools import Refused, Tools, run


@click.group()
def inbox() -> None:
    """Messages that were set aside."""


@inbox.command("list")
@click.pass_obj
def listed(tools: Tools) -> None:
    """Show number, channel, time and fault of each; never what it says."""

    async def work() -> list[room.Aside]:
        async with tools.rooms():
            return await room.set_aside()

    found = run(work())
    for one in found:
        click.echo(f"{one.id}  {one.channel}  {_when(one.received_at)}  {one.error}")
    if not found:
        click.echo("nothing is set aside")


def _when(came: dt.datetime | None) -> str:
    return "at an unreadable time" if came is None else f"{came:%Y-%m-%d %H:%M:%S} UTC"


@inbox.command()
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(min=1, max=2**63 - 1))
@click.pass_obj
def again(tools: Tools, *, numbers: tuple[int, ...]) -> None:
    """Take messages up again, by the NUMBERS of `bihuan inbox list`; they take effect once, as if they came now."""

    async def work() -> list[int]:
        async with tools.rooms():
            return await room.take_up(numbers)

    taken = run(work())
    for number in taken:
        click.echo(f"{number} waits once more")
    if missing := sorted({*numbers} - {*taken}):
        raise Refused(
            f"not set aside: {', '.join(str(one) for one in missing)}; bihuan inbox list shows what is"
        )
