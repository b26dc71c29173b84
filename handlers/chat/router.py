"""From an update to the dialogue it belongs to.

stranger → invite?      button → dialogue step | registered tap      command → registered command
code + check word → signature      running dialogue → its answer
checkpoint → comparison      lot or case number → card      else → help
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from core import drafts, labels, ledger, lots, notices, people, signing
from core.kit import Actor, Level, Module, Permission, Refusal, clock, measures, system, unit_of_work
from core.kit.measures import Measure
from handlers import text
from handlers.chat import codes, form
from handlers.chat.actions import Action
from handlers.chat.buttons import ButtonPress, ForgedButton, OldButton, Tap
from handlers.chat.talk import REPLY, Talk
from handlers.chat.vocabulary import Came, FetchFailed, Incoming, Outgoing

Tapped = Callable[[Talk, Tap], Awaitable[None]]
Commanded = Callable[[Talk, str], Awaitable[None]]
TAPS: dict[Action, Tapped] = {}
COMMANDS: dict[str, Commanded] = {}
WORDS: dict[str, str] = {}
"""Plain words that mean a command, so that nobody must know the slash."""
_CASE = re.compile(r"(?i)^\s*((?:AN|CA)-\d{4}-\d{6})\s*$")
_INVITE = re.compile(r"(?:^|#)([A-Za-z0-9_-]{27})$")
LONGEST = 4000


class NothingToUse(Refusal):
    """A sticker, a voice note or another thing that no dialogue understands."""

    says = "I cannot use this kind of message. Please send text, a photo, or tap a button."


class FileTooLarge(Refusal):
    """The messenger does not give out files of this size."""

    says = "This file is too large. Please send one below {limit} MB, or a photo of it."


class FileLost(Refusal):
    """The messenger no longer has the file."""

    says = "The messenger did not give me this file. Please send it once more."


class MessageTooLong(Refusal):
    """More text than any question takes."""

    says = (
        "That is {length} characters; {limit} are the most one message takes. Please send the essential part."
    )


class NoDialogue(Refusal):
    """A photo came while no question waits for one, and it shows no label."""

    says = (
        "I find no label code that I can read in this photo. Go closer, or type the lot number. "
        "To report with a photo, tap “Report” first."
    )


def taps(*actions: Action) -> Callable[[Tapped], Tapped]:
    """Register what a button does."""

    def keep(call: Tapped) -> Tapped:
        for action in actions:
            TAPS[action] = call
        return call

    return keep


def commands(name: str, *words: str) -> Callable[[Commanded], Commanded]:
    """Register a slash command and the plain words that mean the same."""

    def keep(call: Commanded) -> Commanded:
        COMMANDS[name] = call
        WORDS.update({word.casefold(): name for word in words})
        return call

    return keep


ASKED_OF = frozenset({"sensor", "trace"})
"""Commands whose word may be followed by what they are asked of: “传感器 COLD-1”."""


def unfetchable(failed: FetchFailed, limit: int) -> Refusal:
    """Turn the messenger's "no" to a file into our sentence."""
    return FileTooLarge(limit=limit // 1_000_000) if failed.too_large else FileLost()


async def looks_for_codes(incoming: Incoming) -> bool:
    """Whether a photo that came now may be of a label: nothing runs, or the dialogue asks for a lot."""
    dialogue = await drafts.running(incoming.channel, incoming.chat_ref)
    return dialogue is None or dialogue.step == form.LOT


async def confirmed_file(actor: Actor, incoming: Incoming, press: ButtonPress) -> str:
    """The place of the file that what came now confirms, so that it is at hand before anything opens; "" for none."""
    if incoming.came not in (Came.BUTTON, Came.TEXT):
        return ""
    dialogue = await drafts.running(incoming.channel, incoming.chat_ref)
    if dialogue is None or form.FILE not in dialogue.context:
        return ""
    tap = None
    if incoming.came is Came.BUTTON:
        try:
            tap = press.read(incoming.data, person_id=actor.identity)
        except (ForgedButton, OldButton):
            return ""
    return str(dialogue.context[form.FILE]) if form.confirms(dialogue, tap, incoming.text) else ""


async def foretell(actor: Actor, incoming: Incoming) -> None:
    """Say that a file is being brought in; the answer that follows takes its place while nobody has read it."""
    _ = text.translator(actor.locale)
    async with unit_of_work():
        await notices.tell(
            actor,
            REPLY,
            channel=incoming.channel,
            chat_ref=incoming.chat_ref,
            facts={"reader": actor.person_id},
            payload=Outgoing(body=_("⏳ Being brought in …")).to_payload(),
            priority=notices.Priority.REPLY,
            replaces_key=form.progress_key(incoming),
        )


async def route(talk: Talk) -> None:
    """Hand an update of a known person to where it belongs.

    Raises:
        Refusal: why it has no effect; the door says it.
    """
    came, said = talk.incoming.came, talk.incoming.text
    if len(said) > LONGEST:
        raise MessageTooLong(length=len(said), limit=LONGEST)
    dialogue = await drafts.running(talk.incoming.channel, talk.incoming.chat_ref)
    if came is Came.BUTTON:
        await _button(talk, dialogue)
        return
    if came is Came.TEXT and await _code(talk, said, busy=dialogue is not None):
        return
    if came is Came.TEXT and ledger.is_pasted(said):
        await COMMANDS["verify"](talk, said)
        return
    if came is Came.FILE and (dialogue is None or form.FILE in dialogue.context):
        await COMMANDS["file"](talk, "")
        return
    command = _command(talk, busy=dialogue is not None)
    if command == "cancel" and dialogue is not None:
        await form.cancel(talk, dialogue)
    elif command == "back" and dialogue is not None:
        await form.back(talk, dialogue)
    elif command is not None:
        await COMMANDS[command](talk, said.partition(" ")[2].strip())
    elif dialogue is not None:
        await form.answered(talk, dialogue)
    else:
        await _unprompted(talk)


async def _button(talk: Talk, dialogue: drafts.Dialogue | None) -> None:
    _ = talk.translate
    try:
        tap = talk.press.read(talk.incoming.data, person_id=talk.actor.identity)
    except (ForgedButton, OldButton) as refused:
        reason = "expired" if isinstance(refused, OldButton) else "forged"
        measures.say(Measure.CALLBACK_REJECTED, label=reason)
        raise
    talk.tap = tap
    if tap.action == Action.DIALOGUE:
        if dialogue is None:
            measures.say(Measure.CALLBACK_REJECTED, label="stale")
            await talk.say(_("This dialogue is finished already. Send /start to see what is open."))
            return
        await form.tapped(talk, dialogue)
        return
    handler = TAPS.get(Action(tap.action)) if tap.action in set(Action) else None
    if handler is None:
        await talk.say(_("This button is from an older version. Send /start to see what is open."))
        return
    await handler(talk, tap)


def _command(talk: Talk, *, busy: bool) -> str | None:
    said = talk.incoming.text.strip()
    if talk.incoming.came is Came.COMMAND:
        name = said.removeprefix("/").split(maxsplit=1)[0].split("@")[0].lower() if said != "/" else ""
        return name if name in COMMANDS else "help"
    if talk.incoming.came is Came.TEXT and not busy:
        first = WORDS.get(said.casefold().split(maxsplit=1)[0]) if said else None
        return WORDS.get(said.casefold()) or (first if first in ASKED_OF else None)
    if talk.incoming.came is Came.TEXT and WORDS.get(said.casefold()) in ("cancel", "back"):
        return WORDS[said.casefold()]
    return None


async def _code(talk: Talk, said: str, *, busy: bool) -> bool:
    """Take a code out of the chat whether or not something waits for it; answers whether it was one.

    A dialogue that runs asks for something itself, which may look like a code; so may a lot's number. While
    something waits for a signature, what looks like its answer never reaches the dialogue, nor its draft; a PIN
    sent along with it does not stay in the chat either.
    """
    _ = talk.translate
    pinned = codes.with_pin(said)
    lacking = pinned or codes.is_alone(said)
    if not lacking and not codes.has_word(said):
        return False
    waiting = await signing.waiting(talk.actor.identity, talk.incoming.channel, talk.incoming.chat_ref)
    if waiting is not None and not lacking:
        await COMMANDS["sign"](talk, said)
        return True
    over = waiting is None or waiting.expires_at <= clock.now()
    if over and (busy or (waiting is None and (pinned or await _is_lot(talk, said)))):
        return False
    await talk.remove_incoming()
    if waiting is None:
        await talk.say(
            _("Nothing waits for your signature here, so this code was taken out of the chat.")
            if talk.capabilities.removes_incoming
            else _("Nothing waits for your signature here. Please delete this code from the chat yourself.")
        )
        return True
    asked = (
        _(
            "Your PIN belongs on the signing page only, never in the chat. Here, please send a fresh code and the "
            "word, like: 739214 {word}"
        )
        if pinned
        else _("The word {word} is missing. Please send a fresh code with it, like: 739214 {word}")
    )
    await talk.say(
        asked.format(word=waiting.check_word),
        hint=_("If it was your answer to my question: tap “Do not sign” first, then send it again.")
        if busy
        else "",
    )
    return True


async def _is_lot(talk: Talk, said: str) -> bool:
    if not talk.actor.may(Permission(Module.LOTS, Level.READ)):
        return False
    try:
        await lots.find(talk.actor, said)
    except lots.LotUnknown:
        return False
    return True


async def _unprompted(talk: Talk) -> None:
    if talk.incoming.came is Came.PHOTO:
        if isinstance(talk.received, Refusal):
            raise talk.received
        if not talk.codes:
            raise NoDialogue
        await COMMANDS["label"](talk, "")
        return
    if talk.incoming.came is not Came.TEXT:
        raise NothingToUse
    case = _CASE.match(talk.incoming.text)
    if case:
        await COMMANDS["case"](talk, case[1].upper())
        return
    if ledger.is_short(talk.incoming.text):
        await COMMANDS["verify"](talk, talk.incoming.text)
        return
    if talk.actor.may(Permission(Module.LOTS, Level.READ)) and labels.may_be(talk.incoming.text):
        await COMMANDS["label"](talk, talk.incoming.text)
        return
    if 3 <= len(talk.incoming.text.strip()) <= 40:  # noqa: PLR2004  a lot number's length
        with contextlib.suppress(lots.LotUnknown):
            found = await lots.find(talk.actor, talk.incoming.text)
            await COMMANDS["trace"](talk, found.number)
            return
    await COMMANDS["help"](talk, "")


async def refuse(talk: Talk, refusal: Refusal) -> None:
    """Say a refusal, then show again what the person was at, so that nobody is left without a next step."""
    dialogue = await drafts.running(talk.incoming.channel, talk.incoming.chat_ref)
    sentence = text.said(refusal, talk.actor.locale)
    wrote_code = talk.incoming.came is Came.TEXT and codes.has_word(talk.incoming.text)
    if wrote_code:
        await talk.remove_incoming()
    if dialogue is not None and not wrote_code:
        await form.ask(talk, dialogue, trouble=f"⚠ {sentence}")
        return
    await talk.say(f"⚠ {sentence}")


async def stranger(incoming: Incoming, correlation: str) -> None:
    """Answer an account that belongs to nobody: an invite is accepted, anything else gets one plain sentence."""
    token = _invite_token(incoming)
    locale = "zh_CN" if (incoming.language or "zh").startswith("zh") else "en"
    _ = text.translator(locale)
    sentence = _(
        "This chat is not connected to anyone yet. Ask your administrator for an invitation link and open it here."
    )
    plant_id = 0
    if token:
        try:
            async with unit_of_work():
                actor = await people.accept_invite(
                    incoming.channel, incoming.account, incoming.chat_ref, token, correlation=correlation
                )
        except Refusal as refusal:
            sentence = text.said(refusal, locale)
        else:
            _ = text.translator(actor.locale)
            plant_id = actor.plant_id
            sentence = _("Welcome, {name}! This chat is now yours. Send /start to begin.").format(
                name=actor.name
            )
    await notices.tell(
        replace(system(plant_id, channel=incoming.channel), correlation=correlation),
        REPLY,
        channel=incoming.channel,
        chat_ref=incoming.chat_ref,
        payload=Outgoing(body=sentence).to_payload(),
        priority=notices.Priority.REPLY,
        replaces_key=f"stranger:{incoming.channel}:{incoming.chat_ref}" if plant_id == 0 else None,
    )


def _invite_token(incoming: Incoming) -> str | None:
    """The invitation in what a stranger sent: behind /start, at the end of a link, or bare, as people copy it."""
    if incoming.came not in (Came.COMMAND, Came.TEXT):
        return None
    said = incoming.text.strip()
    if said.startswith("/start "):
        return said.removeprefix("/start ").strip() or None
    found = _INVITE.search(said)
    return found[1] if found else None


async def apologise(channel: str, chat_ref: str, correlation: str) -> None:
    """Tell a chat that its message was set aside because of a fault of ours."""
    _ = await _reader(channel, chat_ref)
    body = _(
        "Something went wrong on our side. Your message is kept; please tell your administrator this number: {id}"
    )
    await _reply(channel, chat_ref, body.format(id=correlation))


async def ask_patience(channel: str, chat_ref: str) -> None:
    """Tell a chat, once, that its message waits because something outside is out of order."""
    _ = await _reader(channel, chat_ref)
    await _reply(
        channel,
        chat_ref,
        _(
            "I have your message. Something I need cannot be reached just now; I go on by myself, nothing to do for you."
        ),
    )


async def _reader(channel: str, chat_ref: str) -> text.Translate:
    """The words of whoever reads this chat; the language of the installation while nobody is known."""
    actor = await people.actor_for(channel, chat_ref)
    return text.translator(actor.locale if actor is not None else text.DEFAULT)


async def _reply(channel: str, chat_ref: str, body: str) -> None:
    async with unit_of_work():
        await notices.tell(
            system(0, channel=channel),
            REPLY,
            channel=channel,
            chat_ref=chat_ref,
            payload=Outgoing(body=body).to_payload(),
            priority=notices.Priority.REPLY,
        )
