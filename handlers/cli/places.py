"""place: whose place or party a GLN, SGLN or address in EPCIS events is."""

from __future__ import annotations

import click

from core import epcis, people
from core.kit import Actor
from handlers.cli.people import root_of
from handlers.cli.tools import Refused, Tools, run


@click.command()
@click.argument("uri", required=False)
@click.option("--organisation", help="Code of the organisation; the plant itself by default.")
@click.option("--site", help="Code of its site.")
@click.option("--name", default="", help="What people call it.")
@click.option("--plant", help="Code of the plant, where there are several.")
@click.pass_obj
def place(
    tools: Tools,
    *,
    uri: str | None,
    organisation: str | None,
    site: str | None,
    name: str,
    plant: str | None,
) -> None:
    """Say whose place or party an identifier of EPCIS events is; without one, list what is recorded and what is not."""

    async def work() -> list[str]:
        async with tools.database():
            root = await root_of(plant)
            houses = await people.organisations(root.plant_id)
            if uri is None:
                return await _listed(root, {one.id: one.code for one in houses})
            wanted = [one for one in houses if one.code == organisation]
            if organisation is None:
                wanted = [one for one in houses if one.id == root.plant_id]
            if len(wanted) != 1:
                raise Refused(f"no organisation {organisation}")
            sites = [one for one in await people.sites(wanted[0].id) if one.code == site]
            if site is not None and not sites:
                raise Refused(f"no site {site}")
            await epcis.record_place(
                root, uri, wanted[0].id, site_id=sites[0].id if site is not None else None, name=name
            )
            return [uri]

    for line in run(work()):
        click.echo(line)


async def _listed(root: Actor, codes: dict[int, str]) -> list[str]:
    """A line for each place: identifier, organisation, site, name; then what events name and nobody recorded."""
    lines: list[str] = []
    after: int | None = None
    while True:
        page = await epcis.places(root, after=after)
        for one in page.rows:
            sites = {site.id: site.code for site in await people.sites(one.organisation_id)}
            parts = (one.uri, codes.get(one.organisation_id, "–"), sites.get(one.site_id or 0, ""), one.name)
            lines.append("\t".join(parts).rstrip())
        after = page.next_key
        if after is None:
            break
    return [*lines, *(f"{one}\t?" for one in await epcis.places_to_record(root))]
