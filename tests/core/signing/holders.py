"""Somebody with PIN, authenticator and passkeys, and the plant in which papers take one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from core import signing
from core.kit import system
from core.signing import CeremonyFacts, totp
from core.signing.table import TABLE, ActRule
from tests.core.signing.conftest import Cast
from tests.core.signing.papers import APPROVE
from tests.core.signing.signers import Signer, next_code
from tests.fakes.authenticator import SoftKey

PIN = "204816"
ADDRESS = "http://localhost:8080"


@dataclass
class Holder:
    """A person with PIN and authenticator, and the keys in their hand."""

    signer: Signer
    keys: list[SoftKey] = field(default_factory=list)

    @property
    def id(self) -> int:
        return self.signer.actor.identity

    async def proves(self) -> None:
        """Give PIN and code on the page."""
        next_code()
        await signing.open_session(self.id, PIN, self.signer.code())

    async def adds(self, key: SoftKey, name: str = "手机") -> signing.PasskeyFacts:
        """Go through the page: options, device, answer; a key in hand confirms."""
        offer = await signing.passkey_offer(self.id)
        confirmation = self.keys[0].get(offer.confirm) if offer.confirm else ""
        made = await signing.add_passkey(self.id, name, key.create(offer.create), confirmation)
        self.keys.append(key)
        return made

    async def asked(self, shown: CeremonyFacts) -> str:
        """The options of the page of a ceremony."""
        return (await signing.page(shown.page_token)).options


@pytest.fixture
async def holder(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Holder]:
    """At this plant papers take level S4, and 李明 has given PIN and code."""
    monkeypatch.setitem(TABLE, APPROVE, ActRule(says="Approve", meaning=signing.Meaning.APPROVED))
    signing.use_passkeys(ADDRESS)
    root = system(cast.admin.plant_id)
    await signing.set_level(root, APPROVE, "S4")
    cast.li.secret = totp.new_secret()
    await signing.load_demo_factor(root, cast.li.actor.identity, cast.li.secret, PIN)
    held = Holder(cast.li)
    await held.proves()
    yield held
    signing.use_passkeys("")


@pytest.fixture
async def armed(holder: Holder) -> Holder:
    """李明 has a passkey."""
    await holder.adds(SoftKey())
    return holder
