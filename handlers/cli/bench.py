"""bench: measurements of this machine, in scratch databases, for comparing before and after."""

from __future__ import annotations

import json

import click

from handlers.cli.tools import Bench, Figure, Refused, Tools, run


@click.command()
@click.argument("names", nargs=-1)
@click.option(
    "--size", "--lots", "size", type=click.IntRange(min=320), help="Records to measure with, for each bench."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def bench(tools: Tools, *, names: tuple[str, ...], size: int | None, as_json: bool) -> None:
    """List the benches and run them all, or run those named. Real data is never touched."""
    known = {one.name: one for one in tools.benches}
    strange = [name for name in names if name not in known]
    if strange:
        raise Refused(f"no bench is called {strange[0]}: choose from {', '.join(sorted(known))}")
    if not names:
        for one in known.values():
            click.echo(f"{one.name}: {one.says}", err=as_json)
    measured: dict[str, list[Figure]] = {}
    for name in names or tuple(known):
        measured[name] = run(_one(tools, known[name], size))
        if not as_json:
            click.echo("\n".join(_line(figure) for figure in measured[name]))
    if as_json:
        found = {name: [_facts(figure) for figure in figures] for name, figures in measured.items()}
        click.echo(json.dumps(found, ensure_ascii=False))


async def _one(tools: Tools, chosen: Bench, size: int | None) -> list[Figure]:
    return await tools.measure(chosen, size or chosen.size)


def _line(figure: Figure) -> str:
    value = f"{figure.value:10.3f} {figure.unit}"
    if figure.met is None:
        return f"{value:16} {figure.name}"
    return f"{value:16} {figure.name} (goal {figure.goal}: {'met' if figure.met else 'missed'})"


def _facts(figure: Figure) -> dict[str, object]:
    return {
        "name": figure.name,
        "value": round(figure.value, 4),
        "unit": figure.unit,
        "goal": figure.goal,
        "met": figure.met,
    }
