"""ledger verify: does everything still say what it said when it was written?"""

from __future__ import annotations

import json

import click

from core.ledger import Report
from handlers.cli.tools import Refused, Tools, run

STEP = 5_000


@click.group()
def ledger() -> None:
    """The ledger."""


@ledger.command()
@click.option("--all", "every", is_flag=True, help="Name every fault, not only the first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def verify(tools: Tools, *, every: bool, as_json: bool) -> None:
    """Verify entries, tree, checkpoints, every regulated row, evidence and signatures."""

    def progress(done: int, total: int) -> None:
        if total > STEP and done % STEP == 0:
            click.echo(f"\r{done} / {total}", nl=False, err=True)

    async def work() -> Report:
        return await tools.verify(progress)

    report = run(work())
    if as_json:
        click.echo(
            json.dumps(
                {
                    "sound": report.sound,
                    "entries": report.entries,
                    "leaves": report.leaves,
                    "checkpoints": report.checkpoints,
                    "rows": report.rows,
                    "faults": [str(one) for one in report.faults],
                },
                ensure_ascii=False,
            )
        )
    elif report.sound:
        click.echo(
            f"OK: {report.entries} entries, {report.leaves} sealed, {report.checkpoints} checkpoints, "
            f"{report.rows} records agree"
        )
    if not report.sound:
        shown = report.faults if every else report.faults[:1]
        raise Refused("\n".join(str(one) for one in shown))
