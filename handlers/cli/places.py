"""place: whose place or party a GLN, SGLN or address in EPCIS events is."""

from __future__ import annotations

import click

from core import epcis, people
from handlers.cli.people import root_of
from handlers.cli.tools import Refused, Tools, run


@click.command()
@click.argument("uri")
@click.option("--organisation", help="Code of the organisation; the plant itself by default.")
@click.option("--site", help="Code of its site.")
@click.option("--name", default="", help="What people call it.")
@click.option("--plant", help="Code of the plant, where there are several.")
@click.pass_obj
def place(
    tools: Tools, *, uri: str, organisation: str | None, site: str | None, name: str, plant: str | None
) -> None:
    """Say whose place or party an identifier of EPCIS events is."""

    async def work() -> None:
        async with tools.database():
            root = await root_of(plant)
            known = await people.organisations(root.plant_id)
            own = [
                one
                for one in known
                if one.code == organisation or (organisation is None and one.id == root.plant_id)
            ]
            if len(own) != 1:
                raise Refused(f"no organisation {organisation}")
            sites = [one for one in await people.sites(own[0].id) if one.code == site]
            if site is not None and not sites:
                raise Refused(f"no site {site}")
            await epcis.record_place(
                root, uri, own[0].id, site_id=sites[0].id if site is not None else None, name=name
            )

    run(work())
    click.echo(uri)
