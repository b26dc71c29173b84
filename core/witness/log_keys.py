"""The public keys of this installation's log, given once by the assembly."""

from __future__ import annotations

from collections.abc import Iterable

from core.ledger import Verifier

_known: list[Verifier] = []


def use_keys(verifiers: Iterable[Verifier]) -> None:
    """Hold checkpoints to these keys; the first names the log."""
    _known[:] = verifiers


def log_keys() -> tuple[Verifier, ...]:
    """Answer the keys.

    Raises:
        RuntimeError: the assembly gave none; that is a programming fault.
    """
    if not _known:
        msg = "witnessing needs the log's keys: call witness.use_keys first"
        raise RuntimeError(msg)
    return tuple(_known)
