"""The truth: every change of a regulated record as an append-only entry, sealed into a Merkle log."""

from core.ledger.kinds import Kind
from core.ledger.recording import Appended, append, leaf_hash, no_wake, on_append

__all__ = ["Appended", "Kind", "append", "leaf_hash", "no_wake", "on_append"]
