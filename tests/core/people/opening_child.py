"""A process of its own that waits for the word and then tries to use a one-time token; says what came of it."""

from __future__ import annotations

import asyncio
import json
import sys

from core import people
from core.kit import Refusal
from tests.databases import close_database, open_database


async def main(address: str | dict[str, object], what: str, token: str, number: str) -> None:
    """Connect, say ready, wait for a line, try once."""
    await open_database(address)
    await people.plants()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    try:
        if what == "link":
            await people.open_link(token, "admin")
        else:
            await people.accept_invite("telegram", number, number, token)
    except Refusal as refusal:
        sys.stdout.write(f"{refusal.code}\n")
    else:
        sys.stdout.write("in\n")
    await close_database()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1]), *sys.argv[2:5]))
