"""Lots: what was made of what, where it is now, what a suspect lot reached, what is stopped.

Plant people see every lot of their plant; people of a partner see the lots their organisation made or has.
Upward and downward traces stay inside that view.
"""

from __future__ import annotations

from core.lots.deciding import ACT, decide_hold, decide_holds
from core.lots.errors import (
    AlreadyDecided,
    HoldNeedsLots,
    HoldStatusNotRecorded,
    LinkToItself,
    LotNumberTaken,
    LotOnHold,
    LotScrapped,
    LotUnknown,
    LotUnknownNearest,
    OneCaseAtATime,
    PlacerDecides,
)
from core.lots.holding import hold
from core.lots.moving import move
from core.lots.queries import (
    find,
    get,
    holds_of,
    holds_on,
    nearest,
    openable,
    page,
    recent,
    undecided,
    undecided_for,
)
from core.lots.recording import record_links, record_lots
from core.lots.terms import (
    Carried,
    Direction,
    Disposition,
    Genealogy,
    HoldFacts,
    Impact,
    LotFacts,
    LotStatus,
    NewLink,
    NewLot,
    Total,
    TraceLink,
    TraceNode,
    Way,
)
from core.lots.tracing import (
    affected,
    genealogy,
    impact,
    impact_of,
    reach,
    trace,
    trace_both,
    trace_down,
    trace_up,
)

__all__ = [
    "ACT",
    "AlreadyDecided",
    "Carried",
    "Direction",
    "Disposition",
    "Genealogy",
    "HoldFacts",
    "HoldNeedsLots",
    "HoldStatusNotRecorded",
    "Impact",
    "LinkToItself",
    "LotFacts",
    "LotNumberTaken",
    "LotOnHold",
    "LotScrapped",
    "LotStatus",
    "LotUnknown",
    "LotUnknownNearest",
    "NewLink",
    "NewLot",
    "OneCaseAtATime",
    "PlacerDecides",
    "Total",
    "TraceLink",
    "TraceNode",
    "Way",
    "affected",
    "decide_hold",
    "decide_holds",
    "find",
    "genealogy",
    "get",
    "hold",
    "holds_of",
    "holds_on",
    "impact",
    "impact_of",
    "move",
    "nearest",
    "openable",
    "page",
    "reach",
    "recent",
    "record_links",
    "record_lots",
    "trace",
    "trace_both",
    "trace_down",
    "trace_up",
    "undecided",
    "undecided_for",
]
