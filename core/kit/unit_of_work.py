"""One intention, one transaction. Verbs open a unit; verbs called inside another join it as savepoints."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from tortoise import connections
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from core.kit import clock
from core.kit.refusal import Refusal

log = logging.getLogger(__name__)
ALIAS = "core"
T = TypeVar("T")


@dataclass(kw_only=True)
class Work:
    """The running unit: its instant, its connection and what to wake once it is committed."""

    now: dt.datetime
    db: BaseDBAsyncClient
    wake: list[Callable[[], None]] = field(default_factory=list)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run a quick, non-blocking call (setting an event) after the outermost commit, each once."""
        if call not in self.wake:
            self.wake.append(call)


_running: ContextVar[Work | None] = ContextVar("unit_of_work", default=None)


def current() -> Work:
    """Answer the running unit.

    Raises:
        RuntimeError: a write was tried outside any unit; that is a programming fault.
    """
    work = _running.get()
    if work is None:
        msg = "no unit of work is open: only verbs write"
        raise RuntimeError(msg)
    return work


def is_open() -> bool:
    """Answer whether a unit is running in this task."""
    return _running.get() is not None


def dialect() -> str:
    """Answer ``sqlite`` or ``postgres``, for the few statements that differ."""
    return str(connections.get(ALIAS).capabilities.dialect)


@asynccontextmanager
async def _transaction() -> AsyncIterator[BaseDBAsyncClient]:
    """A transaction that lets its connection go even when its beginning is cancelled or fails."""
    context = in_transaction(ALIAS)
    try:
        db = await context.__aenter__()
    except BaseException as fault:
        if hasattr(context, "token"):  # it has a connection already
            with contextlib.suppress(Exception):  # there may be nothing to undo
                await context.__aexit__(type(fault), fault, fault.__traceback__)
        raise
    try:
        yield db
    except BaseException as fault:
        await context.__aexit__(type(fault), fault, fault.__traceback__)
        raise
    else:
        await context.__aexit__(None, None, None)


@asynccontextmanager
async def unit_of_work() -> AsyncIterator[Work]:
    """Open a transaction, or a savepoint inside the one that runs.

    An exception undoes this unit only; the outer one goes on if the caller catches it. A refusal that ``keeps``
    passes through without undoing anything. On SQLite the outermost
    unit takes the write lock at once (BEGIN IMMEDIATE), so a second process waits instead of failing midway.
    """
    outer = _running.get()
    kept: Refusal | None = None
    async with _transaction() as db:
        if outer is None and db.capabilities.dialect == "sqlite":
            await db.execute_query("COMMIT")
            await db.execute_query("BEGIN IMMEDIATE")
        work = Work(now=outer.now if outer else clock.now(), db=db)
        token = _running.set(work)
        try:
            yield work
        except Refusal as refusal:
            if not refusal.keeps:
                raise
            kept = refusal
        finally:
            _running.reset(token)
    if outer is not None:
        for call in work.wake:
            outer.after_commit(call)
    else:
        for call in work.wake:
            call()
    if kept is not None:
        raise kept


async def each_alone(
    found: Iterable[T], work: Callable[[T], Awaitable[int]], action: str, *, number: Callable[[T], object]
) -> int:
    """Do something with each in a unit of its own; answers the sum of what it answers.

    One that fails is logged by ``action`` and its number, and holds up none behind it.
    """
    done = 0
    for one in found:
        try:
            async with unit_of_work():
                done += await work(one)
        except Exception:
            log.exception("one of several failed", extra={"action": action, "number": number(one)})
    return done


@asynccontextmanager
async def snapshot() -> AsyncIterator[None]:
    """Read what belongs together as it is at one instant, whatever others write meanwhile. Never write inside.

    On SQLite it holds the process's connection: read quickly, work on what was read afterwards.
    """
    async with _transaction() as db:
        if db.capabilities.dialect == "postgres":
            await db.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
