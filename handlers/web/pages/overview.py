"""The first page: the pulse of the six stages, what is overdue, the newest cases."""

from __future__ import annotations

import re

from aiohttp import web

from core import anomalies, capa, lots, people, signing, witness
from core.anomalies import Stage
from core.kit import Actor, clock
from handlers.text import mark
from handlers.web import showing
from handlers.web.asking import Asked
from handlers.web.pages import cases
from handlers.web.rooms import ROOMS

BACK = re.compile(r"/admin(/[A-Za-z0-9_%.~\-/]*)?(\?[A-Za-z0-9_%.~\-=&+]*)?")
"""Pages of this view, and nothing that could lead elsewhere."""
N_GRADE, N_CONTAINMENT, N_PLAN = mark("Grade"), mark("Containment"), mark("CAPA plan")


async def overview(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Counts by stage, overdue, holds, the oldest, what is due next, the newest cases."""
    counts = await anomalies.counts(asked.actor)
    stages = [(stage, sum(counts[state] for state in cases.open_states(stage.position))) for stage in Stage]
    newest = await anomalies.page(asked.actor, size=6)
    return showing.shown(
        asked,
        "overview.html",
        stages=stages,
        most=max(1, *(count for _stage, count in stages)),
        overdue=await anomalies.overdue_count(asked.actor),
        holds=await lots.undecided_for(asked.actor),
        oldest=await anomalies.oldest_open(asked.actor),
        pressing=await anomalies.pressing(asked.actor),
        now=clock.now(),
        again=await _signed_once(asked.actor),
        tail=await witness.unwitnessed(asked.actor.plant_id),
        limits=asked.request.app[ROOMS].witness_limits,
        too_long=witness.too_long,
        closed=counts["closed"],
        rows=newest.rows,
        stage_of=anomalies.stage_of,
        category_name=anomalies.category_name,
    )


async def _signed_once(actor: Actor) -> list[tuple[str, str]]:
    """What this person signed, changed since, and can be signed again: a word and the case."""
    able = await signing.with_lent_rights(actor)
    return [
        *((N_GRADE, one.number) for one in await anomalies.grades_to_sign_again(able)),
        *((N_CONTAINMENT, one.number) for one, _held in await anomalies.containments_to_sign_again(able)),
        *((N_PLAN, one.case_number) for one in await capa.plans_to_approve_again(able)),
    ]


async def language(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Show the same page in the language asked for, and all others from now on."""
    await people.choose_locale(asked.actor, form.get("locale", ""))
    back = form.get("back", "")
    return showing.elsewhere(back if BACK.fullmatch(back) else "/admin")
