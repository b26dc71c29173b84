"""Which secrets a log gives away, without taking a number that merely looks alike for a code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote_plus


def leaks(log: str, secrets: Iterable[str], codes: Iterable[str]) -> list[str]:
    """The lines of a log (one JSON object a line) that tell one of these secrets, or one of these codes.

    A secret counts anywhere. A code is six digits, and a long log holds thousands of such runs, in moments and in longer
    numbers, so a code counts only where it stands alone, and not in the line's own moment.
    """
    alone = re.compile(rf"(?<![\d.])(?:{'|'.join(map(re.escape, codes)) or '(?!)'})(?!\d)")
    wanted = [one for one in secrets if one]
    return [
        line for line in log.splitlines() if any(one in line for one in wanted) or alone.search(_told(line))
    ]


def _told(line: str) -> str:
    """What a line says beside the moment at which it was written, with the escapes of addresses undone."""
    try:
        record = json.loads(line)
    except ValueError:
        return unquote_plus(line)
    record.pop("timestamp", None)
    return unquote_plus(json.dumps(record, ensure_ascii=False))
