"""kill -9 of two web processes and two workers on one PostgreSQL while updates stream in: none lost, none doubled.

``make test`` runs it small; ``make soak`` with 10,000 updates.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import database
from core import ledger, people
from core.anomalies.models import Anomaly
from core.drafts.models import Draft
from core.evidence.models import Evidence
from core.inbox.models import Inbound
from core.kit import system
from core.kit.keys import KeyRing
from core.ledger.keys import load
from core.notices.models import Notice
from tests.core.capa.test_whole_story import photo
from tests.databases import PostgresServer, close_database
from tests.journeys.test_kill import REPORT
from tests.plants import small_plant
from tests.servers.s3 import S3Server
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.telegram_people import Person
from tests.soak.cluster import Cluster

UPDATES = int(os.environ.get("SOAK_UPDATES", "400"))
FULL = 10_000
KILLS = max(4, UPDATES * 60 // FULL)
OPERATORS = UPDATES // len(REPORT)
GREETERS = UPDATES % len(REPORT)
AHEAD = 300
"""Updates that may wait for a web process before more are said."""
PATIENCE = 3600.0
BAD = (503, "drop", "lost")
"""What the store does to a request now and then."""


@pytest.fixture
async def address(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """A migrated PostgreSQL database, as settings name it."""
    made = await postgres_server.empty()
    name = made["credentials"]["database"]
    where = quote(postgres_server.host)
    yield f"postgres://postgres@localhost:{postgres_server.port}/{name}?host={where}"
    await postgres_server.drop(made)


async def prepare(folder: Path, address: str) -> list[str]:
    """A plant with as many invited operators; answers their invitations."""
    await database.open_database(address)
    await database.migrate(address)
    plant = await small_plant(enrolled=False)
    KeyRing.load_or_create(folder / "master.key")
    root = system(plant.id, channel="cli")
    tokens = []
    for number in range(OPERATORS + GREETERS):
        person = await people.add_person(
            root, plant.partners["supplier"], f"操作工 {number:03d}", ["operator"]
        )
        tokens.append(await people.invite(root, person))
    await database.close_database()
    return tokens


def stream(persons: list[Person], tokens: list[str]) -> list[tuple[Person, str | None]]:
    """Who says what when, the dialogues interleaved; None is a photo."""
    steps: list[tuple[Person, str | None]] = [
        (person, f"/start {token}") for person, token in zip(persons, tokens, strict=True)
    ]
    steps += [(person, "/help") for person in persons[OPERATORS:]]
    for said in REPORT:
        steps += [(person, said) for person in persons[:OPERATORS]]
    return steps


async def test_nothing_is_lost_or_doubled_whoever_dies(tmp_path: Path, address: str) -> None:
    """Each update is offered twice, to whichever web process; random processes die all the while."""
    await close_database()
    began = time.monotonic()
    tokens = await prepare(tmp_path, address)
    picture = photo()
    store = S3Server()
    await store.start()
    async with TelegramServer(limits=Limits.off(), callback_age=3600.0) as server:
        persons = [server.person(5000 + number, f"op{number}") for number in range(len(tokens))]
        server.repeat_updates(2)
        updates = stream(persons, tokens)
        cluster = Cluster(tmp_path, address, server, store, random.Random(20261130))
        await cluster.start()
        try:
            per_kill = len(updates) // KILLS
            for number, (person, said) in enumerate(updates, start=1):
                await (person.says(said) if said is not None else person.sends_photo(picture))
                await _room(server)
                if number % per_kill == 0:
                    await asyncio.sleep(cluster.dice.uniform(0.0, 1.0))
                    store.faults.append(cluster.dice.choice(BAD))
                    await cluster.kill_one()
            await server.settled(timeout=PATIENCE)
            await _quiet(address)
        finally:
            ends = await cluster.stop()
            await store.stop()
        assert server.violations == []
    assert ends == [0, 0, 0, 0], (tmp_path / "stderr.log").read_text(encoding="utf-8")[-3000:]
    kills = ", ".join(f"{count} of {kind}" for kind, count in sorted(cluster.kills.items()))
    print(f"\n{len(updates)} updates, each offered twice; kill -9: {kills}")
    await _count(tmp_path, address, len(updates))
    await _photos(address, store)
    print(f"whole run {time.monotonic() - began:.0f} s")


async def _room(server: TelegramServer) -> None:
    """People do not say more than can wait in the messenger."""
    async with asyncio.timeout(PATIENCE):
        while len(server.state.mailbox.waiting) > AHEAD:
            await asyncio.sleep(0.01)


async def _quiet(address: str) -> None:
    """Wait until everything took effect and every answer went out."""
    await database.open_database(address)
    try:
        async with asyncio.timeout(PATIENCE):
            while (
                await Inbound.filter(state="waiting").exists()
                or await Notice.filter(state__in=["pending", "sending", "failed-temporary"]).exists()
            ):
                await asyncio.sleep(0.5)
    finally:
        await database.close_database()


async def _photos(address: str, store: S3Server) -> None:
    """What the records speak of lies in the store that all processes share."""
    await database.open_database(address)
    try:
        rows = await Evidence.all().values_list("blob_key", "preview_key", "thumb_key")
    finally:
        await database.close_database()
    keys = {f"soak/{key}" for row in rows for key in row if key is not None}
    puts = sum(one.startswith("PUT") for one in store.seen)
    print(f"{len(store.objects)} objects in the shared store by {puts} puts")
    assert keys == set(store.objects), "nothing that a record speaks of is missing, nothing else was left"


async def _count(folder: Path, address: str, expected: int) -> None:
    await database.open_database(address)
    try:
        states = {state: await Inbound.filter(state=state).count() for state in ("done", "waiting", "aside")}
        cases = await Anomaly.all().order_by("id")
        photos = await Evidence.all().count()
        answers = Counter(
            await Notice.filter(channel="telegram", correlation__startswith="telegram-").values_list(
                "chat_ref", flat=True
            )
        )
        of_operators = [count for chat, count in answers.items() if int(chat) < 5000 + OPERATORS]
        doubts = await Notice.filter(doubts__gt=0).count()
        print(f"{states}, {len(cases)} cases, {photos} photos, {sum(answers.values())} answers")
        print(f"lost {expected - states['done']}, doubled {len(cases) - OPERATORS + photos - OPERATORS}")
        print(f"{doubts} messages whose sender died over them were sent again, marked")
        assert states == {"done": expected, "waiting": 0, "aside": 0}
        numbers = [int(one.number[-6:]) for one in cases]
        assert numbers == list(range(1, OPERATORS + 1)), "one number each, no gap"
        assert len({one.reporter_id for one in cases}) == OPERATORS
        assert photos == OPERATORS
        assert all(len(one.evidence_ids) == 1 for one in cases)
        assert await Draft.all().count() == 0
        assert len(of_operators) == OPERATORS
        assert len(set(of_operators)) == 1, f"the same dialogue, answered unequally: {Counter(of_operators)}"
        signer = load(folder / "ledger.key")
        report = await ledger.verify(verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file)
        assert report.sound, [str(one) for one in report.faults][:5]
        print(f"ledger sound: {await ledger.entry_count()} entries")
    finally:
        await database.close_database()
