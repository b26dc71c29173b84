"""demo load, demo codes, demo reset."""

from __future__ import annotations

import click
import pyotp

from core.kit import clock
from handlers.cli.tools import Refused, Tools, run
from handlers.demo import DemoFacts, content, load, welcome


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
@click.pass_obj
def codes(tools: Tools) -> None:
    """Print what everybody's authenticator shows now, for those who try the demo without an app."""
    made = DemoFacts.kept(tools.demo_file)
    if made is None:
        raise Refused("this is no demo installation; codes are on people's phones only")
    now = clock.now()
    names = {key: name for key, _house, name, _roles, _locale in content.PEOPLE}
    for key, secret in made.secrets.items():
        click.echo(f"{pyotp.TOTP(secret).at(now)}  {names.get(key, key)}")
    click.echo(f"({30 - int(now.timestamp()) % 30} s)", err=True)


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
