"""Which messages of WeCom a message of ours becomes: words first, then the card with its buttons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.adapters.wecom import cards, layout
from bot.adapters.wecom.cards import Card
from bot.adapters.wecom.layout import Words
from handlers.chat.vocabulary import Outgoing


@dataclass(frozen=True)
class Plan:
    """What is sent, in this order. A message that is one card only can be changed in place later."""

    words: list[Words]
    cards: list[Card]

    @property
    def changeable(self) -> bool:
        """Whether the whole message is one card."""
        return not self.words and len(self.cards) == 1


def plan(outgoing: Outgoing, task: str) -> Plan:
    """Lay a message out; ``task`` names its card (several get a number each)."""
    pressable = cards.pressable(outgoing)
    if cards.as_buttons(outgoing):
        face = cards.face(outgoing)
        if face is not None:
            return Plan([], [cards.with_buttons(face, outgoing, task)])
        title = cards.title_of(outgoing, cards.locale_of(outgoing))
        return Plan(layout.words(outgoing), [cards.with_buttons({"main_title": title}, outgoing, task)])
    if not pressable:
        return Plan(layout.words(outgoing, links=cards.links(outgoing)), [])
    return _to_choose(outgoing, task)


def _to_choose(outgoing: Outgoing, task: str) -> Plan:
    locale = cards.locale_of(outgoing)
    listed = cards.choices(outgoing)
    tasks = [task] if len(listed) <= cards.CHOICES_MAX else [f"{task}-{n}" for n in range(1, 99)]
    groups = [listed[at : at + cards.CHOICES_MAX] for at in range(0, len(listed), cards.CHOICES_MAX)]
    title = cards.heading(outgoing)
    words: list[Words] = []
    if title is None:
        title = cards.title_of(outgoing, locale)
        words = layout.words(_spelt_out(outgoing), links=cards.links(outgoing))
    made = [cards.to_choose(title, group, one, locale) for group, one in zip(groups, tasks, strict=False)]
    return Plan(words, made)


def _spelt_out(outgoing: Outgoing) -> Outgoing:
    """The message with its choices in full, where the card can show only their beginnings."""
    if not cards.numbered(outgoing):
        return outgoing
    lines = [f"{place}. {one.text}" for place, one in enumerate(cards.pressable(outgoing), 1)]
    return replace(outgoing, body="\n".join(one for one in (outgoing.body, *lines) if one))
