"""What a dialogue is: a form of questions with a name, listed once, found by that name when its draft goes on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from core import people
from core.people import PersonFacts
from handlers.chat.question import Choice, Question
from handlers.chat.talk import Talk

Answers = dict[str, object]


class Flow(Protocol):
    """A dialogue: what it asks, how it sums up, what it does in the end.

    One whose answers change nothing says ``at_once = True``: its last answer is its confirmation.
    """

    name: str

    async def questions(self, talk: Talk, context: Answers, answers: Answers) -> list[Question]:
        """The questions, given what was answered so far; texts in the reader's language."""

    async def title(self, talk: Talk, context: Answers) -> str:
        """What the dialogue is about, one short line."""

    async def finish(self, talk: Talk, context: Answers, answers: Answers) -> None:
        """Do what was confirmed, and answer."""


@runtime_checkable
class Checking(Protocol):
    """A dialogue that refuses some answers at once, before the next question."""

    async def check(self, talk: Talk, context: Answers, answers: Answers, key: str, value: object) -> None:
        """Refuse an answer by raising, given those before it; say nothing when it is fine."""


@runtime_checkable
class Previewing(Protocol):
    """A dialogue that tells before its confirmation what would come of it; ``confirms`` is what its button says."""

    confirms: str

    async def preview(self, talk: Talk, context: Answers) -> tuple[str, list[tuple[str, str]]]:
        """A sentence and the lines below it."""


FLOWS: dict[str, Flow] = {}


def flow(made: type[Flow]) -> type[Flow]:
    """Register a dialogue by its name."""
    FLOWS[made.name] = made()
    return made


def choices(pairs: list[tuple[str, str]]) -> tuple[Choice, ...]:
    """Make choices of (value, label) pairs."""
    return tuple(Choice(value=value, label=label) for value, label in pairs)


async def people_choices(talk: Talk, persons: Iterable[PersonFacts]) -> tuple[Choice, ...]:
    """People to choose from by name, those of partners with their organisation."""
    houses = {one.id: one.name(talk.actor.locale) for one in await people.organisations(talk.actor.plant_id)}
    return choices(
        [
            (
                str(one.id),
                one.printed_name
                if one.organisation_id == talk.actor.plant_id
                else f"{one.printed_name} · {houses[one.organisation_id]}",
            )
            for one in persons
        ]
    )
