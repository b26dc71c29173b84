"""A plant whose people can sign, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import signing
from core.kit import Actor, clock
from core.kit.keys import KeyRing
from tests.core.signing import papers, people_here
from tests.core.signing.signers import Signer, enrolled


@dataclass
class Cast:
    """Who works at the plant: three with authenticators, and others without."""

    li: Signer
    wang: Signer
    chen: Signer
    admin: Actor
    operator: Actor
    newcomer: Actor


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stop the clock, so that no code changes between two lines; only ``clock.shift`` moves it."""
    with clock.unshifted():
        stopped = clock.now()
        ahead = [dt.timedelta(0)]
        monkeypatch.setattr(clock, "now", lambda: stopped + ahead[0])
        monkeypatch.setattr(clock, "shift", lambda by: ahead.__setitem__(0, ahead[0] + by))
        yield


@pytest.fixture
async def cast(database: object, still_clock: None, tmp_path: Path) -> Cast:
    """The people, enrolled, and an empty table of papers."""
    papers.PAPERS.clear()
    papers.paper()
    signing.use_keys(KeyRing.create(tmp_path / "master.key"))
    admin = await people_here.hire("赵敏", "administrator")
    return Cast(
        li=await enrolled(await people_here.hire("李明", "manager")),
        wang=await enrolled(await people_here.hire("王芳", "manager")),
        chen=await enrolled(await people_here.hire("陈静", "responsible")),
        admin=admin,
        operator=await people_here.hire("张伟", "operator"),
        newcomer=await people_here.hire("刘洋", "responsible"),
    )
