"""The truth: every change of a regulated record as an append-only entry, sealed into a Merkle log."""

from __future__ import annotations

from core.ledger import checkpoint, guards, keys, merkle
from core.ledger.checkpoint import Checkpoint, Unreadable, Verifier
from core.ledger.faults import Fault, Report
from core.ledger.keys import Signer
from core.ledger.kinds import Kind
from core.ledger.queries import (
    Inclusion,
    Line,
    Stated,
    consistency,
    entry_count,
    inclusion,
    latest_checkpoint,
    seal_lag_seconds,
    size,
    timeline,
    timeline_page,
)
from core.ledger.recording import Appended, append, leaf_hash, no_wake, off_append, on_append
from core.ledger.sealing import LogCut, Sealed, Sealer, seal
from core.ledger.verification import verify

__all__ = [
    "Appended",
    "Checkpoint",
    "Fault",
    "Inclusion",
    "Kind",
    "Line",
    "LogCut",
    "Report",
    "Sealed",
    "Sealer",
    "Signer",
    "Stated",
    "Unreadable",
    "Verifier",
    "append",
    "checkpoint",
    "consistency",
    "entry_count",
    "guards",
    "inclusion",
    "keys",
    "latest_checkpoint",
    "leaf_hash",
    "merkle",
    "no_wake",
    "off_append",
    "on_append",
    "seal",
    "seal_lag_seconds",
    "size",
    "timeline",
    "timeline_page",
    "verify",
]
