"""Answers given once: a program that repeats a request with the same key gets the first answer again."""

from __future__ import annotations

import logging

from tortoise.exceptions import IntegrityError

from core.inbox import vouching
from core.inbox.models import Inbound
from core.kit import Refusal
from core.kit.unit_of_work import current, unit_of_work

log = logging.getLogger(__name__)


class AnsweredAlready(Refusal):
    """Another request with the same key was answered at this instant; its answer can be read now."""

    says = "This request was already carried out."


class AnswerNotOurs(Refusal):
    """The answer that is kept under a key was changed or put there by somebody."""

    says = "The kept answer to this request was not stored by this program. Ask an administrator."


async def answer_of(channel: str, key: str) -> dict[str, object] | None:
    """The answer given under a key; None when the key is new.

    Raises:
        AnswerNotOurs: what is kept there was not stored by this program.
    """
    row = await Inbound.get_or_none(channel=channel, update_id=key)
    if row is None:
        return None
    if not vouching.fits(row):
        log.error("answer %s: %s", row.id, vouching.NOT_OURS, extra={"action": "answer_not_ours"})
        raise AnswerNotOurs
    return row.body


async def keep_answer(channel: str, key: str, chat_ref: str, answer: dict[str, object]) -> None:
    """Keep an answer under its key, inside the unit of what it answers: both are kept or neither.

    Raises:
        AnsweredAlready: the key was used in the meantime.
    """
    now = current().now
    try:
        async with unit_of_work():
            await Inbound.create(
                channel=channel,
                update_id=key,
                chat_ref=chat_ref,
                body=answer,
                mac=vouching.mac(channel, key, chat_ref, now, answer),
                state="done",
                due_at=now,
                received_at=now,
                done_at=now,
            )
    except IntegrityError:
        raise AnsweredAlready from None
