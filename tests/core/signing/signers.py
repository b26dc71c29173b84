"""People with authenticators, and what they can do on their phones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import signing
from core.kit import Actor, clock, system
from core.signing import CeremonyFacts, Completed, totp
from tests.core.signing.papers import APPROVE

CHANNEL = "telegram"


@dataclass
class Signer:
    """A person at a chat with an authenticator in hand."""

    actor: Actor
    secret: str
    chat: str

    def code(self, *, ago: int = 0) -> str:
        """The code that the authenticator shows now, or showed some steps ago."""
        return totp.code_at(self.secret, totp.step_of(clock.now()) - ago)

    def wrong_code(self) -> str:
        """Six digits that are neither the present nor the last code."""
        taken = {self.code(), self.code(ago=1), self.code(ago=-1)}
        return next(digits for digits in ("000000", "111111", "222222", "333333") if digits not in taken)

    async def begin(self, number: str = "P-1", act: str = APPROVE, chat: str | None = None) -> CeremonyFacts:
        """Tap the paper's button."""
        return await signing.begin(self.actor, act, {"number": number}, CHANNEL, chat or self.chat)

    async def answer(
        self, ceremony: CeremonyFacts, code: str | None = None, word: str | None = None
    ) -> Completed:
        """Send code and check word; by default the right ones."""
        said = f"{code or self.code()} {word or ceremony.check_word}"
        return await signing.complete(self.actor, ceremony.id, said)


async def enrolled(actor: Actor) -> Signer:
    """Give a person an authenticator by the way of the demo plant."""
    secret = totp.new_secret()
    await signing.load_demo_factor(system(actor.plant_id), actor.identity, secret)
    return Signer(actor=actor, secret=secret, chat=f"c{actor.identity}")


def next_code() -> None:
    """Wait until the authenticator shows another code."""
    clock.shift(dt.timedelta(seconds=totp.STEP_SECONDS))
