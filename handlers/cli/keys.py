"""key rotate, key ledger-new."""

from __future__ import annotations

import click

from handlers.cli.tools import Tools, run


@click.group()
def key() -> None:
    """The keys of this installation (docs/operating/keys.md)."""


@key.command()
@click.pass_obj
def rotate(tools: Tools) -> None:
    """Seal with a new master key from the next start on; what older keys sealed stays readable."""

    async def work() -> str:
        return await tools.rotate()

    made = run(work())
    click.echo(f"New master key {made}. Restart every process now, then copy the key file to its safe place.")


@key.command("ledger-new")
@click.pass_obj
def ledger_new(tools: Tools) -> None:
    """Make a new ledger signing key; it signs once an administrator asked for it and a head signed."""

    async def work() -> str:
        return await tools.ledger_key_new()

    click.echo(run(work()))
    click.echo(
        "This is its public line. It signs nothing yet: restart every process, then ask for it in the admin view "
        "(Two people), and let a head sign.",
        err=True,
    )
