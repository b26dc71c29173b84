"""Giving and withdrawing delegations: a signed record of the delegator, no chains, an end date always."""

from __future__ import annotations

import datetime as dt

from core import ledger, notices, people
from core.kit import canonical, clock
from core.kit.actor import Actor
from core.kit.numbering import next_number
from core.kit.permission import Level, Module, Permission
from core.kit.plain_text import checked
from core.kit.refusal import Malformed, NotFound, NotPermitted
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import acts, delegation, standing
from core.signing.delegation import DelegationFacts
from core.signing.models import Delegation
from core.signing.table import says
from core.signing.terms import Args, Fact, Meaning, Shown, Signed

GIVE = "signing:delegation:give"
LONGEST_REASON = 500


def facts_of(row: Delegation) -> DelegationFacts:
    """Answer a delegation's row as facts."""
    return DelegationFacts(
        id=row.id,
        number=row.number,
        plant_id=row.plant_id,
        delegator_id=row.delegator_id,
        delegate_id=row.delegate_id,
        acts=tuple(row.acts),
        categories=tuple(row.categories),
        worst_grade=row.worst_grade,
        since=row.since,
        until=row.until,
        reason=row.reason,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        ended_reason=row.ended_reason,
    )


def _instant(args: Args, name: str, default: dt.datetime | None = None) -> dt.datetime:
    said = args.get(name)
    if not said and default is not None:
        return default
    try:
        read = dt.datetime.fromisoformat(str(said))
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise Malformed(field=name, why=str(said)[:40])
    return clock.utc(read)


def _texts(args: Args, name: str) -> tuple[str, ...]:
    said = args.get(name) or []
    if not isinstance(said, list):
        raise Malformed(field=name, why=str(said)[:40])
    return tuple(sorted({str(one)[:60] for one in said}))


async def _wanted(actor: Actor, args: Args) -> Delegation:
    """Read what is asked for into a row that is not written yet.

    Raises:
        NotFound, Malformed, Empty: no such person of the plant, or the words are no delegation.
        NotDelegable, DelegationPeriod, DelegationMismatch: it must not stand.
    """
    actor.must(Permission(Module.SIGNING, Level.WORK))
    now = current().now
    delegate = await people.person_for(actor, int(str(args.get("delegate_id") or 0)))
    if not delegate.active:
        raise NotFound(what=delegate.printed_name)
    row = Delegation(
        plant_id=actor.plant_id,
        delegator_id=actor.identity,
        delegate_id=delegate.id,
        acts=list(_texts(args, "acts")),
        categories=list(_texts(args, "categories")),
        worst_grade=str(args.get("worst_grade") or "") or None,
        since=_instant(args, "since", now),
        until=_instant(args, "until"),
        reason=checked(str(args.get("reason") or ""), limit=LONGEST_REASON),
    )
    delegation.may_give(
        delegator=await standing.hand(actor.identity),
        delegate=await standing.hand(delegate.id),
        same_house=delegate.organisation_id == actor.organisation_id,
        acts=tuple(row.acts),
        worst_grade=row.worst_grade,
        since=row.since,
        until=row.until,
        now=now,
    )
    return row


async def _describe(actor: Actor, args: Args) -> Shown:
    row = await _wanted(actor, args)
    delegate = await people.person(row.delegate_id)
    until = canonical.instant_text(row.until)
    return Shown(
        subject_kind="delegation",
        subject_number=f"{row.delegator_id}-{row.delegate_id}-{until[:10]}",
        revision=1 + await Delegation.filter(delegator_id=row.delegator_id).count(),
        title=says(GIVE),
        facts=(
            Fact("Delegate", delegate.printed_name),
            Fact("Signed acts", ", ".join(row.acts) or "*"),
            Fact("Categories", ", ".join(row.categories) or "*"),
            Fact("Gravest grade", row.worst_grade or "A"),
            *((Fact("Since", canonical.instant_text(row.since)),) if args.get("since") else ()),
            Fact("Until", until),
            Fact("Reason", row.reason),
        ),
    )


async def _perform(actor: Actor, args: Args, signed: Signed) -> object:
    return await give(actor, args, signed)


@verb(Module.SIGNING, Level.WORK, Kind.DELEGATION_GIVE)
async def give(actor: Actor, args: Args, signed: Signed) -> DelegationFacts:
    """Write down a delegation behind the delegator's own signature, and tell the delegate.

    Raises:
        NotPermitted: the signature is not the delegator's own.
        NotFound, Malformed, Empty, NotDelegable, DelegationPeriod, DelegationMismatch: it must not stand.
    """
    if signed.signature_id is None or signed.person_id != actor.person_id:
        raise NotPermitted
    row = await _wanted(actor, args)
    row.number = await next_number(actor.plant_id, "DG")
    row.signature_id = signed.signature_id
    await row.save()
    await ledger.append(
        Kind.DELEGATION_GIVE,
        actor,
        rows=[row],
        facts={
            "delegation": row.number,
            "delegate": row.delegate_id,
            "acts": row.acts,
            "categories": row.categories,
            "worst_grade": row.worst_grade,
            "since": row.since,
            "until": row.until,
            "signature": row.signature_id,
        },
        reason=row.reason,
    )
    await _tell(actor, row, row.delegate_id, "given")
    return facts_of(row)


async def _tell(actor: Actor, row: Delegation, person_id: int, what: str) -> None:
    await notices.tell(
        actor,
        "signing:delegation",
        person_id=person_id,
        facts={
            "delegation_id": row.id,
            "what": what,
            "by": actor.name,
            "until": canonical.instant_text(row.until),
        },
    )


@verb(Module.SIGNING, Level.WORK, Kind.DELEGATION_END)
async def withdraw(actor: Actor, delegation_id: int, reason: str) -> DelegationFacts:
    """End a delegation now: the delegator, the delegate, an administrator or a manager. The other is told.

    Raises:
        NotFound: no such delegation of the plant that still stands.
        NotPermitted: none of those people.
        Empty, TooLong: the reason.
    """
    row = (
        await Delegation.filter(id=delegation_id, plant_id=actor.plant_id, ended_at__isnull=True)
        .select_for_update()
        .first()
    )
    if row is None:
        raise NotFound(what=f"#{delegation_id}")
    party = actor.identity in (row.delegator_id, row.delegate_id)
    if not (
        party or actor.may(Permission(Module.PEOPLE, Level.ADMINISTER)) or people.Role.MANAGER in actor.roles
    ):
        raise NotPermitted
    row.ended_at, row.ended_by = current().now, actor.identity
    row.ended_reason = checked(reason, limit=LONGEST_REASON)
    await row.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    await ledger.append(
        Kind.DELEGATION_END,
        actor,
        rows=[row],
        facts={"delegation": row.number, "delegate": row.delegate_id, "delegator": row.delegator_id},
        reason=row.ended_reason,
    )
    for told in {row.delegator_id, row.delegate_id} - {actor.identity}:
        await _tell(actor, row, told, "ended")
    return facts_of(row)


async def delegations_of(person_id: int) -> list[DelegationFacts]:
    """Answer the standing delegations that a person gave or holds, the next to end first."""
    now = clock.now()
    standing_ones = Delegation.filter(ended_at__isnull=True, until__gt=now).order_by("until")
    rows = [
        *await standing_ones.filter(delegator_id=person_id),
        *await standing_ones.filter(delegate_id=person_id),
    ]
    return [facts_of(row) for row in rows]


async def every_delegation(plant_id: int, *, limit: int = 200) -> list[DelegationFacts]:
    """Answer the delegations of a plant, ended ones too, the newest first."""
    rows = await Delegation.filter(plant_id=plant_id).order_by("-id").limit(limit)
    return [facts_of(row) for row in rows]


acts.act(GIVE, describe=_describe, perform=_perform, meaning=Meaning.AUTHORED)
