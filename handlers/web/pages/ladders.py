"""Setting the next version of an escalation ladder: who after how long, who has to acknowledge, when that expires."""

from __future__ import annotations

from aiohttp import web

from core import escalation
from core.escalation import Step
from core.kit import Malformed
from handlers.tiers import TIERS
from handlers.web import showing
from handlers.web.asking import Asked

DIGITS = 6


def number_of(form: dict[str, str], name: str) -> int | None:
    """A form's field that is a number; None when it is empty.

    Raises:
        Malformed: it is none.
    """
    said = form.get(name, "").strip()
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= DIGITS):
        raise Malformed(field=name, why=said[:20])
    return int(said)


async def change(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Set a grade's ladder; a tier without minutes is left out, tier 1 is told at once.

    Raises:
        Malformed: a field that is no number.
    """
    waits = {tier: 0 if tier == 1 else number_of(form, f"wait{tier}") for tier in TIERS}
    await escalation.set_policy(
        asked.actor,
        form.get("grade", ""),
        tuple(Step(tier=tier, after_minutes=wait) for tier, wait in waits.items() if wait is not None),
        form.get("reason", ""),
        acks=tuple(tier for tier in TIERS if form.get(f"ack{tier}")),
        people=number_of(form, "people"),
        progress_minutes=number_of(form, "progress"),
        repeat_minutes=number_of(form, "repeat"),
    )
    return showing.elsewhere("/admin/policies")
