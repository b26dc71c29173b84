"""Watching the house itself: what should have happened by now and did not, told once and counted until it is mended."""

from core.watch.auditing import audit, last
from core.watch.terms import Audit, Fault, Seen

__all__ = ["Audit", "Fault", "Seen", "audit", "last"]
