"""Pictures are worked on elsewhere: the loop goes on, and a bad file hurts only itself."""

from __future__ import annotations

import asyncio
import multiprocessing
from typing import TYPE_CHECKING

import pytest

from core.evidence import MediaKind, Workbench, imaging, workbench
from core.evidence.errors import Damaged, NotAPicture, TooLarge, TooManyPixels
from core.evidence.terms import MEGABYTE
from tests.core.evidence import crashing, photos

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def bench() -> AsyncIterator[Workbench]:
    bench = Workbench(workers=2, seconds=60)
    yield bench
    await bench.close()


async def test_the_worker_makes_what_the_room_makes_and_refuses_the_same(bench: Workbench) -> None:
    """Results and refusals cross the process whole, with the facts that fill their sentence."""
    photo = photos.secret_jpeg()
    assert await bench.prepare(photo, must_be_picture=True) == imaging.prepare(photo)
    with pytest.raises(NotAPicture):
        await bench.prepare(b"a scratch on the lid", must_be_picture=True)
    with pytest.raises(TooManyPixels) as refused:
        await bench.prepare(photos.bomb(60_000, 60_000), must_be_picture=True)
    assert refused.value.facts == {"limit": 50}


async def test_the_loop_goes_on_while_a_large_photo_is_worked_on(bench: Workbench) -> None:
    """Other tasks get their turn many times over; worked on in the loop it would be a handful."""
    await bench.warm()
    photo = photos.jpeg(photos.scene(3, (4000, 3000)))
    making = asyncio.ensure_future(bench.prepare(photo, must_be_picture=True))
    turns = 0
    while not making.done():
        turns += 1
        await asyncio.sleep(0)
    assert making.result().width == 4000
    assert turns > 100


async def test_200_mb_never_reach_a_worker(bench: Workbench) -> None:
    """Refused by size alone, no process is started for it."""
    before = multiprocessing.active_children()
    with pytest.raises(TooLarge):
        await bench.prepare(bytes(200 * MEGABYTE), must_be_picture=True)
    assert multiprocessing.active_children() == before


async def test_a_file_that_crashes_the_decoder_is_refused_and_the_others_are_not(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those in hand at the same moment are tried again apart; the bench works on."""
    monkeypatch.setattr(workbench, "_work", crashing.work)
    answers = await asyncio.gather(
        bench.prepare(photos.jpeg(), must_be_picture=True),
        bench.prepare(b"CRASH", must_be_picture=False),
        bench.prepare(photos.png(), must_be_picture=True),
        return_exceptions=True,
    )
    assert [getattr(answer, "kind", type(answer)) for answer in answers] == [
        MediaKind.JPEG,
        Damaged,
        MediaKind.PNG,
    ]
    assert (await bench.prepare(photos.heic(), must_be_picture=True)).kind is MediaKind.HEIC


async def test_a_file_that_hangs_the_decoder_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is ended by its alarm."""
    monkeypatch.setattr(workbench, "_work", crashing.work)
    bench = Workbench(seconds=1)
    with pytest.raises(Damaged):
        await bench.prepare(b"HANG", must_be_picture=False)
    await bench.close()


async def test_closing_ends_the_workers(bench: Workbench) -> None:
    """No process is left, and closing twice does no harm."""
    before = len(multiprocessing.active_children())
    await bench.warm()
    assert len(multiprocessing.active_children()) > before
    await bench.close()
    assert len(multiprocessing.active_children()) == before
    await bench.close()
