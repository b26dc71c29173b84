"""Many at the same instant: one code signs once, whatever is tried in parallel."""

from __future__ import annotations

import asyncio

import pytest

from core import signing
from core.kit import Refusal
from core.notices.models import Notice
from core.signing.models import Factor, Signature
from tests.core.signing import papers
from tests.core.signing.conftest import Cast
from tests.core.signing.papers import MARK
from tests.core.signing.signers import Signer

AT_ONCE = 20


async def outcomes(*tries: object) -> list[type[object]]:
    """Let all go at once; list what each came to."""
    done = await asyncio.gather(*tries, return_exceptions=True)  # type: ignore[call-overload]
    return [type(one) for one in done]


@pytest.mark.req("P-200")
async def test_twenty_equal_answers_sign_once(cast: Cast) -> None:
    """The others find it signed; nothing is counted as wrong."""
    shown = await cast.li.begin()
    met = await outcomes(*(cast.li.answer(shown, code=cast.li.code()) for _ in range(AT_ONCE)))
    assert met.count(signing.Completed) == 1
    assert met.count(signing.AlreadySigned) == AT_ONCE - 1
    assert (await Signature.all().count(), await Notice.filter(kind=MARK).count()) == (1, 1)


async def test_one_code_for_twenty_papers_signs_one(cast: Cast) -> None:
    """Twenty papers in twenty chats, one code for all: the time step is used up by the first."""
    ceremonies = []
    for place in range(AT_ONCE):
        papers.paper(f"P-{place}")
        ceremonies.append(await cast.li.begin(f"P-{place}", chat=f"chat {place}"))
    code = cast.li.code()
    met = await outcomes(*(cast.li.answer(shown, code=code) for shown in ceremonies))
    assert met.count(signing.Completed) == 1
    assert met.count(signing.UsedCode) == AT_ONCE - 1
    assert (await Signature.all().count(), await Notice.filter(kind=MARK).count()) == (1, 1)


async def test_one_code_signs_in_at_one_page_only(cast: Cast) -> None:
    """Twenty browsers with the same code: one is let in."""
    code = cast.li.code()
    met = await outcomes(*(signing.verify_login(cast.li.actor.identity, code) for _ in range(AT_ONCE)))
    assert met.count(type(None)) == 1
    assert met.count(signing.UsedCode) == AT_ONCE - 1


async def test_wrong_answers_in_parallel_are_all_counted(cast: Cast) -> None:
    """Twenty guesses at once get no more than three tries and one round of alerts."""
    shown = await cast.li.begin()
    met = await outcomes(*(cast.li.answer(shown, code=cast.li.wrong_code()) for _ in range(AT_ONCE)))
    assert met.count(signing.WrongCode) == 2
    assert met.count(signing.Locked) >= 1
    assert all(issubclass(one, Refusal) for one in met)
    assert (await Factor.get(person_id=cast.li.actor.identity)).failures == 3
    assert await Notice.filter(kind="signing:locked").count() == 3


@pytest.mark.parametrize("first", [0, 1])
async def test_two_people_sign_the_same_paper_at_once(cast: Cast, first: int) -> None:
    """Each with the own code and card: both signatures stand beside one another."""
    people: list[Signer] = [cast.li, cast.wang]
    people = people[first:] + people[:first]
    shown = [await signer.begin() for signer in people]
    met = await outcomes(*(signer.answer(one) for signer, one in zip(people, shown, strict=True)))
    assert met == [signing.Completed, signing.Completed]
    assert await Signature.all().count() == 2
