"""Witnesses: who keeps checkpoints outside, what they vouched for, the own acknowledgement, comparing a kept copy."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from core import ledger, people, witness
from core.kit import Level, Module, Permission, Refusal
from core.ledger import Comparison
from core.witness import Look, NothingSealed
from handlers import text
from handlers.web import showing
from handlers.web.asking import Asked, key_of
from handlers.witness import words

CHANNELS = ("telegram", "wecom")


async def _look(asked: Asked) -> Look | None:
    """What the reader may acknowledge, when named as a witness."""
    if not await witness.is_witness(asked.actor):
        return None
    try:
        return await witness.look(asked.actor)
    except NothingSealed:
        return None


async def _show(asked: Asked, **more: Any) -> web.StreamResponse:
    plant = asked.actor.plant_id
    persons = await people.everyone(asked.actor)
    found = await witness.witnesses(plant)
    facts: dict[str, Any] = {
        "checkpoint": await ledger.latest_checkpoint(),
        "short": ledger.short_form,
        "stamp": await witness.last_stamp(),
        "tail": await witness.unwitnessed(plant),
        "enough": witness.ENOUGH,
        "look": await _look(asked),
        "witnesses": found,
        "last": {one.id: await witness.last_acknowledged(one.person_id) for one in found if one.person_id},
        "keys": await witness.keys(plant),
        "newest": await witness.newest(asked.actor),
        "persons": [one for one in persons if one.active],
        "names": {one.id: one.printed_name for one in persons},
        "organisations": {one.id: one for one in await people.organisations_for(asked.actor)},
        "channels": CHANNELS,
        "may_administer": asked.actor.may(Permission(Module.PEOPLE, Level.ADMINISTER)),
        "said": None,
        "trouble": "",
        "kept": "",
    }
    return showing.shown(asked, "witness.html", **{**facts, **more})


async def listed(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Everything about witnesses."""
    return await _show(asked)


async def compare(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Hold a pasted checkpoint to the log; the answer stands above the form."""
    given = form.get("kept", "")
    try:
        found: Comparison = await witness.hold_against(asked.actor, given)
    except Refusal as refusal:
        return await _show(asked, trouble=text.said(refusal, asked.actor.locale), kept=given)
    _ = asked.translate
    return await _show(
        asked, said=(found.verdict.consistent, words.verdict(found, _), words.signature(found, _))
    )


async def acknowledge(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Put the reader's name to the checkpoint that the form shows."""
    await witness.acknowledge(asked.actor, key_of(form, "size"), form.get("digits", "")[:64])
    return await _show(asked)


async def name(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Name a person, or a chat of an organisation, as a witness."""
    if form.get("person"):
        await witness.name_person(asked.actor, key_of(form, "person"))
    else:
        await witness.name_chat(
            asked.actor, key_of(form, "organisation"), form.get("channel", ""), form.get("chat", "")
        )
    return await _show(asked)


async def end(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Relieve a witness, or retire a key, with the reason."""
    reason = form.get("reason", "")
    if form.get("key"):
        await witness.retire_key(asked.actor, key_of(form, "key"), reason)
    else:
        await witness.relieve(asked.actor, key_of(form, "witness"), reason)
    return await _show(asked)


async def key(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Register the public key of a witness script."""
    await witness.register_key(asked.actor, key_of(form, "organisation"), form.get("line", ""))
    return await _show(asked)
