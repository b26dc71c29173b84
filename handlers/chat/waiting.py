"""Everything that waits for a person, as buttons, the most urgent first: signatures to give again, then cases."""

from __future__ import annotations

import dataclasses

from core import anomalies, capa, signing
from core.kit import Level, Module
from handlers.chat import cards
from handlers.chat.actions import Action
from handlers.chat.reader import Reader
from handlers.chat.vocabulary import Button


async def waiting(reader: Reader) -> list[Button]:
    """What waits for this reader; each button is one tap from the signature or the case."""
    able = dataclasses.replace(reader, actor=await signing.with_lent_rights(reader.actor))
    return [*await signatures_again(able), *await _cases(reader, able)]


async def signatures_again(able: Reader) -> list[Button]:
    """Signatures of this person that stand no more and can be given again now: one tap shows what to sign."""
    _ = able.translate
    found = [
        able.button(
            _("✍ Sign again: grade {grade} · {number}").format(grade=one.grade, number=one.number),
            Action.GRADE_SIGN,
            one.id,
            revision=one.revision,
        )
        for one in await anomalies.grades_to_sign_again(able.actor)
    ]
    for one, held in await anomalies.containments_to_sign_again(able.actor):
        label = _("✍ Sign again: containment · {number}").format(number=one.number)
        action = Action.CONTAINED if held else Action.CASE
        found.append(able.button(label, action, one.id, revision=one.revision if held else 0))
    return found + [
        able.button(
            _("✍ Approve again: plan · {number}").format(number=plan.case_number),
            Action.PLAN_APPROVE,
            plan.id,
            revision=plan.revision,
        )
        for plan in await capa.plans_to_approve_again(able.actor)
    ]


async def _cases(reader: Reader, able: Reader) -> list[Button]:
    own = reader.actor.identity
    found: dict[int, str] = {}
    for anomaly in await anomalies.open_for(own):
        found.setdefault(
            anomaly.id, f"{cards.GRADE_MARKS[anomaly.grade or anomaly.proposed_grade]} {anomaly.number}"
        )
    for action in await capa.open_actions_for(own):
        one = await capa.get(reader.actor, action.capa_id)
        found.setdefault(one.anomaly_id, f"🔧 {action.case_number} · {action.text[:18]}")
    for one in await capa.owned_by(own):
        if one.state == "implementing" and not one.open_action_count:
            found.setdefault(one.anomaly_id, f"✍ {one.case_number}")
    if able.may(Module.CAPA, Level.APPROVE):
        for one in await capa.to_decide(able.actor):
            found.setdefault(one.anomaly_id, f"✍ {one.case_number}")
    if able.may(Module.ANOMALIES, Level.APPROVE):
        for anomaly in await anomalies.lower_waiting(able.actor):
            found.setdefault(anomaly.id, f"✍ {anomaly.number}")
    return [reader.button(label, Action.CASE, case) for case, label in found.items()]
