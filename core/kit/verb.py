"""A verb is one intention of a person: it names its right and its ledger kinds, and is one transaction."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from core.kit.actor import Actor
from core.kit.permission import Level, Module, Permission
from core.kit.unit_of_work import unit_of_work

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class VerbFacts:
    """What the matrix in ``docs/validation`` says of a verb."""

    name: str
    permission: Permission | None
    kinds: tuple[str, ...]
    summary: str


REGISTERED: dict[str, VerbFacts] = {}


def verb(
    module: Module | None, level: Level | None, *kinds: str
) -> Callable[[Callable[Concatenate[Actor, P], Awaitable[R]]], Callable[Concatenate[Actor, P], Awaitable[R]]]:
    """Declare a front-door verb: right checked first, then the body inside one unit of work.

    ``module`` None marks the few verbs that check another proof than a role (an invite, a one-time link).
    ``kinds`` are the ledger kinds that the body may append.
    """
    permission = Permission(module, level) if module is not None and level is not None else None

    def wrap(
        call: Callable[Concatenate[Actor, P], Awaitable[R]],
    ) -> Callable[Concatenate[Actor, P], Awaitable[R]]:
        name = f"{call.__module__}.{call.__qualname__}"
        REGISTERED[name] = VerbFacts(
            name=name, permission=permission, kinds=kinds, summary=(call.__doc__ or "").strip().split("\n")[0]
        )

        @functools.wraps(call)
        async def guarded(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if permission is not None:
                actor.must(permission)
            async with unit_of_work():
                return await call(actor, *args, **kwargs)

        return guarded

    return wrap
