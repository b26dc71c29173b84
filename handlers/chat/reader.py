"""Who reads a card: decides language, clock and buttons."""

from __future__ import annotations

from dataclasses import dataclass

from core.kit import Actor, Level, Module, Permission
from handlers import text
from handlers.chat.actions import Action
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Button


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads the card: decides language, clock and buttons."""

    actor: Actor
    press: ButtonPress

    @property
    def translate(self) -> text.Translate:
        """The reader's language."""
        return text.translator(self.actor.locale)

    def may(self, module: Module, level: Level) -> bool:
        """Whether the reader holds a right."""
        return self.actor.may(Permission(module, level))

    def button(
        self, label: str, action: Action, object_id: int, *, revision: int = 0, argument: int = 0
    ) -> Button:
        """Make a button for this reader."""
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
