"""What rooms above know of lots and are asked; their handlers run in the same transaction."""

from __future__ import annotations

from core.kit import Hook

inspectors: Hook[[frozenset[int], set[int]]] = Hook("who inspected these lots is asked")
"""Joiners add the persons who recorded results of the lots of these ids."""
