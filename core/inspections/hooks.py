"""Moments that rooms above join; their handlers run in the same transaction."""

from __future__ import annotations

from core.inspections.terms import ResultFacts
from core.kit import Actor, Hook

recorded: Hook[[Actor, ResultFacts]] = Hook("result recorded")
