"""Every 30 seconds: is anything overdue that should have happened by itself?"""

from __future__ import annotations

import logging

from core import watch
from core.watch import Fault
from handlers.chat.cards import Reader
from handlers.chat.renders import renders
from handlers.chat.vocabulary import Outgoing

log = logging.getLogger(__name__)


async def look() -> int:
    """Look once; answers how many kinds of fault stand."""
    found = await watch.audit()
    if not found.clean:
        counts = {fault.value: count for fault, count in found.faults.items()}
        log.error("something is overdue", extra={"action": "audit", "faults": counts})
    return len(found.faults)


@renders("watch:fault")
async def _fault(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    said = {
        Fault.STEPS: _(
            "Alerts do not climb: {n} steps are overdue. Please reach the people on duty yourself."
        ),
        Fault.SEAL: _("Ledger entries are not being sealed. Nothing is lost; they wait."),
        Fault.SENDERS: _("{n} messages were left in the hand of a sender that died."),
        Fault.MESSAGES: _(
            "{n} messages are due and do not go out. Please look after the messenger's account."
        ),
        Fault.UPDATES: _("What people sent is not being handled. Nothing is lost; it waits."),
        Fault.ASIDE: _(
            "{n} messages of people were set aside after a fault. `bihuan inbox list` shows them."
        ),
        Fault.CLOCKS: _("{n} clocks ran out and nobody was told."),
        Fault.CANARIES: _(
            "{n} messengers do not take even the small message that proves they work. Who is reached by them only is "
            "not reached now."
        ),
    }[Fault(str(facts["fault"]))]
    return Outgoing(
        head=_("⚠ Something in Bihuan does not run as it should"),
        body=said.format(n=facts["count"]),
        hint=_(
            "Run `bihuan doctor` on the server and look at its log. This is told once a day until it is mended."
        ),
    )
