"""/sessions: where I am signed in on pages, each to be ended with a tap."""

from __future__ import annotations

from core import people
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Outgoing
from handlers.text import mark

DOORS = {
    "admin": mark("admin page"),
    "chat": mark("phone page"),
    "code": mark("phone page, waiting for the code"),
    "sign": mark("signing page"),
}
SHOWN = 8


async def _show(talk: Talk) -> None:
    _ = talk.translate
    rows = await people.sessions_of(talk.actor, talk.actor.identity)
    if not rows:
        await talk.say(_("You are signed in on no page."))
        return
    await talk.reply(
        Outgoing(
            head=_("You are signed in here ({n})").format(n=len(rows)),
            facts=tuple((_(DOORS[one.door]), talk.moment(one.seen_at)) for one in rows[:SHOWN]),
            hint=_(
                "The time is when it was last used. End what you do not know, and tell the administrator."
            ),
            buttons=tuple(
                (
                    talk.button(
                        _("End: {door} · {time}").format(
                            door=_(DOORS[one.door]), time=talk.moment(one.seen_at)
                        ),
                        Action.SESSION_END,
                        one.id,
                    ),
                )
                for one in rows[:SHOWN]
            ),
        )
    )


@commands("sessions", "登录", "登录情况")
async def sessions(talk: Talk, _said: str) -> None:
    """/sessions: the own open sessions."""
    await _show(talk)


@taps(Action.SESSION_END)
async def _end(talk: Talk, tap: Tap) -> None:
    await people.end_session(talk.actor, tap.object_id)
    await _show(talk)
