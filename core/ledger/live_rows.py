"""Every regulated row as it is now, against what the ledger recorded of it last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.kit.regulated import REGULATED
from core.ledger.faults import Fault, Findings

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient

    from core.kit.regulated import Regulated
    from core.ledger.digests import Difference, Digests

_PAGE: Final = 1000
_OWN: Final = frozenset({"ledger_entry", "ledger_leaf", "ledger_checkpoint"})


async def compare(db: BaseDBAsyncClient, digests: Digests, findings: Findings) -> None:
    """Add a fault for every row that was changed, added or taken away without an entry."""
    known = {model.table(): model for model in REGULATED.values()}
    for table in sorted(known.keys() - _OWN):
        await _read(db, known[table], digests, findings)
    for difference in digests.different():
        what = (
            "no ledger entry records this row"
            if difference.unrecorded
            else f"its present state is not the one that entry {difference.entry} recorded last"
        )
        findings.add(_fault(difference, what))
    for difference in digests.gone():
        what = f"the row that entry {difference.entry} recorded is gone"
        findings.add(_fault(difference, what))


def _fault(difference: Difference, what: str) -> Fault:
    return Fault(
        where=difference.table,
        number=difference.key,
        what=what,
        position=difference.position,
        case=difference.case,
    )


async def _read(db: BaseDBAsyncClient, model: type[Regulated], digests: Digests, findings: Findings) -> None:
    last: Any = None
    while True:
        rows = model.all().using_db(db).order_by(model.key_field()).limit(_PAGE)
        page = await (rows if last is None else rows.filter(pk__gt=last))
        digests.live(model.table(), ((str(row.pk), _digest(row)) for row in page))
        findings.rows += len(page)
        if len(page) < _PAGE:
            return
        last = page[-1].pk


def _digest(row: Regulated) -> str:
    """Answer the digest of a row; a state with no canonical form cannot have been recorded."""
    try:
        return row.state_digest()
    except (TypeError, ValueError) as wrong:
        return f"no canonical form: {wrong}"
