"""Tables of the evidence room. Both are written once: evidence is never replaced, only added to."""

from __future__ import annotations

from tortoise import fields

from core.kit.regulated import Regulated


class Evidence(Regulated):
    """One upload. The same bytes sent twice are two rows over one sealed blob."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    organisation_id = fields.BigIntField(description="Who brought it in and whose key seals it")
    sha256 = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=100, description="Media type by content")
    size = fields.BigIntField(description="Bytes of the original")
    width = fields.IntField(null=True, description="Pixels, upright")
    height = fields.IntField(null=True, description="Pixels, upright")
    dhash = fields.CharField(max_length=16, null=True)
    blob_key = fields.CharField(max_length=200)
    preview_key = fields.CharField(max_length=200, null=True)
    preview_sha256 = fields.CharField(max_length=64, null=True)
    thumb_key = fields.CharField(max_length=200, null=True)
    taken_at = fields.DatetimeField(null=True, description="By the camera's clock")
    received_at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)
    channel = fields.CharField(max_length=20)
    source_ref = fields.CharField(max_length=200, null=True)
    original_name = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "evidence_evidence"
        unique_together = (("plant_id", "organisation_id", "channel", "source_ref"),)
        indexes = (("plant_id", "sha256"),)


class EvidenceLink(Regulated):
    """What a piece of evidence speaks for, and the partner who may therefore see it."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    evidence: fields.ForeignKeyRelation[Evidence] = fields.ForeignKeyField(
        "core.Evidence", related_name="links", on_delete=fields.RESTRICT
    )
    evidence_id: int
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.BigIntField()
    case_number = fields.CharField(max_length=40, null=True)
    partner_id = fields.BigIntField(null=True)
    purpose = fields.CharField(max_length=60, default="")
    at = fields.DatetimeField()

    class Meta:
        table = "evidence_link"
        indexes = (("plant_id", "subject_kind", "subject_id"), ("plant_id", "case_number"))
