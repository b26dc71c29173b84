"""The operator's check names each fault with its mending sentence, and gives no secret away."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from bot.adapters.wecom import checking, setting_up
from bot.settings import SettingsFault
from core.kit.keys import KeyRing
from tests.bot.adapters.wecom.conftest import messenger_for, served
from tests.servers.wecom import WeComServer

SOUND = {checking.CREDENTIALS: None, checking.APP: None, checking.DOMAIN: None, checking.WAY_IN: None}


async def asked(server: WeComServer, public_url: str, **other: str) -> dict[str, str | None]:
    app = setting_up.app_of(
        corp=other.get("corp", server.corp_id),
        agent=int(other.get("agent", server.agent_id)),
        secret=SecretStr(other.get("secret", server.secret)),
        token=SecretStr(other.get("token", server.token)),
        aes_key=SecretStr(server.aes_key),
    )
    found = await checking.checked(
        corp=app.corp,
        agent=app.agent,
        secret=app.secret,
        seal=app.seal,
        api_url=other.get("api_url", server.api_url),
        public_url=public_url,
    )
    assert app.secret not in str(found)
    return dict(found)


async def test_an_app_in_order_has_no_fault_and_nothing_is_changed(
    server: WeComServer, ring: KeyRing
) -> None:
    async with served(messenger_for(server, ring)) as url:
        assert await asked(server, url.removesuffix("/wecom/callback")) == SOUND
    assert {one.api for one in server.calls} == {"gettoken", "agent/get"}


async def test_each_fault_has_its_sentence(server: WeComServer, ring: KeyRing) -> None:
    async with served(messenger_for(server, ring)) as url:
        us = url.removesuffix("/wecom/callback")
        assert "BIHUAN_WECOM_SECRET" in str((await asked(server, us, secret="wrong"))[checking.CREDENTIALS])
        assert "BIHUAN_WECOM_CORP_ID" in str((await asked(server, us, corp="wwOther"))[checking.CREDENTIALS])
        assert "BIHUAN_WECOM_AGENT_ID" in str((await asked(server, us, agent="7"))[checking.APP])
        assert "BIHUAN_WECOM_TOKEN" in str((await asked(server, us, token="other"))[checking.WAY_IN])
        server.trust(False)
        assert "企业可信IP" in str((await asked(server, us))[checking.APP])
        server.trust(True)
        server.state.is_closed = True
        assert "switched off" in str((await asked(server, us))[checking.APP])
        server.state.trusted_domains = {"other.example"}
        assert "other.example" in str((await asked(server, us))[checking.DOMAIN])
        server.state.trusted_domains = set()
        assert "可信域名" in str((await asked(server, us))[checking.DOMAIN])
    assert "bihuan serve" in str((await asked(server, us))[checking.WAY_IN])
    assert "https" in str((await asked(server, "http://10.0.0.7:8080"))[checking.WAY_IN])


async def test_wecom_out_of_reach_names_the_address(server: WeComServer) -> None:
    async with WeComServer() as gone:
        pass
    found = await asked(server, "http://127.0.0.1:1", api_url=gone.api_url)
    assert "BIHUAN_WECOM_API_URL" in str(found[checking.CREDENTIALS])


@pytest.mark.parametrize(
    ("trusted", "public", "sound"),
    [
        ("q.example", "https://q.example", True),
        ("example.com", "https://q.example.com:8443", True),
        ("https://q.example", "https://q.example/x", True),
        ("ample.com", "https://q.example.com", False),
        ("q.example.com", "https://example.com", False),
    ],
)
def test_a_trusted_domain_covers_what_is_below_it(trusted: str, public: str, sound: bool) -> None:
    fault = checking.domain_fault(trusted, public)
    assert (fault is None) == sound
    assert sound or str(urlsplit(public).hostname) in str(fault)


@pytest.mark.parametrize("missing", ["agent", "secret", "token", "aes_key"])
def test_a_missing_setting_is_named(missing: str) -> None:
    given = {"agent": 1, "secret": SecretStr("s"), "token": SecretStr("t"), "aes_key": SecretStr("a" * 43)}
    with pytest.raises(SettingsFault, match=f"BIHUAN_WECOM_{missing.replace('agent', 'agent_id').upper()}"):
        setting_up.app_of(corp="ww1", **{**given, missing: None})  # type: ignore[arg-type]


def test_a_key_that_is_none_is_said() -> None:
    with pytest.raises(SettingsFault, match="BIHUAN_WECOM_AES_KEY"):
        setting_up.app_of(
            corp="ww1", agent=1, secret=SecretStr("s"), token=SecretStr("t"), aes_key=SecretStr("short")
        )
