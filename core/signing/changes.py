"""What two people change of a third: a role, or a new authenticator in place of a lost one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from core import people
from core.kit import clock
from core.kit.actor import Actor, system
from core.kit.refusal import Refusal
from core.kit.unit_of_work import current
from core.people.permissions import approves
from core.signing import proposals
from core.signing.errors import (
    AuthenticatorEnded,
    NeedsRenewal,
    NeedsSecondPerson,
    RenewalFirst,
    RolesByOthers,
    RolesTakeTwo,
)
from core.signing.models import Factor, Proposal
from core.signing.queries import is_enrolled
from core.signing.terms import Args, Fact, Signed, term

RENEW, GRANT, WITHDRAW = "signing:factor:renew", "people:role:grant", "people:role:withdraw"
RENEWAL_GOOD_FOR = dt.timedelta(hours=24)


async def _third(actor: Actor, args: Args, own: type[Refusal] = NeedsSecondPerson) -> people.PersonFacts:
    """The person concerned, who takes neither step; ``own`` says so to that person.

    Raises:
        NotFound: nobody of the plant.
        NeedsSecondPerson, RolesByOthers: the actor is that person.
    """
    person = await people.person_for(actor, int(str(args.get("person_id") or 0)))
    if person.id == actor.person_id:
        raise own()
    return person


async def _renew_lines(actor: Actor, args: Args) -> tuple[Fact, ...]:
    return (Fact("Person", (await _third(actor, args)).printed_name),)


async def _renew(actor: Actor, args: Args, signed: Signed) -> object:
    """Nothing happens at once: the signed proposal lets one enrolment through, for a day."""
    proposals.must_be_signed(actor, signed)
    return (await _third(actor, args)).id


async def _role_lines(actor: Actor, args: Args) -> tuple[Fact, ...]:
    person = await _third(actor, args, RolesByOthers)
    role = people.listed(str(args.get("role", "")))
    return (Fact("Person", person.printed_name), term("Role", role.says))


async def _grant(actor: Actor, args: Args, signed: Signed) -> object:
    proposals.must_be_signed(actor, signed)
    person = await _third(actor, args, RolesByOthers)
    return await people.grant_role(
        system(actor.plant_id, channel=actor.channel),
        person.id,
        str(args["role"]),
        reason=f"signature {signed.signature_id}",
    )


async def _withdraw(actor: Actor, args: Args, signed: Signed) -> object:
    proposals.must_be_signed(actor, signed)
    person = await _third(actor, args, RolesByOthers)
    return await people.withdraw_role(
        system(actor.plant_id, channel=actor.channel),
        person.id,
        str(args["role"]),
        reason=f"signature {signed.signature_id}",
    )


def _weighty(role: str) -> bool:
    return role == people.Role.ADMINISTRATOR or approves(people.Role(role))


async def must_lack_two(plant_id: int, new: Iterable[str] | None = None) -> None:
    """The command line changes roles until two people can; from then on nobody who runs the server does so alone.

    ``new`` are the roles of a person who is recorded: those that neither decide nor administer are always let pass.

    Raises:
        RolesTakeTwo: the plant has an administrator to ask and a head whose authenticator works.
    """
    if new is not None and not any(_weighty(role) for role in new):
        return
    if await _two_can(plant_id):
        raise RolesTakeTwo


async def _two_can(plant_id: int, *, but: int | None = None) -> bool:
    """Whether an administrator can ask and a head whose authenticator works can sign; neither of them is ``but``."""
    askers = await people.persons(plant_id, role=people.Role.ADMINISTRATOR.value)
    if all(one.id == but for one in askers):
        return False
    heads = [one.id for role in proposals.HEADS for one in await people.persons(plant_id, role=role.value)]
    return any([one != but and await is_enrolled(one) for one in heads])


async def must_not_be_suspended(person_id: int | None) -> None:
    """Before a link opens a page: whoever had an authenticator needs one that is in use. None is nobody.

    Raises:
        AuthenticatorEnded: see there; the link stays as it was.
    """
    if person_id is not None and await renewal_needed(person_id) and not await is_enrolled(person_id):
        raise AuthenticatorEnded


async def renewal_needed(person_id: int) -> bool:
    """Answer whether a person had an authenticator before, so that a new one takes two people."""
    return await Factor.filter(person_id=person_id, enrolled_at__isnull=False).exists()


async def _renewal(plant_id: int, person_id: int, now: dt.datetime) -> Proposal | None:
    rows = await Proposal.filter(
        plant_id=plant_id,
        act=RENEW,
        state=proposals.DONE,
        used_at__isnull=True,
        decided_at__gt=now - RENEWAL_GOOD_FOR,
    ).order_by("id")
    return next((row for row in rows if row.args.get("person_id") == person_id), None)


async def use_renewal(actor: Actor, *, by_house: bool = False) -> list[Proposal]:
    """Use up what two people allowed, when the actor had an authenticator before; the rows that changed.

    ``by_house``: the link came from the command line, which needs no two people only where there are none.

    Raises:
        NeedsRenewal: an authenticator was there before, and no two people agreed to a new one within a day.
    """
    if not await renewal_needed(actor.identity):
        return []
    now = current().now
    row = await _renewal(actor.plant_id, actor.identity, now)
    if row is None and by_house and not await _two_can(actor.plant_id, but=actor.identity):
        return []
    if row is None or not await Proposal.filter(id=row.id, used_at__isnull=True).update(used_at=now):
        raise NeedsRenewal
    row.used_at = now
    return [row]


async def may_renew(actor: Actor, person: people.PersonFacts) -> None:
    """Before an enrolment link is made for somebody: whoever had an authenticator needs two people first.

    The command line does without them only where there are none.

    Raises:
        RenewalFirst: they have not agreed yet.
    """
    if not await renewal_needed(person.id) or await _renewal(actor.plant_id, person.id, clock.now()):
        return
    if not actor.is_system or await _two_can(actor.plant_id, but=person.id):
        raise RenewalFirst(name=person.printed_name)


async def waiting_renewal(plant_id: int, person_id: int) -> str | None:
    """Answer the number of what was asked for a person's new authenticator and waits for a head, if anything."""
    found = await proposals.waiting_proposals(plant_id)
    asked = (one for one in found if one.act == RENEW and one.args.get("person_id") == person_id)
    return next((one.number for one in asked), None)


proposals.proposable(RENEW, lines=_renew_lines, perform=_renew)
proposals.proposable(GRANT, lines=_role_lines, perform=_grant)
proposals.proposable(WITHDRAW, lines=_role_lines, perform=_withdraw)
