"""APScheduler drives the ticks; what is due lives in our own tables, so a restart forgets nothing.

However many workers there are, a job runs once per interval: whoever takes its turn first runs it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.leases import this_process
from core import wires

log = logging.getLogger(__name__)
GRACE = 30
PART = 0.9
"""Part of an interval for which a turn is taken: workers' schedulers do not beat as one."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One timed job: what runs how often."""

    name: str
    run: Callable[[], Awaitable[object]]
    seconds: float


class Clockwork:
    """Runs the table of jobs; each at most once at a time, missed runs coalesced into one."""

    def __init__(self, jobs: list[Job], *, holder: str | None = None) -> None:
        """Keep the table; nothing runs yet. ``holder`` names this process among the workers."""
        self.jobs = jobs
        self._holder = holder or this_process()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._running: set[str] = set()
        self._stopping = False
        self.failures: dict[str, int] = {job.name: 0 for job in jobs}

    def start(self) -> None:
        """Begin to run every job on its interval."""
        for job in self.jobs:
            self._scheduler.add_job(
                self._guarded,
                IntervalTrigger(seconds=job.seconds),
                args=[job],
                id=job.name,
                coalesce=True,
                max_instances=2,  # the second sees that the first still runs, and leaves: a slow turn is no warning
                misfire_grace_time=GRACE,
            )
        self._scheduler.start()

    async def _guarded(self, job: Job) -> None:
        if job.name in self._running:
            return
        self._running.add(job.name)
        try:
            if await wires.turn(job.name, self._holder, dt.timedelta(seconds=job.seconds * PART)):
                await self._run(job)
        except asyncio.CancelledError:
            if (
                not self._stopping
            ):  # the scheduler cancels what runs when it stops, and would log that as a failure
                raise
        except Exception:
            self.failures[job.name] += 1
            log.exception("job failed", extra={"action": "job_failed", "job": job.name})
        finally:
            self._running.discard(job.name)

    async def _run(self, job: Job) -> None:
        """Run it; while it takes longer than its turn, the turn is made longer."""
        running = asyncio.ensure_future(job.run())
        lasts = dt.timedelta(seconds=job.seconds * PART)
        try:
            while not (await asyncio.wait({running}, timeout=job.seconds * PART / 2))[0]:
                await wires.lengthen(job.name, self._holder, lasts)
        finally:
            running.cancel()
        await running

    def stop(self) -> None:
        """Run nothing more; what runs is cancelled, takes back what it has not committed, and begins anew next time."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
