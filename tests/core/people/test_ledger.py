"""Every change of people, roles, accounts and responsibilities is on the ledger, and verification agrees."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from core import people
from core.kit import REGISTERED, Refusal, clock
from core.kit.regulated import REGULATED
from core.ledger import keys
from core.ledger.models import LedgerEntry
from tests.core.ledger.logs import ORIGIN, seal_all, verified
from tests.core.people.house import House

ROLES = [
    "operator",
    "responsible",
    "supervisor",
    "manager",
    "administrator",
    "auditor",
    "supplier",
    "emperor",
]


async def step(house: House, chance: random.Random, number: int) -> None:
    """One random intention of an administrator or an invited person; many of them are refused."""
    everybody = await people.everyone(house.boss)
    one = chance.choice([one for one in everybody if one.id != house.boss.person_id])
    reason = chance.choice(["because", ""])
    what = chance.randrange(9)
    if what == 0:
        await house.hire(f"新人{number}", chance.choice(ROLES))
    elif what == 1:
        await people.grant_role(house.boss, one.id, chance.choice(ROLES), reason=reason)
    elif what == 2:
        await people.withdraw_role(
            house.boss, one.id, chance.choice(sorted({*one.roles, "manager"})), reason=reason
        )
    elif what == 3:
        token = await people.invite(house.boss, one.id)
        account = str(chance.randrange(6))
        await people.accept_invite("telegram", account, account, token)
    elif what == 4:
        await people.set_responsible(house.boss, one.id, tier=chance.randrange(6), category="P")
    elif what == 5:
        await people.end_responsibility(house.boss, chance.randrange(1, 6), reason)
    elif what == 6:
        await people.choose_locale(await house.actor(one.id), chance.choice(["en", "zh_CN", "tlh"]))
    elif what == 7:
        await people.log_access(house.boss, "admin", f"/people/{one.id}")
    elif number % 4 == 0:
        await people.revoke_person(house.boss, one.id, reason)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.req("P-10e")
async def test_after_any_sequence_of_verbs_the_ledger_vouches_for_every_row(
    house: House, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    refused = 0
    for number in range(60):
        try:
            await step(house, chance, number)
        except Refusal:
            refused += 1
    assert 0 < refused < 60
    for facts in await people.everyone(house.boss):
        assert not {"administrator", "manager"} <= facts.roles
    signer = keys.load_or_create(tmp_path / "ledger.key", ORIGIN)
    await seal_all(signer)
    report = await verified(signer)
    assert report.faults == ()
    assert report.sound


@pytest.mark.req("D-22b")
async def test_the_entry_of_a_grant_says_who_gave_what_to_whom_when_and_why(house: House) -> None:
    before = clock.now()
    await people.grant_role(house.boss, house.li, "supervisor", reason="leads the line")
    entry = await LedgerEntry.filter(kind="people:role:grant").get()
    body = json.loads(bytes(entry.body))
    assert body["actor"]["person"] == house.boss.person_id
    assert body["reason"] == "leads the line"
    assert body["facts"] == {"person": house.li, "role": "supervisor", "site": None}
    assert body["before"] == {"roles": ["responsible"]}
    assert entry.recorded_at >= before


async def test_no_secret_and_no_messenger_account_is_written_to_the_ledger(house: House) -> None:
    invite = await people.invite(house.boss, house.li)
    link = await people.one_time_link(house.root, house.li, "admin")
    await people.accept_invite("telegram", "acct-4711", "chat-4711", invite)
    await people.open_link(link, "admin")
    session = await people.open_session(house.li, "admin")
    for entry in await LedgerEntry.all():
        for secret in (invite, link, session.token, "acct-4711", "chat-4711"):
            assert secret.encode() not in bytes(entry.body)


def test_the_rooms_records_are_vouched_for() -> None:
    vouched = {
        "Organisation",
        "Site",
        "Person",
        "RoleAssignment",
        "ChatIdentity",
        "Responsibility",
        "AccessLog",
    }
    assert vouched <= set(REGULATED)
    assert REGULATED["AccessLog"].append_only


def test_every_writing_verb_of_the_front_door_names_its_right_or_its_other_proof() -> None:
    """Those without a right: a token, the own person, or the system is the proof."""
    named = {
        name.rpartition(".")[2]: one for name, one in REGISTERED.items() if name.startswith("core.people.")
    }
    assert all(one.kinds for one in named.values())
    open_to_all = {name for name, one in named.items() if one.permission is None}
    assert open_to_all == {
        "_found",
        "_first",
        "_accept",
        "_move",
        "_open",
        "_end",
        "end_session",
        "end_sessions",
        "shut_out",
        "one_time_link",
        "log_access",
        "choose_locale",
        "set_contact",
    }
