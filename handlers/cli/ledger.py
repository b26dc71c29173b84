"""ledger verify: does everything still say what it said when it was written?"""

from __future__ import annotations

import json
import sys

import click

from core.ledger import Comparison, Report, Unreadable
from handlers.cli.tools import Refused, Tools, given, run
from handlers.witness import exports, words

KEPT = 100_000
"""Faults that ``--all`` names one by one; beyond them they are only counted."""
LONG = 20_000
"""Entries and records from which on somebody who reads a file wants to know how far it is."""


class Bar:
    """How far verification is, on stderr: one line that counts up, in a file a line for every tenth."""

    def __init__(self) -> None:
        """Begin at nothing shown."""
        self._shown = -1
        self._watched = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Show a new percentage."""
        percent = 100 * done // max(1, total)
        if percent == self._shown or (
            not self._watched and (total < LONG or percent // 10 == self._shown // 10)
        ):
            return
        self._shown = percent
        text = f"{percent:3} % of {total} entries and records"
        click.echo(f"\r{text}" if self._watched else text, nl=not self._watched, err=True)

    def end(self) -> None:
        """Leave the line."""
        if self._watched and self._shown >= 0:
            click.echo(err=True)


@click.group()
def ledger() -> None:
    """The ledger."""


@ledger.command()
@click.option("--all", "every", is_flag=True, help="Name every fault, not only the first.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option(
    "--against",
    metavar="TEXT|FILE|-",
    help="First hold kept checkpoints to the ledger: a text, its size and first 8 digits, a file, or what is piped in.",
)
@click.pass_obj
def verify(tools: Tools, *, every: bool, as_json: bool, against: str | None) -> None:
    """Verify entries, tree, checkpoints, every regulated row, evidence and signatures."""
    compared = [] if against is None else _compared(tools, exports.plain(given(against)))
    if not as_json:
        for one in compared:
            click.echo(_said(one))
    bar = Bar()

    async def work() -> Report:
        try:
            return await tools.verify(bar, keep=KEPT if every else 1)
        finally:
            bar.end()

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
                    "more": report.more,
                    "against": [{"size": one.size, "verdict": one.verdict.value} for one in compared],
                },
                ensure_ascii=False,
            )
        )
    elif report.sound:
        click.echo(
            f"OK: {report.entries} entries, {report.leaves} sealed, {report.checkpoints} checkpoints, "
            f"{report.rows} records agree"
        )
    denied = [one for one in compared if not one.verdict.consistent]
    if denied:
        found = "" if report.sound else f"\n{report.faults[0]}"
        raise Refused(
            f"{len(denied)} of {len(compared)} kept checkpoints are not consistent with the ledger{found}"
        )
    if not report.sound:
        more = [f"… and {report.more} more" + ("" if every else "; --all names them")] if report.more else []
        raise Refused("\n".join([*(str(one) for one in report.faults), *more]))


def _compared(tools: Tools, text: str) -> list[Comparison]:
    async def work() -> list[Comparison]:
        return await tools.compare(text)

    try:
        return run(work())
    except Unreadable as wrong:
        raise Refused(
            f"{wrong}; give the whole message, or size and first 8 digits like 312:3fa94b21"
        ) from None


def _said(one: Comparison) -> str:
    return f"{one.size}:{one.digits[:8]} {words.verdict(one, str)} {words.signature(one, str)}"
