"""Which job runs how often: the one table that the scheduler follows, and that rehearsals follow in virtual time."""

from __future__ import annotations

import functools

from bot import stamps, webhooks
from bot.copying import Copier
from bot.heartbeat import Heartbeat
from bot.pacing import Pacing
from bot.scheduling import Job
from bot.settings import Settings, SettingsFault
from core import epcis, notices, sensors, wires, witness
from core.evidence import Darkroom
from handlers.chat import digests
from handlers.chat.vocabulary import Shelf
from handlers.jobs import auditing, canaries, escalation_tick, witnessing
from handlers.jobs.sensing import Sensing

STAMP_SECONDS = 300
"""Between looks for a checkpoint to be stamped, and between attempts."""


def timetable(settings: Settings, shelf: Shelf, darkroom: Darkroom, pacing: Pacing) -> list[Job]:
    """Every timed job of an installation, in the order in which those of one instant run."""
    return [
        *_stamps(settings),
        Job(name="escalation_tick", run=escalation_tick.climb, seconds=1),
        Job(name="pass_on", run=notices.pass_on, seconds=2),
        Job(name="digests", run=lambda: digests.send_due(settings.timezone), seconds=60),
        Job(name="audit", run=auditing.look, seconds=30),
        *_canaries(settings, shelf),
        *_heartbeat(settings),
        Job(name="prune_pacing", run=lambda: notices.prune(pacing.longest), seconds=60),
        Job(name="copy_pictures", run=Copier(shelf, darkroom).copy_due, seconds=2),
        Job(name="sweep_wires", run=wires.sweep, seconds=600),
        Job(name="webhooks", run=webhooks.deliver_due, seconds=2),
        Job(name="epcis_tell", run=epcis.tell_due, seconds=5),
        Job(name="overdue_tick", run=escalation_tick.tell_overdue, seconds=30),
        Job(name="duty_change", run=escalation_tick.change_duty, seconds=15),
        Job(name="sensors_take_in", run=sensors.take_in, seconds=1),
        Job(name="sensors_look", run=Sensing().look, seconds=15),
        Job(name="sensors_pack", run=sensors.pack_due, seconds=60),
        Job(name="sensors_sweep", run=sensors.sweep, seconds=600),
        Job(name="calendar_look", run=escalation_tick.look_at_calendar, seconds=3600),
        Job(name="witness_post", run=lambda: witnessing.post(settings.timezone), seconds=5),
        Job(name="witness_alarm", run=lambda: witnessing.alarm(witness_limits(settings)), seconds=600),
    ]


def witness_limits(settings: Settings) -> witness.Limits:
    """When an unwitnessed tail becomes an alarm."""
    return witness.Limits(days=settings.witness_days, entries=settings.witness_entries)


def _canaries(settings: Settings, shelf: Shelf) -> list[Job]:
    """The proof that each channel works, when chats for it are set.

    Raises:
        SettingsFault: one is for a messenger that does not run here.
    """
    chats = settings.canaries
    if not chats:
        return []
    if missing := sorted(chats.keys() - shelf.messengers.keys()):
        msg = f"BIHUAN_CANARY_CHATS names {', '.join(missing)}, which is not set up here"
        raise SettingsFault(msg)
    run = functools.partial(canaries.release, chats, settings.locale, settings.timezone)
    return [Job(name="canaries", run=run, seconds=30)]


def _heartbeat(settings: Settings) -> list[Job]:
    """The sign of life to a service outside, when one is set."""
    if not settings.heartbeat_url:
        return []
    return [Job(name="heartbeat", run=Heartbeat(settings.heartbeat_url).beat, seconds=60)]


def _stamps(settings: Settings) -> list[Job]:
    """The job that has checkpoints stamped, when an authority is set; a failure is tried again."""
    if not settings.tsa_url:
        return []
    ask, roots = stamps.authority(settings.tsa_url), stamps.roots(settings.tsa_roots_file)
    return [
        Job(name="stamp", run=lambda: witness.stamp_due(ask, settings.tsa_url, roots), seconds=STAMP_SECONDS)
    ]
