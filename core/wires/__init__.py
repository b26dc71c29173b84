"""What the wires must remember between processes and restarts: sealed tokens, ids of pictures, codes, leases.

Every note has an end, and nothing that a record depends on is kept here.
"""

from core.wires.leasing import give_back, hold, lengthen, turn
from core.wires.noting import drop, first, keep, note, sweep, take

__all__ = ["drop", "first", "give_back", "hold", "keep", "lengthen", "note", "sweep", "take", "turn"]
