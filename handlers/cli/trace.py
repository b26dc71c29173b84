"""trace: a lot's genealogy as a list, JSON or picture."""

from __future__ import annotations

import json
from pathlib import Path

import click

from core import lots, people
from core.kit import system
from core.kit.canonical import decimal_text
from core.lots import Genealogy
from handlers import charts
from handlers.cli.tools import Refused, Tools, run

WAYS = {"up": lots.trace_up, "down": lots.trace_down, "both": lots.trace_both}


@click.command()
@click.argument("lot")
@click.option("--up", "way", flag_value="up", help="Where it came from.")
@click.option("--down", "way", flag_value="down", help="Where it went.")
@click.option("--both", "way", flag_value="both", default="both", help="Both (default).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--png", type=click.Path(dir_okay=False, path_type=Path), help="Write the picture to a file.")
@click.option("--plant", help="Code of the plant, where there are several.")
@click.pass_obj
def trace(tools: Tools, *, lot: str, way: str, as_json: bool, png: Path | None, plant: str | None) -> None:
    """Trace a lot."""

    async def work() -> Genealogy:
        async with tools.database():
            found = [one for one in await people.plants() if plant is None or one.code == plant]
            if len(found) != 1:
                raise Refused("which plant? use --plant CODE")
            actor = system(found[0].id, channel="cli")
            return await WAYS[way](actor, (await lots.find(actor, lot)).id)

    traced = run(work())
    rows = [
        {
            "lot": node.lot.number,
            "direction": node.direction.value,
            "depth": node.depth,
            "product": node.lot.product.code,
            "quantity": decimal_text(node.lot.quantity),
            "unit": node.lot.unit,
            "place": node.lot.place,
            "status": node.lot.status.value,
            "contributed": [str(one) for one in node.contributed],
        }
        for node in traced.nodes
    ]
    if png is not None:
        png.write_bytes(charts.png.draw(charts.genealogy.chart(traced, tools.locale)))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            "\t".join(
                str(row[key]) for key in ("direction", "depth", "lot", "quantity", "unit", "place", "status")
            )
        )
