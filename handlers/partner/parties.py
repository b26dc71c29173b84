"""Organisations by their codes: programs name codes, rooms know ids; a partner learns of no other partner."""

from __future__ import annotations

from core import people
from core.kit import Actor, NotFound
from core.kit.provenance import Provenance, Source
from core.people import OrganisationKind
from handlers.partner.table import Asked

CARRIERS = frozenset({OrganisationKind.CARRIER.value})
HANDING = CARRIERS | {OrganisationKind.SUPPLIER.value, OrganisationKind.LABORATORY.value}
"""With whom goods change hands on the road."""


async def codes_for(actor: Actor) -> dict[int, str]:
    """The codes of the organisations that the actor may know of."""
    return {one.id: one.code for one in await people.organisations_for(actor)}


async def id_of(actor: Actor, code: str | None, *, besides: frozenset[str] = frozenset()) -> int | None:
    """The organisation of a code; None for none. A partner names those that it knows of, and of these kinds besides.

    Raises:
        NotFound: the plant has no such organisation, or the actor does not know of it.
    """
    if code is None:
        return None
    known = await people.organisations_for(actor)
    known += [one for one in await people.organisations(actor.plant_id) if one.kind in besides]
    for one in known:
        if one.code == code and one.active:
            return one.id
    raise NotFound(what=code[:40])


def provenance_of(asked: Asked) -> Provenance:
    """Where a fact came from that a request states: the program, and its own key of the request."""
    key = asked.request.headers.get("Idempotency-Key", "")
    return Provenance(source=Source.API, ref=f"{asked.actor.client} {key}".strip()[:200])
