"""Photos in a bucket are backed up and restored like those in a folder, and after a failure nothing stays behind."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.assembly import blob_store
from bot.backing_up import BackingUp
from bot.backups import BackupFault, Desk
from handlers.cli.tools import Refused
from tests.bot.backups.conftest import Empty
from tests.bot.backups.installations import Installation
from tests.bot.backups.places import left, moved
from tests.servers.s3 import ACCESS, BUCKET, REGION, SECRET, S3Server


@pytest.fixture
async def s3(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[S3Server]:
    for name, value in (("ACCESS_KEY_ID", ACCESS), ("SECRET_ACCESS_KEY", SECRET), ("REGION", REGION)):
        monkeypatch.setenv(f"AWS_{name}", value)
    server = S3Server()
    await server.start()
    yield server
    await server.stop()


on_one_engine = pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
"""What fails in the bucket does so before the database has a part in it."""


async def beside(one: Installation, folder: Path, empty: Empty, s3: S3Server, prefix: str) -> Installation:
    """A clean machine whose photos lie in the bucket."""
    there = await moved(one, folder, empty)
    where = {"blob_url": f"s3://{BUCKET}/{prefix}", "s3_endpoint": s3.address}
    there.settings = there.settings.model_copy(update=where)
    return there


async def first_photo(one: Installation) -> str:
    return min([key async for key in blob_store(one.settings).listed()])


def under(s3: S3Server, prefix: str) -> dict[str, bytes]:
    return {
        key.removeprefix(f"{prefix}/"): data
        for key, data in s3.objects.items()
        if key.startswith(f"{prefix}/")
    }


@pytest.mark.req("G-46c")
async def test_photos_go_from_a_folder_through_buckets_into_a_folder(
    installation: Installation, empty: Empty, tmp_path: Path, s3: S3Server
) -> None:
    """Four moves, the same photos after each; what is changed or missing in a bucket is named by the next one."""
    made, file = await installation.backup()
    first = await beside(installation, tmp_path / "one", empty, s3, "plant/one")
    assert (await first.desk().restore(file))[1] == []
    kept = under(s3, "plant/one")
    assert len(kept) == made.blobs.count > 3, "more than a page of the listing"

    again, file = await first.backup()
    assert again.blobs == made.blobs
    assert (await first.desk().rehearse(file)).faults == ()
    second = await beside(installation, tmp_path / "two", empty, s3, "plant/two")
    with pytest.raises(BackupFault, match="is not empty"):
        await (await beside(installation, tmp_path / "no", empty, s3, "plant/one")).desk().restore(file)
    assert (await second.desk().restore(file))[1] == []
    assert under(s3, "plant/two") == under(s3, "plant/one") == kept

    names = sorted(key for key in kept if "/original/" in key)
    s3.objects[f"plant/two/{names[0]}"] = bytes(len(kept[names[0]]))
    del s3.objects[f"plant/two/{names[1]}"]
    _, spoilt = await second.backup()
    folder = await moved(installation, tmp_path / "three", empty)
    _, faults = await folder.desk().restore(spoilt)
    assert len(faults) == 2, faults
    assert "cannot be unsealed" in faults[0]
    assert names[0] in faults[0]
    assert "is missing" in faults[1]
    assert names[1] in faults[1]
    assert {path.name for path in (tmp_path / "three/blobs").rglob("*") if path.is_file()} == {
        key.rpartition("/")[2] for key in kept if key != names[1]
    }


@on_one_engine
async def test_a_wrong_answer_in_the_middle_leaves_nothing_half_restored(
    installation: Installation, empty: Empty, tmp_path: Path, s3: S3Server
) -> None:
    """Neither objects nor a database; and where the store takes nothing away again, the sentence says so."""
    _, file = await installation.backup()
    there = await beside(installation, tmp_path / "new", empty, s3, "plant/one")
    rounds: tuple[tuple[list[int | str], int, str], ...] = (
        ([403], 0, r"nothing was restored: .* does not answer as it should"),
        (["drop"] * 5, 0, "nothing was restored"),
        ([403, *["drop"] * 5], 2, r"3 objects under .* could not be taken away again"),
    )
    for faults, stay, said in rounds:
        s3.faults.extend([None] * 6)  # a listing, then two requests for each photo
        s3.faults.extend(faults)
        with pytest.raises(Refused, match=said):
            await BackingUp.restore(there, file, lambda *_: None)  # type: ignore[arg-type]  all that it needs
        assert not s3.faults, s3.seen
        assert len(under(s3, "plant/one")) == stay
        assert left(tmp_path / "new") == set()
    with pytest.raises(BackupFault, match="is not empty"):
        await there.desk().restore(file)
    s3.objects.clear()
    assert (await there.desk().restore(file))[1] == []


@on_one_engine
async def test_photos_of_somebody_else_are_neither_written_over_nor_taken_away(
    installation: Installation, empty: Empty, tmp_path: Path, s3: S3Server
) -> None:
    """The prefix was empty at the start, and another restore began meanwhile."""
    _, file = await installation.backup()
    there = await beside(installation, tmp_path / "new", empty, s3, "plant/one")
    other: dict[str, bytes] = {}

    def meanwhile(what: str, _: int) -> None:
        if what == "restoring" and not other:
            other.update(dict.fromkeys(names, b"other"))
            s3.objects |= other

    names = [f"plant/one/{await first_photo(installation)}"]
    there.desk = lambda: Desk(there.settings, meanwhile)  # type: ignore[method-assign]
    with pytest.raises(BackupFault, match=r"appeared in .* meanwhile"):
        await there.desk().restore(file)
    assert s3.objects == other


@on_one_engine
@pytest.mark.parametrize(
    ("faults", "said"),
    [([403], "the list of photos cannot be read"), ([None, None, 403], "/original/.* cannot be read")],
)
async def test_a_bucket_that_cannot_be_read_makes_no_backup(
    installation: Installation, s3: S3Server, faults: list[int | str | None], said: str
) -> None:
    """A backup with fewer photos than there are would be found out too late."""
    s3.objects |= {f"plant/one/1/original/{digit * 64}": b"x" for digit in "0123"}
    where = {"blob_url": f"s3://{BUCKET}/plant/one", "s3_endpoint": s3.address}
    s3.faults.extend(faults)
    with pytest.raises(BackupFault, match=said) as refused:
        await Desk(installation.settings.model_copy(update=where), lambda *_: None).backup(io.BytesIO())
    assert SECRET not in str(refused.value)
