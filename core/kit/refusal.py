"""How the house says no: a refusal is an answer, not a fault. One class per reason."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):  # noqa: N818  a refusal is not an error; the name is the field's word
    """Base of every reasoned "no". Nothing was changed when one is raised.

    ``says`` is the English text with {placeholders}: the translation key and what an English reader sees.
    Keyword arguments fill the placeholders. ``keeps`` is set by the one raising a refusal that must leave a trace
    (a wrong code counted): units of work on its way out keep what was written instead of undoing it.
    """

    says: ClassVar[str] = "This cannot be done now."
    keeps: bool = False

    def __init__(self, **facts: object) -> None:
        """Keep the facts that fill the sentence."""
        self.facts = facts
        super().__init__(self.code)

    @property
    def code(self) -> str:
        """Stable machine name of the reason: the class name."""
        return type(self).__name__

    def __str__(self) -> str:
        """Give the English sentence, for logs and the command line."""
        return self.says.format_map({key: str(value) for key, value in self.facts.items()})


class NotPermitted(Refusal):
    """The actor's roles do not give the right that the verb needs, or the record is out of scope."""

    says = "You do not have the right to do this. Ask your administrator if you need it."


class NotFound(Refusal):
    """No such record inside what the actor may see. Existence elsewhere is not revealed."""

    says = "{what} was not found. Please check the number."


class Malformed(Refusal):
    """The input is not what the field takes: too long, wrong type, forbidden characters."""

    says = "“{field}” is not valid: {why}"


class Stale(Refusal):
    """The record moved on since the reader saw it; the present state must be read first."""

    says = "{number} has changed since you saw it. Please look at its present state."
