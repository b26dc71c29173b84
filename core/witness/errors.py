"""Why a witness, a key, an acknowledgement or a cosignature is refused."""

from __future__ import annotations

from core.kit import Refusal


class NotAWitness(Refusal):
    """Only named witnesses acknowledge."""

    says = "You are not a witness of this log. An administrator names witnesses on the admin page."


class NothingSealed(Refusal):
    """There is no checkpoint yet."""

    says = "There is no checkpoint yet: nothing has been recorded. Please come back later."


class AnotherCheckpoint(Refusal):
    """What was shown is not the log's checkpoint of that size."""

    says = "The log has no checkpoint {short}. Please send /witness to see the present one."


class NotGrown(Refusal):
    """The log does not continue what this witness acknowledged before: nothing is acknowledged."""

    says = (
        "✘ The log does not continue the {size} entries that you witnessed before. Nothing was acknowledged; "
        "please keep your copy and tell the auditor at once."
    )


class SeenAlready(Refusal):
    """This witness acknowledged this size, or a larger one, before."""

    says = "You have witnessed {size} entries already. There is nothing newer to acknowledge."


class NamedAlready(Refusal):
    """The person or chat is a witness already."""

    says = "This witness is named already."


class NoSuchChat(Refusal):
    """The words do not name a chat."""

    says = "“{chat}” does not name a chat. Write the messenger and the chat's number, like telegram and -1001234567."


class KeyUnreadable(Refusal):
    """The text is no witness key."""

    says = "This is no witness key: {why}. Please copy the whole line that the script prints."


class KeyKnown(Refusal):
    """The key was registered before."""

    says = (
        "The key {name} is registered already, or was retired. A new key needs a new name or a new key file."
    )


class KeyUnknown(Refusal):
    """No registered key made this cosignature."""

    says = "No registered witness key made this. An administrator registers keys on the admin page."


class NoCosignature(Refusal):
    """The text holds no cosigned checkpoint of this log."""

    says = "This cannot be taken as a cosignature: {why}. Nothing was recorded."


class NoCheckpoint(Refusal):
    """The text holds no checkpoint."""

    says = (
        "I cannot read a checkpoint here: {why}. "
        "Send the whole message, or its size and first 8 digits, like 312:3fa94b21."
    )


class OldSize(Refusal):
    """A proof was asked for from a size that this log never had."""

    says = (
        "There is no consistency proof from {old} entries to {size}: the log holds fewer than that, or none."
    )
