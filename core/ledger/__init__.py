"""The truth: every change of a regulated record as an append-only entry, sealed into a Merkle log."""

from __future__ import annotations

from core.kit.spoilt import SPOILT
from core.ledger import checkpoint, grants, guards, keys, merkle
from core.ledger.bodies import Entered
from core.ledger.bulk import BulkTable
from core.ledger.checkpoint import Checkpoint, Unreadable, Verifier
from core.ledger.comparing import Comparison, Signed, Verdict, compare
from core.ledger.cosignature import WitnessLine
from core.ledger.extracting import (
    Extract,
    Prover,
    Recorded,
    checkpoints_at_retirement,
    checkpoints_by_day,
    counts_of,
    extract_case,
    extract_key_changes,
    extract_kinds,
    states,
)
from core.ledger.faults import Fault, Report
from core.ledger.finding import Found, entry, last_by
from core.ledger.following import Followed, follow
from core.ledger.key_changes import (
    KeyFacts,
    NoKeyInForce,
    adopt_key,
    keys_here,
    keys_of_log,
    legible_keys,
    may_adopt,
    may_retire,
    retire_key,
    signing_now,
    trusted,
    use_keys,
)
from core.ledger.key_errors import KeyInForce, KeyNotHere, KeyNotInForce, KeyNotSeen
from core.ledger.keys import Signer
from core.ledger.kinds import Kind
from core.ledger.legible import legible, spoilt, to_the_end
from core.ledger.pasted import DIGITS, Pasted, is_pasted, is_short, read_all, short_form
from core.ledger.pasted import read as read_pasted
from core.ledger.queries import (
    Inclusion,
    Line,
    Stated,
    Tail,
    checkpoint_at,
    consistency,
    entries_after,
    entry_count,
    inclusion,
    is_sealed,
    latest_checkpoint,
    root_at,
    seal_lag_seconds,
    size,
    timeline,
    timeline_page,
)
from core.ledger.receipts import Receipt, receipt
from core.ledger.recording import Appended, append, leaf_hash, no_wake, off_append, on_append
from core.ledger.rehearsal import Rehearsed, is_past, record_rehearsal
from core.ledger.row_digests import RowDigests
from core.ledger.sealing import LogCut, Sealed, Sealer, seal
from core.ledger.verification import verify

__all__ = [
    "DIGITS",
    "SPOILT",
    "Appended",
    "BulkTable",
    "Checkpoint",
    "Comparison",
    "Entered",
    "Extract",
    "Fault",
    "Followed",
    "Found",
    "Inclusion",
    "KeyFacts",
    "KeyInForce",
    "KeyNotHere",
    "KeyNotInForce",
    "KeyNotSeen",
    "Kind",
    "Line",
    "LogCut",
    "NoKeyInForce",
    "Pasted",
    "Prover",
    "Receipt",
    "Recorded",
    "Rehearsed",
    "Report",
    "RowDigests",
    "Sealed",
    "Sealer",
    "Signed",
    "Signer",
    "Stated",
    "Tail",
    "Unreadable",
    "Verdict",
    "Verifier",
    "WitnessLine",
    "adopt_key",
    "append",
    "checkpoint",
    "checkpoint_at",
    "checkpoints_at_retirement",
    "checkpoints_by_day",
    "compare",
    "consistency",
    "counts_of",
    "entries_after",
    "entry",
    "entry_count",
    "extract_case",
    "extract_key_changes",
    "extract_kinds",
    "follow",
    "grants",
    "guards",
    "inclusion",
    "is_past",
    "is_pasted",
    "is_sealed",
    "is_short",
    "keys",
    "keys_here",
    "keys_of_log",
    "last_by",
    "latest_checkpoint",
    "leaf_hash",
    "legible",
    "legible_keys",
    "may_adopt",
    "may_retire",
    "merkle",
    "no_wake",
    "off_append",
    "on_append",
    "read_all",
    "read_pasted",
    "receipt",
    "record_rehearsal",
    "retire_key",
    "root_at",
    "seal",
    "seal_lag_seconds",
    "short_form",
    "signing_now",
    "size",
    "spoilt",
    "states",
    "timeline",
    "timeline_page",
    "to_the_end",
    "trusted",
    "use_keys",
    "verify",
]
