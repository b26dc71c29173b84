"""kill -9 at 50 random instants during a stream of 500 updates: each took effect exactly once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from pathlib import Path

from bot import database
from core import ledger, people
from core.anomalies.models import Anomaly
from core.drafts.models import Draft
from core.evidence.models import Evidence
from core.inbox.models import Inbound
from core.kit import clock, system
from core.kit.keys import KeyRing
from core.ledger.keys import load
from core.notices.models import Notice
from tests.core.capa.test_whole_story import photo
from tests.databases import close_database
from tests.plants import small_plant
from tests.processes import Process, spawn
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.telegram_people import Person

KILLS = 50
OPERATORS = 31
# One report in words: 16 updates; with the 4 who only say hello the stream has 500.
REPORT = (
    "/report",
    "工艺偏离",
    "参数超限",
    "CT-001",
    "12",
    "刚刚",
    "涂层二线",
    "涂层",
    "收货",
    "目视发现",
    "厚度 18 μm",
    "以上都没有",
    "表面剥落",
    None,
    "完成",
    "确认",
)
GREETERS = 4


def environment(folder: Path, server: TelegramServer) -> dict[str, str]:
    """Settings of the killed process."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("BIHUAN_")}
    return {
        **kept,
        "BIHUAN_DATABASE_URL": f"sqlite://{folder}/plant.db",
        "BIHUAN_BLOB_URL": f"file://{folder}/blobs",
        "BIHUAN_MASTER_KEY_FILE": str(folder / "master.key"),
        "BIHUAN_LEDGER_KEY_FILE": str(folder / "ledger.key"),
        "BIHUAN_TELEGRAM_TOKEN": server.token,
        "BIHUAN_TELEGRAM_API_URL": server.base_url.removesuffix("/bot"),
        "BIHUAN_LOG_LEVEL": "ERROR",
    }


def start(folder: Path, server: TelegramServer) -> Process:
    """The real worker process."""
    with (folder / "stderr.log").open("ab") as log:
        return spawn("bot", "worker", folder=folder, environment=environment(folder, server), stderr=log)


async def prepare(folder: Path) -> list[str]:
    """A migrated database with a plant and as many invited operators; answers their invitations."""
    url = f"sqlite://{folder}/plant.db"
    await database.open_database(url)
    await database.migrate(url)
    plant = await small_plant(enrolled=False)
    KeyRing.load_or_create(folder / "master.key")
    root = system(plant.id, channel="cli")
    coater = plant.partners["supplier"]
    tokens = []
    for number in range(OPERATORS + GREETERS):
        person = await people.add_person(root, coater, f"操作工 {number:02d}", ["operator"])
        tokens.append(await people.invite(root, person))
    await database.close_database()
    return tokens


def stream(persons: list[Person]) -> list[tuple[Person, str | None]]:
    """500 updates, the dialogues interleaved."""
    steps: list[tuple[Person, str | None]] = [(person, "/help") for person in persons[OPERATORS:]]
    for said in REPORT:
        steps += [(person, said) for person in persons[:OPERATORS]]
    return steps


async def test_every_update_takes_effect_exactly_once(tmp_path: Path) -> None:
    """A worker is killed 50 times while 500 updates stream in, each offered twice; then all is counted."""
    await close_database()
    tokens = await prepare(tmp_path)
    rng = random.Random(20261123)
    picture = photo()
    async with TelegramServer(limits=Limits.off(), callback_age=3600.0) as server:
        persons = [server.person(5000 + number, f"op{number}") for number in range(len(tokens))]
        for person, token in zip(persons, tokens, strict=True):
            await person.says(f"/start {token}")
        server.repeat_updates(2)
        updates = stream(persons)
        assert len(updates) == 500
        per_kill = len(updates) // KILLS
        for kill in range(KILLS):
            worker = start(tmp_path, server)
            for person, said in updates[kill * per_kill : (kill + 1) * per_kill]:
                await (person.says(said) if said is not None else person.sends_photo(picture))
            if kill % 5:  # at work; every fifth dies while it is still starting
                await _polls(server)
            await asyncio.sleep(rng.uniform(0.0, 0.8))
            worker.send_signal(signal.SIGKILL)
            await worker.wait()
        await _time_passes(tmp_path)
        worker = start(tmp_path, server)
        await _quiet(tmp_path, server)
        worker.send_signal(signal.SIGTERM)
        await asyncio.wait_for(worker.wait(), 30)
        assert server.violations == []
    await _count(tmp_path, len(updates) + len(tokens))


async def _polls(server: TelegramServer) -> None:
    """Wait until the process asks for updates; how long it takes to start depends on the machine."""
    before = len(server.calls_of("getUpdates"))
    async with asyncio.timeout(60):
        while len(server.calls_of("getUpdates")) == before:
            await asyncio.sleep(0.01)


async def _time_passes(folder: Path) -> None:
    """What the dead had in hand is free again, and what waits to be tried anew is due: as half a minute later."""
    await database.open_database(f"sqlite://{folder}/plant.db")
    now = clock.now()
    await Notice.filter(state="sending").update(lease_until=now)
    await Notice.filter(state="pending").update(due_at=now)
    await database.close_database()


async def _quiet(folder: Path, server: TelegramServer) -> None:
    """Wait until everything was taken and took effect."""
    await server.settled(timeout=120)
    await database.open_database(f"sqlite://{folder}/plant.db")
    for _turn in range(600):
        if (
            not await Inbound.filter(state="waiting").exists()
            and not await Notice.filter(state__in=["pending", "sending"]).exists()
        ):
            break
        await asyncio.sleep(0.2)
    await database.close_database()


async def _count(folder: Path, expected: int) -> None:
    await database.open_database(f"sqlite://{folder}/plant.db")
    try:
        states = {state: await Inbound.filter(state=state).count() for state in ("done", "waiting", "aside")}
        cases = await Anomaly.all().order_by("id")
        evidence = await Evidence.all().count()
        print(f"\n{KILLS} kills: {states}, {len(cases)} cases, {evidence} photos")
        assert states == {"done": expected, "waiting": 0, "aside": 0}
        assert [int(one.number[-6:]) for one in cases] == list(range(1, OPERATORS + 1)), (
            "one number each, no gap"
        )
        assert len({one.reporter_id for one in cases}) == OPERATORS
        assert evidence == OPERATORS
        assert all(len(one.evidence_ids) == 1 for one in cases)
        assert await Draft.all().count() == 0
        signer = load(folder / "ledger.key")
        report = await ledger.verify(verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file)
        assert report.sound, [str(one) for one in report.faults][:5]
    finally:
        await database.close_database()
