"""How this room says no."""

from __future__ import annotations

from core.kit import Refusal


class InviteUnknown(Refusal):
    """No such invitation was made."""

    says = "This invitation is not known. Please ask your administrator for a new one."


class InviteExpired(Refusal):
    """Invitations live for 24 hours."""

    says = "This invitation has expired. Please ask your administrator for a new one."


class InviteUsed(Refusal):
    """Each invitation opens one chat."""

    says = "This invitation was used already. If it was not you, tell your administrator at once."


class AccountTaken(Refusal):
    """A chat account belongs to one person for ever (NMPA D-22c)."""

    says = "This chat account is connected to another person already. Accounts are never handed on."


class LinkDead(Refusal):
    """A one-time link that is unknown, used or past its ten minutes."""

    says = "This link is used up or too old. Ask for a new one in the chat: it takes a moment."


class RolesClash(Refusal):
    """Two roles that one person must not hold together."""

    says = "One person cannot be {one} and {other} at once: who decides must not also run the system."


class RoleNotForPartner(Refusal):
    """A partner's people hold partner roles only."""

    says = "People of a partner can be operators or the partner's contacts, nothing else."


class PlantExists(Refusal):
    """The code is taken."""

    says = "An organisation with the code {code} exists already."


class HasAdministrator(Refusal):
    """The first administrator comes from the command line once; the next ones are made by an administrator."""

    says = "This plant has an administrator already. Ask them to add people."


class NeedsReason(Refusal):
    """Taking access away says why."""

    says = "Please give the reason; it goes on the record."


class NameUnclear(Refusal):
    """No or several people have this name."""

    says = "I cannot tell whom you mean by “{name}”. Please write the full printed name."


class Inactive(Refusal):
    """The person's access was revoked."""

    says = "The access of this person has ended."
