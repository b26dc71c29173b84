"""How the signing room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class NotEnrolled(Refusal):
    """The person has no working authenticator."""

    says = "You have no authenticator for signing yet. Ask your administrator for an enrolment link."


class NotYours(Refusal):
    """The ceremony was begun by somebody else; only that person may answer it."""

    says = "This signature belongs to another person. Please open the record yourself to sign it."


class OtherChat(Refusal):
    """The ceremony was shown elsewhere; a code counts only where its content was shown."""

    says = "This was shown to you elsewhere. Please answer there, or tap its button here to begin anew."


class Expired(Refusal):
    """The five minutes are over, or the ceremony ended before."""

    says = "Five minutes have passed, so I put this aside. Tap the button again and I will show it anew."


class UnknownPage(Refusal):
    """The address of a signing page that no ceremony has: cut off when it was copied, or made up."""

    says = (
        "This link is not valid. Open it from the card in your chat, or tap the record's button there again."
    )


class AlreadySigned(Refusal):
    """The ceremony was completed before; a second answer has no effect."""

    says = "This is signed already; there is nothing more to do."


class Superseded(Refusal):
    """What would be signed is no longer what was shown."""

    says = "{number} has changed since I showed it to you. Tap the button again to see and sign it."


class WrongCode(Refusal):
    """Code or check word is wrong; which one is not told."""

    says = "The code or the check word is not right. You can try {left} more times; take a fresh code."


class WrongPin(WrongCode):
    """PIN or code is wrong, where both are typed on a page; which one is not told."""

    says = "The PIN or the code is not right. You can try {left} more times; take a fresh code."


class WrongLoginCode(WrongCode):
    """The code of a sign-in is wrong; nothing else was asked for."""

    says = "The code is not right. You can try {left} more times; take a fresh code."


class UsedCode(Refusal):
    """The code was right and has been used; one code signs one thing."""

    says = "This code was used already. Please send the next one; it comes within 30 seconds."


class Locked(Refusal):
    """Too many wrong answers; only signing is locked, never reporting."""

    says = (
        "Signing is locked after several wrong codes. Please try again in {minutes} minutes; "
        "reporting still works."
    )


class AuthenticatorEnded(Refusal):
    """Somebody whose authenticator was suspended signs in again only with a new one (a link alone is not enough)."""

    says = "Your authenticator is suspended. Please ask your administrator for a new enrolment link first."


class Suspended(Refusal):
    """Ten wrong answers in a row ended the authenticator."""

    says = (
        "Too many wrong codes: your authenticator has ended. Ask your administrator for a new enrolment link."
    )


class Unreadable(Refusal):
    """The answer holds no code and check word."""

    says = "Please send the code of your authenticator and the check word together, like this: 739214 K7Q2"


class UnreadableCode(Refusal):
    """The answer is not six digits."""

    says = "Please type the six digits that your authenticator shows now."


class NeedsSession(Refusal):
    """The act takes PIN and code first; the shown content goes on waiting."""

    says = (
        "This signature takes your PIN first. Open the signing page with the button above (or send /pin), "
        "then send the next code and the check word here."
    )


class NeedsPin(Refusal):
    """The authenticator was enrolled without a PIN."""

    says = "You have no PIN yet. Ask your administrator for a new enrolment link; you choose the PIN there."


class WeakPin(Refusal):
    """The chosen PIN is too easy."""

    says = (
        "Please choose a PIN of {least} to {most} digits that is neither one digit repeated nor counting on."
    )


class UnknownLevel(Refusal):
    """No such act, or a level that a plant cannot choose."""

    says = "“{level}” cannot be chosen for “{act}”. Choose S2, S3 or S4 for a signed act."


class ProposalOver(Refusal):
    """The proposal was decided, withdrawn, or is older than a week."""

    says = "{number} is not waiting any more. Ask for it anew if it is still needed."


class NotDelegable(Refusal):
    """An act that nobody signs for another, or no such limit."""

    says = "This cannot be delegated. Choose acts and a grade from the list."


class DelegationPeriod(Refusal):
    """It ends before it begins, or lasts too long."""

    says = "A delegation needs an end that lies ahead, at most {days} days away."


class DelegationMismatch(Refusal):
    """Not between these two people."""

    says = (
        "You cannot let this person sign for you. It must be somebody else of your own company, no administrator or "
        "auditor, and the heads of production and quality never sign for one another."
    )


class DelegationOver(Refusal):
    """The delegation has ended since the content was shown, or does not reach it any more."""

    says = "The delegation {number} does not cover this any more. Nothing was signed."


class NeedsRenewal(Refusal):
    """An authenticator in place of an earlier one takes an administrator and a second person."""

    says = (
        "You had an authenticator before. A new one takes two people: your administrator sends /enrol with your name, "
        "a head signs, then the link works for a day."
    )


class RenewalFirst(Refusal):
    """An administrator wants an enrolment link for somebody who had an authenticator before."""

    says = (
        "{name} had an authenticator before, so a new one takes two people. Ask for it under “Two people”, or send "
        "/enrol {name}; once a head has signed, you can make the link for a day."
    )


class RolesByOthers(Refusal):
    """A role for oneself, asked for or signed."""

    says = (
        "Your own roles are changed by others: another administrator asks, and a head who is not you signs."
    )


class RolesTakeTwo(Refusal):
    """The command line changes roles only where an administrator and a head who signs are not both there."""

    says = (
        "Two people can change roles here: an administrator asks under “Two people”, a head signs. The command line "
        "records people without deciding roles, and no more."
    )


class NotConsecutive(Refusal):
    """The two codes of an enrolment are not one after the other of this secret."""

    says = (
        "These are not two codes in a row. Type one code, wait until it changes, then type the next. "
        "If it fails again, check that your phone's clock sets itself."
    )


class NotUndertaken(Refusal):
    """Nobody signs who has not accepted what a signature means (电子签名法 art. 13, 21 CFR 11.100(c))."""

    says = "Please read the undertaking and tick that you accept it. Without it nobody can sign."


class NoOffer(Refusal):
    """There is no fresh enrolment to confirm."""

    says = "This enrolment is over. Please ask your administrator for a new link."


class NeedsSecondPerson(Refusal):
    """Nobody proves their own identity: the link must come from another person (21 CFR 11.100)."""

    says = "Another person must confirm who you are and send you the enrolment link."
