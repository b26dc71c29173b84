"""How the log is asked for in its order, a page at a time, for a look at whole pages."""

from __future__ import annotations

from typing import Final

_INSTANT: Final = {
    "sqlite": "e.recorded_at",
    "postgres": """to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}
PAGES: Final = {
    engine: f"""
    SELECT l.position, l.entry_id, {event}, e.plant_id, e.case_number, e.kind, e.person_id,
        {_INSTANT[engine]}, e.body, CASE WHEN e.leaf = l.leaf THEN e.leaf END
    FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id
    WHERE l.position >= {start} ORDER BY l.position LIMIT {limit}
"""  # noqa: S608
    for engine, event, start, limit in (
        ("sqlite", "e.event_id", "?", "?"),
        ("postgres", "e.event_id::text", "$1", "$2"),
    )
}
"""Leaves and entries as ``whole_pages`` looks at them."""
