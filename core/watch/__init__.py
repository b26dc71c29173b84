"""Watching the house itself: what should have happened by now and did not, told once and counted until it is mended."""

from core.watch.auditing import audit, last
from core.watch.canaries import canaries, release
from core.watch.terms import Audit, Canary, Fault, Seen

__all__ = ["Audit", "Canary", "Fault", "Seen", "audit", "canaries", "last", "release"]
