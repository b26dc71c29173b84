"""What planners and administrators do by a form: one table of acts, each with its right, its fields and its verb."""

from __future__ import annotations

from handlers.web.acts import (
    instruction_acts,
    lot_acts,
    order_acts,
    people_acts,
    place_acts,
    product_acts,
    proof_acts,
)
from handlers.web.acts.filled import Act

ACTS: dict[str, Act] = {
    one.name: one
    for room in (order_acts, lot_acts, proof_acts, product_acts, instruction_acts, people_acts, place_acts)
    for one in room.ACTS
}
