"""demo load, demo reset."""

from __future__ import annotations

import click

from handlers.cli.tools import Refused, Tools, run
from handlers.demo import load, welcome


@click.group()
def demo() -> None:
    """The demo plant."""


@demo.command("load")
@click.pass_obj
def load_it(tools: Tools) -> None:
    """Make the demo plant in an empty database; a second time changes nothing."""

    async def work() -> str:
        async with tools.rooms() as darkroom:
            made = await load(darkroom, tools.demo_file, lambda words: click.echo(words, err=True))
            return await welcome(made, tools.address, tools.locale, qr=False)

    click.echo(run(work()))


@demo.command()
@click.confirmation_option(prompt="Remove the demo plant with all its records?")
@click.pass_obj
def reset(tools: Tools) -> None:
    """Remove a demo installation's data; refused anywhere else."""
    if not tools.demo_file.is_file():
        raise Refused("this is no demo installation; nothing was removed")

    async def work() -> None:
        await tools.reset()

    run(work())
    click.echo("removed; start again with bihuan serve --demo")
