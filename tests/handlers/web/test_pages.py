"""What the pages show: a whole case, filters and paging by plain links, lots, people, policies, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from core import anomalies, lots, people, signing
from tests.core.capa import story
from tests.handlers.web.doors import Doors


async def opened(doors: Doors, name: str, path: str, status: int = 200) -> str:
    """A page as a person sees it."""
    async with await doors.admin(name) as session:
        async with session.get(doors.url(path)) as answer:
            assert answer.status == status, path
            return await answer.text()


def words(page: str) -> str:
    """The page's words without its marks, spaces folded."""
    main = page[page.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


async def closed_case(doors: Doors) -> str:
    """A case that went the whole way; its number."""
    plant = doors.plant
    found = await story.carried_out(plant, await story.submitted(plant, await story.opened(plant)))
    found = await story.judged(plant, found, "effective")
    return found.case_number


async def test_a_case_is_told_whole(doors: Doors) -> None:
    """Facts, grading, ladder, who was told and reacted, CAPA, signatures with name, meaning and zone, holds, seal."""
    number = await closed_case(doors)
    page = await opened(doors, "auditor", f"/admin/cases/{number}")
    shown = words(page)
    for wanted in (
        number,
        "涂层表面有剥落",
        "规则建议",
        "已确认",
        "1 责任人 · 立即",
        "+15 分钟",
        "槽液浓度没有监控",
        "出货检验不含附着力",
        "每班测槽液浓度",
        "连续 14 批无剥落",
        "有效",
        "UTC+08:00 (Asia/Shanghai)",
        "核对词",
        "账本",
        "异常已上报",
    ):
        assert wanted in shown, wanted
    assert page.count('<li class="signed">') >= 5
    for name in ("王芳", "刘洋", "赵敏"):
        assert f'<span class="name">{name}</span>' in page
    assert 'class="chart"' in page
    assert page.count('aria-current="step"') == 1
    await people.choose_locale(await doors.plant.actor("auditor"), "en")
    english = words(await opened(doors, "auditor", f"/admin/cases/{number}"))
    for wanted in (
        "proposed by the rules",
        "1 responsible person · at once",
        "Approved",
        "check word",
        "Effective",
    ):
        assert wanted in english, wanted


async def test_what_people_typed_is_text_and_nothing_else(doors: Doors) -> None:
    """Marks, quotes and templates in a description are shown as they are, everywhere they appear."""
    evil = '<script>alert(1)</script> " onmouseover="x {{ 7*7 }} </title>'
    case = await doors.reported("operator", lot="MC-001", description=evil)
    for path in ("/admin", "/admin/cases", f"/admin/cases/{case.number}"):
        page = await opened(doors, "auditor", path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "{{ 7*7 }}" in page
    page = await opened(doors, "auditor", "/admin/cases?text=%22%3E%3Cscript%3Ealert(2)%3C%2Fscript%3E")
    assert "<script>alert" not in page


async def test_cases_are_filtered_and_paged_by_links(
    doors: Doors, fast_forward: Callable[[dt.timedelta], None]
) -> None:
    """Every filter narrows, they combine, and older pages keep them; each case appears once."""
    numbers = [(await doors.reported("operator", lot="MC-001", risk="none")).number for _ in range(27)]
    last = await doors.reported("coater_operator", description="独一无二的划痕")

    async def listed(query: str) -> list[str]:
        page = await opened(doors, "auditor", f"/admin/cases{query}")
        return re.findall(r'class="row" href="/admin/cases/([^"]+)"', page)

    assert await listed("?text=%E7%8B%AC%E4%B8%80%E6%97%A0%E4%BA%8C") == [last.number]
    assert await listed("?text=CT-001") == [last.number]
    assert await listed(f"?partner={doors.plant.partners['supplier']}") == [last.number]
    assert await listed(f"?text={numbers[3]}") == [numbers[3]]
    assert await listed("?state=closed") == []
    assert await listed("?stage=3") == []
    assert await listed("?category=K") == []
    assert len(await listed("?stage=1&category=P")) == 25
    assert await listed("?overdue=1") == []
    assert await listed("?state=nonsense&grade=Z&stage=9&after=x") == await listed("")
    first = await opened(doors, "auditor", "/admin/cases?stage=1&category=P")
    found = re.search(r'<p class="more"><a class="quiet" href="([^"]+)"', first)
    assert found
    following = await listed(found[1].replace("&amp;", "&"))
    together = [*re.findall(r'class="row" href="/admin/cases/([^"]+)"', first), *following]
    assert together == sorted([*numbers, last.number], reverse=True)
    fast_forward(dt.timedelta(days=3))
    assert len(await listed("?overdue=1")) == 25
    overview = words(await opened(doors, "auditor", "/admin"))
    assert "超期 28 件超过期限" in overview
    assert f"最久未结案例 3 天 {numbers[0]}" in overview


async def test_the_overview_counts_the_six_stages_and_the_holds(doors: Doors) -> None:
    """One new case, one with its CAPA under way: each at its stage, its lots counted as held."""
    await doors.reported("coater_operator")
    found = await story.opened(doors.plant)
    page = await opened(doors, "auditor", "/admin")
    counts = re.findall(r'href="/admin/cases\?stage=(\d)".*?<strong>(\d+)</strong>', page, re.DOTALL)
    assert counts == [("1", "1"), ("2", "0"), ("3", "0"), ("4", "1"), ("5", "0"), ("6", "0")]
    held = await lots.undecided(found.case_number, plant_id=doors.plant.id)
    assert held > 0
    assert f"扣留 {held} 批待处置" in words(page)
    second = await doors.plant.actor("second")
    await anomalies.supplement(
        second, found.anomaly_id, changes={"quantity": "41"}, reason="重数", evidence_ids=[]
    )
    own = words(await opened(doors, "responsible", "/admin"))
    assert (
        f"您签过的内容已变更 请先阅读案例，再到聊天中的“我的任务”里重新签署。 等级 · {found.case_number} 围堵 · {found.case_number}"
        in own
    )
    assert "您签过的内容已变更" not in words(await opened(doors, "auditor", "/admin"))


async def test_a_lot_shows_where_it_came_from_and_went(doors: Doors) -> None:
    """Up, down and both, with quantities and places; a wrong number offers the nearest; a typed number leads there."""
    for way, present, absent in (
        ("up", ("TI-001", "MC-001"), ("PK-001",)),
        ("down", ("PK-001", "PK-002"), ("TI-001",)),
        ("both", ("TI-001", "PK-002"), ("MC-002",)),
    ):
        page = await opened(doors, "auditor", f"/admin/lots/CT-001?way={way}")
        rows = re.findall(r'class="row" href="/admin/lots/([^"]+)"', page)
        assert set(present) <= set(rows), way
        assert not set(absent) & set(rows), way
    assert "成品库" in words(page)
    assert "CT-001" in words(await opened(doors, "auditor", "/admin/lots/CT-0O1", 404))
    async with await doors.admin("auditor") as session:
        async with session.get(doors.url("/admin/lots?text=ct-001")) as answer:
            assert str(answer.url) == f"{doors.address}/admin/lots/CT-001"
    page = await opened(doors, "auditor", "/admin/lots?text=PK")
    assert re.findall(r'class="row" href="/admin/lots/([^"]+)"', page) == ["PK-002", "PK-001"]
    assert 'class="row"' not in await opened(doors, "auditor", "/admin/lots?status=on_hold")


async def test_links_are_made_by_administrators_and_shown_once(doors: Doors) -> None:
    """Each kind leads where it says; nobody is sent elsewhere by an unknown kind."""
    person = doors.plant.persons["operator"]
    async with await doors.admin("administrator") as session:
        form = {"csrf": session.headers["X-CSRF-Token"], "person": str(person)}
        for kind, shape in (
            ("invite", r"/start [\w-]{20,}"),
            ("chat", r"http://127.0.0.1/chat#[\w-]{20,}"),
            ("admin", r"http://127.0.0.1/admin/enter#[\w-]{20,}"),
            ("enrol", r"http://127.0.0.1/enrol#[\w-]{20,}"),
        ):
            async with session.post(doors.url("/admin/people/link"), data={**form, "kind": kind}) as answer:
                assert re.search(rf"<code>{shape}</code>", await answer.text()), kind
        async with session.post(doors.url("/admin/people/link"), data={**form, "kind": "x"}) as answer:
            assert answer.status == 409
        async with session.get(doors.url("/admin/people")) as answer:
            assert "/enrol#" not in await answer.text()
        form["person"] = str(doors.plant.persons["manager"])
        async with session.post(doors.url("/admin/people/link"), data={**form, "kind": "enrol"}) as answer:
            said = await answer.text()
            assert (answer.status, "换新需要两人" in said, "/enrol#" in said) == (409, True, False)
        wish: dict[str, object] = {"person_id": doors.plant.persons["manager"]}
        asker = await doors.plant.actor("administrator")
        asked = await signing.propose(asker, "signing:factor:renew", wish, "换手机")
        await doors.plant.sign("site_head", "signing:factor:renew", {"id": asked.id})
        async with session.post(doors.url("/admin/people/link"), data={**form, "kind": "enrol"}) as answer:
            assert "/enrol#" in await answer.text(), "for a day"
        form["person"] = str(doors.plant.persons["administrator"])
        async with session.post(doors.url("/admin/people/link"), data={**form, "kind": "enrol"}) as answer:
            assert answer.status in (403, 409), "nobody makes their own enrolment link"
        form = {"csrf": form["csrf"], "person": str(person), "reason": " "}
        async with session.post(doors.url("/admin/people/revoke"), data=form) as answer:
            assert answer.status == 409, "a reason is needed"
    assert (await people.person(person)).active


async def test_the_original_is_a_download_and_the_preview_a_picture(doors: Doors) -> None:
    """The file as it was sent never runs in the browser; what is shown is our own JPEG."""
    case = await doors.reported("operator", lot="MC-001")
    async with await doors.admin("auditor") as session:
        base = f"/admin/evidence/{case.evidence_ids[0]}"
        async with session.get(doors.url(f"{base}/original")) as answer:
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert (await answer.read())[:2] == b"\xff\xd8"
        for part in ("preview", "thumb"):
            async with session.get(doors.url(f"{base}/{part}")) as answer:
                assert answer.content_type.startswith("image/")
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        async with session.get(doors.url(f"{base}/other")) as answer:
            assert answer.status == 404


async def test_rules_templates_and_ledger_are_open_to_readers(doors: Doors) -> None:
    """Ladders with their minutes, thresholds, every template's questions, checkpoint, key and the command."""
    policies = words(await opened(doors, "auditor", "/admin/policies"))
    assert "4 现场负责人 · +60 分钟" in policies
    assert "S ≥ 5 · S×O ≥ 15 · S×O×D ≥ 60" in policies
    templates = await opened(doors, "auditor", "/admin/templates")
    assert templates.count('<details class="fold">') == 10
    ledger = await opened(doors, "auditor", "/admin/ledger")
    assert "bihuan ledger verify" in ledger
    assert "test/ledger+" in ledger


async def test_a_void_signature_is_struck_through_with_the_reason(doors: Doors) -> None:
    """A corrected fact voids the signed grade: the page keeps it, struck through, and says why."""
    number = await closed_case(doors)
    actor = await doors.plant.actor("responsible")
    case = await anomalies.get(actor, number)
    before = await opened(doors, "auditor", f"/admin/cases/{number}")
    assert "<s>" not in before
    await anomalies.supplement(
        actor, case.id, changes={"description": "剥落约 40 件"}, reason="又数了一遍", evidence_ids=[]
    )
    page = await opened(doors, "auditor", f"/admin/cases/{number}")
    assert '<span class="name"><s>王芳</s></span>' in page
    assert "又数了一遍" in page
    assert '<span class="name">刘洋</span>' in page, "signatures on other records stand"
