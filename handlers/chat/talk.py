"""One update in hand: who sent it, what came, and how to answer. Everything a dialogue may reach."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import notices, people
from core.evidence import Received
from core.kit import Actor, Refusal, current
from core.labels import Carrier
from handlers import text
from handlers.chat.buttons import ButtonPress, Tap
from handlers.chat.vocabulary import Button, Capabilities, Incoming, Outgoing

REPLY = "chat:reply"
REMOVE = "chat:remove"
DOUBLE_TAP = dt.timedelta(seconds=10)
"""Within this time the same look twice is one: a button tapped twice, a number sent again."""


@dataclass(kw_only=True)
class Talk:
    """The context of one update. ``received`` is the picture or file, already checked, or why it was refused.

    ``content`` is what a file holds that was just sent, or that what came now confirms; then ``sealed`` is that file.
    ``codes`` are what was read in the picture where a label could be meant, or why nothing could.
    """

    actor: Actor
    incoming: Incoming
    press: ButtonPress
    capabilities: Capabilities
    public_url: str = ""
    tap: Tap | None = None
    received: Received | Refusal | None = None
    codes: tuple[Carrier, ...] | Refusal = ()
    content: bytes | None = None
    sealed: Received | None = None

    @property
    def translate(self) -> text.Translate:
        """The reader's language."""
        return text.translator(self.actor.locale)

    def moment(self, value: dt.datetime) -> str:
        """An instant on the reader's wall clock."""
        return text.moment(value, self.actor.timezone)

    def button(
        self, label: str, action: int, object_id: int, *, revision: int = 0, argument: int = 0
    ) -> Button:
        """Make a button that only this reader can press."""
        return Button(
            text=label,
            data=self.press.token(
                action=int(action),
                object_id=object_id,
                person_id=self.actor.identity,
                revision=revision,
                argument=argument,
            ),
        )

    async def reply(
        self,
        outgoing: Outgoing,
        *,
        replaces: str | None = None,
        edits: int | None = None,
        after: dt.timedelta | None = None,
    ) -> int:
        """Leave an answer for this chat in the outbox; ``after`` lets quick successors replace it."""
        return await notices.tell(
            self.actor,
            REPLY,
            channel=self.incoming.channel,
            chat_ref=self.incoming.chat_ref,
            facts={"reader": self.actor.person_id},
            payload=outgoing.to_payload(),
            priority=notices.Priority.REPLY,
            due_at=current().now + after if after else None,
            replaces_key=replaces,
            edits_id=edits,
        )

    async def later(self, kind: str, facts: dict[str, object]) -> int:
        """Leave an answer for this chat whose words are made when it is carried out."""
        return await notices.tell(
            self.actor,
            kind,
            person_id=self.actor.identity,
            channel=self.incoming.channel,
            chat_ref=self.incoming.chat_ref,
            facts=facts,
            priority=notices.Priority.REPLY,
        )

    async def say(
        self, sentence: str, *, hint: str = "", buttons: tuple[tuple[Button, ...], ...] = ()
    ) -> int:
        """Answer with one sentence."""
        return await self.reply(Outgoing(body=sentence, hint=hint, buttons=buttons))

    async def viewed(self, subject: str, *, case: str | None = None) -> None:
        """Record that this person opened a record; a card that answers their own act or alerts them is none."""
        await people.log_access(self.actor, self.incoming.channel, subject, case=case, once_in=DOUBLE_TAP)

    async def remove_incoming(self) -> None:
        """Take the person's own message out of the chat, where the messenger allows it."""
        if self.incoming.message_ref is None or not self.capabilities.removes_incoming:
            return
        await notices.tell(
            self.actor,
            REMOVE,
            channel=self.incoming.channel,
            chat_ref=self.incoming.chat_ref,
            payload={"remove": self.incoming.message_ref},
            priority=notices.Priority.CRITICAL,
        )
