"""Signing for somebody else: the delegate borrows the delegator's rights for the covered act, and nothing more."""

from __future__ import annotations

import dataclasses

from core import people
from core.kit import clock
from core.kit.actor import Actor
from core.kit.refusal import NotPermitted, Refusal
from core.kit.unit_of_work import current
from core.signing import delegation
from core.signing.acts import Act
from core.signing.delegating import facts_of
from core.signing.delegation import DelegationFacts
from core.signing.errors import DelegationOver
from core.signing.models import Delegation
from core.signing.terms import Args, Shown


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """Who signs: the actor with the rights that count, and the delegation they come from."""

    actor: Actor
    given: DelegationFacts | None = None

    @property
    def on_behalf_of(self) -> int | None:
        """The person signed for."""
        return None if self.given is None else self.given.delegator_id


def together(delegate: str, delegator: str, locale: str) -> str:
    """Answer both names as every signature by delegation shows them: ``王芳 代 李明``."""
    between = "代" if locale.startswith("zh") else "for"
    return f"{delegate} {between} {delegator}"


async def _borrowed(signer: Actor, given: DelegationFacts) -> Actor:
    """The delegate with the delegator's rights of this moment added.

    Raises:
        Refusal: the delegator's access has ended.
    """
    lender = await people.actor_of(given.delegator_id, signer.channel)
    return dataclasses.replace(
        signer,
        name=together(signer.name, lender.name, signer.locale),
        permissions=signer.permissions | lender.permissions,
    )


async def _live(person_id: int) -> list[DelegationFacts]:
    now = clock.now()
    rows = await Delegation.filter(
        delegate_id=person_id, ended_at__isnull=True, since__lte=now, until__gt=now
    ).order_by("id")
    return [facts_of(row) for row in rows]


async def described(signer: Actor, act: Act, args: Args) -> tuple[Standing, Shown]:
    """Describe an act in the own name; where the right is missing, in the name of who lent it.

    Raises:
        NotPermitted: neither the own rights nor a delegation reach it.
        Refusal: whatever the act itself refuses.
    """
    try:
        return Standing(actor=signer), await act.describe(signer, args)
    except NotPermitted:
        for given in await _live(signer.identity):
            found = await _tried(signer, given, act, args)
            if found is not None:
                return found
        raise


async def _tried(
    signer: Actor, given: DelegationFacts, act: Act, args: Args
) -> tuple[Standing, Shown] | None:
    if not delegation.delegable(act.code):
        return None
    try:
        borrowed = await _borrowed(signer, given)
        shown = await act.describe(borrowed, args)
    except (NotPermitted, people.Inactive):
        return None
    if not delegation.covers(given, act.code, shown, current().now):
        return None
    return Standing(actor=borrowed, given=given), shown


async def again(signer: Actor, act: Act, args: Args, delegation_id: int | None) -> tuple[Standing, Shown]:
    """Describe an act anew at signing, in the name in which it was shown.

    Raises:
        DelegationOver: the delegation has ended since, or does not reach the record any more.
        Refusal: whatever the act itself refuses.
    """
    if delegation_id is None:
        return Standing(actor=signer), await act.describe(signer, args)
    given = facts_of(await Delegation.get(id=delegation_id, delegate_id=signer.identity))
    found = await _tried(signer, given, act, args)
    if found is None:
        raise DelegationOver(number=given.number)
    return found


async def with_lent_rights(actor: Actor) -> Actor:
    """Answer the actor with all rights lent to them added: for showing what they could sign, never for doing.

    A delegator whose access has ended lends nothing.
    """
    if actor.person_id is None:
        return actor
    rights = actor.permissions
    for given in await _live(actor.person_id):
        try:
            rights |= (await people.actor_of(given.delegator_id, actor.channel)).permissions
        except Refusal:
            continue
    return dataclasses.replace(actor, permissions=rights)
