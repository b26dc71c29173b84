"""Acts of two people: an administrator asks here, a head signs in the chat; what waits is seen by all who may."""

from __future__ import annotations

from aiohttp import web

from core import ledger, people, signing
from core.kit import Level, Malformed, Module, Permission, clock
from core.people import Role
from core.signing import ProposalFacts
from handlers.web import showing, words
from handlers.web.asking import Asked, key_of

SHOWN = 50


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """What waits for a second person, what was decided, and for administrators the forms to ask."""
    actor = asked.actor
    persons = await people.everyone(actor)
    names = {one.id: one.printed_name for one in persons}
    waiting = await signing.waiting_proposals(actor.plant_id)
    open_ids = {one.id for one in waiting}
    rows = [one for one in await signing.proposals_of(actor.plant_id, limit=SHOWN) if one.id not in open_ids]
    former = await ledger.keys_of_log()
    keys = {one.line for one in former}
    standing = [one.line for one in former if one.retired_at is None]
    return showing.shown(
        asked,
        "two_people.html",
        waiting=waiting,
        rows=rows,
        states={one.id: _state(one) for one in rows},
        about={one.id: _about(asked, one, names) for one in (*waiting, *rows)},
        names=names,
        mine={one.id for one in waiting if _may_put_aside(asked, one)},
        may_ask=actor.may(Permission(Module.PEOPLE, Level.ADMINISTER)),
        others=[one for one in persons if one.active and one.id != actor.person_id],
        roles={role.value: role.says for role in Role},
        acts=sorted(words.ACTS),
        levels=[one.value for one in signing.CHOICES],
        new_keys=[one for one in ledger.keys_here() if one not in keys],
        old_keys=standing if len(standing) > 1 else [],
    )


def _state(one: ProposalFacts) -> str:
    """How it ended; one that nobody signed within its week has expired."""
    return "expired" if one.state == "waiting" and clock.now() >= one.expires_at else one.state


def _may_put_aside(asked: Asked, one: ProposalFacts) -> bool:
    return one.asked_by == asked.actor.person_id or bool(set(signing.HEADS) & asked.actor.roles)


def _about(asked: Asked, one: ProposalFacts, names: dict[int, str]) -> list[tuple[str, str]]:
    """What was asked for, in words: person, role, act, level, key."""
    _, args = asked.translate, one.args
    lines = []
    if "person_id" in args:
        lines.append((_("Person"), names.get(int(str(args["person_id"])), "–")))
    if "role" in args:
        lines.append((_("Role"), _(Role(str(args["role"])).says)))
    if "act" in args:
        lines.append((_("Signed act"), _(words.of("act", str(args["act"])))))
    if "level" in args:
        lines.append((_("New level"), str(args["level"])))
    if "line" in args:
        lines.append((_("Ledger key"), str(args["line"])))
    return lines


async def ask(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Ask for something that a second person must sign; the heads are told in the chat.

    Raises:
        Malformed: there is no such act of two people.
    """
    act = form.get("act", "")
    if act in ("people:role:grant", "people:role:withdraw"):
        args: dict[str, object] = {"person_id": key_of(form, "person"), "role": form.get("role", "")[:40]}
    elif act == "signing:factor:renew":
        args = {"person_id": key_of(form, "person")}
    elif act == "signing:policy:set":
        args = {"act": form.get("signed_act", "")[:60], "level": form.get("level", "")[:4]}
    elif act in ("ledger:key:adopt", "ledger:key:retire"):
        args = {"line": form.get("line", "")[:255]}
    else:
        raise Malformed(field="act", why=act[:40])
    await signing.propose(asked.actor, act, args, form.get("reason", ""))
    return showing.elsewhere("/admin/two-people")


async def put_aside(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Put something aside that waits: whoever asked, or a head who does not agree."""
    await signing.withdraw_proposal(asked.actor, key_of(form, "proposal"))
    return showing.elsewhere("/admin/two-people")


async def signatures(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """How each act is signed here, since when and by whose signature; who signs for whom, and how far."""
    persons = await people.everyone(asked.actor)
    now = clock.now()
    given = await signing.every_delegation(asked.actor.plant_id)
    return showing.shown(
        asked,
        "signing.html",
        lines=await signing.level_lines(asked.actor.plant_id),
        delegations=given,
        live={one.id for one in given if one.live(now)},
        coming={one.id for one in given if one.ended_at is None and one.since > now},
        names={one.id: one.printed_name for one in persons},
    )
