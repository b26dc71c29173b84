"""Guessing and replaying from several processes at once: few tries are checked, and one code counts once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import signing
from core.kit.keys import KeyRing
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.signing.models import Factor
from tests.core.people.test_processes import address
from tests.core.signing import people_here
from tests.core.signing.signers import Signer, enrolled
from tests.processes import Talk, talk

PROCESSES = 4
GUESSES = 1000


@pytest.fixture
async def signer(database: str, tmp_path: Path) -> Signer:
    """A manager with an authenticator, on the real clock that the processes share."""
    signing.use_keys(KeyRing.create(tmp_path / "master.key"))
    return await enrolled(await people_here.hire("李明", "manager"))


@pytest.fixture
def guessers(signer: Signer, database: str, tmp_path: Path) -> Iterator[list[Talk]]:
    """Four processes with the same database, ready to try."""
    child = "tests.core.signing.guessing_child"
    asked = (address(database), str(tmp_path / "master.key"), str(signer.actor.identity))
    started = [talk(child, *asked) for _number in range(PROCESSES)]
    assert {one.line() for one in started} == {"ready"}
    yield started
    for one in started:
        one.end()


def tried(guessers: list[Talk], code: str, each: int) -> Counter[str]:
    """Give the word to all, add up what their tries came to."""
    for child in guessers:
        child.tell(f"{code} {each}")
    met: Counter[str] = Counter()
    for child in guessers:
        met.update(json.loads(child.line()))
    return met


async def test_one_code_counts_once_and_of_a_thousand_guesses_three_are_checked(
    signer: Signer, guessers: list[Talk]
) -> None:
    """From four processes at once: of forty equal right codes one is taken; the third wrong one locks all others."""
    assert tried(guessers, signer.code(), 10) == {"in": 1, "UsedCode": PROCESSES * 10 - 1}
    factor = await Factor.get(person_id=signer.actor.identity)
    assert (factor.failures, factor.last_step > 0) == (0, True)

    met = tried(guessers, signer.wrong_code(), GUESSES // PROCESSES)
    assert met == {"WrongLoginCode": 2, "Locked": GUESSES - 2}
    assert (await Factor.get(person_id=signer.actor.identity)).failures == 3
    assert await LedgerEntry.filter(kind=Kind.SIGN_LOCK.value).count() == 1
    assert await Notice.filter(kind="signing:locked").count() == 1
