"""Guessing and replaying from several processes at once: few tries are checked, and one code counts once."""

from __future__ import annotations

import json
import subprocess
import sys
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
from tests.paths import ROOT

Guesser = subprocess.Popen[str]
PROCESSES = 4
GUESSES = 1000


@pytest.fixture
async def signer(database: str, tmp_path: Path) -> Signer:
    """A manager with an authenticator, on the real clock that the processes share."""
    signing.use_keys(KeyRing.create(tmp_path / "master.key"))
    return await enrolled(await people_here.hire("李明", "manager"))


@pytest.fixture
def guessers(signer: Signer, database: str, tmp_path: Path) -> Iterator[list[Guesser]]:
    """Four processes with the same database, ready to try."""
    asked = [
        sys.executable,
        "-m",
        "tests.core.signing.guessing_child",
        address(database),
        str(tmp_path / "master.key"),
        str(signer.actor.identity),
    ]
    started = [
        subprocess.Popen(asked, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _number in range(PROCESSES)
    ]
    for child in started:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    yield started
    for child in started:
        child.communicate(timeout=60)


def tried(guessers: list[Guesser], code: str, each: int) -> Counter[str]:
    """Give the word to all, add up what their tries came to."""
    for child in guessers:
        assert child.stdin is not None
        child.stdin.write(f"{code} {each}\n")
        child.stdin.flush()
    met: Counter[str] = Counter()
    for child in guessers:
        assert child.stdout is not None
        met.update(json.loads(child.stdout.readline()))
    return met


async def test_one_code_counts_once_and_of_a_thousand_guesses_three_are_checked(
    signer: Signer, guessers: list[Guesser]
) -> None:
    """From four processes at once: of forty equal right codes one is taken; the third wrong one locks all others."""
    assert tried(guessers, signer.code(), 10) == {"in": 1, "UsedCode": PROCESSES * 10 - 1}
    factor = await Factor.get(person_id=signer.actor.identity)
    assert (factor.failures, factor.last_step > 0) == (0, True)

    met = tried(guessers, signer.wrong_code(), GUESSES // PROCESSES)
    assert met == {"WrongCode": 2, "Locked": GUESSES - 2}
    assert (await Factor.get(person_id=signer.actor.identity)).failures == 3
    assert await LedgerEntry.filter(kind=Kind.SIGN_LOCK.value).count() == 1
    assert await Notice.filter(kind="signing:locked").count() == 1
