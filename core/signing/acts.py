"""The acts that can be signed. Rooms above register theirs; this room never knows what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.kit.actor import Actor
from core.signing.terms import Level2, Meaning, Shown, Signed

Args = dict[str, object]
Describe = Callable[[Actor, Args], Awaitable[Shown]]
Perform = Callable[[Actor, Args, Signed], Awaitable[object]]


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is shown before an act is signed, and what is done once it is."""

    code: str
    describe: Describe
    perform: Perform
    meaning: Meaning
    level: Level2


ACTS: dict[str, Act] = {}


def act(
    code: str, *, describe: Describe, perform: Perform, meaning: Meaning, level: Level2 = Level2.S2
) -> None:
    """Register an act, e.g. ``capa:plan:approve``; once, when its room is imported.

    ``describe(actor, args)`` answers all that the signer must see and may refuse early; it is called again at
    completion and must then give the same. ``perform(actor, args, signed)`` is the room's verb; it runs in
    the unit of the signature and checks every rule itself. ``args`` are plain JSON values.

    Raises:
        ValueError: another act has this code already.
    """
    if code in ACTS:
        msg = f"the act {code} is registered already"
        raise ValueError(msg)
    ACTS[code] = Act(code=code, describe=describe, perform=perform, meaning=meaning, level=level)


def named(code: str) -> Act:
    """Answer a registered act.

    Raises:
        LookupError: no room registered it; a programming fault.
    """
    if code not in ACTS:
        msg = f"no room registered the act {code}"
        raise LookupError(msg)
    return ACTS[code]
