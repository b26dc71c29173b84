"""Which act means what, how it is proven, who must not sign it: one table, the default policy of every plant.

Regulation §4.3(5) and §4.4. A test compares the rows with the acts that rooms register.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.signing.terms import Level2, Meaning, Part

APPROVALS = frozenset({Meaning.APPROVED, Meaning.REVIEWED, Meaning.RELEASED, Meaning.CONCESSION})


@dataclass(frozen=True, kw_only=True)
class ActRule:
    """What the policy says of one act.

    ``says`` is its one name (a msgid), on what is signed, in every list and choice; ``apart`` are the parts that
    exclude from signing; ``registrant`` acts are closed to partners' people; ``delegable`` ones may be
    signed for somebody else.
    """

    says: str
    meaning: Meaning
    level: Level2 = Level2.S2
    apart: frozenset[Part] = frozenset()
    two_person: bool = False
    two_roles: bool = False
    registrant: bool = False
    delegable: bool = True

    @property
    def approval(self) -> bool:
        """Whether the act decides on other people's work."""
        return self.meaning in APPROVALS


def _two_people(says: str) -> ActRule:
    return ActRule(
        says=says,
        meaning=Meaning.APPROVED,
        two_person=True,
        two_roles=True,
        registrant=True,
        delegable=False,
    )


TABLE: dict[str, ActRule] = {
    "anomalies:grade:confirm": ActRule(
        says="Confirm the grade", meaning=Meaning.REVIEWED, apart=frozenset({Part.REPORTER}), registrant=True
    ),
    "anomalies:grade:lower": ActRule(
        says="Lower the grade",
        meaning=Meaning.APPROVED,
        apart=frozenset({Part.REPORTER}),
        two_person=True,
        two_roles=True,
        registrant=True,
    ),
    "anomalies:containment:complete": ActRule(
        says="Confirm that the problem is contained",
        meaning=Meaning.AUTHORED,
        apart=frozenset({Part.REPORTER}),
        registrant=True,
    ),
    "lots:hold:decide": ActRule(
        says="Decide what becomes of held lots",
        meaning=Meaning.APPROVED,
        apart=frozenset({Part.PLACER}),
        two_person=True,
        registrant=True,
    ),
    "lots:lot:release": ActRule(
        says="Release the lot",
        meaning=Meaning.RELEASED,
        apart=frozenset({Part.INSPECTOR}),
        registrant=True,
    ),
    "lots:lot:clear": ActRule(
        says="Take the lot out of quarantine",
        meaning=Meaning.APPROVED,
        apart=frozenset({Part.PLACER, Part.INSPECTOR}),
        registrant=True,
    ),
    "inspections:sample:approve": ActRule(
        says="Put the reference sample in force",
        meaning=Meaning.APPROVED,
        apart=frozenset({Part.AUTHOR}),
        registrant=True,
    ),
    "capa:plan:approve": ActRule(
        says="Approve the CAPA plan",
        meaning=Meaning.APPROVED,
        apart=frozenset({Part.AUTHOR, Part.INVESTIGATOR, Part.OWNER}),
        registrant=True,
    ),
    "capa:implementation:confirm": ActRule(
        says="Confirm that all actions are implemented", meaning=Meaning.AUTHORED, delegable=False
    ),
    "capa:effectiveness:result": ActRule(
        says="Judge the effectiveness",
        meaning=Meaning.REVIEWED,
        apart=frozenset({Part.ACTION_OWNER, Part.OWNER}),
        registrant=True,
    ),
    "capa:close": ActRule(
        says="Close the case", meaning=Meaning.APPROVED, apart=frozenset({Part.OWNER}), registrant=True
    ),
    "capa:waive": ActRule(
        says="Let this case go without a CAPA",
        meaning=Meaning.APPROVED,
        apart=frozenset({Part.REPORTER, Part.OWNER}),
        registrant=True,
    ),
    "signing:delegation:give": ActRule(
        says="Let somebody sign for you", meaning=Meaning.AUTHORED, delegable=False
    ),
    "signing:policy:set": _two_people("Change how an act is signed"),
    "signing:factor:renew": _two_people("A new authenticator in place of a lost one"),
    "ledger:key:adopt": _two_people("Take a new ledger key up"),
    "ledger:key:retire": _two_people("Retire a ledger key"),
    "people:role:grant": _two_people("Give a role"),
    "people:role:withdraw": _two_people("Take a role away"),
}


def rule_of(code: str, *, meaning: Meaning, level: Level2) -> ActRule:
    """Answer an act's row; an act without one is signed as registered and keeps nobody apart."""
    return TABLE.get(code) or ActRule(says=code, meaning=meaning, level=level)


def says(code: str) -> str:
    """Answer the msgid of an act's name; one without a row stands for itself."""
    return TABLE[code].says if code in TABLE else code
