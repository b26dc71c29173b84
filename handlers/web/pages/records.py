"""Records about the records: who looked, the ledger's state, templates, policies."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from aiohttp import web

from core import anomalies, escalation, ledger, people, sop
from core.kit import Level, Module, Permission
from handlers.web import showing, words
from handlers.web.asking import Asked
from handlers.web.rooms import ROOMS


async def access(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Who looked at what, newest first."""
    case = asked.query("case", 40).strip() or None
    page = await people.accesses(asked.actor, case=case, after=asked.number("after"))
    kept = {name: value for name, value in (("case", case), ("after", page.next_key)) if value}
    return showing.shown(
        asked,
        "access.html",
        rows=page.rows,
        viewed=lambda subject: words.viewed(subject, asked.translate),
        case=case,
        quote=quote,
        names={one.id: one.printed_name for one in await people.everyone(asked.actor)},
        next_link=None if page.next_key is None else "?" + urlencode(kept),
    )


async def ledger_page(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """Size, root and checkpoint of the ledger, the public key, and how to verify."""
    return showing.shown(
        asked,
        "ledger.html",
        checkpoint=await ledger.latest_checkpoint(),
        entries=await ledger.entry_count(),
        lag=await ledger.seal_lag_seconds(),
        keys=await key_lines(asked),
    )


async def key_lines(asked: Asked) -> tuple[str, ...]:
    """The public keys of the log: those that sign, then those that signed before."""
    former = [one.line for one in await ledger.keys_of_log()]
    return tuple(dict.fromkeys([*asked.request.app[ROOMS].verifier_lines, *former]))


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
    rules = await anomalies.rules_for(asked.actor.plant_id)
    return showing.shown(
        asked,
        "policies.html",
        ladders=ladders,
        waits={one.grade: {step.tier: step.after_minutes for step in one.steps} for one in ladders},
        rules=rules,
        always_a=[anomalies.OVERRIDE_WORDS[one] for one in rules.overrides_a],
        tiers=words.TIERS,
        may_set=asked.actor.may(Permission(Module.ESCALATION, Level.CONFIGURE)),
        category_name=anomalies.category_name,
    )
