"""How passkeys say no: at their registration, and at a signature of level S4."""

from __future__ import annotations

from core.kit.refusal import Refusal


class NoPasskeysHere(Refusal):
    """Browsers take passkeys over https (or on the own machine) only, and the installation has no such address."""

    says = (
        "Passkeys need an https address, and this installation has none yet. "
        "Please ask your administrator to set one up; everything else works as before."
    )


class NeedsPasskey(Refusal):
    """The act takes a passkey and the person has none."""

    says = "This signature takes a passkey, and you have none yet. Send /passkeys to add one, then tap the button again."


class SignsByPasskey(Refusal):
    """A code came for an act that takes a passkey; the code is not used up and the content goes on waiting."""

    says = "This signature takes your passkey, not a code. Please open the page with the button above and sign there."


class PasskeyNeedsRenewal(Refusal):
    """The last passkey under this authenticator has ended: identity is proven again, by two people (ASVS 6.4.4)."""

    says = (
        "You had a passkey before and none is left. Another takes two people, like a new authenticator: "
        "your administrator sends /enrol with your name, a head signs, then you enrol again and add the passkey."
    )


class NeedsOtherPasskey(Refusal):
    """Whoever has a passkey confirms a further one with it."""

    says = "Please confirm with a passkey that you have already; only then can another be added."


class NeedsFreshProof(Refusal):
    """Passkeys are added within ten minutes of PIN and code."""

    says = "Ten minutes have passed since your PIN and code. Send /passkeys for a fresh link."


class TooManyPasskeys(Refusal):
    """Nobody needs so many."""

    says = "You have {most} passkeys already. End one that you do not use any more, then add the new one."


class PasskeyKnown(Refusal):
    """The same credential was registered before, by whomever."""

    says = "This passkey is registered already. Please choose another device or security key."


class UnknownPasskey(Refusal):
    """No passkey of the signer; whose it may be is not told."""

    says = (
        "This is no passkey of yours that I know. Please use one from your list, or send /passkeys to see it."
    )


class PasskeyEnded(Refusal):
    """A passkey of the signer that was ended, or whose authenticator was."""

    says = "This passkey has been ended and signs nothing any more. Please use another, or send /passkeys."


class PasskeyUnreadable(Refusal):
    """What the browser sent is no answer of a passkey, or its signature is wrong."""

    says = "The answer of your device cannot be used. Nothing was signed; please try once more."


class OtherAddress(Refusal):
    """The answer was given at another web address than ours."""

    says = (
        "This answer was given at another web address. Somebody may be imitating this page: "
        "use only links from your chat, and tell the quality manager."
    )


class OtherContent(Refusal):
    """The answer belongs to another showing: other content, or an earlier answer sent again."""

    says = "This answer belongs to other content than what is shown. Nothing was signed; please sign again."


class NotVerifiedByDevice(Refusal):
    """The device did not check who holds it (no fingerprint, face or device PIN)."""

    says = "Your device did not check that it is you. Please switch on its fingerprint, face or PIN, and try again."


class CounterBack(Refusal):
    """The device's counter did not go on: perhaps a copy signs."""

    says = (
        "The counter of this passkey went backwards, as a copy of it would show. Nothing was signed and the "
        "quality manager is told; please end this passkey and use another."
    )
