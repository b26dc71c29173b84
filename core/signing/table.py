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

    ``apart`` are the parts that exclude from signing; ``registrant`` acts are closed to partners' people;
    ``delegable`` ones may be signed for somebody else.
    """

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


TWO_PEOPLE = ActRule(
    meaning=Meaning.APPROVED, two_person=True, two_roles=True, registrant=True, delegable=False
)

TABLE: dict[str, ActRule] = {
    "anomalies:grade:confirm": ActRule(
        meaning=Meaning.REVIEWED, apart=frozenset({Part.REPORTER}), registrant=True
    ),
    "anomalies:grade:lower": ActRule(
        meaning=Meaning.APPROVED,
        apart=frozenset({Part.REPORTER}),
        two_person=True,
        two_roles=True,
        registrant=True,
    ),
    "anomalies:containment:complete": ActRule(
        meaning=Meaning.AUTHORED, apart=frozenset({Part.REPORTER}), registrant=True
    ),
    "lots:hold:decide": ActRule(
        meaning=Meaning.APPROVED, apart=frozenset({Part.PLACER}), two_person=True, registrant=True
    ),
    "lots:lot:release": ActRule(meaning=Meaning.RELEASED, registrant=True),
    "capa:plan:approve": ActRule(
        meaning=Meaning.APPROVED,
        apart=frozenset({Part.AUTHOR, Part.INVESTIGATOR, Part.OWNER}),
        registrant=True,
    ),
    "capa:implementation:confirm": ActRule(meaning=Meaning.AUTHORED, delegable=False),
    "capa:effectiveness:result": ActRule(
        meaning=Meaning.REVIEWED, apart=frozenset({Part.ACTION_OWNER, Part.OWNER}), registrant=True
    ),
    "capa:close": ActRule(meaning=Meaning.APPROVED, apart=frozenset({Part.OWNER}), registrant=True),
    "capa:waive": ActRule(
        meaning=Meaning.APPROVED, apart=frozenset({Part.REPORTER, Part.OWNER}), registrant=True
    ),
    "signing:delegation:give": ActRule(meaning=Meaning.AUTHORED, delegable=False),
    "signing:policy:set": TWO_PEOPLE,
    "signing:factor:renew": TWO_PEOPLE,
    "ledger:key:adopt": TWO_PEOPLE,
    "ledger:key:retire": TWO_PEOPLE,
    "people:role:grant": TWO_PEOPLE,
    "people:role:withdraw": TWO_PEOPLE,
}


def rule_of(code: str, *, meaning: Meaning, level: Level2) -> ActRule:
    """Answer an act's row; an act without one is signed as registered and keeps nobody apart."""
    return TABLE.get(code) or ActRule(meaning=meaning, level=level)
