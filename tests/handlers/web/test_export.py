"""The auditor's ZIP from the admin view: made, logged, checked; and what is said when it cannot be made."""

from __future__ import annotations

import errno
import io

import pytest

from core import people
from core.exchange.verifier.bundle import Bundle
from core.exchange.verifier.places import Container
from tests.handlers.web.doors import Doors


async def test_the_auditor_takes_a_checked_bundle_away(doors: Doors) -> None:
    """From the button of the case page and from the form for a period; each is a line of the access log."""
    case = await doors.reported("operator", lot="MC-001")
    async with await doors.admin("auditor") as session:
        csrf = session.headers["X-CSRF-Token"]
        async with session.get(doors.url(f"/admin/cases/{case.number}")) as answer:
            assert 'action="/admin/export/bundle"' in await answer.text()
        async with session.get(doors.url("/admin/export")) as answer:
            page = await answer.text()
            assert answer.status == 200
            assert str(doors.house.house.signer.verifiers[0]) in page.replace("&#43;", "+")
        for form in ({"case": case.number, "language": "both"}, {"from": "2026-01-01", "to": "2099-12-31"}):
            async with session.post(doors.url("/admin/export/bundle"), data={"csrf": csrf, **form}) as answer:
                assert answer.status == 200, await answer.text()
                assert answer.content_type == "application/zip"
                assert answer.headers["Content-Disposition"].startswith(
                    f'attachment; filename="bihuan-{case.number}'
                )
                assert answer.headers["Cache-Control"] == "no-store"
                found = Bundle(Container(io.BytesIO(await answer.read())), [], None)
                assert found.manifest["cases"] == [case.number]
                assert found.manifest["made_by"] == "周洁"
    page_of_views = await people.accesses(await doors.plant.actor("auditor"), case=case.number)
    assert [one.subject for one in page_of_views.rows].count(f"bundle {case.number}") == 2


@pytest.mark.parametrize("name", ["responsible", "manager", "supplier"])
async def test_who_may_not_export_sees_no_button_and_gets_no_bundle(doors: Doors, name: str) -> None:
    """403 in a sentence, and nothing is logged as exported."""
    case = await doors.reported("coater_operator")
    async with await doors.admin(name) as session:
        async with session.get(doors.url(f"/admin/cases/{case.number}")) as answer:
            assert "/admin/export" not in await answer.text()
        form = {"csrf": session.headers["X-CSRF-Token"], "case": case.number}
        async with session.post(doors.url("/admin/export/bundle"), data=form) as answer:
            assert answer.status == 403
            assert answer.content_type == "text/html"
    rows = (await people.accesses(await doors.plant.actor("auditor"), case=case.number)).rows
    assert not [one for one in rows if one.subject.startswith("bundle")]


async def test_wishes_that_cannot_be_met_are_answered_in_a_sentence(doors: Doors) -> None:
    """Nothing named, unknown case, reversed dates, no date at all, no token, very long and foreign values."""
    await doors.reported("operator", lot="MC-001")
    async with await doors.admin("auditor") as session:
        csrf = session.headers["X-CSRF-Token"]
        for form, status in (
            ({}, 409),
            ({"case": "AN-2026-999999"}, 404),
            ({"case": "../../etc/passwd"}, 404),
            ({"case": "异" * 5000}, 404),
            ({"from": "2026-02-01", "to": "2026-01-01"}, 409),
            ({"from": "2001-02-01", "to": "2001-02-02"}, 409),
            ({"from": "yesterday"}, 409),
            ({"from": "2026-02-30"}, 409),
            ({"to": "9999-12-31", "from": "9999-12-31"}, 409),
        ):
            async with session.post(doors.url("/admin/export/bundle"), data={"csrf": csrf, **form}) as answer:
                said = await answer.text()
                assert answer.status == status, (form, said)
                assert answer.content_type == "text/html"
        async with session.post(doors.url("/admin/export/bundle"), data={"case": "x"}) as answer:
            assert answer.status == 403


async def test_a_full_disk_is_said(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """507 with a sentence; the next export works."""
    case = await doors.reported("operator", lot="MC-001")

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with await doors.admin("auditor") as session:
        form = {"csrf": session.headers["X-CSRF-Token"], "case": case.number}
        with monkeypatch.context() as patched:
            patched.setattr("core.exchange.container.Writer.add", full)
            async with session.post(doors.url("/admin/export/bundle"), data=form) as answer:
                assert answer.status == 507
                assert "管理员" in await answer.text()
        async with session.post(doors.url("/admin/export/bundle"), data=form) as answer:
            assert answer.status == 200
