"""Limits are kept in every window, wherever it begins, and whatever waits goes out in the end."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacing import Limits, Pacing, Turn, Window

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


@given(
    st.lists(
        st.tuples(st.sampled_from(["1", "-7"]), st.integers(0, 3), st.integers(1, 6), st.floats(0, 4)),
        min_size=1,
        max_size=15,
    ),
    st.randoms(use_true_random=False),
)
def test_whoever_is_due_first_the_order_in_a_chat_is_kept(
    asked: list[tuple[str, int, int, float]], dice: random.Random
) -> None:
    """Each asks again when its wait is over, those due in any batches. Equal priorities of a chat keep their order."""
    hand = Hand()
    pacing = paced(hand)
    at = hand.now
    due: dict[Turn, tuple[float, str, int]] = {}
    for number, (chat, priority, messages, pause) in enumerate(asked):
        at += pause
        due[Turn(priority, number)] = (at, chat, messages)
    sent: dict[tuple[str, int], list[int]] = {}
    made: dict[str, list[tuple[float, int]]] = {"all": [], "1": [], "-7": []}
    for _turn in range(5000):
        if not due:
            break
        hand.now = max(hand.now, min(when for when, _chat, _messages in due.values()))
        ready = sorted(turn for turn, (when, _chat, _messages) in due.items() if when <= hand.now)
        for turn in ready[: dice.randint(1, len(ready))]:
            _when, chat, messages = due[turn]
            wait = pacing.wait_for("telegram", chat, messages=messages, turn=turn)
            if wait > 0:
                due[turn] = (hand.now + wait, chat, messages)
                continue
            del due[turn]
            sent.setdefault((chat, turn.priority), []).append(turn.number)
            made["all"].append((hand.now, messages))
            made[chat].append((hand.now, messages))
    assert due == {}, "never let out"
    assert all(numbers == sorted(numbers) for numbers in sent.values())
    for key, times in made.items():
        window = LIMITS.overall if key == "all" else LIMITS.group if key == "-7" else LIMITS.private
        largest = max((n for _at, n in times), default=0)
        assert fullest(times, window) <= max(window.count, largest)


def test_an_album_that_waits_is_not_overtaken_by_what_came_later() -> None:
    """Single messages would fit, and would make the album wait for ever; an urgent one may pass."""
    hand = Hand()
    pacing = paced(hand)
    assert pacing.wait_for("telegram", "-7", messages=1, turn=Turn(2, 1)) == 0
    assert pacing.wait_for("telegram", "-7", messages=3, turn=Turn(2, 2)) == 60
    hand.now += 10
    assert pacing.wait_for("telegram", "-7", messages=1, turn=Turn(2, 3)) == 50
    assert pacing.wait_for("telegram", "-7", messages=1, turn=Turn(0, 4)) == 0


def test_a_place_is_not_kept_for_one_that_never_comes() -> None:
    """Superseded while it waited: those behind go on a second after its time."""
    hand = Hand()
    pacing = paced(hand)
    pacing.wait_for("telegram", "1", messages=2, turn=Turn(2, 1))
    assert pacing.wait_for("telegram", "1", messages=1, turn=Turn(2, 2)) == 2
    hand.now += 2
    assert 0 < pacing.wait_for("telegram", "1", messages=1, turn=Turn(2, 3)) <= 1
    hand.now += 1
    assert pacing.wait_for("telegram", "1", messages=1, turn=Turn(2, 3)) == 0
