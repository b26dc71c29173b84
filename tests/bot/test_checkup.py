"""`bihuan doctor` says what the records demand: which key lines sign, and whether passkeys can work at this address."""

from __future__ import annotations

from pathlib import Path

from bot import checkup
from bot.settings import Settings
from core import ledger, signing
from core.kit import system
from core.ledger import keys
from tests.core.ledger.logs import ORIGIN
from tests.core.ledger.test_key_change import ADOPT, RETIRE, asked, sealed
from tests.plants import small_plant


def looked(key_file: Path, address: str = "https://q.example") -> Settings:
    return Settings(_env_file=None, ledger_key_file=key_file, public_url=address)  # type: ignore[call-arg]


async def test_a_key_line_that_waits_or_was_retired_is_said_and_is_no_fault(
    database: str, tmp_path: Path
) -> None:
    """Nothing while one key signs; then it waits, signs, and the old one is retired; a swapped file is a fault."""
    plant = await small_plant()
    file = tmp_path / "ledger.key"
    first = keys.create(file, ORIGIN)
    await sealed(first)
    assert await checkup.records(looked(file)) == []
    fresh = keys.add(file)
    both = keys.load(file)
    await sealed(both)
    [(said, fault)] = await checkup.records(looked(file))
    assert fault is None
    assert said.startswith(f"ledger key {ORIGIN}+{fresh.hash.hex()} waits for two people")

    ledger.use_keys(both.verifiers)
    await plant.sign("manager", ADOPT, await asked(plant, ADOPT, str(fresh)))
    assert await checkup.records(looked(file)) == []
    await sealed(both)
    old = both.verifiers[0]
    await plant.sign("manager", RETIRE, await asked(plant, RETIRE, str(old)))
    [(said, fault)] = await checkup.records(looked(file))
    assert fault is None
    assert said.startswith(f"ledger key {ORIGIN}+{old.hash.hex()} is retired: take its line out")

    [(said, fault)] = await checkup.records(looked(_other(tmp_path)))
    assert said == "ledger key in force"
    assert fault is not None
    assert "put the right file back" in fault


def _other(folder: Path) -> Path:
    file = folder / "other.key"
    keys.create(file, ORIGIN)
    return file


async def test_an_act_that_demands_a_passkey_needs_https(database: str, tmp_path: Path) -> None:
    """Without one it could be signed by nobody; on the own machine browsers make an exception."""
    plant = await small_plant()
    file = tmp_path / "ledger.key"
    keys.create(file, ORIGIN)
    plain = looked(file, "http://quality.plant.example")
    assert await checkup.records(plain) == []
    signing.use_passkeys("https://quality.plant.example")
    await signing.set_level(system(plant.id), "capa:close", "S4")
    [(said, fault)] = await checkup.records(plain)
    assert said == "passkeys"
    assert fault is not None
    assert fault.startswith("capa:close demand a passkey")
    assert "https" in fault
    assert [name for name, _fault in await checkup.records(looked(file, "https://192.0.2.7"))] == ["passkeys"]
    for right in ("https://quality.plant.example", "http://localhost:8080"):
        assert await checkup.records(looked(file, right)) == []
