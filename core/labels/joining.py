"""Several codes of one label: what belongs together is joined, what speaks of other goods stays apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.labels.terms import LabelFacts, Scheme

_SAID: Final = ("device", "lot", "serial", "made_on", "expires_on", "sterilisation_lot")


def complement(one: LabelFacts, other: LabelFacts) -> bool:
    """Whether two codes say nothing different, and one adds to the other: device here, lot and dates there.

    Two halves of an HIBC label must be linked: the secondary code ends with the check character of its primary.
    """
    if one.scheme is not other.scheme or Scheme.PLAIN in (one.scheme, other.scheme):
        return False
    both = [(getattr(one, name), getattr(other, name)) for name in _SAID]
    if any(here and there and here != there for here, there in both):
        return False
    if one.content != other.content and one.device and other.device:
        return False
    if bool(one.device) == bool(other.device):
        return bool(one.device)
    return one.scheme is not Scheme.HIBCC or one.link == other.link


def join(one: LabelFacts, other: LabelFacts) -> LabelFacts:
    """Put two codes that complement each other together."""
    first, second = (one, other) if one.device else (other, one)
    return replace(
        first,
        **{name: getattr(first, name) or getattr(second, name) for name in _SAID},
        content=first.content or second.content,
        fields=tuple(dict.fromkeys((*first.fields, *second.fields))),
    )


def labels_of(codes: Sequence[LabelFacts]) -> tuple[LabelFacts, ...]:
    """Answer the labels that codes of one picture make up; the same label twice is one.

    A half that could belong to several others stays by itself: nobody guesses which goods it is of.
    """
    left = list(dict.fromkeys(codes))
    while True:
        told = next((one for one in left if sum(_tells(other, one) for other in left) == 1), None)
        if told is not None:
            left.remove(told)
            continue
        pairs = [
            (one, other)
            for place, one in enumerate(left)
            for other in left[place + 1 :]
            if complement(one, other)
        ]
        sure = next(
            (
                pair
                for pair in pairs
                if all(sum(half in other for other in pairs) == 1 for half in pair) or len(pairs) == 1
            ),
            None,
        )
        if sure is None:
            return tuple(left)
        left = [one for one in left if one not in sure]
        left.append(join(*sure))


def _tells(other: LabelFacts, one: LabelFacts) -> bool:
    """Whether one code says all that another says, and more."""
    if one is other or one.scheme is not other.scheme or one.content != other.content:
        return False
    said = [(getattr(one, name), getattr(other, name)) for name in _SAID]
    return all(not here or here == there for here, there in said) and any(
        there and not here for here, there in said
    )
