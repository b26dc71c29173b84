"""From settings to a messenger; what is missing or wrong is said with the name of its setting."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import SecretStr

from bot.adapters.wecom.adapter import WecomMessenger
from bot.adapters.wecom.client import WecomApi
from bot.adapters.wecom.crypto import BadKey, CallbackSeal
from bot.settings import SettingsFault
from core.kit.keys import KeyRing

PAGE = "docs/operating/wecom.md tells where to find it"


@dataclass(frozen=True, kw_only=True)
class App:
    """One app, its settings whole."""

    corp: str
    agent: int
    secret: str = field(repr=False)
    seal: CallbackSeal = field(repr=False)


def app_of(
    *,
    corp: str,
    agent: int | None,
    secret: SecretStr | None,
    token: SecretStr | None,
    aes_key: SecretStr | None,
) -> App:
    """The app that the settings name.

    Raises:
        SettingsFault: a setting is missing, or the EncodingAESKey is none.
    """
    given = {"AGENT_ID": agent, "SECRET": secret, "TOKEN": token, "AES_KEY": aes_key}
    missing = [f"BIHUAN_WECOM_{name}" for name, value in given.items() if not value]
    if missing or agent is None or secret is None or token is None or aes_key is None:
        msg = f"WeCom also needs {', '.join(missing)}; {PAGE}"
        raise SettingsFault(msg)
    try:
        seal = CallbackSeal(token.get_secret_value(), aes_key.get_secret_value(), corp)
    except BadKey as wrong:
        msg = f"BIHUAN_WECOM_AES_KEY: {wrong}; {PAGE}"
        raise SettingsFault(msg) from None
    return App(corp=corp, agent=agent, secret=secret.get_secret_value(), seal=seal)


def wecom_from(
    *,
    corp: str,
    agent: int | None,
    secret: SecretStr | None,
    token: SecretStr | None,
    aes_key: SecretStr | None,
    api_url: str,
    ring: KeyRing,
    locale: str,
    public_url: str = "",
) -> WecomMessenger:
    """The messenger of one app.

    Raises:
        SettingsFault: see ``app_of``.
    """
    app = app_of(corp=corp, agent=agent, secret=secret, token=token, aes_key=aes_key)
    api = WecomApi(base=api_url, corp=app.corp, secret=app.secret, agent=app.agent, ring=ring)
    return WecomMessenger(api=api, seal=app.seal, locale=locale, public_url=public_url)
