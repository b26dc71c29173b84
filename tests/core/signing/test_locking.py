"""Wrong answers are counted whatever a door does around them, and the third one locks signing alone."""

from __future__ import annotations

import datetime as dt

import pytest

from core import signing
from core.kit import Refusal, clock, unit_of_work
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from core.notices import Priority
from core.notices.models import Notice
from core.signing import State
from core.signing.models import Ceremony, Factor, Signature
from tests.core.signing.conftest import Cast
from tests.core.signing.signers import Signer, next_code

LOCK = dt.timedelta(minutes=15)


async def fail(signer: Signer, times: int) -> list[type[Refusal]]:
    """Answer wrongly several times, as a door would handle it, and list the refusals."""
    met: list[type[Refusal]] = []
    shown = await signer.begin()
    for _ in range(times):
        async with unit_of_work():
            try:
                async with unit_of_work():
                    await signer.answer(shown, code=signer.wrong_code())
            except Refusal as refusal:
                met.append(type(refusal))
    return met


async def count_of(signer: Signer) -> int:
    """Failures counted so far."""
    return (await Factor.get(person_id=signer.actor.identity, suspended_at__isnull=True)).failures


async def test_a_failure_is_counted_though_the_doors_unit_ends_by_the_refusal(cast: Cast) -> None:
    """A refusal that leaves a trace passes through every unit without undoing it."""
    assert await fail(cast.li, 1) == [signing.WrongCode]
    assert await count_of(cast.li) == 1
    assert (await LedgerEntry.filter(kind=Kind.SIGN_REFUSE).count()) == 1


@pytest.mark.req("P-300")
async def test_the_third_wrong_answer_locks_for_fifteen_minutes(cast: Cast) -> None:
    """The lock holds against the right code too, names the minutes left, and ends by itself."""
    met = await fail(cast.li, 3)
    assert met == [signing.WrongCode, signing.WrongCode, signing.Locked]
    assert (await Ceremony.all().order_by("-id").first()).state == State.LOCKED  # type: ignore[union-attr]
    with pytest.raises(signing.Locked) as refused:
        await cast.li.begin()
    assert refused.value.facts == {"minutes": 15}
    clock.shift(LOCK - dt.timedelta(seconds=1))
    with pytest.raises(signing.Locked) as refused:
        await signing.verify_login(cast.li.actor.identity, cast.li.code())
    assert refused.value.facts == {"minutes": 1}
    clock.shift(dt.timedelta(seconds=1))
    assert (await cast.li.answer(await cast.li.begin())).signature is not None
    assert await count_of(cast.li) == 0


async def test_a_ceremony_shown_elsewhere_is_locked_too(cast: Cast) -> None:
    """The lock is the person's, not the chat's; others sign on."""
    other = await cast.li.begin(chat="elsewhere")
    theirs = await cast.wang.begin()
    await fail(cast.li, 3)
    with pytest.raises(signing.Locked):
        await cast.li.answer(other)
    assert (await cast.wang.answer(theirs)).signature is not None


async def test_a_right_answer_in_between_starts_the_count_anew(cast: Cast) -> None:
    """Only failures in a row lock."""
    await fail(cast.li, 2)
    assert (await cast.li.answer(await cast.li.begin())).signature is not None
    assert await fail(cast.li, 2) == [signing.WrongCode, signing.WrongCode]


@pytest.mark.req("P-300")
async def test_owner_administrators_and_managers_are_alerted_at_once(cast: Cast) -> None:
    """Critical, one notice each, naming whose signing is locked and for how long; nobody else is told."""
    await fail(cast.li, 3)
    told = await Notice.filter(kind="signing:locked").order_by("id")
    assert {notice.person_id for notice in told} == {
        cast.li.actor.person_id, cast.wang.actor.person_id, cast.admin.person_id,
    }  # fmt: skip
    assert len(told) == 3
    assert {notice.priority for notice in told} == {Priority.CRITICAL}
    assert {(notice.facts["name"], notice.facts["minutes"]) for notice in told} == {("李明", 15)}
    assert await LedgerEntry.filter(kind=Kind.SIGN_LOCK).count() == 1


async def test_the_tenth_wrong_answer_in_a_row_ends_the_authenticator(cast: Cast) -> None:
    """Waiting out the locks does not give endless tries; a new enrolment is needed."""
    met: list[type[Refusal]] = []
    for times in (3, 3, 3, 1):
        met += await fail(cast.li, times)
        clock.shift(LOCK)
    assert met[-1] is signing.Suspended
    assert not await signing.is_enrolled(cast.li.actor.identity)
    with pytest.raises(signing.NotEnrolled):
        await cast.li.begin()
    assert await Signature.all().count() == 0
    last = await Notice.filter(kind="signing:locked").order_by("-id").first()
    assert last is not None
    assert last.facts["suspended"] is True


async def test_sign_in_uses_up_codes_and_counts_like_signing(cast: Cast) -> None:
    """One code serves either the page or a signature, and failures of both add up."""
    await signing.verify_login(cast.li.actor.identity, cast.li.code())
    with pytest.raises(signing.UsedCode):
        await signing.verify_login(cast.li.actor.identity, cast.li.code())
    with pytest.raises(signing.UsedCode):
        await cast.li.answer(await cast.li.begin())
    next_code()
    await fail(cast.li, 1)
    with pytest.raises(signing.WrongLoginCode, match=r"^The code is not right"):
        await signing.verify_login(cast.li.actor.identity, cast.li.wrong_code())
    with pytest.raises(signing.UnreadableCode):
        await signing.verify_login(cast.li.actor.identity, "12345")
    with pytest.raises(signing.Locked):
        await signing.verify_login(cast.li.actor.identity, cast.li.wrong_code())
    with pytest.raises(signing.NotEnrolled):
        await signing.verify_login(cast.operator.identity, "123456")


async def test_a_refusal_that_leaves_no_trace_undoes_its_unit(cast: Cast) -> None:
    """Only a refusal that says so keeps what was written."""

    async def written_then_refused() -> None:
        async with unit_of_work():
            await Factor.filter(person_id=cast.li.actor.identity).update(failures=2)
            raise signing.WrongCode(left=1)

    with pytest.raises(signing.WrongCode):
        await written_then_refused()
    assert await count_of(cast.li) == 0
