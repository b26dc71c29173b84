"""The way to a time stamping authority over HTTP (RFC 3161 §3.4), and its root certificates."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
from cryptography.x509 import Certificate, load_pem_x509_certificates

from bot.settings import SettingsFault

ANSWER_MAX = 100_000
PATIENCE = aiohttp.ClientTimeout(total=30)


def roots(file: Path) -> list[Certificate]:
    """The certificates that stamps must lead to.

    Raises:
        SettingsFault: the file is missing or holds none.
    """
    try:
        return load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as wrong:
        msg = f"BIHUAN_TSA_URL is set, but {file} holds no root certificates: {wrong} (BIHUAN_TSA_ROOTS_FILE)"
        raise SettingsFault(msg) from None


def authority(url: str) -> Callable[[bytes], Awaitable[bytes]]:
    """Answer the function that carries a request to the authority at this address."""

    async def ask(request: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.post(url, data=request, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status != 200:  # noqa: PLR2004  anything else carries no stamp
                msg = f"the time stamping authority answers {answer.status}"
                raise ConnectionError(msg)
            kept = bytearray()
            async for chunk in answer.content.iter_chunked(16_384):
                kept += chunk
                if len(kept) > ANSWER_MAX:
                    msg = "the time stamping authority answers without end"
                    raise ConnectionError(msg)
            return bytes(kept)

    return ask
