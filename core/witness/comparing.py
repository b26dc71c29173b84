"""Holding what somebody kept or forwarded to the present log."""

from __future__ import annotations

from core import ledger
from core.kit import Actor, verb
from core.ledger import Comparison, Kind, Unreadable
from core.witness.alarming import contradicted
from core.witness.errors import NoCheckpoint
from core.witness.log_keys import log_keys


@verb(None, None, Kind.WITNESS_CONTRADICTION)
async def hold_against(actor: Actor, text: str) -> Comparison:
    """Compare a checkpoint, whole or in short form, with the log.

    When the log's own signature stands under something that its present state denies, that is recorded and told.

    Raises:
        NoCheckpoint: the text holds none, or several.
    """
    try:
        pasted = ledger.read_pasted(text)
    except Unreadable as wrong:
        raise NoCheckpoint(why=str(wrong)) from None
    found = await ledger.compare(pasted, await ledger.trusted(log_keys()))
    if found.contradicts:
        await contradicted(actor, size=found.size, digits=found.digits, verdict=found.verdict.value)
    return found
