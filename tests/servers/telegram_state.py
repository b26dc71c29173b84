"""What one simulated Bot API holds, shared by its methods and its people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.telegram_courier import Courier
from tests.servers.telegram_faults import Faults
from tests.servers.telegram_files import Files
from tests.servers.telegram_limits import Limits, Sizes
from tests.servers.telegram_mailbox import Mailbox
from tests.servers.telegram_rooms import World

BOT_ID = 7_000_000_001


@dataclass
class State:
    """Everything the bot and the people of one server share; ``wall`` dates messages."""

    wall: Callable[[], float]
    limits: Limits
    sizes: Sizes
    callback_age: float
    webhook_backoff: tuple[float, ...]
    webhook_timeout: float
    privacy_mode: bool
    world: World
    files: Files
    mailbox: Mailbox
    violations: list[str]
    faults: Faults = field(default_factory=Faults)
    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    courier: Courier | None = None
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)
    actions: list[tuple[int, str]] = field(default_factory=list)


def bot_account() -> dict[str, Any]:
    """The bot's own User."""
    return {"id": BOT_ID, "is_bot": True, "first_name": "Bihuan", "username": "bihuan_test_bot"}


def about_bot(state: State) -> dict[str, Any]:
    """The User getMe answers."""
    return state.world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
