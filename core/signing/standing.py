"""Where a signer stands to what would be signed: gathered from the records, judged by ``segregation``."""

from __future__ import annotations

from core import people
from core.kit.actor import Actor
from core.signing import segregation
from core.signing.acts import Act
from core.signing.segregation import Deed, Hand
from core.signing.terms import Part, Shown


async def hand(person_id: int) -> Hand:
    """Answer a person with the roles of this moment."""
    found = await people.person(person_id)
    return Hand(person_id=found.id, roles=found.roles, partner=found.organisation_id != found.plant_id)


async def refuse_too_close(act: Act, signer: Actor, shown: Shown, *, on_behalf_of: int | None = None) -> None:
    """Refuse when the signer, or the person signed for, had a part that keeps them from signing.

    Raises:
        Apart: the rule of regulation §4.4 that forbids it.
    """
    involved = segregation.parts(shown.involved)
    first = involved.get(Part.ASKER, frozenset()) if act.rule.two_person else frozenset()
    segregation.refuse_broken(
        Deed(
            act=act.rule,
            signer=await hand(signer.identity),
            on_behalf_of=None if on_behalf_of is None else await hand(on_behalf_of),
            involved=involved,
            first=tuple([await hand(one) for one in sorted(first)]),
        )
    )
