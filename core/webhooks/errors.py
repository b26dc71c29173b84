"""How this room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class AddressUnfit(Refusal):
    """A webhook goes to https addresses of the public internet."""

    says = "A webhook's address begins with https://, names a public host and holds no user name. Please check: {url}"


class KindsUnfit(Refusal):
    """No kind of event, or an unknown one."""

    says = "Please name at least one kind of event from the list; these are none: {kinds}"


class SubscriptionsTooMany(Refusal):
    """An organisation has as many subscriptions as it may."""

    says = "There are {most} webhooks already. Please delete one first."


class SubscriptionOn(Refusal):
    """Nothing to switch on."""

    says = "This webhook is on already; nothing needs to be done."
