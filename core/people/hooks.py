"""Moments that rooms above join; their handlers run in the same transaction."""

from __future__ import annotations

from core.kit import Actor, Hook

left: Hook[[Actor, int]] = Hook("a person's access ended")
