"""How a person wants to be reached: set by themselves in the chat, or by an administrator with a reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import ledger, notices
from core.kit import Actor, Level, Module, Permission, clock, verb
from core.ledger import Kind
from core.people import queries
from core.people.contact import Contact, Hours, rules_from_json
from core.people.models import ContactWish, Person
from core.people.roles import given, locked

CHANNELS = frozenset({"telegram", "wecom", queries.BROWSER})
_ADMINISTER = Permission(Module.PEOPLE, Level.ADMINISTER)


def _contact(row: ContactWish | None) -> Contact:
    if row is None:
        return Contact()
    quiet = None
    if row.quiet_begins is not None and row.quiet_ends is not None:
        quiet = Hours(begins=row.quiet_begins, ends=row.quiet_ends)
    return Contact(
        rules=rules_from_json(row.rules), quiet=quiet, digest=row.digest, prove_minutes=row.prove_minutes
    )


def _written(contact: Contact) -> dict[str, object]:
    quiet = contact.quiet
    return {
        "rules": contact.rules_to_json(),
        "quiet_begins": None if quiet is None else quiet.begins,
        "quiet_ends": None if quiet is None else quiet.ends,
        "digest": contact.digest,
        "prove_minutes": contact.prove_minutes,
    }


@verb(None, None, Kind.PERSON_CONTACT)
async def set_contact(actor: Actor, person_id: int, contact: Contact, *, reason: str = "") -> None:
    """Set how a person is reached; they themselves need no reason, an administrator of their plant does.

    Raises:
        NotPermitted, NotFound: somebody else's, without the right.
        NeedsReason: somebody else's, and no reason was given.
        ContactUnclear: the wishes cannot be followed.
    """
    why = None
    if person_id != actor.person_id:
        actor.must(_ADMINISTER)
        why = given(reason)
    contact.must_be_clear(CHANNELS)
    await locked(actor, person_id)
    row = await ContactWish.get_or_none(person_id=person_id)
    before, after = _written(_contact(row)), _written(contact)
    if row is None:
        row = ContactWish(person_id=person_id)
    row.update_from_dict(after)
    await row.save()
    await ledger.append(
        Kind.PERSON_CONTACT,
        actor,
        rows=[row],
        reason=why,
        before=before,
        facts={"person": person_id, **after},
    )
    await notices.due_now(person_id)


async def contact_of(person_id: int) -> Contact:
    """How a person wants to be reached."""
    return _contact(await ContactWish.get_or_none(person_id=person_id))


async def channels_of(person_id: int) -> list[str]:
    """The channels a person has, in the order in which they joined; the phone page is always there."""
    return [channel for channel, _chat in await queries.addresses(person_id)]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Where a person is told now, best first; until when lesser news must wait; when a proof is wanted."""

    addresses: tuple[tuple[str, str], ...]
    quiet_until: dt.datetime | None
    prove_minutes: int | None


async def reach(person_id: int, *, grade: str | None) -> Reach:
    """How a person is reached at this moment for something of a grade."""
    contact = await contact_of(person_id)
    person = await Person.get(id=person_id)
    local = clock.in_zone(clock.now(), person.timezone)
    known = dict(await queries.addresses(person_id))
    order = contact.order(list(known), grade=grade, minute=local.hour * 60 + local.minute)
    return Reach(
        addresses=tuple((channel, known[channel]) for channel in order),
        quiet_until=contact.quiet_until(local),
        prove_minutes=contact.prove_minutes,
    )
