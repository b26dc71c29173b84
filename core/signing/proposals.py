"""Acts of two people: an administrator asks, a head signs. Neither does it alone, whatever door they come through.

``proposable`` registers such an act once; its consequence runs in the unit of the second person's signature.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from core import ledger, notices, people
from core.kit import canonical, clock
from core.kit.actor import Actor
from core.kit.numbering import next_number
from core.kit.permission import Level, Module
from core.kit.plain_text import checked
from core.kit.refusal import NotFound, NotPermitted
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import acts
from core.signing.errors import ProposalOver
from core.signing.models import Proposal
from core.signing.table import says
from core.signing.terms import Args, Fact, Meaning, Part, ProposalFacts, Shown, Signed

GOOD_FOR = dt.timedelta(days=7)
LONGEST_REASON = 500
WAITING, DONE, WITHDRAWN = "waiting", "done", "withdrawn"
HEADS = (people.Role.MANAGER, people.Role.SITE_HEAD)
Lines = Callable[[Actor, Args], Awaitable[tuple[Fact, ...]]]
Perform = Callable[[Actor, Args, Signed], Awaitable[object]]


@dataclass(frozen=True, kw_only=True)
class Proposable:
    """What the second person reads (``title`` is the act's name in the table), and what happens when they sign."""

    title: str
    lines: Lines
    perform: Perform


PROPOSABLE: dict[str, Proposable] = {}


def proposable(code: str, *, lines: Lines, perform: Perform) -> None:
    """Register an act of two people; ``lines`` may refuse what cannot be done."""
    PROPOSABLE[code] = Proposable(title=says(code), lines=lines, perform=perform)
    acts.act(code, describe=_describer(code), perform=_performer(code), meaning=Meaning.APPROVED)


def must_be_signed(actor: Actor, signed: Signed | None) -> None:
    """Only the system itself, or a person's own signature of a proposal, gets past here.

    Raises:
        NotPermitted: a person without that signature.
    """
    own = signed is not None and signed.signature_id is not None and signed.person_id == actor.person_id
    if not actor.is_system and not own:
        raise NotPermitted


@verb(Module.PEOPLE, Level.ADMINISTER, Kind.SIGN_PROPOSE)
async def propose(actor: Actor, code: str, args: Args, reason: str) -> ProposalFacts:
    """Ask for something that a second person must sign; every head of the plant is told.

    Raises:
        NotFound: there is no such act of two people.
        Empty, TooLong: the reason.
        Refusal: what the act itself refuses.
    """
    known = PROPOSABLE.get(code)
    if known is None:
        raise NotFound(what=code[:60])
    why = checked(reason, limit=LONGEST_REASON)
    plain = cast("Args", canonical.plain(args))
    await known.lines(actor, plain)
    row = await Proposal.create(
        number=await next_number(actor.plant_id, "PR"),
        plant_id=actor.plant_id,
        act=code,
        args=plain,
        reason=why,
        state=WAITING,
        asked_by=actor.identity,
        asked_at=current().now,
    )
    await ledger.append(
        Kind.SIGN_PROPOSE,
        actor,
        rows=[row],
        facts={"proposal": row.number, "act": code, "args": plain},
        reason=why,
    )
    for role in HEADS:
        for head in await people.persons(actor.plant_id, role=role.value):
            await notices.tell(
                actor,
                "signing:proposal",
                person_id=head.id,
                facts={"proposal_id": row.id, "number": row.number, "title": known.title, "by": actor.name},
            )
    return facts_of(row)


async def _waiting(actor: Actor, args: Args, code: str, *, lock: bool = False) -> Proposal:
    if not set(HEADS) & actor.roles:
        raise NotPermitted
    wanted = Proposal.filter(id=int(str(args.get("id", 0))), plant_id=actor.plant_id, act=code)
    row = await (wanted.select_for_update() if lock else wanted).first()
    if row is None:
        raise NotFound(what=f"#{args.get('id')}")
    if row.state != WAITING or current().now >= row.asked_at + GOOD_FOR:
        raise ProposalOver(number=row.number)
    return row


def _describer(code: str) -> acts.Describe:
    async def describe(actor: Actor, args: Args) -> Shown:
        row = await _waiting(actor, args, code)
        asker = await people.person(row.asked_by)
        return Shown(
            subject_kind="proposal",
            subject_number=row.number,
            revision=1,
            title=PROPOSABLE[code].title,
            facts=(
                *await PROPOSABLE[code].lines(actor, row.args),
                Fact("Asked for by", asker.printed_name),
                Fact("Reason", row.reason),
            ),
            involved=((Part.ASKER, row.asked_by),),
        )

    return describe


def _performer(code: str) -> acts.Perform:
    async def perform(actor: Actor, args: Args, signed: Signed) -> object:
        return await decide(actor, code, args, signed)

    return perform


@verb(Module.SIGNING, Level.WORK, Kind.SIGN_DECIDE)
async def decide(actor: Actor, code: str, args: Args, signed: Signed) -> object:
    """Carry out what two people want; runs in the unit of the second one's signature.

    Raises:
        NotPermitted, NotFound, ProposalOver: it is not the actor's to decide now.
        Refusal: what the act itself refuses.
    """
    must_be_signed(actor, signed)
    row = await _waiting(
        actor, args, code, lock=True
    )  # of two heads at once one decides, the other finds it over
    row.state, row.decided_by, row.decided_at = DONE, actor.identity, current().now
    row.signature_id = signed.signature_id
    await row.save(update_fields=["state", "decided_by", "decided_at", "signature_id"])
    await ledger.append(
        Kind.SIGN_DECIDE,
        actor,
        rows=[row],
        facts={"proposal": row.number, "act": code, "asked_by": row.asked_by, "signature": row.signature_id},
    )
    return await PROPOSABLE[code].perform(actor, row.args, signed)


@verb(Module.SIGNING, Level.WORK, Kind.SIGN_DECIDE)
async def withdraw(actor: Actor, proposal_id: int) -> None:
    """Put a proposal aside: whoever asked, or a head who does not agree.

    Raises:
        NotFound: no such proposal that waits.
        NotPermitted: neither the asker nor a head.
    """
    waiting = Proposal.filter(id=proposal_id, plant_id=actor.plant_id, state=WAITING)
    row = await waiting.select_for_update().first()
    if row is None:
        raise NotFound(what=f"#{proposal_id}")
    if actor.identity != row.asked_by and not set(HEADS) & actor.roles:
        raise NotPermitted
    row.state, row.decided_by, row.decided_at = WITHDRAWN, actor.identity, current().now
    await row.save(update_fields=["state", "decided_by", "decided_at"])
    await ledger.append(
        Kind.SIGN_DECIDE, actor, rows=[row], facts={"proposal": row.number, "act": row.act, "withdrawn": True}
    )


def facts_of(row: Proposal) -> ProposalFacts:
    """Answer a proposal's row as facts."""
    return ProposalFacts(
        id=row.id,
        number=row.number,
        act=row.act,
        title=PROPOSABLE[row.act].title,
        args=row.args,
        reason=row.reason,
        state=row.state,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        expires_at=row.asked_at + GOOD_FOR,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


async def proposals_of(plant_id: int, *, limit: int = 50) -> list[ProposalFacts]:
    """Answer what was asked of two people at a plant, newest first."""
    return [facts_of(row) for row in await Proposal.filter(plant_id=plant_id).order_by("-id").limit(limit)]


async def waiting_proposals(plant_id: int) -> list[ProposalFacts]:
    """Answer what waits for a second person's signature at a plant now, the next to expire first."""
    since = clock.utc(clock.now() - GOOD_FOR)
    rows = Proposal.filter(plant_id=plant_id, state=WAITING, asked_at__gt=since)
    return [facts_of(row) for row in await rows.order_by("id")]


async def proposal(actor: Actor, proposal_id: int) -> ProposalFacts:
    """Answer one proposal of the actor's plant.

    Raises:
        NotFound: there is none.
    """
    row = await Proposal.get_or_none(id=proposal_id, plant_id=actor.plant_id)
    if row is None:
        raise NotFound(what=f"#{proposal_id}")
    return facts_of(row)
