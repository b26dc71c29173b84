"""Every command of ``bihuan`` (contract: docs/operating/commands.md)."""

from __future__ import annotations

import click

from handlers.cli import backup, bench, bundle, demo, inbox, keys, people, running, trace, witnessing

COMMANDS: tuple[click.Command, ...] = (
    running.serve,
    running.web,
    running.worker,
    running.migrate,
    running.doctor,
    people.person,
    trace.trace,
    bundle.ledger,
    witnessing.witness,
    demo.demo,
    bench.bench,
    keys.key,
    backup.backup,
    backup.restore,
    inbox.inbox,
)
