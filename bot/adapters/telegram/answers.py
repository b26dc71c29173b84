"""What Telegram's errors mean for a notice: what we can do about them."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from core.notices import Outcome
from handlers.chat.vocabulary import Delivered

T = TypeVar("T")
_GONE = (
    "chat not found",
    "user is deactivated",
    "bot was kicked",
    "peer_id_invalid",
    "have no rights to send",
    "not enough rights to send",
    "chat_write_forbidden",
    "message thread not found",
)
_UNEDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message",
    "there is no caption in the message",
)


def _never_left(error: TelegramError) -> bool:
    """Whether the request failed before Telegram could have taken it."""
    cause = error.__cause__
    return isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def meaning(error: TelegramError, *, sending: bool) -> Delivered:
    """Translate an error: retry, gone, refused or honestly unknown."""
    said = str(error)
    if isinstance(error, RetryAfter):
        seconds = error.retry_after
        pause = float(seconds) if isinstance(seconds, int | float) else seconds.total_seconds()
        return Delivered(outcome=Outcome.RETRY, retry_after=pause, error=said)
    if isinstance(error, Forbidden):
        return Delivered(outcome=Outcome.GONE, error=said)
    if isinstance(error, ChatMigrated):
        return Delivered(outcome=Outcome.RETRY, error=said, moved_to=str(error.new_chat_id))
    if isinstance(error, InvalidToken):
        return Delivered(outcome=Outcome.GONE, error=said)
    if isinstance(error, BadRequest):
        gone = any(words in said.lower() for words in _GONE)
        return Delivered(outcome=Outcome.GONE if gone else Outcome.REFUSED, error=said)
    if isinstance(error, TimedOut | NetworkError):
        unsure = sending and not _never_left(error) and not said.lower().startswith("bad gateway")
        return Delivered(outcome=Outcome.UNKNOWN if unsure else Outcome.RETRY, error=said)
    return Delivered(outcome=Outcome.RETRY, error=said)


def edited(error: TelegramError, message_ref: dict[str, object]) -> Delivered:
    """The same for edits: an unchanged message counts as shown, a lost one must be sent anew."""
    said = str(error).lower()
    if "message is not modified" in said:
        return Delivered(outcome=Outcome.SENT, message_ref=message_ref)
    if any(words in said for words in _UNEDITABLE):
        return Delivered(outcome=Outcome.GONE, error=str(error))
    return meaning(error, sending=False)


def removed(error: TelegramError) -> Delivered:
    """The same for removals: what is not there any more is removed."""
    if isinstance(error, ChatMigrated):
        # the new chat numbers its messages anew: the number would remove another person's words there
        return Delivered(outcome=Outcome.REFUSED, error=str(error))
    if "message to delete not found" in str(error).lower():
        return Delivered(outcome=Outcome.SENT)
    return meaning(error, sending=False)


async def told(call: Awaitable[T], *, sending: bool) -> tuple[T | None, Delivered | None]:
    """Run a call; answers its result, or what its failure means."""
    try:
        return await call, None
    except TelegramError as error:
        return None, meaning(error, sending=sending)
