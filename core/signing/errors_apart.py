"""How segregation of duties says no: one class per rule of regulation §4.4."""

from __future__ import annotations

from core.kit.refusal import Refusal


class Apart(Refusal):
    """The signer, or the person signed for, is too close to what would be signed."""


class WroteIt(Apart):
    """The author does not approve."""

    says = "You, or the person you sign for, wrote part of this. Somebody else must sign it."


class ReportedIt(Apart):
    """The reporter neither grades nor approves."""

    says = "You, or the person you sign for, reported this. Somebody else must sign it."


class InvestigatedIt(Apart):
    """The investigator does not approve the root cause."""

    says = "You, or the person you sign for, investigated the cause. Somebody else must approve it."


class CarriedItOut(Apart):
    """Whoever carried out an action does not judge its effect."""

    says = "You, or the person you sign for, carried out an action. Somebody else must judge the effect."


class OwnsIt(Apart):
    """Whoever answers for a case does not decide on it."""

    says = "You, or the person you sign for, answer for this case. Somebody else must decide on it."


class InspectedIt(Apart):
    """The inspector does not review the own inspection."""

    says = "You, or the person you sign for, did this inspection. Somebody else must review it."


class StoppedIt(Apart):
    """Whoever stopped a lot does not release it."""

    says = "You, or the person you sign for, put this on hold. Somebody else must decide on it."


class RegistrantSigns(Apart):
    """A contractor does not sign for the registrant."""

    says = "This is signed by the registrant's own people. Please hand it to your contact there."


class HeadsSignApart(Apart):
    """The heads of production and of quality are two people, also by delegation."""

    says = "The head of production and the head of quality sign apart; nobody signs for both."


class AdministratorDecidesNothing(Apart):
    """Whoever runs the system approves nothing in it, also by delegation."""

    says = "Administrators approve no records. Please ask somebody of quality to sign this."


class SecondPersonSigns(Apart):
    """The two steps of an act of two people are taken by two."""

    says = "This takes two people, and one of them asked for it already. A second person must sign it."


class SecondRoleSigns(Apart):
    """The two steps of an act of two people are taken in two roles."""

    says = "This takes two people of different roles. Please ask somebody with another role to sign it."
