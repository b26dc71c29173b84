"""Rows that an inspector may stake a decision on: their state is digested into the ledger at every change."""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache
from typing import Any, ClassVar

from tortoise.fields import Field
from tortoise.models import Model, ModelMeta

from core.kit import canonical

REGULATED: dict[str, type[Regulated]] = {}


@cache
def _vouched(model: type[Regulated]) -> tuple[tuple[str, str, Field[Any]], ...]:
    """Answer each vouched field of a table: its name, its column's and itself."""
    meta = model._meta  # noqa: SLF001  the ORM's own description of a table
    return tuple(
        (name, stored, meta.fields_map[name])
        for name, stored in sorted(meta.fields_db_projection.items())
        if name not in model.unvouched
    )


class Refused(RuntimeError):  # noqa: N818  named like the refusals it stands beside
    """A programming fault: a record that must never change was about to be changed."""


class _Plain(ModelMeta):
    """Spares Tortoise the search for comments: it would parse the file anew for every table in it, at each start."""

    __slots__ = ()

    @classmethod
    def __prepare__(
        cls, _name: str, _bases: tuple[type, ...], /, **_more: object
    ) -> MutableMapping[str, object]:
        return {"_no_comments": True}


class Regulated(Model, metaclass=_Plain):
    """Base of every table whose rows the ledger vouches for.

    ``append_only`` rows refuse update and delete here, and by trigger in the database. ``unvouched`` names
    columns that carry no record content (leases, cached pictures) and stay outside the digest.
    """

    append_only: ClassVar[bool] = False
    unvouched: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: object) -> None:
        """Register the table for verification; a base of several tables has none itself."""
        super().__init_subclass__(**kwargs)
        if not getattr(cls.__dict__.get("Meta"), "abstract", False):
            REGULATED[cls.__name__] = cls

    @classmethod
    def table(cls) -> str:
        """Answer the table's name, as ledger entries and verification call it."""
        return str(cls._meta.db_table)

    @classmethod
    def key_field(cls) -> str:
        """Answer the name of the primary key's field, for reading all rows in key order."""
        return str(cls._meta.pk_attr)

    def vouched(self) -> dict[str, object]:
        """Every vouched column by database name, in canonical values."""
        facts: dict[str, object] = {}
        for name, stored, column in _vouched(type(self)):
            value: Any = getattr(self, name)
            facts[stored] = value if value is None else canonical.plain(column.to_python_value(value))
        return facts

    def state_digest(self) -> str:
        """SHA-256 of the state, as the ledger records it; JSON columns are compared by content."""
        return canonical.digest_of_plain({"row": self.vouched()})

    async def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; an append-only row is written once."""
        if self.append_only and self._saved_in_db:
            msg = f"{type(self).__name__} is never updated; append a new record"
            raise Refused(msg)
        await super().save(*args, **kwargs)

    async def delete(self, *args: Any, **kwargs: Any) -> None:
        """Never: regulated rows are not deleted."""
        msg = f"{type(self).__name__} is never deleted; record what ended it instead"
        raise Refused(msg)
