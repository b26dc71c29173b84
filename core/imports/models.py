"""Table of the imports room."""

from __future__ import annotations

from typing import Any

from tortoise import fields

from core.imports.terms import RunFacts, Subject
from core.kit.regulated import Regulated


class ImportRun(Regulated):
    """One file that was brought in: what it was, how it was read, how many rows came of it."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    number = fields.CharField(max_length=40)
    subject = fields.CharField(max_length=12)
    file_name = fields.CharField(max_length=200)
    file_digest = fields.CharField(max_length=64)
    mapping: Any = fields.JSONField()
    mapping_digest = fields.CharField(max_length=64)
    rows = fields.BigIntField(default=0)
    rows_digest = fields.CharField(max_length=64, default="", description="Over the digests of all rows")
    organisation_id = fields.BigIntField(description="Who brought it in")
    evidence_ids: list[int] = fields.JSONField(default=list, description="The file itself, where it is kept")
    person_id = fields.BigIntField(null=True)
    made_at = fields.DatetimeField()
    undone_at = fields.DatetimeField(null=True)
    undone_by = fields.BigIntField(null=True)

    class Meta:
        """Storage of imports."""

        table = "imports_run"
        unique_together = (("plant_id", "number"),)
        indexes = (("plant_id", "organisation_id", "file_digest"),)

    def facts(self) -> RunFacts:
        """Give the row as a frozen value."""
        return RunFacts(
            id=self.id,
            number=self.number,
            subject=Subject(self.subject),
            file_name=self.file_name,
            file_digest=self.file_digest,
            rows=self.rows,
            person_id=self.person_id,
            made_at=self.made_at,
            undone_at=self.undone_at,
        )
