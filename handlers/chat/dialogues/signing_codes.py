"""电子签名 in the chat: the exact content, its meaning and check word; the answer is code and word.

begin → card shown (5 minutes) → "739214 K7Q2" → signed | refused with the reason | not now
"""

from __future__ import annotations

from core import people, signing
from core.kit import Level, Module, Permission
from core.signing import CeremonyFacts, Level2, SignatureFacts
from handlers import text
from handlers.chat.actions import Action
from handlers.chat.buttons import Tap
from handlers.chat.router import commands, taps
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing


async def begin_signing(talk: Talk, act: str, args: dict[str, object]) -> None:
    """Show what would be signed, or first the way to an authenticator."""
    _ = talk.translate
    if not await signing.is_enrolled(talk.actor.identity):
        await talk.say(
            _("You have no authenticator for signing yet."),
            hint=_("Ask your administrator to confirm who you are and send you the enrolment link."),
        )
        return
    ceremony = await signing.begin(
        talk.actor, act, args, channel=talk.incoming.channel, chat_ref=talk.incoming.chat_ref
    )
    await talk.reply(ceremony_card(talk, ceremony, page=await _page_if_needed(talk, ceremony.level)))


async def _page_if_needed(talk: Talk, level: Level2) -> str:
    """The address of the signing page, when the PIN must come first; else empty."""
    if level is not Level2.S3 or await signing.session_until(talk.actor.identity) is not None:
        return ""
    return await signing_page(talk)


def _address(talk: Talk) -> str:
    """Where the pages of signatures are: at the one origin at which passkeys work, where they do."""
    here = signing.site()
    return talk.public_url if here is None else here.origin


async def signing_page(talk: Talk) -> str:
    """A one-time link to the page where PIN and code are given."""
    token = await people.one_time_link(talk.actor, talk.actor.identity, "sign")
    return f"{_address(talk)}/sign#{token}"


@commands("pin", "签名")
async def pin(talk: Talk, _said: str) -> None:
    """/pin: a link to the page where PIN and code open ten minutes of signing."""
    _ = talk.translate
    talk.actor.must(Permission(Module.SIGNING, Level.WORK))
    await talk.reply(
        Outgoing(
            body=_("Your PIN and a code open ten minutes of signing. The link works once."),
            buttons=((Button(text=_("🔑 Signing page"), url=await signing_page(talk)),),),
        )
    )


def shown_lines(ceremony: CeremonyFacts | SignatureFacts, _: text.Translate) -> tuple[tuple[str, str], ...]:
    """The signed lines as the reader sees them: labels and our own words translated, values as they are."""
    return tuple(
        (_(fact.label), _(fact.value) if fact.translated else fact.value) for fact in ceremony.shown.facts
    )


def ceremony_card(talk: Talk, ceremony: CeremonyFacts, *, page: str = "") -> Outgoing:
    """Everything the signature will cover, and how to answer; ``page`` is where the PIN comes first."""
    _ = text.translator(ceremony.locale)
    shown = ceremony.shown
    head = (
        (_("Record"), f"{shown.subject_number} · {_('revision {n}').format(n=shown.revision)}"),
        *shown_lines(ceremony, _),
    )
    files = (
        ((_("Attachments"), ", ".join(one[:8] for one in shown.attachments)),) if shown.attachments else ()
    )
    signer = (
        (
            _("You sign as"),
            f"{ceremony.signer} ({', '.join(_(people.Role(role).says) for role in ceremony.roles)})",
        ),
        (_("Your signature means"), _(ceremony.meaning.says)),
        (_("Shown at"), text.offset(ceremony.created_at, ceremony.timezone)),
        (_("Valid until"), text.offset(ceremony.expires_at, ceremony.timezone)),
    )
    door = ((Button(text=_("🔑 Signing page"), url=page),),) if page else ()
    if ceremony.page_token:
        act = f"{_address(talk)}/sign/act#{ceremony.page_token}"
        door = ((Button(text=_("🔏 Sign with your passkey"), url=act),), *door)
    return Outgoing(
        head=f"✍ {_(shown.title)}",
        facts=(*head, *files, *signer),
        body="",
        code=ceremony.check_word,
        hint=_how(ceremony, _, page=page),
        buttons=(*door, (talk.button(_("Do not sign"), Action.SIGN_DROP, ceremony.id),)),
    )


def _how(ceremony: CeremonyFacts, _: text.Translate, *, page: str) -> str:
    """How to answer a shown ceremony."""
    if ceremony.level is Level2.S4:
        return _(
            "This one takes your passkey: open the page with the button (in your phone's own browser), check that it "
            "shows the word {word}, and sign there."
        ).format(word=ceremony.check_word)
    how = _("To sign, send the 6 digits of your authenticator and this word, like: 739214 {word}").format(
        word=ceremony.check_word
    )
    first = _("This one takes your PIN first: open the signing page, then come back.")
    return f"{first} {how}" if page else how


@commands("sign")
async def sign(talk: Talk, said: str) -> None:
    """The answer to a shown ceremony: code and check word."""
    _ = talk.translate
    waiting = await signing.waiting(talk.actor.identity, talk.incoming.channel, talk.incoming.chat_ref)
    answer = talk.incoming.text if talk.incoming.text and not talk.incoming.text.startswith("/") else said
    if waiting is None:
        await talk.say(_("Nothing waits for your signature here."))
        return
    done = await signing.complete(
        talk.actor, waiting.id, answer, channel=talk.incoming.channel, chat_ref=talk.incoming.chat_ref
    )
    await talk.remove_incoming()
    if done.signature is not None:
        await talk.later("signing:signed", {"signature_id": done.signature.id, "entry_id": done.entry_id})


@taps(Action.SIGN_DROP)
async def _drop(talk: Talk, tap: Tap) -> None:
    _ = talk.translate
    await signing.drop(talk.actor, tap.object_id)
    await talk.say(_("Not signed. Nothing was changed."))


@taps(Action.PROPOSAL_SIGN)
async def _proposal(talk: Talk, tap: Tap) -> None:
    found = await signing.proposal(talk.actor, tap.object_id)
    await begin_signing(talk, found.act, {"id": found.id})


@taps(Action.ENROL)
async def _enrol(talk: Talk, _tap: Tap) -> None:
    _ = talk.translate
    talk.actor.must(Permission(Module.SIGNING, Level.WORK))
    if await signing.is_enrolled(talk.actor.identity):
        await talk.say(
            _("Your authenticator is enrolled. If your phone is lost, send /lost at once."),
        )
        return
    await talk.say(
        _("You have no authenticator for signing yet."),
        hint=_("Ask your administrator to confirm who you are and send you the enrolment link."),
    )


@commands("lost", "丢失", "手机丢失")
async def lost(talk: Talk, _said: str) -> None:
    """/lost: suspend the own authenticator at once (21 CFR 11.300(c))."""
    _ = talk.translate
    await signing.suspend(talk.actor, talk.actor.identity, reason="reported lost by its owner")
    await talk.say(
        _(
            "Your authenticator is suspended; nobody can sign with it. Your administrator can send a new enrolment link."
        )
    )


@commands("enrol")
async def enrol(talk: Talk, said: str) -> None:
    """/enrol NAME: an administrator sends the one-time enrolment link to a person whose identity was checked."""
    _ = talk.translate
    talk.actor.must(Permission(Module.PEOPLE, Level.ADMINISTER))
    person = await people.named(talk.actor, said)
    try:
        await signing.may_renew(talk.actor, person)
    except signing.RenewalFirst:
        if number := await signing.waiting_renewal(talk.actor.plant_id, person.id):
            await talk.say(
                _(
                    "{number} waits for a head's signature already. Once one has signed, send /enrol again."
                ).format(number=number)
            )
            return
        await signing.propose(
            talk.actor, "signing:factor:renew", {"person_id": person.id}, _("lost or replaced authenticator")
        )
        await talk.say(
            _(
                "{name} had an authenticator before, so a second person must agree. The heads are told; "
                "once one has signed, send /enrol again."
            ).format(name=person.printed_name)
        )
        return
    token = await people.one_time_link(talk.actor, person.id, "enrol")
    await talk.reply(
        Outgoing(
            body=_(
                "Give this link to {name} in person. It shows the authenticator's QR code once, within 10 minutes."
            ).format(name=person.printed_name),
            buttons=((Button(text=_("Enrolment page"), url=f"{talk.public_url}/enrol#{token}"),),),
        )
    )
