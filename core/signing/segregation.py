"""Who may not sign what because of the part they had in it: a table of rules and the one function that reads it.

Regulation §4.4 (NMPA 14 and D-22a, 21 CFR 11.10(g)). Every rule looks at the signer and at the person signed for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.kit.refusal import Refusal
from core.people import Role
from core.people.permissions import approves
from core.signing import errors_apart as errors
from core.signing.table import ActRule
from core.signing.terms import Part

HEADS = frozenset({Role.MANAGER, Role.SITE_HEAD})


@dataclass(frozen=True, kw_only=True)
class Hand:
    """A person at a signature, with the roles of this moment; ``partner`` is somebody of a partner."""

    person_id: int
    roles: frozenset[str]
    partner: bool = False


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A signature about to be given: which act, by whom, for whom, and who had which part in what is signed."""

    act: ActRule
    signer: Hand
    on_behalf_of: Hand | None = None
    involved: Mapping[Part, frozenset[int]] = field(default_factory=dict)
    first: tuple[Hand, ...] = ()
    """Of an act of two people: those who took the first step."""

    @property
    def hands(self) -> tuple[Hand, ...]:
        """The signer, and the person signed for."""
        return (self.signer,) if self.on_behalf_of is None else (self.signer, self.on_behalf_of)

    @property
    def roles(self) -> frozenset[str]:
        """All roles that meet in the signer's hand for this signature."""
        return frozenset().union(*(hand.roles for hand in self.hands))


class RuleCode(StrEnum):
    """The rules by name."""

    AUTHOR = "author is not approver"
    REPORTER = "reporter is not grader or approver"
    INVESTIGATOR = "investigator is not approver of the root cause"
    ACTION_OWNER = "action owner is not verifier of effectiveness"
    OWNER = "owner of the case does not decide on it"
    INSPECTOR = "inspector is not reviewer"
    PLACER = "who stopped a lot does not release it"
    CONTRACTOR = "contractor does not sign for the registrant"
    HEADS_APART = "head of production is not head of quality"
    ADMINISTRATOR = "administrator is not approver"
    TWO_PERSONS = "two steps are two persons"
    TWO_ROLES = "two steps are two roles"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: when it is broken, and what is said then."""

    broken: Callable[[Deed], bool]
    refusal: type[Refusal]


def _had(part: Part) -> Callable[[Deed], bool]:
    def broken(deed: Deed) -> bool:
        had = deed.involved.get(part, frozenset())
        return part in deed.act.apart and any(hand.person_id in had for hand in deed.hands)

    return broken


def _contractor(deed: Deed) -> bool:
    return deed.act.registrant and any(hand.partner for hand in deed.hands)


def _heads(deed: Deed) -> bool:
    return deed.roles >= HEADS


def _administrator(deed: Deed) -> bool:
    if Role.ADMINISTRATOR not in deed.roles:
        return False
    return deed.act.approval or any(approves(Role(role)) for role in deed.roles)


def _same_person(deed: Deed) -> bool:
    first = {hand.person_id for hand in deed.first}
    return deed.act.two_person and (not first or any(hand.person_id in first for hand in deed.hands))


def _same_roles(deed: Deed) -> bool:
    return deed.act.two_roles and any(deed.roles == hand.roles for hand in deed.first)


RULES: dict[RuleCode, Rule] = {
    RuleCode.AUTHOR: Rule(broken=_had(Part.AUTHOR), refusal=errors.WroteIt),
    RuleCode.REPORTER: Rule(broken=_had(Part.REPORTER), refusal=errors.ReportedIt),
    RuleCode.INVESTIGATOR: Rule(broken=_had(Part.INVESTIGATOR), refusal=errors.InvestigatedIt),
    RuleCode.ACTION_OWNER: Rule(broken=_had(Part.ACTION_OWNER), refusal=errors.CarriedItOut),
    RuleCode.OWNER: Rule(broken=_had(Part.OWNER), refusal=errors.OwnsIt),
    RuleCode.INSPECTOR: Rule(broken=_had(Part.INSPECTOR), refusal=errors.InspectedIt),
    RuleCode.PLACER: Rule(broken=_had(Part.PLACER), refusal=errors.StoppedIt),
    RuleCode.CONTRACTOR: Rule(broken=_contractor, refusal=errors.RegistrantSigns),
    RuleCode.HEADS_APART: Rule(broken=_heads, refusal=errors.HeadsSignApart),
    RuleCode.ADMINISTRATOR: Rule(broken=_administrator, refusal=errors.AdministratorDecidesNothing),
    RuleCode.TWO_PERSONS: Rule(broken=_same_person, refusal=errors.SecondPersonSigns),
    RuleCode.TWO_ROLES: Rule(broken=_same_roles, refusal=errors.SecondRoleSigns),
}


def broken(deed: Deed, rules: Mapping[RuleCode, Rule] = RULES) -> tuple[RuleCode, ...]:
    """Answer every rule that a signature would break, in the order of the table."""
    return tuple(code for code, rule in rules.items() if rule.broken(deed))


def refuse_broken(deed: Deed) -> None:
    """Refuse a signature that breaks a rule.

    Raises:
        Refusal: the one of the first broken rule, of ``errors_apart``.
    """
    found = broken(deed)
    if found:
        raise RULES[found[0]].refusal


def parts(pairs: Iterable[tuple[Part, int | None]]) -> dict[Part, frozenset[int]]:
    """Gather who had which part; what nobody did is left out."""
    found: dict[Part, frozenset[int]] = {}
    for part, person_id in pairs:
        if person_id is not None:
            found[part] = found.get(part, frozenset()) | {person_id}
    return found
