"""Triggers that let only the sealer's work through: a leaf is what waits at the next place, a mark goes once sealed.

So nobody forges a leaf or hides an entry from the sealer through the application's own connection.
"""

from __future__ import annotations

from typing import Final

SAYS_LEAF: Final = "ledger_leaf takes what waits, with its own hash, at the next place"
SAYS_PENDING: Final = "ledger_pending lets an entry go once it is sealed"

_PLACED: Final = (
    "NEW.position = (SELECT COALESCE(MAX(position) + 1, 0) FROM ledger_leaf) "
    "AND EXISTS (SELECT 1 FROM ledger_pending WHERE entry_id = NEW.entry_id) "
    "AND EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id AND leaf = NEW.leaf)"
)
_SEALED: Final = "EXISTS (SELECT 1 FROM ledger_leaf WHERE entry_id = OLD.entry_id)"

SQLITE: Final[dict[str, str]] = {
    name: f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {when} '
    f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
    for name, event, table, when, says in (
        ("guard_ledger_leaf_place", "INSERT", "ledger_leaf", f"NOT ({_PLACED})", SAYS_LEAF),
        ("guard_ledger_pending_leave", "DELETE", "ledger_pending", f"NOT {_SEALED}", SAYS_PENDING),
        ("guard_ledger_pending_change", "UPDATE", "ledger_pending", "1", SAYS_PENDING),
    )
}


def _refusing(when: str, says: str, answer: str) -> str:
    return (
        f"BEGIN IF NOT ({when}) THEN RAISE EXCEPTION '{says}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {answer}; END;"
    )


POSTGRES_FUNCTIONS: Final[dict[str, str]] = {
    "ledger_guard_leaf": _refusing(_PLACED, SAYS_LEAF, "NEW"),
    "ledger_guard_pending": _refusing(_SEALED, SAYS_PENDING, "OLD"),
}
"""Bodies of the trigger functions by name."""

POSTGRES: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("ledger_leaf", "place", "ROW", "INSERT", "ledger_guard_leaf"),
    ("ledger_pending", "leave", "ROW", "DELETE", "ledger_guard_pending"),
    ("ledger_pending", "change", "ROW", "UPDATE", "ledger_guard"),
    ("ledger_pending", "truncate", "STATEMENT", "TRUNCATE", "ledger_guard"),
)
"""Table, event, scope, what it stands before and the function it calls."""
