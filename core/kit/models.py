"""Tables of the kit: counters that give records their numbers."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class Counter(Model):
    """The last number given out for a name such as ``AN-2026`` of one plant."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    name = fields.CharField(max_length=40)
    last_given = fields.BigIntField(default=0)

    class Meta:
        table = "kit_counter"
        unique_together = (("plant_id", "name"),)
