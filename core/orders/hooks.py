"""Moments that rooms above join; their handlers run in the same transaction."""

from __future__ import annotations

from core.kit import Actor, Hook
from core.orders.terms import OrderFacts

placed: Hook[[Actor, OrderFacts]] = Hook("order placed")
changed: Hook[[Actor, OrderFacts]] = Hook("order cancelled or a stage planned anew")
"""Both with every stage of the order, whoever carries it out."""
