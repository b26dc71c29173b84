"""Many callers at once, in a process of their own: ``python crowd.py PORT FIRST COUNT CALLERS SECRET``.

Each keeps one connection and sends the next update when the last was answered. Writes the seconds that all took and
the answer time that 99 of 100 stay under; anything but 200 ends it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from statistics import quantiles
from time import perf_counter

ARGUMENTS = 5


def _request(number: int, secret: str) -> bytes:
    """An update as Telegram sends it."""
    chat = number % 200 + 1
    update = {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_790_000_000,
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat, "is_bot": False, "first_name": "王芳"},
            "text": f"批次 L{number} 到货破损 12 件",
        },
    }
    body = json.dumps(update).encode()
    head = (
        "POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _caller(port: int, requests: Iterator[bytes], took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        began = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode(errors="replace"))
        took.append(perf_counter() - began)
    writer.close()


async def _crowd(port: int, first: int, count: int, callers: int, secret: str) -> tuple[float, float]:
    requests = iter([_request(number, secret) for number in range(first, first + count)])
    took: list[float] = []
    began = perf_counter()
    await asyncio.gather(*(_caller(port, requests, took) for _one in range(callers)))
    return perf_counter() - began, quantiles(took, n=100)[-1]


if __name__ == "__main__":
    _port, _first, _count, _callers = (int(one) for one in sys.argv[1:ARGUMENTS])
    _seconds, _slowest = asyncio.run(_crowd(_port, _first, _count, _callers, sys.argv[ARGUMENTS]))
    sys.stdout.write(f"{_seconds} {_slowest}")
