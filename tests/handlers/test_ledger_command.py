"""What the operator reads of a long verification while it runs and at its end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from click.testing import CliRunner

from core.ledger import Fault, Report
from handlers.cli.ledger import ledger


class Verifier:
    """Stands for the assembly: a long log with as many faults as asked for."""

    def __init__(self, faults: int) -> None:
        """Prepare the faults."""
        self.faults = [Fault(where="lots_lot", number=str(n), what="is gone") for n in range(faults)]

    async def verify(self, progress: Callable[[int, int], None], *, keep: int) -> Report:
        """Answer at most ``keep`` of them."""
        for done in range(0, 100_001, 1000):
            progress(done, 100_000)
        kept = tuple(self.faults[:keep])
        more = len(self.faults) - len(kept)
        return Report(entries=60_000, leaves=60_000, checkpoints=60, rows=40_000, faults=kept, more=more)


def run(tools: Verifier, *arguments: str) -> Any:
    return CliRunner().invoke(ledger, ["verify", *arguments], obj=tools)


def test_progress_goes_to_stderr_and_the_verdict_to_stdout() -> None:
    """A script may read stdout alone."""
    answer = run(Verifier(0))
    assert (answer.exit_code, answer.stdout.startswith("OK: 60000 entries")) == (0, True)
    assert answer.stderr.splitlines()[0].strip().startswith("0 % of 100000")
    assert len(answer.stderr.splitlines()) == 11


def test_the_first_fault_is_said_and_how_many_follow() -> None:
    """Exit 1; the rest on request."""
    answer = run(Verifier(5))
    assert answer.exit_code == 1
    assert answer.stderr.splitlines()[-2:] == ["lots_lot 0: is gone", "… and 4 more; --all names them"]


def test_all_faults_are_said_on_request() -> None:
    """Each on a line of its own."""
    answer = run(Verifier(1500), "--all")
    assert answer.exit_code == 1
    assert len([line for line in answer.stderr.splitlines() if line.endswith("is gone")]) == 1500
