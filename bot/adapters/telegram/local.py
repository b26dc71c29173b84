"""Files that a Bot API server of one's own names by their place on its disk (its ``--local`` mode)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from handlers.chat.vocabulary import FetchFailed

OFFICIAL = "api.telegram.org"


def on_disk(place: str | None) -> bool:
    """Whether a file is named by its place on this machine, not by an address."""
    return bool(place) and not str(place).startswith(("http://", "https://"))


def read(place: str, api_url: str, most: int) -> bytes:
    """Read it. Telegram's own servers name no files of this machine: whoever does so there is not believed.

    Raises:
        FetchFailed: the server is not one's own, or the file is too large or cannot be read.
    """
    if urlsplit(api_url).hostname == OFFICIAL:
        why = "names a file of this machine"
        raise FetchFailed(why, for_good=True)
    try:
        with Path(place).open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        why = f"the Bot API server's file cannot be read: {error.strerror}"
        raise FetchFailed(why, for_good=isinstance(error, FileNotFoundError | IsADirectoryError)) from error
    if len(data) > most:
        why = "larger than bots may download"
        raise FetchFailed(why, for_good=True, too_large=True)
    return data
