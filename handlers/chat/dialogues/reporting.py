"""上报异常: reporting an anomaly by the questions of its SOP template.

Report → category → template questions (lot, quantity, when, where, between which stages, how found, risk,
what) → photos → summary → confirm → AN-2026-000123
"""

from __future__ import annotations

import datetime as dt

from core import anomalies, drafts, lots, sop
from core.kit import Level, Module, Permission, clock
from core.kit.canonical import instant_text
from core.sop import Field, TemplateFacts
from handlers import text
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.home import reader_of
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Choice, Question
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Outgoing

CATEGORY = "category"
ASKS = {
    "choice": Ask.CHOICE,
    "text": Ask.TEXT,
    "number": Ask.QUANTITY,
    "quantity": Ask.QUANTITY,
    "datetime": Ask.WHEN,
    "lot": Ask.LOT,
    "photos": Ask.PHOTOS,
    "partner": Ask.CHOICE,
    "stage": Ask.CHOICE,
    "person": Ask.CHOICE,
}


async def _offers(talk: Talk, field: Field) -> tuple[Choice, ...]:
    """Quick answers to typed questions: the last-used and newest lots, the usual moments."""
    _ = talk.translate
    if field.type == "lot":
        used = await drafts.last_used(talk.actor.identity, "lot")
        recent = [one.number for one in await lots.recent(talk.actor, limit=4)]
        numbers = list(dict.fromkeys([*used, *recent]))[:5]
        return tuple(Choice(value=number, label=number) for number in numbers)
    if field.type == "datetime":
        now = clock.now().replace(second=0, microsecond=0)
        moments = ((_("Just now"), 0), (_("Half an hour ago"), 30), (_("2 hours ago"), 120))
        return tuple(
            Choice(value=instant_text(now - dt.timedelta(minutes=back)), label=label)
            for label, back in moments
        )
    if field.key in ("place", "partner"):
        used = await drafts.last_used(talk.actor.identity, field.key)
        return tuple(Choice(value=one, label=one) for one in used)
    return ()


async def question_of(talk: Talk, field: Field) -> Question:
    """A template field as a question in the reader's language."""
    locale = talk.actor.locale
    choices = await sop.choices_of(talk.actor, field, locale)
    return Question(
        key=field.key,
        ask=ASKS[field.type],
        text=field.label_in(locale),
        hint=field.help_in(locale),
        required=field.required,
        choices=flows.choices(choices),
        offers=await _offers(talk, field),
        limit=field.limit or 2000,
        least=field.photos_min,
        most=field.photos_max,
    )


@flow
class Report:
    """Category first, then its template."""

    name = "report"

    async def title(self, talk: Talk, context: Answers) -> str:
        """What the dialogue is about."""
        _ = talk.translate
        return _("Report an anomaly")

    async def template(self, talk: Talk, answers: Answers) -> TemplateFacts | None:
        """The template in force for the chosen category."""
        category = answers.get(CATEGORY)
        return None if category is None else await sop.current_template(talk.actor.plant_id, str(category))

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """The category, then every field of the template."""
        _ = talk.translate
        known = await sop.categories(talk.actor.plant_id)
        asked = [
            Question(
                key=CATEGORY,
                ask=Ask.CHOICE,
                text=_("What is it about?"),
                choices=flows.choices(
                    [(one.code, anomalies.category_name(one.code, talk.actor.locale)) for one in known]
                ),
            )
        ]
        template = await self.template(talk, answers)
        if template is not None:
            asked += [await question_of(talk, field) for field in sop.asked(template.fields, answers)]
        return asked

    async def check(self, talk: Talk, context: Answers, answers: Answers, key: str, value: object) -> None:
        """Refuse more affected pieces than the lot has, whichever of the two is answered later."""
        now = {**answers, key: value}
        if key in ("lot", "quantity") and now.get("lot") and now.get("quantity"):
            anomalies.check_affected(await lots.find(talk.actor, str(now["lot"])), str(now["quantity"]))

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Record the anomaly and give its number back."""
        _ = talk.translate
        template = await self.template(talk, answers)
        if template is None:
            await form.begin(talk, self.name)
            return
        photos_key = next((one.key for one in template.fields if one.type == "photos"), "photos")
        photos = answers.get(photos_key)
        given = {key: value for key, value in answers.items() if key not in (CATEGORY, photos_key)}
        made = await anomalies.report(
            talk.actor,
            template_id=template.id,
            answers=given,
            evidence_ids=[int(one) for one in photos] if isinstance(photos, list) else [],
            channel=talk.incoming.channel,
        )
        for name in ("lot", "place", "partner"):
            if given.get(name):
                await drafts.remember(talk.actor.identity, name, str(given[name]))
        await talk.reply(
            Outgoing(
                head=_("✅ {number} is recorded").format(number=made.number),
                body=_("The responsible person has been alerted. You will hear here what becomes of it."),
                facts=((_("Reported at"), text.exact(made.reported_at, talk.actor.timezone)),),
                buttons=((reader_of(talk).button(_("See the case"), Action.CASE, made.id),),),
            )
        )


@taps(Action.REPORT)
async def _tapped(talk: Talk, _tap: Tap) -> None:
    await report(talk, "")


@commands("report", "上报", "上报异常", "report", "异常")
async def report(talk: Talk, _said: str) -> None:
    """/report."""
    talk.actor.must(Permission(Module.ANOMALIES, Level.REPORT))
    await form.begin(talk, Report.name)
