"""Witnessing in the chat: what I saw last, what the log is now, the proof between; and checking a kept checkpoint.

checkpoint message → Witness → proof → I witness this      pasted checkpoint | /verify → verdict      /cosign → kept
"""

from __future__ import annotations

from core import ledger, people, witness
from core.kit import Level, Module, NotFound, Permission
from core.ledger import Pasted
from handlers import text
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Outgoing
from handlers.witness import words


@commands("witness", "见证", "witness")
async def looked(talk: Talk, _said: str) -> None:
    """Show what this person witnessed last and the present checkpoint, the proof between them checked."""
    _ = talk.translate
    look = await witness.look(talk.actor)
    present, last = look.present, look.last
    facts = [(_("Now"), ledger.short_form(present.size, present.root))]
    if last is not None:
        facts.insert(0, (_("You witnessed last"), ledger.short_form(last.size, last.root)))
    if not look.consistent:
        head = _("✘ The log does NOT continue what you witnessed. Keep your copy; the auditor has been told.")
        await talk.reply(Outgoing(head=head, facts=tuple(facts)))
        return
    if not look.news:
        head = _("✔ You have witnessed everything that is sealed: {n} entries.").format(n=present.size)
        await talk.reply(Outgoing(head=head, facts=tuple(facts)))
        return
    if last is None:
        head = _("The log has {n} entries. This would be the first that you witness.").format(n=present.size)
    else:
        head = _("✔ Proven: the {n} entries of now begin with the {old} that you witnessed.").format(
            n=present.size, old=last.size
        )
    button = talk.button(
        _("👁 I witness {n} entries").format(n=present.size),
        Action.WITNESS_NOW,
        present.size,
        revision=int(present.root[:4], 16),
        argument=int(present.root[4:8], 16),
    )
    await talk.reply(
        Outgoing(
            head=head,
            facts=tuple(facts),
            hint=_("Your name and organisation are recorded with this size and root."),
            buttons=((button,),),
        )
    )


@taps(Action.WITNESS)
async def _look(talk: Talk, _tap: Tap) -> None:
    await looked(talk, "")


@taps(Action.WITNESS_NOW)
async def _acknowledge(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    made = await witness.acknowledge(talk.actor, tap.object_id, f"{tap.revision:04x}{tap.argument:04x}")
    home = (await people.organisation(made.organisation_id)).name(talk.actor.locale)
    await talk.reply(
        Outgoing(
            head=_("✔ Witnessed: {n} entries").format(n=made.size),
            facts=(
                (_("Checkpoint"), ledger.short_form(made.size, made.root)),
                (_("By"), f"{talk.actor.name} · {home}"),
                (_("At"), text.exact(made.at, talk.actor.timezone)),
            ),
            hint=_("Keep the message with the checkpoint: up to there nothing can be changed unnoticed."),
        )
    )


@commands("witnesses", "见证人")
async def named(talk: Talk, _said: str) -> None:
    """For administrators: /witnesses lists; with a name it names that person; “here CODE” names this very chat."""
    _ = talk.translate
    words_, plant = _argument(talk), talk.actor.plant_id
    talk.actor.must(Permission(Module.PEOPLE, Level.ADMINISTER))
    first, _gap, code = words_.partition(" ")
    if first.casefold() in ("here", "这里"):
        homes = {one.code.casefold(): one.id for one in await people.organisations(plant)}
        home = homes.get(code.strip().casefold())
        if home is None:
            raise NotFound(what=code.strip()[:40] or "–")
        await witness.name_chat(talk.actor, home, talk.incoming.channel, talk.incoming.chat_ref)
    elif words_:
        await witness.name_person(talk.actor, (await people.named(talk.actor, words_)).id)
    tail = await witness.unwitnessed(plant)
    organisations = {one.id: one for one in await people.organisations(plant)}
    facts = [
        (
            organisations[one.organisation_id].name(talk.actor.locale),
            f"{one.channel} {one.chat_ref}"
            if one.person_id is None
            else (await people.person(one.person_id)).printed_name,
        )
        for one in await witness.witnesses(plant)
    ]
    await talk.reply(
        Outgoing(
            head=_("Witnesses"),
            body=_("{n} entries wait for a witness.").format(n=tail.count),
            facts=tuple(facts),
            hint=_(
                "/witnesses and a name makes that person a witness. In a group chat, /witnesses here and an "
                "organisation's code makes its members witnesses."
            ),
        )
    )


def _argument(talk: Talk) -> str:
    """Everything behind the command, its line ends kept."""
    parts = talk.incoming.text.strip().split(maxsplit=1)
    return parts[1] if len(parts) > 1 else ""


@commands("verify", "核对", "verify")
async def verified(talk: Talk, said: str) -> None:
    """/verify and a checkpoint: compare it with the log. The router hands pasted checkpoints here too."""
    _ = talk.translate
    given = said if ledger.is_pasted(said) or ledger.is_short(said) else _argument(talk)
    if not given:
        await talk.say(
            _(
                "Send or forward a checkpoint that you kept: the whole message, "
                "or its size and first 8 digits, like 312:3fa94b21. I compare it with the log."
            )
        )
        return
    found = await witness.hold_against(talk.actor, given)
    taken = await _cosignatures(talk, ledger.read_pasted(given)) if found.verdict.consistent else 0
    kept = [_("{n} cosignatures of witnesses kept.").format(n=taken)] if taken else []
    await talk.reply(
        Outgoing(
            head=words.verdict(found, _),
            facts=((_("Checkpoint"), ledger.short_form(found.size, found.digits)),),
            hint=" ".join([words.signature(found, _), *kept]),
        )
    )


async def _cosignatures(talk: Talk, pasted: Pasted) -> int:
    """Keep the cosignatures that came along, if a registered witness made them."""
    if len(pasted.signatures) < 2:  # noqa: PLR2004  the first is the log's own
        return 0
    try:
        return len(await witness.cosign(talk.actor, pasted.note))
    except (witness.KeyUnknown, witness.NoCosignature):
        return 0


@commands("cosign")
async def cosigned(talk: Talk, _said: str) -> None:
    """/cosign and what the witness script printed: verify it and keep it under the checkpoint."""
    _ = talk.translate
    taken = await witness.cosign(talk.actor, _argument(talk))
    await talk.say(
        _("✔ Kept under the checkpoint of {n} entries: {count} cosignatures.").format(
            n=taken[0].size, count=len(taken)
        )
    )
