"""What the role that runs the application may do on PostgreSQL: nothing that the guards would have to refuse.

The tables belong to another role, which runs migrations only; so no one can switch the guards off from the application.
"""

from __future__ import annotations

from typing import Final

from core.ledger.guards import GUARDED, KEPT

HISTORY: Final = "aerich"
_WORKING: Final = "SELECT, INSERT, UPDATE, DELETE"
_RIGHTS: Final = {
    **dict.fromkeys(GUARDED, "SELECT, INSERT"),
    **dict.fromkeys(KEPT, "SELECT, INSERT, UPDATE"),
    "ledger_pending": "SELECT, INSERT, DELETE",
    "ledger_subtree": "SELECT, INSERT",
    HISTORY: "SELECT",
}


def statements(role: str, schema: str, tables: list[str]) -> list[str]:
    """Answer the SQL by which the owner of the tables gives a role what it needs, and takes all else away."""
    to, home = _quoted(role), _quoted(schema)
    made = [
        f"REVOKE CREATE ON SCHEMA {home} FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA {home} FROM {to}",
        f"GRANT USAGE ON SCHEMA {home} TO {to}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {home} FROM PUBLIC, {to}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {home} TO {to}",
    ]
    made += [
        f"GRANT {_RIGHTS.get(table, _WORKING)} ON {home}.{_quoted(table)} TO {to}" for table in sorted(tables)
    ]
    return made


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
