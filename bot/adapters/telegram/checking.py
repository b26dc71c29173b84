"""What an operator is told about Telegram before anybody waits for an answer there: one mending line per fault."""

from __future__ import annotations

from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters.telegram.receiving import PATH

MANY_WAITING = 100
"""More updates than this at Telegram, a full answer to one poll, and nobody fetches them fast enough."""
WHO = "telegram token"
WAY_IN = "telegram updates"
STRANGER = "Telegram does not know BIHUAN_TELEGRAM_TOKEN; copy it anew from @BotFather (/mybots, API Token)"
NEEDS_HTTPS = "a webhook needs BIHUAN_PUBLIC_URL=https://…; without one set BIHUAN_TELEGRAM_MODE=polling"


async def checked(
    *, token: str, api_url: str, webhook: bool, public_url: str
) -> list[tuple[str, str | None]]:
    """Ask Telegram about the bot and its webhook; each check with None, or what is wrong and how to mend it.

    Nothing is changed. The token is in no answer.
    """
    base = api_url.rstrip("/")
    request = HTTPXRequest(connect_timeout=5, read_timeout=10)
    bot = Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot", request=request)
    await request.initialize()
    try:
        await bot.get_me()
        info = await bot.get_webhook_info()
    except TelegramError as error:
        return [(WHO, _unusable(error, base))]
    finally:
        await request.shutdown()
    return [(WHO, None), (WAY_IN, webhook_fault(info, f"{public_url}{PATH}" if webhook else ""))]


def _unusable(error: TelegramError, base: str) -> str:
    if isinstance(error, InvalidToken):
        return STRANGER
    if isinstance(error, RetryAfter):
        return "Telegram asks for a pause; run bihuan doctor again in a few minutes"
    if isinstance(error, NetworkError):
        return f"{base} cannot be reached; check the network, the proxy, or BIHUAN_TELEGRAM_API_URL"
    return f"Telegram refuses: {error}"


def webhook_fault(info: WebhookInfo, wanted: str) -> str | None:
    """What is wrong with the way in, or None. ``wanted`` is our webhook's address, empty while polling."""
    waiting = info.pending_update_count
    if wanted and not wanted.startswith("https://"):
        return NEEDS_HTTPS
    if wanted and info.url != wanted:
        now = f"brings updates to {info.url}" if info.url else "brings updates to nobody"
        return f"Telegram {now}, not to {wanted}; start bihuan serve (or web), it registers the address"
    if not wanted and info.url:
        return (
            f"Telegram still brings updates to {info.url}; start bihuan serve (or worker), it ends that, "
            "and stop the installation at that address"
        )
    if wanted and waiting and info.last_error_message:
        return (
            f"{waiting} updates wait because Telegram could not deliver: {info.last_error_message}; "
            f"check that {wanted} reaches this installation, its certificate, and that it runs"
        )
    if waiting > MANY_WAITING:
        return f"{waiting} updates wait at Telegram; start bihuan serve, or look why it is slow (/readyz)"
    return None
