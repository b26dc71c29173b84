"""Sandboxes filled with goods to try on: products, lots, an order under way, a method, somebody who owns cases."""

from __future__ import annotations

from core.sandbox.filling import make_sandbox

__all__ = ["make_sandbox"]
