"""WeCom's own sign-in (OAuth2): in its client at once, on a desktop by a QR code; codes count once."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from urllib.parse import urlencode

from bot.adapters.wecom.answers import BUSY, OURS, TOO_OFTEN, Refused, Unreached
from bot.adapters.wecom.client import WecomApi
from bot.adapters.wecom.names import CHANNEL, account_of
from core import wires
from core.kit import clock
from handlers.web.members import MessengerSilent, NotAMember, NotProven, WayOut

INSIDE = "https://open.weixin.qq.com/connect/oauth2/authorize"
DESKTOP = "https://login.work.weixin.qq.com/wwlogin/sso/login"
PATH = "/wecom/entered"
LIFETIME = dt.timedelta(minutes=10)
PURPOSES = ("admin", "chat", "join")
_NONCE, _MAC = 24, 32


class WecomSignIn:
    """The sign-in of one app. A state needs no memory until it comes back: strangers fill no table."""

    def __init__(self, api: WecomApi, key: bytes, public_url: str) -> None:
        """Keep the client, the key of states, and where members come back to."""
        self._api = api
        self._key = key
        self._back = f"{public_url}{PATH}"

    def begin(self, purpose: str, *, inside: bool) -> WayOut:
        """Make a way out to WeCom."""
        until = int((clock.now() + LIFETIME).timestamp())
        body = f"{PURPOSES.index(purpose)}{until:010x}{secrets.token_hex(_NONCE // 2)}"
        state = body + self._mac(body)
        shared = {
            "appid": self._api.corp,
            "agentid": str(self._api.agent),
            "redirect_uri": self._back,
            "state": state,
        }
        if inside:
            asked = {**shared, "response_type": "code", "scope": "snsapi_base"}
            return WayOut(f"{INSIDE}?{urlencode(asked)}#wechat_redirect", state)
        return WayOut(f"{DESKTOP}?{urlencode({**shared, 'login_type': 'CorpApp'})}", state)

    async def spent(self, state: str) -> str | None:
        """The purpose of a state of ours that is fresh and was not used; using it up."""
        body, mac = state[:-_MAC], state[-_MAC:]
        if not hmac.compare_digest(mac.encode(errors="surrogateescape"), self._mac(body).encode()):
            return None
        if int(body[1:11], 16) <= clock.now().timestamp():
            return None
        if not await wires.first(CHANNEL, f"state:{body}", LIFETIME):
            return None
        return PURPOSES[int(body[0])]

    def _mac(self, body: str) -> str:
        said = b"sign-in " + body.encode(errors="surrogateescape")
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[:_MAC]

    async def member(self, code: str) -> str:
        """The account of the member that a code stands for.

        Raises:
            NotProven: the code is used, too old or made up.
            NotAMember: it stands for somebody of another corporation.
            MessengerSilent: WeCom cannot be asked now, or the app is not set up for it.
        """
        try:
            answer = await self._api.get("auth/getuserinfo", code=code)
        except Unreached:
            raise MessengerSilent from None
        except Refused as refused:
            if refused.code in BUSY or refused.code in OURS or refused.code == TOO_OFTEN:
                raise MessengerSilent from None
            raise NotProven from None
        userid = answer.get("userid") or answer.get("UserId")
        if not isinstance(userid, str) or not userid:
            raise NotAMember
        return account_of(userid)
