"""Roles, rights, isolation and the matrix, decided without a database."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import people
from core.kit import Level, Module, NotFound, Permission
from core.kit.actor import Actor
from core.people.permissions import PARTNER_ROLES, TABLE, approves, permissions_of
from core.people.policy import most_specific, must_answer_only_for_own, must_go_together, session_end
from core.people.terms import Door, Line, Role, Scope

NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
ROLES = st.frozensets(st.sampled_from(list(Role)))
IDS = st.integers(min_value=1, max_value=6)


def may(role: Role, module: Module, level: Level) -> bool:
    """Whether one role alone gives a right."""
    someone = Actor(person_id=1, name="x", organisation_id=1, plant_id=1, permissions=permissions_of([role]))
    return someone.may(Permission(module, level))


@pytest.mark.parametrize(
    ("role", "can", "cannot"),
    [
        (Role.OPERATOR, "anomalies:report lots:read", "anomalies:work capa:read records:read signing:work"),
        (
            Role.RESPONSIBLE,
            "anomalies:work capa:work lots:work signing:work records:read",
            "anomalies:approve",
        ),
        (Role.SUPERVISOR, "anomalies:approve capa:work signing:work", "capa:approve lots:approve"),
        (
            Role.MANAGER,
            "anomalies:approve capa:approve lots:approve records:read escalation:read",
            "sop:configure",
        ),
        (Role.SITE_HEAD, "anomalies:approve capa:approve lots:approve signing:work", "people:administer"),
        (
            Role.SUPPLIER,
            "anomalies:report capa:work lots:read signing:work",
            "anomalies:work records:read lots:work",
        ),
        (Role.LABORATORY, "anomalies:report capa:work lots:read", "people:read records:read"),
        (Role.CARRIER, "anomalies:report capa:work lots:read", "people:read records:read"),
        (
            Role.AUDITOR,
            "records:read anomalies:read people:read signing:read",
            "anomalies:report signing:work",
        ),
        (
            Role.ADMINISTRATOR,
            "people:administer sop:configure escalation:configure suppliers:configure records:read",
            "anomalies:report anomalies:work capa:approve lots:approve lots:work",
        ),
    ],
)
@pytest.mark.req("G-46a")
def test_each_role_gives_exactly_its_rights(role: Role, can: str, cannot: str) -> None:
    from core.kit.permission import parse

    for code in can.split():
        assert may(role, *parse(code)), code
    for code in cannot.split():
        assert not may(role, *parse(code)), code


def test_every_role_has_rights_and_a_sentence() -> None:
    assert set(TABLE) == set(Role)
    assert all(TABLE[role] and role.says for role in Role)


def test_whoever_approves_can_sign() -> None:
    """An approval is a signature; a role that could approve and not sign would be stuck."""
    for role in Role:
        if approves(role):
            assert may(role, Module.SIGNING, Level.WORK), role


@pytest.mark.req("G-104", "G-113")
def test_partner_roles_never_approve_nor_read_the_plants_records_or_people() -> None:
    for role in PARTNER_ROLES:
        assert not approves(role)
        for module in (Module.RECORDS, Module.PEOPLE, Module.ESCALATION, Module.SUPPLIERS, Module.SOP):
            assert not may(role, module, Level.READ), (role, module)


@given(ROLES)
@pytest.mark.req("D-22a")
def test_no_accepted_set_of_roles_administers_and_approves(roles: frozenset[Role]) -> None:
    """Whatever is asked for: a set that is let through never holds both (NMPA D-22a)."""
    try:
        must_go_together(roles, partner=False)
    except people.RolesClash:
        return
    held = permissions_of(roles)
    administers = any(one.level is Level.ADMINISTER for one in held)
    assert not (administers and any(one.level is Level.APPROVE for one in held))
    assert not {Role.MANAGER, Role.SITE_HEAD} <= roles
    assert Role.AUDITOR not in roles or not any(one.level is not Level.READ for one in held)


@pytest.mark.parametrize("other", [role for role in Role if approves(role)])
def test_administrator_and_a_deciding_role_are_refused_with_the_reason(other: Role) -> None:
    with pytest.raises(people.AdministratorAlone) as refused:
        must_go_together(frozenset({Role.ADMINISTRATOR, other}), partner=False)
    assert "who decides must not also run the system" in str(refused.value)


@pytest.mark.req("G-14")
def test_auditors_and_the_two_heads_stay_apart() -> None:
    for other in set(Role) - {Role.AUDITOR, Role.ADMINISTRATOR}:
        with pytest.raises(people.AuditorAlone):
            must_go_together(frozenset({Role.AUDITOR, other}), partner=False)
    with pytest.raises(people.HeadsApart):
        must_go_together(frozenset({Role.MANAGER, Role.SITE_HEAD}), partner=False)


def test_everyday_combinations_are_let_through() -> None:
    """A small plant can run: one engineer may report, work and supervise."""
    everyday = [Role.OPERATOR, Role.RESPONSIBLE, Role.SUPERVISOR, Role.MANAGER]
    for size in range(len(everyday) + 1):
        for chosen in combinations(everyday, size):
            must_go_together(frozenset(chosen), partner=False)
    for role in Role:
        must_go_together(frozenset({role}), partner=False)


@given(ROLES)
def test_partners_people_hold_partner_roles_only(roles: frozenset[Role]) -> None:
    if roles <= PARTNER_ROLES:
        must_go_together(roles, partner=True)
    else:
        with pytest.raises(people.RoleNotForPartner):
            must_go_together(roles, partner=True)


def test_a_partners_person_answers_for_that_partner_only() -> None:
    must_answer_only_for_own(plant_id=1, organisation_id=1, partner_id=None)
    must_answer_only_for_own(plant_id=1, organisation_id=1, partner_id=5)
    must_answer_only_for_own(plant_id=1, organisation_id=5, partner_id=5)
    for elsewhere in (None, 6):
        with pytest.raises(people.PartnersOwnOnly):
            must_answer_only_for_own(plant_id=1, organisation_id=5, partner_id=elsewhere)


def line(
    person: int, *, category: str | None = None, site: int | None = None, partner: int | None = None
) -> Line:
    """A line of the matrix."""
    return Line(person_id=person, category=category, site_id=site, partner_id=partner)


def test_partner_outweighs_site_and_site_outweighs_category() -> None:
    anyone, category, site, partner = line(1), line(2, category="P"), line(3, site=1), line(4, partner=1)
    both = line(5, category="P", site=1)
    assert most_specific([]) == []
    assert most_specific([anyone]) == [1]
    assert most_specific([category, anyone]) == [2]
    assert most_specific([category, site, anyone]) == [3]
    assert most_specific([site, both]) == [5]
    assert most_specific([both, partner, site]) == [4]


@given(
    st.lists(
        st.builds(
            Line,
            person_id=IDS,
            category=st.sampled_from([None, "P"]),
            site_id=st.sampled_from([None, 1]),
            partner_id=st.sampled_from([None, 1]),
        )
    )
)
def test_the_matrix_names_each_person_once_and_somebody_whenever_a_line_fits(lines: list[Line]) -> None:
    chosen = most_specific(lines)
    assert len(chosen) == len(set(chosen))
    assert bool(chosen) == bool(lines)
    assert set(chosen) <= {one.person_id for one in lines}


def test_sessions_end_when_idle_and_at_the_latest_after_their_longest_time() -> None:
    minutes, hours, days = (dt.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
    admin = session_end(Door.ADMIN, started_at=NOON, seen_at=NOON)
    assert admin == NOON + 30 * minutes
    assert session_end(Door.ADMIN, started_at=NOON, seen_at=NOON + 11.9 * hours) == NOON + 12 * hours
    assert session_end(Door.CHAT, started_at=NOON, seen_at=NOON) == NOON + 30 * days


@given(
    st.builds(Scope, plant_id=IDS, partner_id=st.none() | IDS, site_ids=st.none()),
    IDS,
    st.lists(st.none() | IDS, max_size=4),
)
def test_a_scope_opens_nothing_of_another_plant_and_nothing_unshared(
    scope: Scope, plant_id: int, shared: list[int | None]
) -> None:
    actor = Actor(
        person_id=1,
        name="x",
        organisation_id=scope.partner_id or scope.plant_id,
        plant_id=scope.plant_id,
        partner_id=scope.partner_id,
    )
    should = plant_id == scope.plant_id and (scope.partner_id is None or scope.partner_id in shared)
    assert scope.sees(plant_id=plant_id, partner_ids=shared) is should
    assert people.scope(actor) == scope
    if should:
        people.must_see(actor, plant_id=plant_id, partner_ids=shared)
    else:
        with pytest.raises(NotFound) as refused:
            people.must_see(actor, plant_id=plant_id, partner_ids=shared, what="AN-2026-000001")
        assert str(refused.value) == "AN-2026-000001 was not found. Please check the number."


def test_a_partner_without_a_share_list_sees_nothing() -> None:
    """Forgetting to say with whom a record is shared hides it; it never opens it."""
    partner = Scope(plant_id=1, partner_id=2, site_ids=None)
    assert not partner.sees(plant_id=1)
    assert not partner.sees(plant_id=1, partner_ids=[None])


def test_a_partner_meets_the_registrant_and_its_own_people_only() -> None:
    partner = Scope(plant_id=1, partner_id=2, site_ids=None)
    assert [one for one in (1, 2, 3) if partner.meets(one)] == [1, 2]
    assert all(Scope(plant_id=1, partner_id=None, site_ids=None).meets(one) for one in (1, 2, 3))
