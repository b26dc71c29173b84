"""Table of the procedures: published templates, never changed, only followed by the next version."""

from __future__ import annotations

from tortoise import fields

from core.kit.regulated import Regulated
from core.sop.terms import Field, TemplateFacts


class Template(Regulated):
    """One version of a category's template."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    category = fields.CharField(max_length=4)
    version = fields.IntField()
    content: list[dict[str, object]] = fields.JSONField()
    effective_from = fields.DatetimeField()
    published_by = fields.BigIntField(null=True)

    class Meta:
        table = "sop_template"
        unique_together = (("plant_id", "category", "version"),)

    def facts(self) -> TemplateFacts:
        """The template as others see it."""
        return TemplateFacts(
            id=self.id,
            plant_id=self.plant_id,
            category=self.category,
            version=self.version,
            fields=tuple(Field.from_json(one) for one in self.content),
            effective_from=self.effective_from,
            published_by=self.published_by,
        )
