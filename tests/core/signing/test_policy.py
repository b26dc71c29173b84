"""Check words, answers and the count of failures, without a database."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.signing import Fact, Meaning, Shown, policy, term

NOW = dt.datetime(2026, 11, 23, 13, 46, 7, tzinfo=dt.UTC)
DIGEST = st.binary(min_size=32, max_size=32).map(bytes.hex)
CODE = st.from_regex(r"[0-9]{6}", fullmatch=True)
SHOWN = Shown(
    subject_kind="paper", subject_number="P-1", revision=3, title="Approve the paper",
    facts=[("Quantity", "12 pcs"), term("Disposition", "Rework")], case_number="AN-2026-000001",
    attachments=["ab" * 32],
)  # fmt: skip


def digest_of(shown: Shown, **changed: object) -> str:
    """Answer the digest of content in which the named parts are changed."""
    parts: dict[str, object] = {
        "meaning": Meaning.APPROVED,
        "signer": "李明",
        "roles": ["manager"],
        "locale": "zh_CN",
    }
    return policy.digest(policy.content(shown, **{**parts, **changed}))  # type: ignore[arg-type]


@given(DIGEST)
def test_a_check_word_cannot_be_taken_for_a_code_or_misread(digest: str) -> None:
    """Four characters without I, L, O, 0, 1, and never digits only."""
    word = policy.check_word(digest)
    assert re.fullmatch(r"[A-HJKMNP-Z2-9]{4}", word)
    assert not word.isdigit()
    assert word == policy.check_word(digest)


def test_a_digest_that_would_give_digits_only_still_gives_a_letter() -> None:
    """The smallest number whose four places are all the last digit of the alphabet."""
    size = len(policy.ALPHABET)
    number = sum((size - 1) * size**place for place in range(4))
    word = policy.check_word(f"{number:064x}")
    assert word[1:] == "999"
    assert word[0] in policy.LETTERS


@given(
    code=CODE,
    digest=DIGEST,
    between=st.sampled_from([" ", "", "-", " — ", "\u3000", "，", " / "]),
    turned=st.booleans(),
    wide=st.booleans(),
)
def test_an_answer_is_read_however_it_is_typed(
    code: str, digest: str, between: str, *, turned: bool, wide: bool
) -> None:
    """Either order, any case and spacing, full-width characters: code and word are always told apart."""
    word = policy.check_word(digest)
    typed = f"{word.lower()}{between}{code}" if turned else f"{code}{between}{word.lower()}"
    if wide:
        typed = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in typed)
    read = policy.read_answer(typed)
    assert read is not None
    assert (read.code, read.word) == (code, word)


@pytest.mark.parametrize("typed", [
    "739214 K7Q2", "K7Q2 739214", "739214k7q2", "７３９２１４　Ｋ７Ｑ２", "739-214-K7Q2", "739 214 k7q2",
    " 739214,K7Q2. ", "٧٣٩٢١٤ K7Q2",
])  # fmt: skip
def test_the_usual_ways_of_typing_are_understood(typed: str) -> None:
    """Each of these says 739214 and K7Q2."""
    read = policy.read_answer(typed)
    assert read is not None
    assert (read.code, read.word) == ("739214", "K7Q2")


@pytest.mark.parametrize(
    "typed", ["", "739214", "K7Q2", "73921 K7Q2", "739214 K7Q", "code 739214 K7Q2", "你好", "x" * 5000]
)
def test_anything_else_is_no_answer(typed: str) -> None:
    """Half an answer or talk is not guessed at."""
    assert policy.read_answer(typed) is None


def test_an_answer_never_prints_its_code() -> None:
    """Neither code nor word can reach a log through a printed answer."""
    assert repr(policy.read_answer("739214 K7Q2")) == "Answer()"


@pytest.mark.parametrize("changed", [
    {"subject_kind": "other"}, {"subject_number": "P-2"}, {"revision": 4}, {"title": "Reject the paper"},
    {"facts": (Fact("Quantity", "13 pcs"), SHOWN.facts[1])}, {"facts": (*SHOWN.facts, Fact("More", ""))},
    {"facts": SHOWN.facts[::-1]}, {"facts": (SHOWN.facts[0], Fact("Disposition", "Rework"))},
    {"attachments": ()}, {"attachments": ("ab" * 31 + "ac",)},
])  # fmt: skip
@pytest.mark.req("P-70")
def test_the_digest_covers_everything_shown_of_the_subject(changed: dict[str, object]) -> None:
    """Any part changed, added, moved or left out gives another digest."""
    parts = {name: getattr(SHOWN, name) for name in SHOWN.__dataclass_fields__}
    assert digest_of(Shown(**{**parts, **changed})) != digest_of(SHOWN)


@pytest.mark.parametrize("changed", [
    {"meaning": Meaning.REVIEWED}, {"signer": "王芳"},
    {"roles": ["operator"]}, {"roles": []}, {"locale": "en"}, {"renderer": 2},
])  # fmt: skip
def test_the_digest_covers_signer_meaning_and_form(changed: dict[str, object]) -> None:
    """Who signs, as what, with which meaning, in which language and form."""
    assert digest_of(SHOWN, **changed) != digest_of(SHOWN)


def test_stored_content_reads_back_as_it_was_shown() -> None:
    """What was kept as JSON renders and digests the same again."""
    kept = policy.content(SHOWN, meaning=Meaning.APPROVED, signer="李明", roles=["manager"], locale="zh_CN")
    again = policy.shown_of(kept, SHOWN.case_number)
    assert again == SHOWN
    assert digest_of(again) == digest_of(SHOWN)


def test_every_third_failure_locks_and_the_tenth_ends_the_authenticator() -> None:
    """The count runs over failures in a row; between locks there are two warnings."""
    seen = [policy.after_failure(failures, NOW) for failures in range(10)]
    assert [failed.left for failed in seen] == [2, 1, 0, 2, 1, 0, 2, 1, 0, 2]
    locked = [number for number, failed in enumerate(seen, start=1) if failed.locked_until]
    assert locked == [3, 6, 9, 10]
    assert {failed.locked_until for failed in seen if failed.locked_until} == {NOW + dt.timedelta(minutes=15)}
    assert [failed.suspended for failed in seen] == [False] * 9 + [True]


def test_a_lock_names_the_minutes_that_remain() -> None:
    """Rounded up, and over when its time is reached."""
    until = NOW + dt.timedelta(minutes=15)
    with pytest.raises(policy.Locked) as refused:
        policy.refuse_locked(until, NOW + dt.timedelta(seconds=61))
    assert refused.value.facts == {"minutes": 14}
    policy.refuse_locked(until, until)
    policy.refuse_locked(None, NOW)
