"""The list of modules that hold tables; a house test keeps it complete."""

from __future__ import annotations

MODULES: tuple[str, ...] = (
    "core.kit.models",
    "core.ledger.models",
    "core.notices.models",
    "core.inbox.models",
    "core.wires.models",
    "core.drafts.models",
    "core.people.models",
    "core.clients.models",
    "core.calendars.models",
    "core.duty.models",
    "core.signing.models",
    "core.witness.models",
    "core.evidence.models",
    "core.sop.models",
    "core.products.models",
    "core.lots.models",
    "core.orders.models",
    "core.imports.models",
    "core.epcis.models",
    "core.inspections.models",
    "core.conditions.models",
    "core.sensors.models",
    "core.anomalies.models",
    "core.capa.models",
    "core.escalation.models",
    "core.webhooks.models",
)
