"""Moments that rooms above join; their handlers run in the same transaction."""

from __future__ import annotations

from core.conditions.terms import ReadingFacts, SeriesFacts
from core.kit import Actor, Hook

measured: Hook[[Actor, list[ReadingFacts]]] = Hook("parameters measured")
logged: Hook[[Actor, SeriesFacts]] = Hook("environment series recorded")
