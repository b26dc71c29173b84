"""Limits are kept in every window, wherever it begins, and whatever waits goes out in the end."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import Limits, Pacing, Window

LIMITS = Limits(
    overall=Window(count=6, seconds=1.0),
    private=Window(count=2, seconds=2.0),
    group=Window(count=4, seconds=60.0),
)


@dataclass
class Hand:
    """A clock that moves when told."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def paced(hand: Hand) -> Pacing:
    return Pacing({"telegram": LIMITS}, lambda chat: chat.startswith("-"), hand)


def fullest(sent: list[tuple[float, int]], window: Window) -> int:
    """The most messages that any window of that length holds."""
    return max(
        (sum(n for at, n in sent if start <= at < start + window.seconds - 1e-9) for start, _n in sent),
        default=0,
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["1", "2", "-7"]), st.integers(1, 9), st.floats(0, 3)),
        min_size=1,
        max_size=25,
    )
)
def test_no_window_of_any_position_holds_too_many_and_everything_goes_out(
    asked: list[tuple[str, int, float]],
) -> None:
    """Whoever must wait asks again after the wait it was told. What is larger than a window goes alone in it."""
    hand = Hand()
    pacing = paced(hand)
    sent: dict[str, list[tuple[float, int]]] = {"all": []}
    for chat, messages, pause in asked:
        hand.now += pause
        for _turn in range(1000):
            wait = pacing.wait_for("telegram", chat, messages=messages)
            if wait == 0:
                break
            hand.now += wait
        else:
            raise AssertionError("never let out")
        for key in ("all", chat):
            sent.setdefault(key, []).append((hand.now, messages))
    for key, made in sent.items():
        window = LIMITS.overall if key == "all" else LIMITS.group if key == "-7" else LIMITS.private
        largest = max(n for _at, n in made)
        assert fullest(made, window) <= max(window.count, largest)


@pytest.mark.parametrize("messages", [1, 4, 5, 10, 100])
def test_an_album_larger_than_the_window_goes_out_whole_once_the_window_is_empty(messages: int) -> None:
    hand = Hand()
    pacing = paced(hand)
    assert pacing.wait_for("telegram", "-7", messages=messages) == 0
    wait = pacing.wait_for("telegram", "-7", messages=messages)
    assert wait == (0 if messages == 1 else 60)
    hand.now += 60
    assert pacing.wait_for("telegram", "-7", messages=messages) == 0


def test_a_chat_told_to_rest_rests_and_holds_nobody_else_up() -> None:
    hand = Hand()
    pacing = paced(hand)
    pacing.blocked("telegram", "1", 7)
    assert pacing.busy() == {"telegram:1"}
    assert pacing.wait_for("telegram", "1", messages=1) == 7
    assert pacing.wait_for("telegram", "2", messages=1) == 0
    hand.now += 7
    assert pacing.busy() == frozenset()
    assert pacing.next_free() is None
    assert pacing.wait_for("telegram", "1", messages=1) == 0


def test_a_channel_without_limits_never_waits() -> None:
    pacing = paced(Hand())
    assert [pacing.wait_for("browser", "p1", messages=50) for _time in range(100)] == [0] * 100
