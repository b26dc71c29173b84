"""Records about the records: who looked, the ledger's state, templates, policies."""

from __future__ import annotations

from aiohttp import web

from core import anomalies, escalation, ledger, people, sop
from handlers.web import showing
from handlers.web.asking import Asked
from handlers.web.rooms import ROOMS


async def access(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Who looked at what, newest first."""
    page = await people.accesses(
        asked.actor, case=asked.query("case", 40) or None, after=asked.number("after")
    )
    return showing.shown(
        asked,
        "access.html",
        rows=page.rows,
        names={one.id: one.printed_name for one in await people.everyone(asked.actor)},
        next_link=None if page.next_key is None else f"?after={page.next_key}",
    )


async def ledger_page(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Size, root and checkpoint of the ledger, the public key, and how to verify."""
    return showing.shown(
        asked,
        "ledger.html",
        checkpoint=await ledger.latest_checkpoint(),
        entries=await ledger.entry_count(),
        lag=await ledger.seal_lag_seconds(),
        keys=asked.request.app[ROOMS].verifier_lines,
    )


async def templates(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Every version of every SOP template."""
    return showing.shown(
        asked,
        "templates.html",
        rows=await sop.templates(asked.actor.plant_id),
        category_name=anomalies.category_name,
    )


async def policies(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """The escalation ladders and the grading rules in force."""
    ladders = [await escalation.policy_for(asked.actor.plant_id, grade) for grade in ("A", "B", "C")]
    return showing.shown(
        asked, "policies.html", ladders=ladders, rules=await anomalies.rules_for(asked.actor.plant_id)
    )
