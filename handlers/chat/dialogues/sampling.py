"""封样: a golden or limit sample made with its photos, then put in force by somebody else's signature.

/sample → product, kind, code, title, what it shows, photos → made        /samples → one that waits → signature
"""

from __future__ import annotations

from core import inspections, products
from core.inspections import NewSample, SampleFacts, SampleKind
from core.kit import Level, Module, Permission
from handlers.chat import flows, form
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.dialogues.signing_codes import begin_signing
from handlers.chat.flows import Answers, flow
from handlers.chat.question import Ask, Question
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Outgoing

LISTED = 8
WORK = Permission(Module.LOTS, Level.WORK)
APPROVE = Permission(Module.LOTS, Level.APPROVE)


def _name(one: SampleFacts) -> str:
    return f"{one.code} · {one.version} · {one.title}"


@flow
class Make:
    """A sample is made: what it is of, what it shows, and its pictures."""

    name = "sample_make"

    async def title(self, talk: Talk, context: Answers) -> str:
        """What this is about."""
        return talk.translate("Make a reference sample")

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """Of which product, which kind, which code, its title, what it shows, photos."""
        _ = talk.translate
        locale = talk.actor.locale
        known = await products.products(talk.actor)
        kinds = flows.choices([(one.value, _(one.says)) for one in SampleKind])
        return [
            Question(
                key="product",
                ask=Ask.CHOICE,
                text=_("Of which product?"),
                choices=flows.choices([(one.code, one.name(locale)) for one in known]),
            ),
            Question(key="kind", ask=Ask.CHOICE, text=_("What kind of sample is it?"), choices=kinds),
            Question(
                key="code",
                ask=Ask.TEXT,
                text=_("Which code does it bear? The same code again makes the next version."),
                limit=40,
            ),
            Question(key="title", ask=Ask.TEXT, text=_("What is it called?"), limit=120),
            Question(key="shows", ask=Ask.TEXT, text=_("What does it show?"), limit=500),
            Question(key="photos", ask=Ask.PHOTOS, text=_("Send its photos."), least=1),
        ]

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Make it."""
        _ = talk.translate
        listed = answers.get("photos")
        made = await inspections.make_sample(
            talk.actor,
            NewSample(
                product=str(answers["product"]),
                code=str(answers["code"]),
                kind=SampleKind(str(answers["kind"])),
                title=str(answers["title"]),
                shows=str(answers["shows"]),
                evidence_ids=tuple(int(one) for one in listed) if isinstance(listed, list) else (),
            ),
        )
        await talk.say(
            _(
                "Sample {name} is made. It is in force once somebody else has signed it under /samples."
            ).format(name=_name(made))
        )


@commands("sample", "封样", "sample")
async def sample(talk: Talk, _said: str) -> None:
    """/sample: make one."""
    talk.actor.must(WORK)
    await form.begin(talk, Make.name)


@commands("samples", "样件", "samples")
async def samples(talk: Talk, _said: str) -> None:
    """/samples: those that wait for a signature."""
    _ = talk.translate
    talk.actor.must(APPROVE)
    waiting = await inspections.unsigned_samples(talk.actor, LISTED)
    if not waiting:
        await talk.say(_("No reference sample waits for a signature."))
        return
    rows = tuple((talk.button(_name(one), Action.SAMPLE_SIGN, one.id),) for one in waiting)
    await talk.reply(Outgoing(head=_("Reference samples that wait for a signature"), buttons=rows))


@taps(Action.SAMPLE_SIGN)
async def _sign(talk: Talk, tap: Tap) -> None:
    await begin_signing(talk, inspections.ACT, {"sample_id": tap.object_id})
