"""Forms of planners and administrators: an act with its fields, done, or asked again with what was wrong."""

from __future__ import annotations

from dataclasses import replace

from aiohttp import web

from core.kit import NotFound, NotPermitted, Refusal
from handlers import text
from handlers.web import showing
from handlers.web.acts import ACTS
from handlers.web.acts.filled import Act, Filled, NotSure
from handlers.web.asking import Asked


def _act(asked: Asked) -> Act:
    name = asked.request.match_info["act"]
    if name not in ACTS:
        raise NotFound(what=name[:40])
    asked.actor.must(ACTS[name].needs)
    return ACTS[name]


async def shown(asked: Asked, _form: dict[str, str]) -> web.StreamResponse:
    """The form; the address may say what is known already, such as which order."""
    act = _act(asked)
    known = {key: value[:200] for key, value in asked.request.query.items()}
    return await _page(asked, act, Filled(actor=asked.actor, form=known))


async def done(asked: Asked, form: dict[str, str]) -> web.StreamResponse:
    """Do it and lead to what came of it; else the form once more, with what was filled in and why not."""
    act = _act(asked)
    filled = Filled(actor=asked.actor, form=form)
    try:
        if act.sure and form.get("sure") != "1":
            raise NotSure
        place = await act.do(filled)
    except NotPermitted:
        raise
    except Refusal as why:
        return await _page(asked, act, filled, status=422, wrong=text.said(why, asked.actor.locale))
    return showing.elsewhere(place)


async def _page(
    asked: Asked, act: Act, filled: Filled, *, status: int = 200, wrong: str = ""
) -> web.Response:
    inputs = [replace(one, value=filled.form.get(one.name, one.value)) for one in await act.inputs(filled)]
    return showing.shown(asked, "act.html", status=status, act=act, inputs=inputs, wrong=wrong)
