"""RFC 3161 stamps of checkpoints, from an authority on the loopback: verified on receipt, kept for good, tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from pyhanko.sign.timestamps import DummyTimeStamper

from bot import stamps
from bot.settings import SettingsFault
from core import ledger, witness
from core.kit import clock
from core.ledger import Signer
from core.ledger.models import LedgerEntry
from core.witness.models import Stamp
from tests.core.ledger.logs import fill, seal_all, verified
from tests.core.witness.authorities import certificate, made_chain
from tests.plants import small_plant

pytestmark = pytest.mark.enable_socket
DAY = dt.timedelta(days=1)


@dataclass
class Authority:
    """A time stamping authority that can be made to fail or to lie."""

    root: x509.Certificate
    stamper: DummyTimeStamper
    address: str = ""
    fault: str = ""
    asked: list[bytes] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.asked.append(raw)
        if self.fault == "500":
            return web.Response(status=500)
        if self.fault == "rubbish":
            return web.Response(body=b"\x30\x03rub")
        if self.fault == "endless":
            return web.Response(body=b"x" * 200_000)
        asked = tsp.TimeStampReq.load(raw)
        if self.fault == "another text":
            asked["message_imprint"]["hashed_message"] = bytes(32)
        if self.fault == "another nonce":
            asked["nonce"] = 7
        self.stamper.fixed_dt = dt.datetime.now(dt.UTC)
        if self.fault == "long ago":
            self.stamper.fixed_dt -= 3 * DAY
        made = self.stamper.request_tsa_response(asked).dump()
        if self.fault == "turned bit":
            made = made[:-3] + bytes([made[-3] ^ 1]) + made[-2:]
        return web.Response(body=made, content_type="application/timestamp-reply")


@pytest.fixture(scope="module")
def chain() -> tuple[x509.Certificate, DummyTimeStamper]:
    """A root and an authority under it."""
    return made_chain()


@pytest.fixture
async def authority(chain: tuple[x509.Certificate, DummyTimeStamper]) -> AsyncIterator[Authority]:
    made = Authority(*chain)
    application = web.Application()
    application.router.add_post("/tsr", made.answer)
    async with TestServer(application, host="127.0.0.1") as server:
        made.address = str(server.make_url("/tsr"))
        yield made


async def stamped(authority: Authority, roots: list[x509.Certificate] | None = None) -> bool:
    known = [authority.root] if roots is None else roots
    return await witness.stamp_due(stamps.authority(authority.address), authority.address, known)


@pytest.fixture
async def sealed(database: str, signer: Signer) -> Signer:
    await small_plant(enrolled=False)
    await seal_all(signer)
    return signer


async def test_the_newest_checkpoint_is_stamped_once_a_day(sealed: Signer, authority: Authority) -> None:
    """Kept with its instant, recorded in the ledger, verifiable anew; only a hash went out."""
    first = await ledger.latest_checkpoint()
    assert first is not None
    assert await stamped(authority)
    assert not await stamped(authority)
    kept = await witness.stamp_of(first.size)
    assert kept is not None
    assert kept == await witness.last_stamp()
    assert witness.recheck(kept.answer, first.note, [authority.root]) == kept.stamped_at
    assert abs(kept.stamped_at - clock.now()) < dt.timedelta(minutes=5)
    assert len(authority.asked) == 1
    assert len(authority.asked[0]) < 100
    with pytest.raises(witness.BadStamp):
        witness.recheck(kept.answer, first.note + "x", [authority.root])
    entry = await LedgerEntry.get(kind="witness:checkpoint:stamp")
    assert first.root.encode() in entry.body
    await seal_all(sealed)
    assert not await stamped(authority), "it is not a day later"
    clock.shift(dt.timedelta(minutes=1))
    assert (await verified(sealed)).faults == ()


@pytest.mark.parametrize(
    "fault", ["500", "rubbish", "endless", "another text", "another nonce", "long ago", "turned bit"]
)
async def test_an_answer_that_does_not_hold_is_not_kept_and_asked_for_again(
    sealed: Signer, authority: Authority, fault: str
) -> None:
    """The job fails aloud, nothing is written, the next attempt succeeds."""
    authority.fault = fault
    with pytest.raises((witness.BadStamp, ConnectionError)):
        await stamped(authority)
    assert await Stamp.all().count() == 0
    authority.fault = ""
    assert await stamped(authority)


async def test_an_authority_of_another_root_is_not_believed(
    sealed: Signer, authority: Authority, tmp_path: Path
) -> None:
    """The operator's own root file decides; a missing or empty one is said at the start."""
    key = generate_private_key(65537, 2048)
    other = certificate("Other", key, "Other", key, root=True)
    with pytest.raises(witness.BadStamp):
        await stamped(authority, [other])
    assert await Stamp.all().count() == 0
    file = tmp_path / "roots.pem"
    for content in (None, b"", b"nothing"):
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(SettingsFault, match="BIHUAN_TSA_ROOTS_FILE"):
            stamps.roots(file)
    file.write_bytes(authority.root.public_bytes(serialization.Encoding.PEM))
    assert await stamped(authority, stamps.roots(file))


async def test_nothing_to_stamp_asks_nobody(database: str, signer: Signer, authority: Any) -> None:
    """An empty log, or one without a plant, sends no request."""
    assert not await stamped(authority)
    assert authority.asked == []
    await fill(1)
    await seal_all(signer)
    assert not await stamped(authority)
    assert authority.asked == []
