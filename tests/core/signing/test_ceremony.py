"""A signature stands for exactly what was shown, by the person it was shown to, once."""

from __future__ import annotations

import datetime as dt

import pytest

from core import signing
from core.kit import NotFound, NotPermitted, clock, unit_of_work
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.signing import Meaning, State
from core.signing.models import Ceremony, Factor, Signature
from tests.core.signing import papers, people_here
from tests.core.signing.conftest import Cast
from tests.core.signing.papers import BREAK, GLANCE, MARK
from tests.core.signing.signers import CHANNEL, next_code


async def marks() -> int:
    """How often the act took effect."""
    return await Notice.filter(kind=MARK).count()


async def kinds() -> list[str]:
    """The ledger's kinds in order."""
    return [entry.kind for entry in await LedgerEntry.all().order_by("id")]


@pytest.mark.req("G-46d")
async def test_code_and_check_word_sign_what_was_shown(cast: Cast) -> None:
    """The signature carries name, meaning, digest, instant and zone; the act has run once, on record."""
    shown = await cast.li.begin()
    assert shown.expires_at - shown.created_at == dt.timedelta(minutes=5)
    assert shown.signer == "李明"
    done = await cast.li.answer(shown)
    assert done.result == "approved P-1"
    signature = done.signature
    assert signature is not None
    assert (signature.printed_name, signature.meaning, signature.roles) == (
        "李明",
        Meaning.APPROVED,
        ("manager",),
    )
    assert (signature.shown_digest, signature.shown) == (shown.shown_digest, shown.shown)
    assert (signature.timezone, signature.ceremony_number) == ("Asia/Shanghai", shown.number)
    assert await marks() == 1
    assert (await kinds())[-3:] == [Kind.SIGN_CEREMONY, Kind.SIGN_APPLY, Kind.DEMO_LOAD]
    assert await signing.signatures_of("AN-2026-000001", plant_id=cast.li.actor.plant_id) == [signature]
    assert await signing.signatures_of("AN-2026-000001", plant_id=cast.li.actor.plant_id + 999) == []


async def test_the_previous_code_still_counts_but_no_older_one(cast: Cast) -> None:
    """Typing takes time: one step of patience, no more."""
    shown = await cast.li.begin()
    with pytest.raises(signing.WrongCode):
        await cast.li.answer(shown, code=cast.li.code(ago=2))
    assert (await cast.li.answer(shown, code=cast.li.code(ago=1))).signature is not None


@pytest.mark.req("P-200")
async def test_a_code_signs_one_thing_only(cast: Cast) -> None:
    """The used code is refused for the next paper; the next code signs it."""
    papers.paper("P-2")
    first = await cast.li.begin("P-1")
    await cast.li.answer(first)
    second = await cast.li.begin("P-2")
    with pytest.raises(signing.UsedCode):
        await cast.li.answer(second)
    with pytest.raises(signing.UsedCode):
        await cast.li.answer(second, code=cast.li.code(ago=1))
    next_code()
    assert (await cast.li.answer(second)).signature is not None
    assert await marks() == 2


async def test_a_second_answer_finds_it_signed(cast: Cast) -> None:
    """Nothing happens twice."""
    shown = await cast.li.begin()
    await cast.li.answer(shown)
    next_code()
    with pytest.raises(signing.AlreadySigned):
        await cast.li.answer(shown)
    assert (await marks(), await Signature.all().count()) == (1, 1)


@pytest.mark.req("P-200")
async def test_the_word_of_another_paper_makes_a_code_useless(cast: Cast) -> None:
    """A right code with a wrong word counts as a failure and is told no better."""
    papers.paper("P-2")
    other = await cast.li.begin("P-2", chat="elsewhere")
    shown = await cast.li.begin("P-1")
    with pytest.raises(signing.WrongCode) as refused:
        await cast.li.answer(shown, word=other.check_word)
    assert refused.value.facts == {"left": 2}


@pytest.mark.req("P-200c")
async def test_another_persons_button_is_refused_and_recorded(cast: Cast) -> None:
    """Not even with that person's own right code; and the owner can still sign."""
    shown = await cast.li.begin()
    with pytest.raises(signing.NotYours):
        await signing.complete(cast.wang.actor, shown.id, f"{cast.wang.code()} {shown.check_word}")
    assert (await kinds())[-1] == Kind.SIGN_REFUSE
    assert (await Factor.get(person_id=cast.wang.actor.identity)).failures == 0
    assert (await cast.li.answer(shown)).signature is not None


async def test_a_ceremony_of_nowhere_is_not_found(cast: Cast) -> None:
    """An invented number reveals nothing."""
    with pytest.raises(NotFound):
        await signing.complete(cast.li.actor, 987654, "123456 ABCD")


async def test_an_answer_counts_only_where_it_was_shown(cast: Cast) -> None:
    """Another chat, another messenger: refused; the right chat signs."""
    shown = await cast.li.begin()
    said = f"{cast.li.code()} {shown.check_word}"
    for channel, chat in ((CHANNEL, "c999"), ("browser", cast.li.chat)):
        with pytest.raises(signing.OtherChat):
            await signing.complete(cast.li.actor, shown.id, said, channel=channel, chat_ref=chat)
    done = await signing.complete(cast.li.actor, shown.id, said, channel=CHANNEL, chat_ref=cast.li.chat)
    assert done.signature is not None


async def test_after_five_minutes_it_must_be_shown_anew(cast: Cast) -> None:
    """The late answer is still expected for a while, refused warmly, and then forgotten."""
    shown = await cast.li.begin()
    clock.shift(dt.timedelta(minutes=5))
    waiting = await signing.waiting(cast.li.actor.identity, CHANNEL, cast.li.chat)
    assert waiting is not None
    assert waiting.id == shown.id
    with pytest.raises(signing.Expired, match="Tap the button again"):
        await cast.li.answer(shown)
    assert (await Ceremony.get(id=shown.id)).state == State.EXPIRED
    assert await signing.waiting(cast.li.actor.identity, CHANNEL, cast.li.chat) is None
    assert await marks() == 0


@pytest.mark.parametrize("change", ["text", "revision"])
async def test_a_record_that_changed_meanwhile_is_not_signed(cast: Cast, change: str) -> None:
    """What would be signed is not what was read: superseded, and shown again with another word."""
    shown = await cast.li.begin()
    setattr(papers.PAPERS["P-1"], change, "Discard the lot" if change == "text" else 2)
    with pytest.raises(signing.Superseded) as refused:
        await cast.li.answer(shown)
    assert refused.value.facts == {"number": "P-1"}
    assert (await Ceremony.get(id=shown.id)).state == State.SUPERSEDED
    assert (await marks(), await Signature.all().count()) == (0, 0)
    again = await cast.li.begin()
    assert again.check_word != shown.check_word
    next_code()
    assert (await cast.li.answer(again)).signature is not None


@pytest.mark.req("G-22", "P-10g")
async def test_roles_withdrawn_between_showing_and_code_stop_the_signature(cast: Cast) -> None:
    """Name and roles of the moment count, not those remembered by the door (21 CFR 11.10(g))."""
    shown = await cast.li.begin()
    theirs = await cast.wang.begin()
    await people_here.withdraw(cast.li.actor, "manager")
    with pytest.raises(NotPermitted):
        await cast.li.answer(shown)
    await people_here.change_role(cast.wang.actor, "manager", "responsible")
    with pytest.raises(signing.Superseded):
        await cast.wang.answer(theirs)
    assert await Signature.all().count() == 0


async def test_a_newer_ceremony_in_the_same_chat_puts_the_older_aside(cast: Cast) -> None:
    """One thing waits for an answer per chat; another chat keeps its own."""
    papers.paper("P-2")
    elsewhere = await cast.li.begin("P-1", chat="elsewhere")
    first = await cast.li.begin("P-1")
    second = await cast.li.begin("P-2")
    waiting = await signing.waiting(cast.li.actor.identity, CHANNEL, cast.li.chat)
    assert waiting is not None
    assert waiting.id == second.id
    with pytest.raises(signing.Superseded):
        await cast.li.answer(first)
    assert (await Ceremony.get(id=elsewhere.id)).state == State.DISPLAYED


async def test_declining_ends_it_unsigned(cast: Cast) -> None:
    """Only its owner declines; afterwards no code signs it; declining twice is harmless."""
    shown = await cast.li.begin()
    with pytest.raises(NotFound):
        await signing.drop(cast.wang.actor, shown.id)
    await signing.drop(cast.li.actor, shown.id)
    await signing.drop(cast.li.actor, shown.id)
    with pytest.raises(signing.Expired):
        await cast.li.answer(shown)
    assert await Signature.all().count() == 0


async def test_an_act_refused_at_the_last_moment_leaves_nothing_but_the_used_code(cast: Cast) -> None:
    """Signature, act and its notices are undone; the code stays used, even inside a door's own units."""
    shown = await cast.li.begin()
    papers.PAPERS["P-1"].allowed = False
    async with unit_of_work():
        with pytest.raises(papers.NoLonger):
            async with unit_of_work():
                await cast.li.answer(shown)
    assert (await marks(), await Signature.all().count()) == (0, 0)
    assert (await Ceremony.get(id=shown.id)).state == State.REFUSED
    assert (await kinds())[-1] == Kind.SIGN_REFUSE
    papers.PAPERS["P-1"].allowed = True
    again = await cast.li.begin()
    with pytest.raises(signing.UsedCode):
        await cast.li.answer(again)


async def test_a_fault_in_the_act_undoes_everything(cast: Cast) -> None:
    """A fault of ours is no decision: the ceremony waits as before, and the same code may be sent again."""
    shown = await cast.li.begin(act=BREAK)
    before = len(await kinds())
    with pytest.raises(RuntimeError):
        await cast.li.answer(shown)
    assert (await marks(), await Signature.all().count(), len(await kinds())) == (0, 0, before)
    assert (await Ceremony.get(id=shown.id)).state == State.DISPLAYED


@pytest.mark.parametrize("said", ["739214", "K7Q2", "yes", "同意", ""])
async def test_half_an_answer_is_explained_and_not_counted(cast: Cast, said: str) -> None:
    """No failure is counted where nothing was tried."""
    shown = await cast.li.begin()
    with pytest.raises(signing.Unreadable):
        await signing.complete(cast.li.actor, shown.id, said)
    assert (await Factor.get(person_id=cast.li.actor.identity)).failures == 0
    assert (await cast.li.answer(shown)).signature is not None


async def test_without_an_authenticator_nothing_is_even_shown(cast: Cast) -> None:
    """The way to an enrolment is told instead."""
    with pytest.raises(signing.NotEnrolled):
        await signing.begin(cast.newcomer, papers.APPROVE, {"number": "P-1"}, CHANNEL, "c")
    assert await Ceremony.all().count() == 0


async def test_who_has_no_right_to_sign_anything_is_refused_before_anything_is_shown(cast: Cast) -> None:
    """Line operators report; what they send is confirmed by others."""
    with pytest.raises(NotPermitted):
        await signing.begin(cast.operator, GLANCE, {"number": "P-1"}, CHANNEL, "c")
    assert await Ceremony.all().count() == 0


async def test_a_confirmation_of_level_s1_needs_the_account_alone_and_is_no_signature(cast: Cast) -> None:
    """Shown, confirmed, recorded; with somebody else's word it is refused."""
    shown = await signing.begin(cast.newcomer, GLANCE, {"number": "P-1"}, CHANNEL, "c")
    with pytest.raises(signing.Unreadable):
        await signing.complete(cast.newcomer, shown.id, "2222")
    done = await signing.complete(cast.newcomer, shown.id, shown.check_word.lower())
    assert (done.result, done.signature) == ("approved P-1", None)
    assert await Signature.all().count() == 0
    assert (await Ceremony.get(id=shown.id)).state == State.SIGNED
