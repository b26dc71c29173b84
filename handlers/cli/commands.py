"""Every command of ``bihuan``; their names are a contract with operators and scripts."""

from __future__ import annotations

import click

from handlers.cli import (
    backup,
    bench,
    bundle,
    clients,
    demo,
    importing,
    inbox,
    keys,
    people,
    places,
    running,
    trace,
    witnessing,
)

COMMANDS: tuple[click.Command, ...] = (
    running.serve,
    running.web,
    running.worker,
    running.migrate,
    running.doctor,
    people.person,
    clients.client,
    trace.trace,
    importing.bring_in,
    importing.blank,
    places.place,
    bundle.ledger,
    witnessing.witness,
    demo.demo,
    bench.bench,
    keys.key,
    backup.backup,
    backup.restore,
    inbox.inbox,
)
