"""The acts that can be signed. Rooms above register theirs; this room never knows what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.kit.actor import Actor
from core.signing.table import ActRule, rule_of
from core.signing.terms import Args, Level2, Meaning, Shown, Signed

Describe = Callable[[Actor, Args], Awaitable[Shown]]
Perform = Callable[[Actor, Args, Signed], Awaitable[object]]


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is shown before an act is signed, and what is done once it is."""

    code: str
    describe: Describe
    perform: Perform
    rule: ActRule

    @property
    def meaning(self) -> Meaning:
        """What the signature states."""
        return self.rule.meaning

    @property
    def level(self) -> Level2:
        """What the signer must bring, unless the plant's policy says otherwise."""
        return self.rule.level


ACTS: dict[str, Act] = {}


def act(
    code: str, *, describe: Describe, perform: Perform, meaning: Meaning, level: Level2 = Level2.S2
) -> None:
    """Register an act, e.g. ``capa:plan:approve``; once, when its room is imported.

    ``describe(actor, args)`` answers all that the signer must see and may refuse early; it is called again at
    completion and must then give the same. ``perform(actor, args, signed)`` is the room's verb; it runs in
    the unit of the signature and checks every rule itself. ``args`` are plain JSON values. An act with a row in
    ``table`` follows that row.

    Raises:
        ValueError: another act has this code already, or the table gives it another meaning.
    """
    if code in ACTS:
        msg = f"the act {code} is registered already"
        raise ValueError(msg)
    rule = rule_of(code, meaning=meaning, level=level)
    if rule.meaning is not meaning:
        msg = f"the act {code} is registered as {meaning}, the table says {rule.meaning}"
        raise ValueError(msg)
    ACTS[code] = Act(code=code, describe=describe, perform=perform, rule=rule)


def named(code: str) -> Act:
    """Answer a registered act.

    Raises:
        LookupError: no room registered it; a programming fault.
    """
    if code not in ACTS:
        msg = f"no room registered the act {code}"
        raise LookupError(msg)
    return ACTS[code]
