"""Tables of the ledger. Entries, leaves and checkpoints are written once and never change."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from core.kit.regulated import Regulated


class LedgerEntry(Regulated):
    """One fact, as canonical bytes. Verifiers hash ``body`` exactly as stored."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    event_id = fields.UUIDField(unique=True)
    plant_id = fields.BigIntField()
    case_number = fields.CharField(max_length=40, null=True, db_index=True)
    kind = fields.CharField(max_length=60)
    person_id = fields.BigIntField(null=True)
    recorded_at = fields.DatetimeField()
    body = fields.BinaryField()
    leaf = fields.CharField(max_length=64)

    class Meta:
        table = "ledger_entry"
        indexes = (("plant_id", "kind", "recorded_at"),)


class LedgerPending(Model):
    """Entries that wait for their seal; the sealer empties it."""

    entry_id = fields.BigIntField(primary_key=True, generated=False)

    class Meta:
        table = "ledger_pending"


class LedgerLeaf(Regulated):
    """The place of an entry in the Merkle log: contiguous positions from 0."""

    append_only = True

    position = fields.BigIntField(primary_key=True, generated=False)
    entry_id = fields.BigIntField(unique=True)
    leaf = fields.CharField(max_length=64)

    class Meta:
        table = "ledger_leaf"


class LedgerCheckpoint(Regulated):
    """A signed statement of the log's size and root (C2SP tlog-checkpoint in a signed note).

    ``frontier`` holds the roots of the full subtrees (32 bytes each, largest first), from which the next
    batch goes on: sealing costs the same at any size of the log.
    """

    append_only = True

    size = fields.BigIntField(primary_key=True, generated=False)
    root = fields.CharField(max_length=64)
    frontier = fields.BinaryField()
    note = fields.TextField()
    made_at = fields.DatetimeField()

    class Meta:
        table = "ledger_checkpoint"


class LedgerKey(Regulated):
    """A public key that signs or signed the checkpoints; none is here until the first change of key.

    ``signature_id`` is empty for keys that signed before the first change.
    """

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    line = fields.CharField(max_length=255, unique=True)
    adopted_at = fields.DatetimeField()
    signature_id = fields.BigIntField(null=True)
    retired_at = fields.DatetimeField(null=True)
    retired_by_signature_id = fields.BigIntField(null=True)

    class Meta:
        table = "ledger_key"


class LedgerSubtree(Model):
    """The roots of every 256 leaves, so that a proof reads hundreds of rows instead of all of them.

    Only a shortcut: a proof made from it is checked against the signed root before it is handed out.
    """

    number = fields.BigIntField(primary_key=True, generated=False)
    root = fields.CharField(max_length=64)

    class Meta:
        table = "ledger_subtree"
