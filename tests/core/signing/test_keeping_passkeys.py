"""Passkeys in people's hands: adding further ones, ending them, all of them ending with their authenticator."""

from __future__ import annotations

import asyncio
import datetime as dt
import json

import pytest

from core import people, signing
from core.kit import NotFound, NotPermitted, Refusal, clock, system
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from core.signing import totp
from core.signing.models import Factor, Passkey
from tests.core.signing.conftest import Cast
from tests.core.signing.holders import PIN, Holder, armed, holder
from tests.fakes.authenticator import SoftKey, bent

__all__ = ["armed", "holder"]


async def test_an_ended_passkey_signs_nothing_from_that_moment(armed: Holder, cast: Cast) -> None:
    """The owner ends it, or a manager; nobody else does; who it was and why is on the record."""
    (one,) = await signing.passkeys_of(armed.signer.actor, armed.id)
    shown = await armed.signer.begin()
    answer = armed.keys[0].get(await armed.asked(shown))
    with pytest.raises(NotPermitted):
        await signing.end_passkey(cast.chen.actor, one.id, "mine now")
    with pytest.raises(Refusal):
        await signing.end_passkey(cast.wang.actor, one.id, "  ")
    await signing.end_passkey(cast.wang.actor, one.id, "device stolen")
    with pytest.raises(signing.PasskeyEnded):
        await signing.sign_by_passkey(shown.page_token, answer)
    with pytest.raises(NotFound):
        await signing.end_passkey(armed.signer.actor, one.id, "again")
    (gone,) = await signing.passkeys_of(cast.wang.actor, armed.id)
    assert gone.ended_reason == "device stolen"
    assert await LedgerEntry.filter(kind=Kind.PASSKEY_END.value).count() == 1
    with pytest.raises(NotPermitted):
        await signing.passkeys_of(cast.chen.actor, armed.id)


@pytest.mark.parametrize("how", ["lost", "left", "locked", "renewed"])
async def test_all_passkeys_end_with_their_authenticator(armed: Holder, cast: Cast, how: str) -> None:
    """/lost, leaving, ten wrong codes, a new authenticator: at once, in the same entry, and no page opens any more."""
    shown = await armed.signer.begin()
    if how == "lost":
        await signing.suspend(armed.signer.actor, armed.id, "phone lost")
    elif how == "left":
        await people.revoke_person(system(cast.admin.plant_id), armed.id, reason="left the house")
    elif how == "locked":
        await Factor.filter(person_id=armed.id, suspended_at__isnull=True).update(failures=9)
        with pytest.raises(signing.Suspended):
            await signing.verify_login(armed.id, armed.signer.wrong_code())
    else:
        await signing.load_demo_factor(system(cast.admin.plant_id), armed.id, totp.new_secret(), PIN)
    row = await Passkey.get()
    assert row.ended_at is not None
    last = (
        await LedgerEntry.filter(kind__in=[Kind.SIGN_SUSPEND.value, Kind.SIGN_ENROL.value])
        .order_by("-id")
        .first()
    )
    assert last is not None
    assert "signing_passkey" in {one["table"] for one in json.loads(last.body)["records"]}
    with pytest.raises(Refusal):
        await signing.page(shown.page_token)


async def test_a_further_passkey_is_confirmed_by_one_in_hand(armed: Holder) -> None:
    """Whoever phished PIN and code adds none; after the last was lost two people are needed, as for an authenticator."""
    offer, second = await signing.passkey_offer(armed.id), SoftKey(-8)
    with pytest.raises(signing.NeedsOtherPasskey):
        await signing.add_passkey(armed.id, "second", second.create(offer.create))
    with pytest.raises(signing.UnknownPasskey):
        await signing.add_passkey(
            armed.id, "second", second.create(offer.create), SoftKey().get(offer.confirm)
        )
    with pytest.raises(signing.OtherContent):
        await signing.add_passkey(
            armed.id,
            "second",
            second.create(offer.create),
            armed.keys[0].get(offer.confirm, challenge="AAAA"),
        )
    await armed.adds(second, "安全密钥")
    assert (await Passkey.get(name="安全密钥")).confirmed_by == (await Passkey.get(name="手机")).id
    for one in await signing.passkeys_of(armed.signer.actor, armed.id):
        await signing.end_passkey(armed.signer.actor, one.id, "lost")
    with pytest.raises(signing.PasskeyNeedsRenewal):
        await signing.passkey_offer(armed.id)


async def test_of_two_first_passkeys_at_once_one_is_added(holder: Holder) -> None:
    """Both carry the right challenge; the second would need a confirmation by the first."""
    offer = await signing.passkey_offer(holder.id)
    answers = [signing.add_passkey(holder.id, f"{n}", SoftKey().create(offer.create)) for n in range(2)]
    came = await asyncio.gather(*answers, return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) == ["NeedsOtherPasskey", "PasskeyFacts"]
    assert await Passkey.all().count() == 1


async def test_what_cannot_be_kept_is_not_added(holder: Holder) -> None:
    """Wrong place, wrong challenge, no verification, an old answer, a key known already, no name, no proof in time."""
    offer = await signing.passkey_offer(holder.id)
    for key, refusal in (
        (SoftKey(origin="https://bihuan.example"), signing.OtherAddress),
        (SoftKey(verifies=False), signing.NotVerifiedByDevice),
    ):
        with pytest.raises(refusal):
            await signing.add_passkey(holder.id, "x", key.create(offer.create))
    for said in (
        "",
        "{}",
        '{"response": {"clientDataJSON": "e30"}}',
        bent(SoftKey().create(offer.create), "attestationObject", 0),
    ):
        with pytest.raises(signing.PasskeyUnreadable):
            await signing.add_passkey(holder.id, "x", said)
    with pytest.raises(Refusal):
        await signing.add_passkey(holder.id, " ", SoftKey().create(offer.create))
    first = SoftKey()
    await holder.adds(first)
    again = await signing.passkey_offer(holder.id)
    with pytest.raises(signing.OtherContent):
        await signing.add_passkey(holder.id, "x", SoftKey().create(offer.create), first.get(again.confirm))
    with pytest.raises(signing.PasskeyKnown):
        await signing.add_passkey(holder.id, "x", first.create(again.create), first.get(again.confirm))
    clock.shift(dt.timedelta(minutes=10))
    with pytest.raises(signing.NeedsFreshProof):
        await signing.add_passkey(holder.id, "x", SoftKey().create(again.create), first.get(again.confirm))
    assert await Passkey.all().count() == 1
