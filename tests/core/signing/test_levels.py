"""Level S3: PIN and code on the page, then ten minutes of codes in the chat; and who may change a level."""

from __future__ import annotations

import datetime as dt

import pytest

from core import signing
from core.kit import NotPermitted, clock, system
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.signing import Level2, pin, totp
from core.signing.models import Ceremony, Factor, Proposal, Signature, SigningPolicy
from core.signing.table import TABLE, ActRule
from handlers import text
from tests.core.signing.conftest import Cast
from tests.core.signing.papers import APPROVE
from tests.core.signing.signers import CHANNEL, Signer, next_code

PIN = "204816"
SET = "signing:policy:set"


@pytest.fixture
def paper_in_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the policy know the paper's act."""
    monkeypatch.setitem(TABLE, APPROVE, ActRule(says="Approve", meaning=signing.Meaning.APPROVED))


@pytest.fixture
async def weighty(cast: Cast, paper_in_table: None) -> Cast:
    """At this plant papers take level S3, and 李明 has a PIN."""
    root = system(cast.admin.plant_id)
    await signing.set_level(root, APPROVE, "S3")
    cast.li.secret = totp.new_secret()
    await signing.load_demo_factor(root, cast.li.actor.identity, cast.li.secret, PIN)
    return cast


async def opened(signer: Signer, typed: str = PIN) -> dt.datetime:
    """Give PIN and code on the page."""
    return await signing.open_session(signer.actor.identity, typed, signer.code())


def test_each_act_has_one_name_and_each_name_one_act() -> None:
    """Every list, choice and card says it by this name, in both languages."""
    for locale in text.LOCALES:
        names = [text.translator(locale)(signing.act_says(code)) for code in TABLE]
        assert len(set(names)) == len(TABLE)
        assert not set(names) & set(TABLE), "a code is no name"


async def test_without_an_open_session_nothing_is_signed_and_the_card_waits(weighty: Cast) -> None:
    """A right code alone does not do; the code is not used up, no failure is counted, the card stays open."""
    shown = await weighty.li.begin()
    assert shown.level is Level2.S3
    with pytest.raises(signing.NeedsSession):
        await weighty.li.answer(shown)
    assert await Signature.all().count() == 0
    assert (await Ceremony.get(id=shown.id)).state == "displayed"
    assert (await Factor.get(person_id=weighty.li.actor.identity, suspended_at__isnull=True)).failures == 0


async def test_pin_and_code_open_ten_minutes_of_signing_by_code(weighty: Cast) -> None:
    """The first takes all components, the following ones the next code each; the signature says how."""
    shown = await weighty.li.begin()
    until = await opened(weighty.li)
    assert until == clock.now() + dt.timedelta(minutes=10)
    with pytest.raises(signing.UsedCode):
        await weighty.li.answer(shown)
    for _turn in range(3):
        next_code()
        await weighty.li.answer(await weighty.li.begin())
    assert {one.method for one in await Signature.all()} == {"pin+totp"}
    assert len({one.session_id for one in await Signature.all()}) == 1


async def test_after_ten_minutes_all_components_are_asked_again(weighty: Cast) -> None:
    """One second before the end a code signs; at the end it does not (21 CFR 11.200(a)(1)(ii))."""
    await opened(weighty.li)
    clock.shift(dt.timedelta(minutes=9, seconds=59))
    await weighty.li.answer(await weighty.li.begin())
    clock.shift(dt.timedelta(seconds=1))
    next_code()
    with pytest.raises(signing.NeedsSession):
        await weighty.li.answer(await weighty.li.begin())
    assert await signing.session_until(weighty.li.actor.identity) is None


async def test_a_session_is_its_owners_alone(weighty: Cast) -> None:
    """An open session of one person lets nobody else sign."""
    await opened(weighty.li)
    with pytest.raises(signing.NeedsSession):
        await weighty.wang.answer(await weighty.wang.begin())
    with pytest.raises(signing.NeedsPin):
        await opened(weighty.wang)


async def test_wrong_pins_count_like_wrong_codes_and_lock(weighty: Cast) -> None:
    """Three wrong PINs with right codes lock; which of the two was wrong is not told."""
    for _try in range(2):
        with pytest.raises(signing.WrongCode):
            await opened(weighty.li, "111222")
    with pytest.raises(signing.Locked):
        await opened(weighty.li, "")
    with pytest.raises(signing.Locked):
        await opened(weighty.li)
    assert await signing.session_until(weighty.li.actor.identity) is None


async def test_a_lost_authenticator_takes_its_session_along(weighty: Cast) -> None:
    """Suspension ends the open session at once."""
    await opened(weighty.li)
    await signing.suspend(weighty.admin, weighty.li.actor.identity, "phone lost")
    assert await signing.session_until(weighty.li.actor.identity) is None


async def test_the_pin_stands_nowhere(weighty: Cast) -> None:
    """Neither the row nor the ledger holds the PIN; the hash fits one authenticator only."""
    row = await Factor.get(person_id=weighty.li.actor.identity, suspended_at__isnull=True)
    assert row.pin
    assert PIN not in row.pin
    assert await pin.fits(PIN, row.id, row.pin)
    other = await Factor.get(person_id=weighty.wang.actor.identity)
    assert not await pin.fits(PIN, other.id, row.pin)
    await opened(weighty.li)
    entries = await LedgerEntry.all()
    assert not any(PIN in bytes(one.body).decode(errors="replace") for one in entries)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567890123", "111111", "123456", "890123", "654321", "abcdef"]
)
def test_a_pin_that_is_easily_guessed_is_refused(typed: str) -> None:
    """Too short, too long, one digit, counting up or down, no digits."""
    with pytest.raises(signing.WeakPin):
        pin.chosen(typed)


@pytest.mark.parametrize("typed", ["204816", "２０４８１６", " 204 816 "])
def test_a_pin_is_read_as_people_type_it(typed: str) -> None:
    """Full-width digits and spaces are the same PIN."""
    assert pin.chosen(typed) == PIN


async def test_nobody_changes_a_level_alone(cast: Cast, paper_in_table: None) -> None:
    """Neither the administrator nor a manager; with both it holds from the next card on and is on the record."""
    for one in (cast.admin, cast.li.actor):
        with pytest.raises(NotPermitted):
            await signing.set_level(one, APPROVE, "S3")
    with pytest.raises(NotPermitted):
        await signing.propose(cast.li.actor, SET, {"act": APPROVE, "level": "S3"}, "weightier")
    asked = await signing.propose(cast.admin, SET, {"act": APPROVE, "level": "S3"}, "weightier")
    assert await Notice.filter(kind="signing:proposal").count() == 2
    assert await signing.level_of(cast.admin.plant_id, APPROVE) is Level2.S2
    shown = await signing.begin(cast.wang.actor, SET, {"id": asked.id}, CHANNEL, cast.wang.chat)
    assert ("Asked for by", "赵敏") in [(one.label, one.value) for one in shown.shown.facts]
    await cast.wang.answer(shown)
    assert await signing.level_of(cast.admin.plant_id, APPROVE) is Level2.S3
    row = await SigningPolicy.get(version=1)
    assert row.signature_id == (await Signature.get()).id
    with pytest.raises(signing.ProposalOver):
        await signing.begin(cast.li.actor, SET, {"id": asked.id}, CHANNEL, cast.li.chat)


@pytest.mark.parametrize(
    ("act", "level"), [(APPROVE, "S1"), (APPROVE, "S9"), ("no:such:act", "S3"), ("", "")]
)
async def test_a_level_that_does_not_exist_cannot_be_asked_for(
    cast: Cast, paper_in_table: None, act: str, level: str
) -> None:
    """The account alone is never a signature; nothing is written."""
    with pytest.raises(signing.UnknownLevel):
        await signing.propose(cast.admin, SET, {"act": act, "level": level}, "why not")
    assert await Proposal.all().count() == 0


async def test_a_proposal_waits_a_week_and_only_for_a_head(cast: Cast, paper_in_table: None) -> None:
    """An engineer cannot sign it; after a week nobody can; a withdrawn one is over."""
    asked = await signing.propose(cast.admin, SET, {"act": APPROVE, "level": "S3"}, "weightier")
    with pytest.raises(NotPermitted):
        await signing.begin(cast.chen.actor, SET, {"id": asked.id}, CHANNEL, cast.chen.chat)
    clock.shift(dt.timedelta(days=7))
    with pytest.raises(signing.ProposalOver):
        await signing.begin(cast.li.actor, SET, {"id": asked.id}, CHANNEL, cast.li.chat)
    again = await signing.propose(cast.admin, SET, {"act": APPROVE, "level": "S3"}, "weightier")
    await signing.withdraw_proposal(cast.li.actor, again.id)
    with pytest.raises(signing.ProposalOver):
        await signing.begin(cast.li.actor, SET, {"id": again.id}, CHANNEL, cast.li.chat)
