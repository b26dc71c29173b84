"""Every command of ``bihuan`` (contract: docs/operating/commands.md)."""

from __future__ import annotations

import click

from handlers.cli import bench, demo, ledger, people, running, trace

COMMANDS: tuple[click.Command, ...] = (
    running.serve,
    running.web,
    running.worker,
    running.migrate,
    running.doctor,
    people.person,
    trace.trace,
    ledger.ledger,
    demo.demo,
    bench.bench,
)
