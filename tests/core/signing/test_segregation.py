"""Nobody signs what they had a part in: random organisations and histories, and each rule shown to be needed."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core.capa
import core.lots
from core import anomalies
from core.people import Role
from core.people.permissions import approves
from core.signing import Meaning, Part, errors_apart
from core.signing.acts import ACTS
from core.signing.segregation import RULES, Deed, Hand, RuleCode, broken, refuse_broken
from core.signing.table import TABLE, ActRule

APPROVED = {Meaning.APPROVED, Meaning.REVIEWED, Meaning.RELEASED, Meaning.CONCESSION}
INSPECTION = ActRule(says="Approve", meaning=Meaning.REVIEWED, apart=frozenset({Part.INSPECTOR}))
RULES_OF_ACTS = (*TABLE.values(), INSPECTION)


def forbidden(deed: Deed) -> bool:
    """Regulation §4.4 read aloud, written apart from the table that is tested."""
    people = [deed.signer.person_id]
    roles = set(deed.signer.roles)
    partners = deed.signer.partner
    if deed.on_behalf_of is not None:
        people.append(deed.on_behalf_of.person_id)
        roles |= deed.on_behalf_of.roles
        partners = partners or deed.on_behalf_of.partner
    for part in deed.act.apart:
        if set(people) & deed.involved.get(part, frozenset()):
            return True
    if deed.act.registrant and partners:
        return True
    if {"manager", "site_head"} <= roles:
        return True
    if "administrator" in roles and (
        deed.act.meaning in APPROVED or any(approves(Role(one)) for one in roles)
    ):
        return True
    if deed.act.two_person:
        if not deed.first or {one.person_id for one in deed.first} & set(people):
            return True
        if deed.act.two_roles and any(one.roles == frozenset(roles) for one in deed.first):
            return True
    return False


roles = st.frozensets(st.sampled_from(sorted(role.value for role in Role)), min_size=1, max_size=3)
hands = st.builds(Hand, person_id=st.integers(1, 6), roles=roles, partner=st.booleans())
histories = st.dictionaries(st.sampled_from(list(Part)), st.frozensets(st.integers(1, 6), max_size=3))
deeds = st.builds(
    Deed,
    act=st.sampled_from(RULES_OF_ACTS),
    signer=hands,
    on_behalf_of=st.none() | hands,
    involved=histories,
    first=st.lists(hands, max_size=2).map(tuple),
)


@settings(max_examples=1500, deadline=None)
@given(deeds)
@pytest.mark.req("G-14")
def test_no_accepted_signature_breaks_a_rule_of_the_regulation(deed: Deed) -> None:
    """For random organisations and histories, accepted means allowed, and refused means forbidden."""
    assert bool(broken(deed)) == forbidden(deed)


def test_a_hundred_thousand_histories_break_no_rule() -> None:
    """The same over many more, thrown with loaded dice: three people share most parts, so that rules really apply."""
    dice, every = random.Random(100_000), sorted(role.value for role in Role)

    def hand() -> Hand:
        held = frozenset(dice.choices(every, k=dice.randint(1, 3)))
        return Hand(person_id=dice.randint(1, 3), roles=held, partner=dice.random() < 0.2)

    outcomes = {True: 0, False: 0}
    for _ in range(100_000):
        deed = Deed(
            act=dice.choice(RULES_OF_ACTS),
            signer=hand(),
            on_behalf_of=hand() if dice.random() < 0.2 else None,
            involved={
                part: frozenset(dice.choices((1, 2, 3), k=dice.randint(0, 2)))
                for part in dice.sample(list(Part), k=dice.randint(0, 3))
            },
            first=tuple(hand() for _ in range(dice.randint(0, 2))),
        )
        refused = bool(broken(deed))
        assert refused == forbidden(deed), deed
        outcomes[refused] += 1
    assert min(outcomes.values()) > 10_000


@settings(max_examples=300, deadline=None)
@given(deeds, hands)
def test_signing_for_somebody_opens_nothing_that_is_closed_to_oneself(deed: Deed, other: Hand) -> None:
    """What the delegate may not sign in the own name they may not sign in another's either, save by roles alike."""
    alone = dataclasses.replace(deed, on_behalf_of=None)
    for_other = dataclasses.replace(deed, on_behalf_of=other)
    assert set(broken(alone)) - {RuleCode.TWO_ROLES} <= set(broken(for_other))


QUALITY = Hand(person_id=1, roles=frozenset({"manager"}))
ENGINEER = Hand(person_id=2, roles=frozenset({"responsible"}))


def had(part: Part, act: str) -> Deed:
    """The manager signs an act after having had a part in it."""
    return Deed(
        act=TABLE[act],
        signer=QUALITY,
        involved={part: frozenset({1})},
        first=(ENGINEER,) if TABLE[act].two_person else (),
    )


NEEDED: dict[RuleCode, Deed] = {
    RuleCode.AUTHOR: had(Part.AUTHOR, "capa:plan:approve"),
    RuleCode.REPORTER: had(Part.REPORTER, "anomalies:grade:confirm"),
    RuleCode.INVESTIGATOR: had(Part.INVESTIGATOR, "capa:plan:approve"),
    RuleCode.ACTION_OWNER: had(Part.ACTION_OWNER, "capa:effectiveness:result"),
    RuleCode.OWNER: had(Part.OWNER, "capa:close"),
    RuleCode.INSPECTOR: Deed(act=INSPECTION, signer=QUALITY, involved={Part.INSPECTOR: frozenset({1})}),
    RuleCode.PLACER: had(Part.PLACER, "lots:hold:decide"),
    RuleCode.CONTRACTOR: Deed(
        act=TABLE["capa:close"], signer=Hand(person_id=3, roles=frozenset({"supplier"}), partner=True)
    ),
    RuleCode.HEADS_APART: Deed(
        act=TABLE["capa:close"],
        signer=Hand(person_id=4, roles=frozenset({"site_head"})),
        on_behalf_of=QUALITY,
    ),
    RuleCode.ADMINISTRATOR: Deed(
        act=TABLE["capa:close"], signer=Hand(person_id=5, roles=frozenset({"administrator"}))
    ),
    RuleCode.TWO_PERSONS: Deed(
        act=TABLE["anomalies:grade:lower"],
        signer=QUALITY,
        first=(Hand(person_id=1, roles=frozenset({"manager", "responsible"})),),
    ),
    RuleCode.TWO_ROLES: Deed(
        act=TABLE["anomalies:grade:lower"],
        signer=QUALITY,
        first=(Hand(person_id=6, roles=frozenset({"manager"})),),
    ),
}


@pytest.mark.parametrize("code", list(RuleCode))
@pytest.mark.req("G-100")
def test_without_a_rule_something_forbidden_is_signed(code: RuleCode) -> None:
    """Each rule alone stops its case: take the rule away and the forbidden signature is accepted."""
    deed = NEEDED[code]
    assert broken(deed) == (code,)
    rest = {one: rule for one, rule in RULES.items() if one is not code}
    assert broken(deed, rest) == ()
    assert forbidden(deed)
    with pytest.raises(RULES[code].refusal):
        refuse_broken(deed)


@pytest.mark.parametrize(
    "code", [one for one in RuleCode if NEEDED[one].act.apart & set(NEEDED[one].involved)]
)
def test_what_the_delegator_did_binds_the_delegate(code: RuleCode) -> None:
    """Signing for the person who had the part is refused like signing oneself."""
    deed = dataclasses.replace(
        NEEDED[code], signer=Hand(person_id=9, roles=frozenset({"supervisor"})), on_behalf_of=QUALITY
    )
    assert code in broken(deed)


def test_each_rule_has_its_own_words() -> None:
    """A person reads which rule it was."""
    said = [rule.refusal for rule in RULES.values()]
    assert len({one.says for one in said}) == len(said) == len(RuleCode)
    assert all(issubclass(one, errors_apart.Apart) for one in said)


def test_every_act_of_the_house_has_its_row() -> None:
    """No act is signed outside the policy table, and no row stands for nothing."""
    assert anomalies.get
    assert core.capa.get
    assert core.lots.get
    house = {code for code in ACTS if not code.startswith("test:")}
    assert house == set(TABLE)
    assert all(ACTS[code].rule == TABLE[code] for code in house)
