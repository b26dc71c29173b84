"""Columns that the database itself holds to a condition, on both engines; a row that breaks it is never stored.

The condition is part of the column's definition (``CHECK``), so that migrations and models agree about it. ``{c}``
stands for the column. Decimals are texts on SQLite: ``+ 0`` makes numbers of both sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.indexes import Index

POSITIVE = "{c} + 0 > 0"
NOT_NEGATIVE = "{c} + 0 >= 0"


def among(words: type[StrEnum] | Iterable[str]) -> str:
    """Answer the condition that a column holds one of a closed list of codes."""
    return "{c} IN (" + ", ".join(f"'{one}'" for one in words) + ")"


FOLDED = {"sqlite": 'UPPER("{column}")', "postgres": 'UPPER("{column}") COLLATE "C"'}
"""How an index of texts in any case holds one. PostgreSQL's own order would not find texts by their beginning."""


class FoldedIndex(Index):
    """An index of a column whatever its case, within a plant: whole texts and beginnings are found by it."""

    def get_sql(self, schema_generator: Any, model: Any, safe: bool) -> str:
        """Write the statement that makes it."""
        plant, column = self.fields
        table = model._meta.db_table  # noqa: SLF001  the ORM's own description of a table
        held = FOLDED[schema_generator.client.capabilities.dialect].format(column=column)
        held = held.replace(f'UPPER("{column}")', f'(UPPER("{column}"))')
        exists = "IF NOT EXISTS " if safe else ""
        return f'CREATE INDEX {exists}"idx_{table}_folded" ON "{table}" ("{plant}", {held});'


class _Checked:
    """Adds ``check`` to a field of Tortoise."""

    def __init__(self, *args: Any, check: str, **kwargs: Any) -> None:
        """Keep the condition."""
        super().__init__(*args, **kwargs)
        self.check = check

    def get_for_dialect(self, dialect: str, key: str) -> Any:
        """Answer what Tortoise asks for; the type of the column carries its condition."""
        found = super().get_for_dialect(dialect, key)  # type: ignore[misc]
        if key != "SQL_TYPE":
            return found
        name = getattr(self, "source_field", None) or getattr(self, "model_field_name", "")
        condition = self.check.replace("{c}", f'"{name}"')
        return f"{found} CHECK ({condition})"


if TYPE_CHECKING:  # to a reader of types they are the fields of Tortoise
    CheckedDecimal = fields.DecimalField
    CheckedText = fields.CharField
    CheckedInt = fields.IntField
    CheckedInstant = fields.DatetimeField
else:

    class CheckedDecimal(_Checked, fields.DecimalField):
        """A decimal that the database holds to a condition."""

    class CheckedText(_Checked, fields.CharField):
        """A short text or code that the database holds to a condition."""

    class CheckedInt(_Checked, fields.IntField):
        """A whole number that the database holds to a condition."""

    class CheckedInstant(_Checked, fields.DatetimeField):
        """An instant that the database holds to a condition; as texts on SQLite they compare too, all being UTC."""
