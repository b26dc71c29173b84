"""The first screen and what hangs on it: tasks, own reports, language, help, the door to the admin page.

/start → home → report | tasks | trace | my reports | language | signing code | admin page
"""

from __future__ import annotations

from core import anomalies, capa, drafts, people
from core.kit import Level, Module, NotPermitted, Permission
from handlers.chat import cards, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.cards import Reader
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing
from handlers.chat.waiting import waiting

SHOWN = 8


def reader_of(talk: Talk) -> Reader:
    """The reader of this chat's cards."""
    return Reader(actor=talk.actor, press=talk.press)


@commands("start", "开始", "菜单", "menu", "start", "你好", "hello", "hi")
async def start(talk: Talk, _said: str) -> None:
    """Show the first screen."""
    dialogue = await drafts.running(talk.incoming.channel, talk.incoming.chat_ref)
    found = await waiting(reader_of(talk))
    await talk.reply(cards.home(reader_of(talk), draft=dialogue is not None, waiting=len(found)))


@taps(Action.HOME)
async def _home(talk: Talk, _tap: Tap) -> None:
    await start(talk, "")


@commands("help", "帮助", "help", "?", "？")
async def helped(talk: Talk, _said: str) -> None:
    """Say what can be done here, then show the first screen."""
    _ = talk.translate
    await talk.reply(
        Outgoing(
            head=_("What you can do here"),
            body=_(
                "Tap a button, or type a lot number to trace it, or a case number such as AN-2026-000123 to open it. "
                "/back goes one question back, /cancel stops without recording anything."
            ),
            buttons=((reader_of(talk).button(_("Menu"), Action.HOME, 0),),),
        )
    )


@commands("cancel", "取消", "cancel")
async def cancel(talk: Talk, _said: str) -> None:
    """/cancel while nothing runs."""
    _ = talk.translate
    await talk.say(
        _("Nothing is running, so there is nothing to stop. Send /start for the menu."),
        buttons=((talk.button(_("Menu"), Action.HOME, 0),),),
    )


@commands("back", "返回", "back")
async def back(talk: Talk, _said: str) -> None:
    """/back while nothing runs."""
    await cancel(talk, "")


@taps(Action.CONTINUE)
async def _continue(talk: Talk, _tap: Tap) -> None:
    dialogue = await drafts.running(talk.incoming.channel, talk.incoming.chat_ref)
    if dialogue is None:
        await start(talk, "")
        return
    await form.ask(talk, dialogue)


@taps(Action.TASKS)
async def _tasks(talk: Talk, tap: Tap) -> None:
    """A screenful of what waits, from the ``argument``-th on; the last button turns the page."""
    _ = talk.translate
    found = await waiting(reader_of(talk))
    if not found:
        await talk.say(_("Nothing waits for you. Well done."))
        return
    await talk.viewed("own tasks")
    start = tap.argument if tap.argument < len(found) else 0
    shown = found[start : start + SHOWN]
    rows = [(one,) for one in shown]
    after = start + len(shown)
    if len(found) > SHOWN:
        label = _("Next ▶") if after < len(found) else _("⏮ From the first")
        turned = after if after < len(found) else 0
        rows.append((reader_of(talk).button(label, Action.TASKS, 0, argument=turned),))
    place = _("{first} to {last} of {n}").format(first=start + 1, last=after, n=len(found))
    await talk.reply(
        Outgoing(head=_("Waiting for you"), hint=place if len(found) > SHOWN else "", buttons=tuple(rows))
    )


@taps(Action.MY_REPORTS)
async def _mine(talk: Talk, _tap: Tap) -> None:
    _ = talk.translate
    reader = reader_of(talk)
    reports = await anomalies.reported_by(talk.actor.identity, limit=SHOWN)
    if not reports:
        await talk.say(_("You have not reported anything yet. Tap “Report” when you see something odd."))
        return
    await talk.viewed("own reports")
    await talk.reply(
        Outgoing(
            head=_("Your latest reports"),
            facts=tuple((one.number, cards.stage_line(one, _)) for one in reports),
            buttons=tuple((reader.button(one.number, Action.CASE, one.id),) for one in reports),
        )
    )


async def show_case(talk: Talk, case: int | str) -> None:
    """Show a case as it stands now, with the buttons that are this reader's."""
    anomaly = await anomalies.get(talk.actor, case)
    await talk.reply(await cards.case_card(reader_of(talk), anomaly, photos=True))


async def _open(talk: Talk, case: int | str) -> None:
    found = await anomalies.get(talk.actor, case)
    await talk.viewed(f"case {found.number}", case=found.number)
    await show_case(talk, found.id)


@taps(Action.CASE)
async def _case(talk: Talk, tap: Tap) -> None:
    await _open(talk, tap.object_id)


@commands("case")
async def case(talk: Talk, said: str) -> None:
    """/case AN-2026-000123, or the bare number of an anomaly or its CAPA."""
    await _open(talk, await capa.case_of(talk.actor, said) if said.startswith("CA-") else said)


@taps(Action.LANGUAGE)
async def _language(talk: Talk, _tap: Tap) -> None:
    other = "en" if talk.actor.locale == "zh_CN" else "zh_CN"
    await people.choose_locale(talk.actor, other)
    changed = await people.actor_of(talk.actor.identity, talk.actor.channel)
    if changed is not None:
        talk.actor = changed
    await start(talk, "")


@taps(Action.ADMIN_DOOR)
async def _admin(talk: Talk, _tap: Tap) -> None:
    _ = talk.translate
    if not talk.actor.may(Permission(Module.RECORDS, Level.READ)):
        raise NotPermitted
    token = await people.one_time_link(talk.actor, talk.actor.identity, "admin")
    await talk.reply(
        Outgoing(
            body=_("Your door to the admin page: valid for 10 minutes, once, for you only."),
            buttons=((Button(text=_("Open the admin page"), url=f"{talk.public_url}/admin/enter#{token}"),),),
        )
    )
