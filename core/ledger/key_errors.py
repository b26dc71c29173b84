"""How a change of the ledger's key is refused."""

from __future__ import annotations

from core.kit.refusal import Refusal


class KeyNotHere(Refusal):
    """The line names no key that this server holds."""

    says = (
        "This server holds no such ledger key ({why}). Run bihuan key ledger-new there, restart it, then ask with the "
        "line that was printed."
    )


class KeyInForce(Refusal):
    """It signs already, or was retired before."""

    says = "{key} signs already, or was retired. Make a new one with bihuan key ledger-new."


class KeyNotInForce(Refusal):
    """It does not sign, or it is the only one."""

    says = "{key} cannot be retired: it does not sign now, or no other key does. Take a new key up first."


class KeyNotSeen(Refusal):
    """No checkpoint was signed by a key that stays."""

    says = "No checkpoint carries the new key's signature yet. Wait until one is sealed with both, then ask again."
