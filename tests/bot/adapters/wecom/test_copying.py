"""A picture is copied while its update waits, so that nothing is lost when WeCom forgets it after three days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.adapters.blobs import FolderBlobs
from bot.copying import Copier, copy_of
from bot.gateway import Gateway
from core import people
from core.evidence import Darkroom
from core.kit.keys import KeyRing
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import Shelf
from tests.bot.adapters.wecom.conftest import Line
from tests.core.capa.test_whole_story import photo
from tests.fakes.blobs import ThreadBench
from tests.fakes.codes import ThreadCodes
from tests.plants import small_plant

SECONDS = dt.timedelta(seconds=5)


@pytest.fixture
def darkroom(tmp_path: Path, ring: KeyRing) -> Darkroom:
    return Darkroom(FolderBlobs(tmp_path / "blobs"), ring, ThreadBench())


async def test_a_waiting_picture_is_copied_and_used_after_wecom_forgot_it(
    line: Line, darkroom: Darkroom, ring: KeyRing, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    plant = await small_plant(enrolled=False)
    token = await people.invite(await plant.actor("administrator"), plant.persons["coater_operator"])
    await people.accept_invite("wecom", "zhangsan", "zhangsan", token)
    shelf = Shelf(messengers={"wecom": line.messenger})
    copier, picture = Copier(shelf, darkroom), photo()
    await line.member.sends_photo(picture)
    await line.until(lambda: len(line.stored) == 1)
    await line.server.member("stranger").sends_photo(picture)
    await line.until(lambda: len(line.stored) == 2)
    assert await copier.copy_due() == 0, "most updates are handled before"
    fast_forward(SECONDS)
    line.server.fail("media/get", 502)
    assert await copier.copy_due() == 0
    assert await copier.copy_due() == 0, "not asked for again at once"
    fast_forward(dt.timedelta(seconds=31))
    assert await copier.copy_due() == 1, "a stranger's picture is not fetched"
    fast_forward(dt.timedelta(days=3))
    assert await copy_of(darkroom, "wecom", line.stored[0].update_id) == picture
    assert await copy_of(darkroom, "wecom", line.stored[1].update_id) is None
    calls = len(line.server.calls_of("media/get"))
    press = ButtonPress(ring.derive("chat:buttons"))
    await Gateway(shelf, press, darkroom, ThreadCodes(), public_url="").settle()
    assert len(line.server.calls_of("media/get")) == calls, "the dialogue took the copy"
