"""trace: a lot's genealogy as a list, JSON or picture."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from core import epcis, lots, people
from core.kit import system
from core.kit.canonical import decimal_text
from core.lots import Genealogy, Way
from handlers import charts, csv_lists
from handlers.cli.tools import Refused, Tools, run


@click.command()
@click.argument("lot")
@click.option("--up", "way", flag_value="up", help="Where it came from.")
@click.option("--down", "way", flag_value="down", help="Where it went.")
@click.option("--both", "way", flag_value="both", default="both", help="Both (default).")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--png", type=click.Path(dir_okay=False, path_type=Path), help="Write the picture to a file.")
@click.option(
    "--csv", "table", type=click.Path(dir_okay=False, path_type=Path), help="Write the list to a file."
)
@click.option(
    "--epcis",
    "events",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the genealogy as an EPCIS 2.0 document to a file (- for stdout).",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="What had happened by then (UTC; a day means its end).",
)
@click.option("--stop-at-held", is_flag=True, help="Go no further at lots on hold.")
@click.option("--plant", help="Code of the plant, where there are several.")
@click.pass_obj
def trace(
    tools: Tools,
    *,
    lot: str,
    way: str,
    as_json: bool,
    png: Path | None,
    table: Path | None,
    events: Path | None,
    as_of: dt.datetime | None,
    stop_at_held: bool,
    plant: str | None,
) -> None:
    """Trace a lot."""
    then = None if as_of is None else as_of.replace(tzinfo=dt.UTC)
    if then is not None and then.time() == dt.time():
        then += dt.timedelta(days=1, microseconds=-1)

    async def work() -> tuple[Genealogy, str, str]:
        async with tools.database():
            plants = [one for one in await people.plants() if plant is None or one.code == plant]
            if len(plants) != 1:
                raise Refused("which plant? use --plant CODE")
            actor = system(plants[0].id, channel="cli")
            found = await lots.find(actor, lot)
            reached = await lots.with_sources(
                await lots.trace(actor, found.id, Way(way), as_of=then, stop_at_held=stop_at_held)
            )
            text = "" if events is None else await epcis.genealogy(actor, found.id, Way(way))
            return reached, actor.timezone, text

    traced, zone, document = run(work())
    if events is not None:
        if str(events) == "-":
            click.echo(document)
            return
        events.write_text(document, encoding="utf-8")
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
            "told_by": list(traced.told.get((node.direction, node.lot.id), ())),
            "carried": None
            if node.carried is None
            else {
                "amount": decimal_text(node.carried.rounded),
                "exactly": str(node.carried.amount),
                "unit": node.carried.unit,
            },
        }
        for node in traced.nodes
    ]
    if png is not None:
        png.write_bytes(charts.png.draw(charts.genealogy.chart(traced, tools.locale)))
    if table is not None:
        table.write_bytes(csv_lists.of_trace(traced, tools.locale, zone))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(
            "\t".join(
                str(row[key]) for key in ("direction", "depth", "lot", "quantity", "unit", "place", "status")
            )
        )
