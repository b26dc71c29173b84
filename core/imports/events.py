"""EPCIS documents in files: recognised by their content, taken by the room of events, faults told by event and place."""

from __future__ import annotations

from core import epcis
from core.epcis import CaptureRefused
from core.imports.documents import Opened, Taken
from core.imports.models import ImportRun
from core.imports.terms import Fault
from core.kit import Actor, Level, Module, Permission


def fits(opened: Opened) -> bool:
    """Whether a document is of EPCIS: an EPCISDocument, an event, or a list of events."""
    tree = opened.tree
    first = tree[0] if isinstance(tree, list) and tree else tree
    return isinstance(first, dict) and epcis.is_kind(first.get("type"))


async def bring(actor: Actor, opened: Opened, run: ImportRun) -> Taken:  # noqa: ARG001  a bringer takes it
    """Capture the events of a document, all of them or none."""
    take = epcis.capture if actor.may(Permission(Module.LOTS, Level.REPORT)) else epcis.bring
    try:
        done = await take(actor, opened.text)
    except CaptureRefused as refused:
        return Taken(
            faults=[
                Fault(line=0, column=f"{_event(one.index)} {one.path}".strip(), why=one.why)
                for one in refused.faults
            ]
        )
    return Taken(written=done.events + done.known, rows_digest=done.digest)


def _event(index: int | None) -> str:
    return "$" if index is None else f"$.eventList[{index}]"
