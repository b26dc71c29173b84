"""A process of its own that waits for the word, then tries codes all at once and says what each came to."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path

from core import people, signing
from core.kit import Refusal
from core.kit.keys import KeyRing
from tests.databases import close_database, open_database


async def once(person_id: int, code: str) -> str:
    """Try one code at the page's sign-in."""
    try:
        await signing.verify_login(person_id, code)
    except Refusal as refusal:
        return refusal.code
    return "in"


async def main(address: str | dict[str, object], ring: str, person_id: int) -> None:
    """Connect, say ready; for every line with a code and a number, try it so often at once, until none comes."""
    await open_database(address)
    signing.use_keys(KeyRing.load(Path(ring)))
    await people.plants()
    print("ready", flush=True)
    while line := (await asyncio.to_thread(sys.stdin.readline)).split():
        met = Counter(await asyncio.gather(*(once(person_id, line[0]) for _ in range(int(line[1])))))
        print(json.dumps(met), flush=True)
    await close_database()


if __name__ == "__main__":
    where, key, person = sys.argv[1:4]
    asyncio.run(main(json.loads(where), key, int(person)))
