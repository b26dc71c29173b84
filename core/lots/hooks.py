"""What rooms above know of lots and are asked; their handlers run in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.kit import Actor, Hook
from core.lots.terms import HoldFacts

inspectors: Hook[[frozenset[int], set[int]]] = Hook("who inspected these lots is asked")
"""Joiners add the persons who recorded results of the lots of these ids."""
held: Hook[[Actor, Sequence[HoldFacts], Mapping[int, frozenset[int]]]] = Hook("lots put on hold")
decided: Hook[[Actor, Sequence[HoldFacts], Mapping[int, frozenset[int]]]] = Hook("holds decided")
"""Both with the partners that made or have each lot, by the lot's id."""
