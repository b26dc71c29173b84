"""The ledger's key changes by an act of two people; every swap without one is refused by the sealer and named."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from core import ledger, signing
from core.kit import NotPermitted, clock, system, unit_of_work
from core.kit.refusal import Refusal
from core.ledger import Kind, Signer, keys
from core.ledger.models import LedgerCheckpoint, LedgerKey
from core.signing import Apart
from tests.core.anomalies.cases import unvouched
from tests.core.ledger.logs import ORIGIN
from tests.plants import Plant, small_plant

ADOPT, RETIRE = "ledger:key:adopt", "ledger:key:retire"


async def sealed(signer: Signer) -> str:
    """Seal what waits, something at least; answers the signed checkpoint."""
    async with unit_of_work():
        await ledger.append(Kind.PRODUCT_RECORD, system(1), facts={"at": clock.now()})
    clock.shift(dt.timedelta(seconds=1))
    made = await ledger.seal(signer)
    assert made is not None
    return made.note


async def asked(plant: Plant, act: str, line: str) -> dict[str, object]:
    """The administrator asks; answers what a head signs."""
    found = await signing.propose(await plant.actor("administrator"), act, {"line": line}, "年度更换")
    return {"id": found.id}


async def faults(signer: Signer) -> list[str]:
    """What verification finds with this key file."""
    found = await ledger.verify(verifiers=signer.verifiers, blobs=signing.check_ledger_keys())
    return [str(one) for one in found.faults]


def hashes(note: str) -> set[str]:
    """The keys under a note."""
    return {one[1].hex() for one in map(ledger.checkpoint.signature_of, ledger.checkpoint.opened(note)[1])}


def only(signer: Signer, number: int) -> Signer:
    """A key file with one of the lines."""
    return Signer((signer.keys[number],), signer.checkpoint_file)


@pytest.fixture
async def two(database: str, tmp_path: Path) -> tuple[Plant, Signer]:
    """A plant whose log one key signed, and its key file with a second key that nobody took up yet."""
    plant = await small_plant()
    file = tmp_path / "ledger.key"
    await sealed(keys.create(file, ORIGIN))
    line = keys.add(file)
    signer = keys.load(file)
    ledger.use_keys(signer.verifiers)
    assert str(signer.verifiers[1]) == str(line)
    return plant, signer


@pytest.mark.req("P-10g")
async def test_two_people_take_a_key_up_and_retire_the_old_one_and_everything_follows(
    two: tuple[Plant, Signer],
) -> None:
    """Waiting: the old signs. Taken up: both. Retired: the new. Each file verifies the whole log."""
    plant, signer = two
    old, new = (one.hash.hex() for one in signer.verifiers)
    first = await sealed(signer)
    assert hashes(first) == {old}, "a key that nobody took up signs nothing"
    proposal = await asked(plant, ADOPT, str(signer.verifiers[1]))
    with pytest.raises(Refusal):
        await plant.sign("administrator", ADOPT, proposal)
    await plant.sign("manager", ADOPT, proposal)
    with pytest.raises(ledger.KeyNotSeen):
        await asked(plant, RETIRE, str(signer.verifiers[0]))
    both = await sealed(signer)
    assert hashes(both) == {old, new}
    assert await faults(signer) == []
    with pytest.raises(ledger.KeyNotInForce):
        await asked(plant, RETIRE, "no such key")
    await plant.sign("site_head", RETIRE, await asked(plant, RETIRE, str(signer.verifiers[0])))
    assert hashes(await sealed(signer)) == {new}, "although the old line is still in the file"
    with pytest.raises(ledger.KeyInForce):
        await asked(plant, ADOPT, str(signer.verifiers[0]))
    with pytest.raises(ledger.KeyNotInForce):
        await asked(plant, RETIRE, str(signer.verifiers[1]))
    for file in (signer, only(signer, 1)):
        assert await faults(file) == [], "checked by what the log itself says of its keys"
    assert any("none of these signs the log now" in one for one in await faults(only(signer, 0)))
    kept = await ledger.compare(ledger.read_pasted(first), await ledger.trusted(only(signer, 1).verifiers))
    assert (kept.verdict.consistent, kept.signed.value) == (True, "yes"), "a copy of the old key's time"
    assert await unvouched() == []


async def test_nobody_changes_the_key_alone_from_any_door(two: tuple[Plant, Signer]) -> None:
    """Not the asker, not a head without an asker, not a verb called directly, not a key of another server."""
    plant, signer = two
    line = str(signer.verifiers[1])
    for name in ("administrator", "manager", "site_head"):
        actor = await plant.actor(name)
        for verb in (ledger.adopt_key, ledger.retire_key):
            with pytest.raises(NotPermitted):
                async with unit_of_work():
                    await verb(actor, line, 1)
    with pytest.raises(NotPermitted):
        await ledger.adopt_key(system(plant.id), line, None)
    with pytest.raises(NotPermitted):
        await signing.propose(await plant.actor("manager"), ADOPT, {"line": line}, "我自己来")
    with pytest.raises((Apart, NotPermitted, Refusal)):
        await plant.sign("manager", ADOPT, {"id": 999})
    for wrong in ("", "nonsense", f"{ORIGIN}+00000000+AAAA"):
        with pytest.raises(ledger.KeyNotHere):
            await asked(plant, ADOPT, wrong)
    assert not await LedgerKey.exists()


async def test_a_swapped_key_file_is_refused_by_the_sealer_and_named_by_verification(
    two: tuple[Plant, Signer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file alone, a checkpoint signed past the sealer, and an adoption that nobody signed: each is named."""
    plant, signer = two
    await sealed(signer)
    thief = keys.create(tmp_path / "thief.key", ORIGIN)
    mixed = Signer((*signer.keys, *thief.keys), signer.checkpoint_file)
    with pytest.raises(ledger.NoKeyInForce, match="none of these signs this log"):
        await sealed(thief)
    [swapped, *_rest] = await faults(thief)
    assert "the key or its file was swapped" in swapped
    async with unit_of_work():
        row = await LedgerKey.create(
            plant_id=plant.id, line=str(thief.verifiers[0]), adopted_at=clock.now(), signature_id=1
        )
        facts: dict[str, object] = {"line": row.line, "beside": [], "signature": 1}
        await ledger.append(Kind.LEDGER_KEY_ADOPT, system(plant.id), rows=[row], facts=facts)
    await sealed(mixed)
    assert any("is not that of two people" in one for one in await faults(mixed))

    async def anyone(given: Signer, _last: str | None) -> object:
        return given.keys

    monkeypatch.setattr("core.ledger.sealing.in_force", anyone)
    stranger = keys.create(tmp_path / "stranger.key", ORIGIN)
    await sealed(stranger)
    size = (await LedgerCheckpoint.all().order_by("-size").first() or LedgerCheckpoint()).size
    found = await faults(Signer((*mixed.keys, *stranger.keys), signer.checkpoint_file))
    assert any(f"ledger_checkpoint {size}" in one and "the key was swapped" in one for one in found)


def test_a_key_is_added_behind_the_present_ones_and_never_by_halves(tmp_path: Path) -> None:
    file = tmp_path / "ledger.key"
    before = keys.create(file, ORIGIN)
    added = keys.add(file)
    assert keys.load(file).verifiers == (*before.verifiers, added)
    assert file.stat().st_mode & 0o777 == 0o600
    (tmp_path / "ledger.key.new").touch()
    with pytest.raises(keys.KeyFault, match="cannot be written"):
        keys.add(file)
    assert len(keys.load(file).keys) == 2
