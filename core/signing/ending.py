"""Passkeys end: one by itself, or all of an authenticator that is lost, suspended, replaced or left behind."""

from __future__ import annotations

from collections.abc import Iterable

from core.kit.unit_of_work import current
from core.signing.models import Factor, Passkey


async def ended(rows: list[Passkey], *, by: int | None, why: str) -> list[Passkey]:
    """Mark passkeys as ended; they go into the caller's entry."""
    for row in rows:
        row.ended_at, row.ended_by, row.ended_reason = current().now, by, why
        await row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    return rows


async def ended_with(factors: Iterable[Factor], *, by: int | None, why: str) -> list[Passkey]:
    """End every passkey that was added under authenticators that end now; they go into the caller's entry."""
    ids = [one.id for one in factors]
    found = Passkey.filter(factor_id__in=ids, ended_at__isnull=True).order_by("id").select_for_update()
    return await ended(await found, by=by, why=why) if ids else []
