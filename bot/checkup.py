"""`bihuan doctor`: one thing after the other, each with the sentence that mends it."""

from __future__ import annotations

import os
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot import assembly, sensing
from bot.adapters import sensors, telegram, wecom
from bot.settings import Settings, SettingsFault
from core import ledger, people, signing
from core.kit import clock
from core.kit.keys import KeyFault
from core.ledger import keys

Found = tuple[str, str | None]
"""What was looked at, and the mending sentence where something is wrong."""
OLDEST = 2026
"""A clock before this year is not set: the program is younger."""
ABSENT = f"0/original/{'0' * 64}"
"""A key that no photo has; asking for it proves the address and the credentials."""


async def everything(settings: Settings, database: Callable[[], Awaitable[list[Found]]]) -> list[Found]:
    """Settings, keys, database, photos, clock and messengers; ``database`` looks at the database."""
    return [
        ("settings", None),
        ("master key", _key(settings.master_key_file)),
        ("ledger key", _key(settings.ledger_key_file)),
        *await database(),
        ("photo store", await _store(settings)),
        ("clock", _clock()),
        *await _telegram(settings),
        *await _wecom(settings),
        *await _broker(settings),
    ]


def _key(path: Path) -> str | None:
    if not path.is_file():
        return f"{path} is missing; it is made at the first start, or restore it"
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return f"{path} is open to others: run chmod 600 {path}"
    return None


async def records(settings: Settings) -> list[Found]:
    """What the records of an open database demand of keys and address."""
    return [*await _ledger_keys(settings), *await _passkeys(settings)]


async def _ledger_keys(settings: Settings) -> list[Found]:
    """Which lines of the key file sign; one that waits or was retired is said, and is no fault."""
    try:
        signer = keys.load(settings.ledger_key_file)
        now = {key.verifier for key in await ledger.signing_now(signer)}
    except (KeyFault, ledger.NoKeyInForce) as wrong:
        return [("ledger key in force", str(wrong))]
    retired = {one.line for one in await ledger.keys_of_log() if one.retired_at is not None}
    said = []
    for one in signer.verifiers:
        if str(one) in retired:
            said.append(
                f"{_short(one)} is retired: take its line out of the key file and keep it in the safe"
            )
        elif one not in now:
            said.append(
                f"{_short(one)} waits for two people: it signs nothing before an administrator has asked for it and a "
                "head has signed (docs/operating/keys.md)"
            )
    return [(f"ledger key {one}", None) for one in said]


def _short(key: ledger.Verifier) -> str:
    return f"{key.name}+{key.hash.hex()}"


async def _passkeys(settings: Settings) -> list[Found]:
    """An act that demands a passkey where browsers offer none could be signed by nobody."""
    signing.use_passkeys(settings.address)
    if signing.site() is not None:
        return []
    demanding = sorted(
        {
            act
            for plant in await people.plants()
            for act, level in (await signing.levels(plant.id)).items()
            if level is signing.Level2.S4
        }
    )
    if not demanding:
        return []
    fault = (
        f"{', '.join(demanding)} demand a passkey (S4), and browsers offer none at {settings.address}: set "
        "BIHUAN_PUBLIC_URL to an https address with a name, or let two people choose another level (/levels)"
    )
    return [("passkeys", fault)]


async def _store(settings: Settings) -> str | None:
    try:
        await assembly.blob_store(settings).exists(ABSENT)
    except SettingsFault as wrong:
        return str(wrong)
    except OSError as wrong:
        return f"{wrong}. Check BIHUAN_BLOB_URL, BIHUAN_S3_ENDPOINT and the AWS_ variables."
    return None


def _clock() -> str | None:
    year = clock.now().year
    return None if year >= OLDEST else f"the clock says {year}; set the system time"


async def _telegram(settings: Settings) -> list[Found]:
    if settings.telegram_token is None:
        return []
    return await telegram.checked(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        webhook=settings.telegram_mode == "webhook",
        public_url=settings.address,
    )


async def _broker(settings: Settings) -> list[Found]:
    try:
        found = sensing.broker(settings)
    except SettingsFault as wrong:
        return [("sensor broker", str(wrong))]
    return [] if found is None else await sensors.checked(found)


async def _wecom(settings: Settings) -> list[Found]:
    if not settings.wecom_corp_id:
        return []
    try:
        app = wecom.app_of(
            corp=settings.wecom_corp_id,
            agent=settings.wecom_agent_id,
            secret=settings.wecom_secret,
            token=settings.wecom_token,
            aes_key=settings.wecom_aes_key,
        )
    except SettingsFault as wrong:
        return [("wecom settings", str(wrong))]
    return await wecom.checked(
        corp=app.corp,
        agent=app.agent,
        secret=app.secret,
        seal=app.seal,
        api_url=settings.wecom_api_url,
        public_url=settings.address,
    )
