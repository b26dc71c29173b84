"""How this room says no."""

from __future__ import annotations

from core.kit.refusal import NotPermitted, Refusal


class ClientRefused(Refusal):
    """Unknown client, wrong secret, expired or revoked: one answer for all, so that nothing is learned by trying."""

    says = "This client id and secret are not valid. Please ask the administrator of the plant."


class TokenDead(Refusal):
    """An access token that is unknown, expired, or whose client or secret ended."""

    says = "This access token is not valid any more. Please ask for a new one."


class ScopeMissing(NotPermitted):
    """The token does not carry the scope that is needed."""

    says = "This needs the scope {scope}, which this token does not have."


class ScopesUnfit(Refusal):
    """Scopes that are none, or not for this kind of organisation."""

    says = "These scopes cannot be given here: {scopes}. Please choose others."


class ClientPeriod(Refusal):
    """A client ends within two years, so that somebody looks again."""

    says = "A key is valid until a day between tomorrow and in {days} days. Please check the day."


class ClientOver(Refusal):
    """The client is revoked or expired."""

    says = "This key is revoked or expired. Please make a new one."


class SecretsTooMany(Refusal):
    """Two secrets hold already: the old one must end first."""

    says = "Two secrets of this key are valid already. Please end the older one first."


class TooFast(Refusal):
    """More requests than are let in within the time."""

    says = "Too many requests. Please try again in {seconds} seconds."


class SandboxMissing(Refusal):
    """A key for trying out needs somewhere to try."""

    says = "This organisation has no sandbox yet. Please make it first."
