"""Measurements of this installation's machine, each in a scratch database of its own, as ratios where possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.benches.delivery import DELIVERY
from bot.benches.escalation import ESCALATION
from bot.benches.importing import IMPORT
from bot.benches.intake import INTAKE
from bot.benches.ledger import LEDGER
from bot.benches.tracing import TRACE

if TYPE_CHECKING:
    from handlers.cli.tools import Bench

BENCHES: Final[tuple[Bench, ...]] = (DELIVERY, ESCALATION, IMPORT, INTAKE, LEDGER, TRACE)
