"""The methods that send nothing: who, commands, updates, webhook, chats, files."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from tests.servers.telegram_courier import Courier, Perform
from tests.servers.telegram_limits import RefusedError
from tests.servers.telegram_spec import Call
from tests.servers.telegram_state import State, about_bot

LONGEST_POLL = 50
PORTS = frozenset({443, 80, 88, 8443})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SECRET = re.compile(r"^[A-Za-z0-9_-]{1,256}$")
COMMAND = re.compile(r"^[a-z0-9_]{1,32}$")
MOST_COMMANDS = 100
DESCRIPTION = 256
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


async def get_me(state: State, call: Call) -> object:
    """Who the bot is."""
    return about_bot(state)


async def get_updates(state: State, call: Call) -> object:
    """The updates that wait; an offset acknowledges all below it."""
    if state.courier is not None:
        raise RefusedError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        )
    if "allowed_updates" in call.values:
        state.mailbox.allowed = call.values["allowed_updates"]
    values = call.values
    timeout = min(max(values.get("timeout", 0), 0), LONGEST_POLL)
    return await state.mailbox.poll(values.get("offset", 0), values.get("limit", 100), timeout)


async def set_webhook(state: State, call: Call, perform: Perform) -> object:
    """From now on updates are brought to an address; plain http is taken only on the loopback."""
    values = call.values
    if not values["url"]:
        return await delete_webhook(state, call)
    parts = urlsplit(values["url"])
    if parts.hostname not in LOOPBACK:
        if parts.scheme != "https":
            raise RefusedError.bad("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise RefusedError.bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    secret = values.get("secret_token")
    if secret is not None and not SECRET.match(secret):
        raise RefusedError.bad("secret token contains unallowed characters")
    most = values.get("max_connections", 40)
    if not 1 <= most <= 100:
        raise RefusedError.bad("max_connections must be between 1 and 100")
    if values.get("drop_pending_updates"):
        state.mailbox.forget()
    if "allowed_updates" in values:
        state.mailbox.allowed = values["allowed_updates"]
    made = Courier(
        state.mailbox,
        values["url"],
        secret,
        most,
        perform,
        backoff=state.webhook_backoff,
        patience=state.webhook_timeout,
    )
    await _change_courier(state, made)
    return True


async def stop_courier(state: State) -> None:
    """Ends the webhook, if there is one."""
    await _change_courier(state, None)


async def _change_courier(state: State, made: Courier | None) -> None:
    """One at a time: two processes may name the webhook at one instant, and only one courier may go on."""
    async with state.changing:
        if state.courier is not None:
            await state.courier.stop()
        state.courier = made
        if made is not None:
            made.start()


async def delete_webhook(state: State, call: Call) -> object:
    """Back to getUpdates."""
    await stop_courier(state)
    if call.values.get("drop_pending_updates"):
        state.mailbox.forget()
    return True


async def get_webhook_info(state: State, call: Call) -> object:
    """Where updates go and how many wait."""
    courier = state.courier
    info: dict[str, object] = {
        "url": courier.url if courier else "",
        "has_custom_certificate": False,
        "pending_update_count": len(state.mailbox.waiting),
    }
    if courier:
        info["max_connections"] = courier.most
        if courier.last_error:
            info["last_error_date"], info["last_error_message"] = courier.last_error
    if state.mailbox.allowed:
        info["allowed_updates"] = state.mailbox.allowed
    return info


def _commands_key(call: Call) -> tuple[str, str]:
    scope = call.values.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), call.values.get("language_code", "")


async def set_my_commands(state: State, call: Call) -> object:
    """The commands of a scope and language."""
    listed = call.values["commands"]
    if len(listed) > MOST_COMMANDS:
        raise RefusedError.bad("BOT_COMMANDS_TOO_MUCH")
    for one in listed:
        if not COMMAND.match(one["command"]):
            raise RefusedError.bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= DESCRIPTION:
            raise RefusedError.bad("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands[_commands_key(call)] = listed
    return True


async def get_my_commands(state: State, call: Call) -> object:
    """The commands of exactly this scope and language."""
    return state.commands.get(_commands_key(call), [])


async def get_chat(state: State, call: Call) -> object:
    """What is known of a chat, also of one closed to the bot."""
    chat_id = call.values["chat_id"]
    room = state.world.rooms.get(chat_id) if isinstance(chat_id, int) else None
    if room is None or (room.kind == "private" and not state.world.accounts[room.id].started):
        raise RefusedError.bad("chat not found")
    return room.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }


async def get_file(state: State, call: Call) -> object:
    """Where a file can be downloaded for an hour."""
    return state.files.link(call.values["file_id"])
