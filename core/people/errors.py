"""How this room says no."""

from __future__ import annotations

from core.kit import NotPermitted, Refusal


class InviteUnknown(Refusal):
    """No such invitation was made."""

    says = "This invitation is not known. Please ask your administrator for a new one."


class InviteElsewhere(Refusal):
    """The invitation names another messenger than the one it was opened in."""

    says = "This invitation was made for another messenger. Please open it there, or ask for a new one."


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


class NotEngaged(NotPermitted):
    """An auditor reads while an engagement is open, and never without one (regulation §4.1, 21 CFR 11.10(d))."""

    says = "You are not let in as an auditor now. Please ask the plant's administrator to open an engagement."


class NotAnAuditor(Refusal):
    """Engagements are for auditors: everybody else's rights come from their roles."""

    says = "{name} is not an auditor. Give the role of auditor first."


class EngagementPeriod(Refusal):
    """An engagement is short, and lies ahead."""

    says = "An engagement ends after it begins, not in the past, and lasts {days} days at most. Please check the dates."


class EngagementOverlaps(Refusal):
    """One at a time, so that nobody wonders which bounds hold."""

    says = "{name} has an engagement in that time already. End it first, or choose other dates."


class ReportDatesReversed(Refusal):
    """The cases' days run backwards."""

    says = "The last day of the reports lies before the first. Please check the two dates."


class CasesUnknown(Refusal):
    """Case numbers that no case has."""

    says = "These are no cases of this plant: {numbers}. Please check the numbers."


class TooManyNamed(Refusal):
    """More case numbers than an engagement takes."""

    says = "An engagement names {most} cases at most. For more, give the days of their reports."


class EngagementOver(Refusal):
    """Nothing to end."""

    says = "This engagement is over already; there is nothing to end."


class EnrolByAnother(NotPermitted):
    """Nobody proves their own identity (21 CFR 11.100)."""

    says = "Someone else must make this link for you, after seeing that it is you. Please ask another administrator."


class SessionOver(Refusal):
    """The session ended, was idle too long or never was."""

    says = "Your session has ended. Please sign in again with a new link from the chat."


class RolesClash(Refusal):
    """Roles that one person must not hold together; the subclasses say which."""

    says = "These roles do not go together in one person. Please choose someone else for one of them."


class AdministratorAlone(RolesClash):
    """Administrators hold no other role (NMPA D-22a)."""

    says = (
        "Administrators hold no other role: who decides must not also run the system. "
        "Please choose someone else for one of the two."
    )


class AuditorAlone(RolesClash):
    """Auditors hold no other role."""

    says = (
        "Auditors hold no other role: who audits must not have a hand in the work. "
        "Please choose someone else for one of the two."
    )


class HeadsApart(RolesClash):
    """The heads of production and of quality are two people."""

    says = "The quality manager and the site head must be two people. Please choose someone else for one of the two."


class RoleNotForPartner(Refusal):
    """A partner's people hold partner roles only."""

    says = "People of a partner can be operators or the partner's contacts, nothing else."


class RoleHeld(Refusal):
    """The role was granted before."""

    says = "{name} has this role already; nothing needs to be done."


class RoleNotHeld(Refusal):
    """There is nothing to withdraw."""

    says = "{name} does not have this role; nothing needs to be done."


class LastAdministrator(Refusal):
    """A plant without an administrator could let nobody in any more."""

    says = "{name} is the only administrator. Please name another one first."


class PartnersOwnOnly(Refusal):
    """A partner's person would be told of cases that are not shared with that partner."""

    says = "People of a partner answer only for cases of that partner. Please name that partner as well."


class Unlisted(Refusal):
    """A choice that is not among those offered: a role, a kind, a language, a time zone, a tier."""

    says = "“{value}” is not on the list. Please choose one that is."


class PlantExists(Refusal):
    """The code is taken."""

    says = "An organisation with the code {code} exists already. Please choose another code."


class SiteExists(Refusal):
    """The organisation has a site with this code."""

    says = "A site with the code {code} exists already. Please choose another code."


class HasAdministrator(Refusal):
    """The first administrator comes from the command line once; the next ones are made by an administrator."""

    says = "This plant has an administrator already. Ask them to add people."


class NeedsReason(Refusal):
    """Changing who may do what says why."""

    says = "Please give the reason; it goes on the record."


class NameUnclear(Refusal):
    """No or several people have this name."""

    says = "I cannot tell whom you mean by “{name}”. Please write the full printed name."


class Inactive(Refusal):
    """The person's access was revoked."""

    says = "The access of this person has ended. Please ask your administrator if that is a mistake."


class ContactUnclear(Refusal):
    """Wishes about channels and hours that cannot be followed."""

    says = "These settings cannot be followed. Please choose known channels, and hours of the day like 22:00-06:00."
