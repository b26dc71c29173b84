"""One frozen Settings, read once from the environment and ``.env``; an unknown BIHUAN_* name is refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsFault(Exception):  # noqa: N818  it is read by an operator as a sentence
    """The environment is not usable; the text says which name and how to mend it."""


class Settings(BaseSettings):
    """What an operator may set; every name is described in ``docs/operating/settings.md``."""

    model_config = SettingsConfigDict(
        env_prefix="BIHUAN_", env_file=".env", frozen=True, extra="ignore", populate_by_name=True
    )

    database_url: str = "sqlite://var/bihuan.db"
    database_owner_url: SecretStr | None = None
    blob_url: str = "file://var/blobs"
    s3_endpoint: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535, validation_alias=AliasChoices("PORT", "port"))
    public_url: str = ""
    master_key_file: Path = Path("var/keys/master.key")
    ledger_key_file: Path = Path("var/keys/ledger.key")
    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_secret: SecretStr | None = None
    telegram_mode: Literal["polling", "webhook"] = "polling"
    wecom_corp_id: str = ""
    wecom_agent_id: int | None = Field(default=None, ge=1)
    wecom_secret: SecretStr | None = None
    wecom_token: SecretStr | None = None
    wecom_aes_key: SecretStr | None = None
    wecom_api_url: str = "https://qyapi.weixin.qq.com"
    locale: Literal["zh_CN", "en"] = "zh_CN"
    timezone: str = "Asia/Shanghai"
    mqtt_url: str = ""
    mqtt_client_id: str = Field(default="bihuan", pattern=r"^[A-Za-z0-9_-]{1,40}$")
    mqtt_user: str = ""
    mqtt_password: SecretStr | None = None
    mqtt_ca_file: Path | None = None
    mqtt_cert_file: Path | None = None
    mqtt_key_file: Path | None = None
    mqtt_topics: str = ""
    witness_days: int = Field(default=3, ge=1, le=365)
    witness_entries: int = Field(default=2000, ge=1, le=10_000_000)
    tsa_url: str = ""
    tsa_roots_file: Path = Path("var/keys/tsa.pem")
    heartbeat_url: str = Field(default="", pattern=r"^(https?://[^\s/]+\S*)?$")
    canary_chats: str = Field(
        default="", pattern=r"^((telegram|wecom):[^\s,]+(,(telegram|wecom):[^\s,]+)*)?$"
    )
    webhook_loopback: bool = False
    worker_port: int | None = Field(default=None, ge=1, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def address(self) -> str:
        """Where people reach this installation; links in chats begin with it."""
        # By the name at which browsers offer passkeys without https: one address everywhere, one cookie jar.
        host = "localhost" if self.host in _OWN_MACHINE else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def canaries(self) -> dict[str, str]:
        """By channel, the chat that its canary goes to."""
        return dict(one.split(":", 1) for one in self.canary_chats.split(",") if one)

    @property
    def secure(self) -> bool:
        """Whether people reach us by TLS, so that cookies may demand it."""
        return self.address.startswith("https://")


_OWN_MACHINE = frozenset({"127.0.0.1", "::1"})


def _known() -> set[str]:
    return {f"BIHUAN_{name.upper()}" for name in Settings.model_fields if name != "port"}


def _written(env_file: Path) -> set[str]:
    if not env_file.is_file():
        return set()
    lines = env_file.read_text(encoding="utf-8").splitlines()
    return {line.split("=", 1)[0].strip().removeprefix("export ") for line in lines if "=" in line}


def read(env_file: Path = Path(".env")) -> Settings:
    """Read the settings once.

    Raises:
        SettingsFault: an unknown BIHUAN_* name, or a value that its setting does not take.
    """
    unknown = {name for name in {*os.environ, *_written(env_file)} if name.startswith("BIHUAN_")} - _known()
    if unknown:
        msg = f"unknown setting {', '.join(sorted(unknown))}: see docs/operating/settings.md for the names"
        raise SettingsFault(msg)
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        msg = f"setting {name}: {first['msg']} (see docs/operating/settings.md)"
        raise SettingsFault(msg) from None
