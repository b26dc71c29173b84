"""What the web door needs of a messenger that vouches for who holds the phone: its own sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.kit import Refusal


class NotProven(Refusal):
    """The messenger does not vouch for whoever came back: the code is used, too old or made up."""

    says = "WeCom did not confirm who you are. Please start again from the app in WeCom."


class NotAMember(Refusal):
    """Whoever came back is no member of this corporation."""

    says = "This WeCom account is not a member of this company, so it opens nothing here."


class MessengerSilent(Refusal):
    """The messenger cannot be asked now."""

    says = "WeCom does not answer at the moment. Please try again in a minute."


class NotFromHere(Refusal):
    """The way back does not belong to a way out of this browser, or it took too long."""

    says = "This sign-in was started elsewhere or too long ago. Please start again."


class NotConnected(Refusal):
    """A member whose account is bound to nobody."""

    says = "Your WeCom account is not connected to anyone here yet. Ask your administrator for an invitation."


@dataclass(frozen=True)
class WayOut:
    """Where the browser goes, and what it must bring back."""

    address: str
    state: str


class MemberSignIn(Protocol):
    """A messenger's own sign-in."""

    def begin(self, purpose: str, *, inside: bool) -> WayOut:
        """Make a way out; ``inside`` the messenger's own browser, or by a QR code on a desktop."""

    async def spent(self, state: str) -> str | None:
        """The purpose that a state was made for, once and not for long; None for any other."""

    async def member(self, code: str) -> str:
        """The account that a code stands for.

        Raises:
            NotProven, NotAMember, MessengerSilent: it stands for none.
        """
