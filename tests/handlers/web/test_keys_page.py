"""The page of keys: a secret is shown once, then never; what the buttons do is what the rooms do."""

from __future__ import annotations

import datetime as dt
import re

import aiohttp
import pytest

from core import clients, webhooks
from core.kit import clock
from tests.handlers.web.doors import Doors
from tests.journeys.chromium import chromium


async def pressed(session: aiohttp.ClientSession, doors: Doors, what: str, **more: str) -> tuple[int, str]:
    """One form of the page."""
    form = {"csrf": session.headers["X-CSRF-Token"], "what": what, **more}
    async with session.post(doors.url("/admin/keys/change"), data=form) as answer:
        return answer.status, await answer.text()


def told(page: str) -> tuple[str, str]:
    """Id and secret as the page shows them."""
    name, secret = (re.search(f'id="client-{part}">([^<]+)<', page) for part in ("id", "secret"))
    assert name is not None
    assert secret is not None
    return name[1], secret[1]


async def test_a_key_is_made_shown_once_rotated_and_revoked(doors: Doors) -> None:
    """The secret works, stands on no later page; a new one beside it; both end; a sandbox is made with its first key."""
    supplier = str(doors.plant.partners["supplier"])
    until = (clock.now() + dt.timedelta(days=90)).date().isoformat()
    async with await doors.admin("administrator") as session:
        status, page = await pressed(
            session,
            doors,
            "make",
            organisation=supplier,
            name="MES 接口",
            until=until,
            **{"scope-orders:read": "yes", "scope-webhooks": "yes"},
        )
        assert status == 200, page
        name, secret = told(page)
        given = await clients.issue_token(name, secret)
        assert {one.value for one in given.scopes} == {"orders:read", "webhooks"}
        async with session.get(doors.url("/admin/keys")) as answer:
            later = await answer.text()
        assert secret not in later
        assert name in later
        assert "MES 接口" in later
        [key] = await clients.clients(await doors.plant.actor("administrator"))
        _status, page = await pressed(session, doors, "rotate", key=str(key.id))
        again = told(page)[1]
        await clients.issue_token(name, secret)
        await pressed(session, doors, "end", key=str(key.id), secret=str(key.secrets[0].id))
        with pytest.raises(clients.ClientRefused):
            await clients.issue_token(name, secret)
        token = (await clients.issue_token(name, again)).token
        actor = (await clients.caller_of(token, "en")).actor
        hook = await webhooks.subscribe(actor, "https://qa.example.com/hook", ["order.placed"])
        await webhooks.send_test(actor, hook.subscription.id)
        async with session.get(doors.url("/admin/keys")) as answer:
            page = await answer.text()
        assert "https://qa.example.com/hook" in page
        assert "webhook.test" in page
        assert hook.secret not in page
        assert (await pressed(session, doors, "on", hook=str(hook.subscription.id)))[0] == 422
        await pressed(session, doors, "delete", hook=str(hook.subscription.id))
        assert await webhooks.subscriptions(await doors.plant.actor("administrator")) == []
        assert (await pressed(session, doors, "revoke", key=str(key.id), reason=""))[0] == 422
        await pressed(session, doors, "revoke", key=str(key.id), reason="合同结束")
        with pytest.raises(clients.ClientRefused):
            await clients.issue_token(name, again)
        status, _page = await pressed(
            session,
            doors,
            "make",
            organisation=supplier,
            name="x",
            until=until,
            **{"scope-lots:read": "yes"},
            sandbox="yes",
        )
        assert status == 200
        assert await clients.sandbox_of(doors.plant.id, int(supplier)) is not None
        assert (await pressed(session, doors, "sandbox", organisation=supplier))[0] == 200
        for wrong in ({"until": ""}, {"until": "2020-01-01"}, {"organisation": "999"}, {"name": ""}):
            form = {"organisation": supplier, "name": "x", "until": until, "scope-lots:read": "yes", **wrong}
            assert (await pressed(session, doors, "make", **form))[0] in (409, 422), wrong


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_secret_is_copied_on_a_phone(doors: Doors) -> None:
    """360 px wide: the form is filled in, the secret fits, the button copies it and says so."""
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 360, "height": 740})
        await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=doors.address)
        session = await doors.admin("administrator")
        async with session:
            token = next(one.value for one in session.cookie_jar if one.key == "bihuan_admin")
        await context.add_cookies([{"name": "bihuan_admin", "value": token, "url": doors.address}])
        page = await context.new_page()
        await page.goto(f"{doors.address}/admin/keys")
        await page.fill("#name", "MES")
        await page.check('[name="scope-lots:read"]')
        await page.click("form button.go")
        secret = await page.text_content("#client-secret")
        assert secret
        assert secret.startswith("bhs_")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.click('[data-copies="client-secret"]')
        assert await page.evaluate("navigator.clipboard.readText()") == secret
        assert await page.text_content('[data-copies="client-secret"]') == "已复制"
        await context.close()
