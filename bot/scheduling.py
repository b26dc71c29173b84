"""APScheduler drives the ticks; what is due lives in our own tables, so a restart forgets nothing."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)
GRACE = 30


@dataclass(frozen=True, kw_only=True)
class Job:
    """One timed job: what runs how often."""

    name: str
    run: Callable[[], Awaitable[object]]
    seconds: float


class Clockwork:
    """Runs the table of jobs; each at most once at a time, missed runs coalesced into one."""

    def __init__(self, jobs: list[Job]) -> None:
        """Keep the table; nothing runs yet."""
        self.jobs = jobs
        self._scheduler = AsyncIOScheduler(timezone="UTC")
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
                max_instances=1,
                misfire_grace_time=GRACE,
            )
        self._scheduler.start()

    async def _guarded(self, job: Job) -> None:
        try:
            await job.run()
        except Exception:
            self.failures[job.name] += 1
            log.exception("job failed", extra={"action": "job_failed", "job": job.name})

    def stop(self) -> None:
        """Run nothing more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
