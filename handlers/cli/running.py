"""serve, web, worker, migrate, doctor."""

from __future__ import annotations

import click

from handlers.cli.tools import Refused, Tools, run


@click.command()
@click.option(
    "--demo", is_flag=True, help="Load the demo plant into an empty database and print sign-in links."
)
@click.pass_obj
def serve(tools: Tools, *, demo: bool) -> None:
    """Run everything in one process."""
    run(_until_stopped(tools, demo=demo, pages=True, work=True))


@click.command()
@click.pass_obj
def web(tools: Tools) -> None:
    """Run the pages and the messengers' callbacks only."""
    run(_until_stopped(tools, demo=False, pages=True, work=False))


@click.command()
@click.pass_obj
def worker(tools: Tools) -> None:
    """Run dialogues, deliveries, alerts and the sealer only."""
    run(_until_stopped(tools, demo=False, pages=False, work=True))


async def _until_stopped(tools: Tools, *, demo: bool, pages: bool, work: bool) -> None:
    await tools.serve(demo=demo, pages=pages, work=work)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a migration is pending.")
@click.pass_obj
def migrate(tools: Tools, *, check: bool) -> None:
    """Bring the database up to date."""
    names = run(_migrate(tools, check=check))
    if check and names:
        raise Refused(f"pending: {', '.join(names)}; run bihuan migrate")
    click.echo(f"ran {', '.join(names)}" if names else "up to date")


async def _migrate(tools: Tools, *, check: bool) -> list[str]:
    return await tools.migrate(check=check)


@click.command()
@click.pass_obj
def doctor(tools: Tools) -> None:
    """Check settings, database, keys, messengers and clock; one mending line per fault."""
    found = run(_doctor(tools))
    for name, fault in found:
        click.echo(f"{'ok   ' if fault is None else 'FAULT'} {name}{'' if fault is None else ': ' + fault}")
    if any(fault for _name, fault in found):
        raise Refused("mend the faults above and run bihuan doctor again")


async def _doctor(tools: Tools) -> list[tuple[str, str | None]]:
    return await tools.doctor()
