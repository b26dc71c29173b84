"""Acts of two people on the admin page: asked for in a form, seen while they wait, signed in the chat only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from core import ledger, people, signing
from core.kit import clock, system
from core.ledger import keys
from core.people.models import AccessLog
from handlers import text
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_pages import opened, words

ASK, PAGE = "/admin/two-people/ask", "/admin/two-people"


async def sent(doors: Doors, name: str, path: str, **form: str) -> tuple[int, str]:
    """A form as a browser without JavaScript sends it; answers status and words."""
    async with await doors.admin(name) as session:
        fields = {"csrf": session.headers["X-CSRF-Token"], "reason": "年度更换", **form}
        async with session.post(doors.url(path), data=fields) as answer:
            return answer.status, words(await answer.text())


@pytest.mark.req("G-46a")
async def test_each_act_is_asked_for_in_a_form_and_signed_in_the_chat(doors: Doors, tmp_path: Path) -> None:
    """Authenticator, role, level, ledger key: each waits on the page with who, until when and why, then is done."""
    plant = doors.plant
    file = tmp_path / "ledger.key"
    line = str(keys.add(file))
    ledger.use_keys(keys.load(file).verifiers)
    operator, second = str(plant.persons["operator"]), str(plant.persons["second"])
    wishes = (
        ("signing:factor:renew", {"person": second}, "陈静"),
        ("people:role:grant", {"person": operator, "role": "responsible"}, "张伟"),
        ("signing:policy:set", {"signed_act": "capa:close", "level": "S3"}, "S3"),
        ("ledger:key:adopt", {"line": line}, line[:40]),
    )
    for act, form, shown in wishes:
        status, page = await sent(doors, "administrator", ASK, act=act, **form)
        assert status == 200, page
        waits = page.partition("提出申请事项")[0]
        assert shown in waits
        assert "吴昊" in waits
        assert "有效期至" in waits
    waiting = await signing.waiting_proposals(plant.id)
    assert [one.act for one in waiting] == [act for act, _form, _shown in wishes]
    for one in waiting:
        await plant.sign("manager", one.act, {"id": one.id})
    assert "responsible" in (await people.person(plant.persons["operator"])).roles
    assert await signing.level_of(plant.id, "capa:close") == "S3"
    page = words(await opened(doors, "responsible", PAGE))
    assert page.count("已签署并执行") == len(wishes)
    assert "没有等待的事项" in page
    assert "刘洋" in page


async def test_what_is_wrong_in_the_form_is_a_sentence_and_leaves_nothing(doors: Doors) -> None:
    """No such act, nobody, oneself, no reason, a key of nowhere, a level that does not exist; another's proposal."""
    plant = doors.plant
    own, other = str(plant.persons["administrator"]), str(plant.persons["second"])
    ledger.use_keys([])
    for form in (
        {"act": "capa:close"},
        {"act": ""},
        {"act": "signing:factor:renew", "person": "0"},
        {"act": "signing:factor:renew", "person": own},
        {"act": "signing:factor:renew", "person": other, "reason": "\u3164"},
        {"act": "people:role:grant", "person": other, "role": "king"},
        {"act": "signing:policy:set", "signed_act": "capa:close", "level": "S1"},
        {"act": "signing:policy:set", "signed_act": "no:such:act", "level": "S3"},
        {"act": "ledger:key:adopt", "line": "nonsense"},
        {"act": "ledger:key:retire", "line": "x" * 9000},
    ):
        status, page = await sent(doors, "administrator", ASK, **form)
        assert status in (404, 409), (form, status, page)
    assert not await signing.proposals_of(plant.id)
    async with await doors.admin("administrator") as session:
        form = {"act": "signing:factor:renew", "person": other, "reason": "丢失", "csrf": "stolen"}
        async with session.post(doors.url(ASK), data=form) as answer:
            assert answer.status == 403
    status, _page = await sent(doors, "manager", ASK, act="signing:factor:renew", person=other)
    assert status == 403
    assert not await signing.proposals_of(plant.id)


async def test_it_is_put_aside_by_the_asker_or_a_head_and_expires_after_a_week(doors: Doors) -> None:
    plant = doors.plant
    form = {"act": "signing:factor:renew", "person": str(plant.persons["second"])}
    for name, expected in (
        ("responsible", 403),
        ("auditor", 403),
        ("site_head", 200),
        ("administrator", 200),
    ):
        if not await signing.waiting_proposals(plant.id):
            await sent(doors, "administrator", ASK, **form)
        [one] = await signing.waiting_proposals(plant.id)
        status, _page = await sent(doors, name, "/admin/two-people/aside", proposal=str(one.id))
        assert status == expected, name
    assert "已搁置" in words(await opened(doors, "auditor", PAGE))
    await sent(doors, "administrator", ASK, **form)
    clock.shift(dt.timedelta(days=7))
    page = words(await opened(doors, "administrator", PAGE))
    assert "没有等待的事项" in page
    assert "已过期" in page


async def test_auditors_and_administrators_see_levels_and_delegations_and_are_logged(doors: Doors) -> None:
    """Which act takes which level since when by whose signature; who signs for whom, how far, until when, ended when."""
    plant = doors.plant
    found = await signing.propose(
        await plant.actor("administrator"),
        "signing:policy:set",
        {"act": "capa:plan:approve", "level": "S3"},
        "加强",
    )
    await plant.sign("site_head", "signing:policy:set", {"id": found.id})
    await signing.set_level(system(plant.id), "capa:close", "S3")
    until = (clock.now() + dt.timedelta(days=7)).isoformat()
    for delegate, acts in (("manager2", ["capa:close"]), ("supervisor", [])):
        given: dict[str, object] = {"delegate_id": plant.persons[delegate], "until": until, "reason": "年假"}
        await plant.sign("manager", "signing:delegation:give", {**given, "acts": acts, "worst_grade": "B"})
    [newest, _older] = await signing.every_delegation(plant.id)
    await signing.withdraw_delegation(await plant.actor("manager"), newest.id, "提前回来")
    page = words(await opened(doors, "auditor", "/admin/signing"))
    lines = {one.act: one for one in await signing.level_lines(plant.id)}
    assert (lines["capa:plan:approve"].signed_by, lines["capa:close"].signed_by) == ("孙磊", "")
    assert lines["capa:close"].since is not None
    assert lines["capa:waive"].since is None
    wanted = ("孙磊", "建厂时设定", "系统默认", "赵敏 ← 刘洋", "生效中", "李强 ← 刘洋", "提前回来")
    for one in (*wanted, text.translator("zh_CN")("Approve the CAPA plan")):
        assert one in page, one
    seen = await AccessLog.filter(person_id=plant.persons["auditor"]).order_by("-id").first()
    assert seen is not None
    assert seen.subject == "levels and delegations"
    await opened(doors, "manager", "/admin/signing", 403)
