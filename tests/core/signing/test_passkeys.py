"""Passkeys sign at level S4, and what they signed is proven without us; and every way in which they do not."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from core import people, signing
from core.kit import NotFound, NotPermitted, clock, system
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.signing import Level2, State, passkeys, totp
from core.signing.models import Assertion, Ceremony, Factor, Passkey, Signature
from tests.core.ledger.logs import without_guards
from tests.core.signing import papers, people_here
from tests.core.signing.conftest import Cast
from tests.core.signing.holders import PIN, Holder, armed, holder
from tests.core.signing.papers import APPROVE
from tests.core.signing.signers import CHANNEL, next_code
from tests.fakes.authenticator import SoftKey, bent

__all__ = ["armed", "holder"]


async def faults() -> list[str]:
    """What verifying every stored answer finds."""
    return [one.what async for one in signing.check_assertions()]


@pytest.mark.req("S-01")
async def test_a_passkey_signs_and_the_record_proves_it_without_us(holder: Holder) -> None:
    """The person's own signature over leaf, display and nonce is kept whole, in row and entry; it verifies anew."""
    for algorithm in (-7, -8, -257):
        key = SoftKey(algorithm)
        await holder.adds(key, str(algorithm))
        shown = await holder.signer.begin()
        assert (shown.level, bool(shown.page_token)) == (Level2.S4, True)
        done = await signing.sign_by_passkey(shown.page_token, key.get(await holder.asked(shown)))
        assert done.result == "approved P-1"
        assert done.signature is not None
        assert (done.signature.method, done.signature.shown_digest) == ("passkey", shown.shown_digest)
        held, row = await Assertion.get(algorithm=algorithm), await Signature.get(id=done.signature.id)
        entry = await LedgerEntry.get(id=held.entry_id)
        assert (entry.kind, entry.leaf, row.time_step) == (Kind.SIGN_CEREMONY, held.record_leaf, None)
        last = await LedgerEntry.filter(kind=Kind.SIGN_APPLY.value).order_by("-id").first()
        assert last is not None
        facts = json.loads(last.body)["facts"]["passkey"]
        assert (facts["signed"], facts["client_data"]) == (held.signed, held.client_data)
    assert await faults() == []
    assert await Notice.filter(kind="signing:signed", chat_ref=shown.chat_ref).count() == 3


async def test_adding_is_on_the_record_and_told_on_every_channel(armed: Holder, cast: Cast) -> None:
    """Owner at each address, administrators and managers; the entry holds the public key."""
    entry = await LedgerEntry.filter(kind=Kind.PASSKEY_ADD.value).get()
    assert json.loads(entry.body)["facts"]["public_key"] == (await Passkey.get()).public_key
    told = await Notice.filter(kind="signing:passkey")
    places = await people.addresses(armed.id)
    mine = [one for one in told if one.person_id == armed.id]
    assert len(mine) == len(places)
    assert {one.person_id for one in told} == {armed.id, cast.wang.actor.person_id, cast.admin.person_id}


async def test_a_code_is_weaker_and_signs_nothing_here(armed: Holder) -> None:
    """Not even inside a session of PIN and code; it is not used up, and the content goes on waiting."""
    shown = await armed.signer.begin()
    next_code()
    with pytest.raises(signing.SignsByPasskey):
        await armed.signer.answer(shown)
    assert (await Ceremony.get(id=shown.id)).state == State.DISPLAYED
    assert await Signature.all().count() == 0
    assert (await Factor.get(person_id=armed.id, suspended_at__isnull=True)).failures == 0


async def test_without_a_passkey_the_way_to_one_is_told(holder: Holder, cast: Cast) -> None:
    """Nothing is shown; a person with one and no right gains nothing by it either."""
    with pytest.raises(signing.NeedsPasskey, match="/passkeys"):
        await holder.signer.begin()
    assert await Ceremony.all().count() == 0
    assert not await signing.has_passkey(holder.id)


async def test_at_level_s3_a_passkey_stands_for_pin_and_code(armed: Holder, cast: Cast) -> None:
    """The card leads to the page as well; at S2 the answer belongs into the chat, so there is no page."""
    root = system(cast.admin.plant_id)
    await signing.set_level(root, APPROVE, "S3")
    shown = await armed.signer.begin()
    await signing.sign_by_passkey(shown.page_token, armed.keys[0].get(await armed.asked(shown)))
    assert (await Signature.get()).method == "passkey"
    assert (await cast.wang.begin()).page_token == ""
    await signing.set_level(root, APPROVE, "S2")
    assert (await armed.signer.begin()).page_token == ""
    assert await faults() == []


def other_origin(key: SoftKey, asked: str) -> str:
    key.origin = "https://bihuan.example"
    return key.get(asked)


def unverified(key: SoftKey, asked: str) -> str:
    key.verifies = False
    return key.get(asked)


def backwards(key: SoftKey, asked: str) -> str:
    stands, key.count, key.step = key.count, 1, 0
    answer = key.get(asked)
    key.count = stands
    return answer


def not_utf8(key: SoftKey, asked: str) -> str:
    said = json.loads(key.get(asked))
    said["response"]["clientDataJSON"] = "__79"
    return json.dumps(said)


REFUSED = {
    "wrong origin": (other_origin, signing.OtherAddress),
    "wrong challenge": (lambda key, asked: key.get(asked, challenge="AAAA"), signing.OtherContent),
    "another site's name": (
        lambda key, asked: key.get(asked, rp_id="bihuan.example"),
        signing.PasskeyUnreadable,
    ),
    "no user verification": (unverified, signing.NotVerifiedByDevice),
    "counter goes back": (backwards, signing.CounterBack),
    "signature bent": (lambda key, asked: bent(key.get(asked), "signature"), signing.PasskeyUnreadable),
    "data bent": (lambda key, asked: bent(key.get(asked), "authenticatorData"), signing.PasskeyUnreadable),
    "an unknown key": (lambda _key, asked: SoftKey().get(asked), signing.UnknownPasskey),
    "no answer": (lambda _key, _asked: "", signing.PasskeyUnreadable),
    "no object": (lambda _key, _asked: "[" * 20_000, signing.PasskeyUnreadable),
    "wrong types": (
        lambda _key, _asked: '{"id": 1, "rawId": [], "response": "x"}',
        signing.PasskeyUnreadable,
    ),
    "no text": (not_utf8, signing.PasskeyUnreadable),
    "an attestation": (lambda key, _asked: key._answer(clientDataJSON="e30"), signing.PasskeyUnreadable),
}


async def test_an_answer_that_is_not_right_signs_nothing_and_is_recorded(armed: Holder) -> None:
    """Each by its own sentence; the content goes on waiting and the right answer still signs it."""
    shown = await armed.signer.begin()
    asked, key = await armed.asked(shown), armed.keys[0]
    for what, (make, refusal) in REFUSED.items():
        kept = (key.origin, key.verifies, key.step)
        before = await LedgerEntry.filter(kind=Kind.SIGN_REFUSE.value).count()
        with pytest.raises(refusal):
            await signing.sign_by_passkey(shown.page_token, make(key, asked))
        assert await LedgerEntry.filter(kind=Kind.SIGN_REFUSE.value).count() == before + 1, what
        key.origin, key.verifies, key.step = kept
    assert (await Signature.all().count(), await Assertion.all().count()) == (0, 0)
    assert (await Ceremony.get(id=shown.id)).state == State.DISPLAYED
    alarms = [one for one in await Notice.filter(kind="signing:passkey") if one.facts["what"] == "copied"]
    assert {one.person_id for one in alarms} >= {armed.id}
    assert (await signing.sign_by_passkey(shown.page_token, key.get(asked))).signature is not None


async def test_an_answer_counts_once_and_for_its_content_only(armed: Holder) -> None:
    """Sent again it finds the act signed; for another paper it is refused, though key and counter are right."""
    papers.paper("P-2")
    shown = await armed.signer.begin("P-1", chat="elsewhere")
    answer = armed.keys[0].get(await armed.asked(shown))
    other = await armed.signer.begin("P-2")
    with pytest.raises(signing.OtherContent):
        await signing.sign_by_passkey(other.page_token, answer)
    await signing.sign_by_passkey(shown.page_token, answer)
    with pytest.raises(signing.AlreadySigned):
        await signing.sign_by_passkey(shown.page_token, answer)
    assert await Signature.all().count() == 1


async def test_somebody_elses_key_signs_nothing(armed: Holder, cast: Cast) -> None:
    """Neither on the owner's page nor as another person, whose ceremony it is not."""
    cast.wang.secret = totp.new_secret()
    await signing.load_demo_factor(
        system(cast.admin.plant_id), cast.wang.actor.identity, cast.wang.secret, PIN
    )
    wang = Holder(cast.wang)
    await wang.proves()
    await wang.adds(SoftKey(count=100))
    shown = await armed.signer.begin()
    asked = await armed.asked(shown)
    with pytest.raises(signing.UnknownPasskey):
        await signing.sign_by_passkey(shown.page_token, wang.keys[0].get(asked))
    with pytest.raises(signing.NotYours):
        await signing.complete_by_passkey(cast.wang.actor, shown.id, wang.keys[0].get(asked))
    with pytest.raises(NotFound):
        await signing.complete_by_passkey(cast.wang.actor, 987654, "")
    assert await Signature.all().count() == 0


async def test_what_changed_since_or_is_too_late_is_not_signed(armed: Holder, cast: Cast) -> None:
    """Stale revision, withdrawn right, an act that refuses at the last moment, five minutes, an invented address."""
    shown = await armed.signer.begin()
    papers.PAPERS["P-1"].revision = 2
    with pytest.raises(signing.Superseded):
        await signing.sign_by_passkey(shown.page_token, armed.keys[0].get(await armed.asked(shown)))
    shown = await armed.signer.begin()
    papers.PAPERS["P-1"].allowed = False
    with pytest.raises(papers.NoLonger):
        await signing.sign_by_passkey(shown.page_token, armed.keys[0].get(await armed.asked(shown)))
    assert (await Ceremony.get(id=shown.id)).state == State.REFUSED
    papers.PAPERS["P-1"].allowed = True
    shown = await armed.signer.begin()
    asked = await armed.asked(shown)
    clock.shift(dt.timedelta(minutes=5))
    with pytest.raises(signing.Expired):
        await signing.page(shown.page_token)
    with pytest.raises(signing.Expired):
        await signing.sign_by_passkey(shown.page_token, armed.keys[0].get(asked))
    shown = await armed.signer.begin()
    asked = await armed.asked(shown)
    await people_here.withdraw(armed.signer.actor, "manager")
    with pytest.raises(NotPermitted):
        await signing.sign_by_passkey(shown.page_token, armed.keys[0].get(asked))
    with pytest.raises(signing.UnknownPage):
        await signing.page("x" * 43)
    assert (await Signature.all().count(), await Assertion.all().count()) == (0, 0)
    assert (await Passkey.get()).sign_count == 1, "a refused act leaves the counter as it was"


async def test_where_passkeys_cannot_work_no_act_can_be_made_to_need_one(cast: Cast, holder: Holder) -> None:
    """Otherwise nobody could sign it any more; the sentence says what is missing."""
    signing.use_passkeys("http://qms.example.cn")
    for asking in (
        signing.propose(cast.admin, "signing:policy:set", {"act": APPROVE, "level": "S4"}, "weightier"),
        signing.passkey_offer(holder.id),
        signing.begin(holder.signer.actor, APPROVE, {"number": "P-1"}, CHANNEL, "c"),
    ):
        with pytest.raises(signing.NoPasskeysHere, match="https"):
            await asking


FORGED: list[tuple[dict[str, str], str]] = [
    ({"signed": "AAAA"}, "does not verify"),
    ({"nonce": "00" * 32}, "another showing"),
    ({"record_leaf": "00" * 32}, "the log does not know"),
    ({"origin": "https://elsewhere.example"}, "does not verify"),
    ({"shown_digest": "00" * 32}, "other content"),
    ({"public_key": passkeys.authenticators.text_of(SoftKey().cose())}, "does not verify"),
]


async def test_what_no_person_signed_is_found_whoever_wrote_it(armed: Holder) -> None:
    """Rows written with every right on the database and every key of the house: the device's signature is not theirs."""
    shown = await armed.signer.begin()
    await signing.sign_by_passkey(shown.page_token, armed.keys[0].get(await armed.asked(shown)))
    kept = await Assertion.get()
    for change, said in FORGED:
        async with without_guards():
            await Assertion.filter(id=kept.id).update(**change)
        (wrong,) = await faults()
        assert said in wrong
        async with without_guards():
            await Assertion.filter(id=kept.id).update(**{name: getattr(kept, name) for name in change})
    assert await faults() == []
    async with without_guards() as db:
        await db.execute_query("UPDATE signing_signature SET method = 'pin+totp'")
    assert "took level S4" in (await faults())[0]
    async with without_guards() as db:
        await db.execute_query("UPDATE signing_signature SET method = 'passkey'")
        await db.execute_query("DELETE FROM signing_assertion")
    assert "is missing" in (await faults())[0]
