"""Sign-ins on the admin page and in the chat: seen, ended, and gone at once."""

from __future__ import annotations

from core import people
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_pages import words
from tests.journeys import acts


async def test_somebody_ends_another_browser_of_theirs_on_the_admin_page(doors: Doors) -> None:
    async with await doors.admin("manager") as here, await doors.admin("manager") as there:
        async with here.get(doors.url("/admin/sessions")) as answer:
            page = await answer.text()
            assert "本次登录" in words(page)
        (other,) = [
            one
            for one in await people.sessions_of(
                await doors.plant.actor("manager"),
                doors.plant.persons["manager"],
                token=next(one.value for one in here.cookie_jar),
            )
            if not one.present
        ]
        form = {"csrf": here.headers["X-CSRF-Token"], "session": str(other.id)}
        async with here.post(doors.url("/admin/sessions/end"), data=form) as answer:
            assert answer.status == 200
        async with there.get(doors.url("/admin"), allow_redirects=False) as answer:
            assert answer.status == 303, "signed out at once"
        async with here.get(doors.url("/admin")) as answer:
            assert answer.status == 200


async def test_an_administrator_signs_somebody_out_with_a_reason_and_others_may_not(doors: Doors) -> None:
    operator = doors.plant.persons["coater_operator"]
    async with await doors.chat("coater_operator") as phone, await doors.admin("administrator") as boss:
        form = {"csrf": boss.headers["X-CSRF-Token"], "person": str(operator), "session": "", "reason": ""}
        async with boss.post(doors.url("/admin/sessions/end"), data=form) as answer:
            assert answer.status == 409, "without a reason"
        async with await doors.admin("manager") as manager:
            theirs = form | {"csrf": manager.headers["X-CSRF-Token"], "reason": "x"}
            async with manager.post(doors.url("/admin/sessions/end"), data=theirs) as answer:
                assert answer.status == 403
            async with manager.get(doors.url(f"/admin/sessions?person={operator}")) as answer:
                assert answer.status == 403
        async with phone.get(f"{doors.address}/chat/me") as answer:
            assert answer.status == 200
        async with boss.post(doors.url("/admin/sessions/end"), data=form | {"reason": "手机丢失"}) as answer:
            assert "没有打开的登录" in words(await answer.text())
        async with phone.get(f"{doors.address}/chat/me") as answer:
            assert answer.status == 401


async def test_a_tap_in_the_chat_ends_a_sign_in(database: str) -> None:
    house, (manager,) = await acts.house_with("manager")
    await manager.says("/sessions")
    manager.sees("您目前没有登录任何页面")
    made = await people.open_session(house.plant.persons["manager"], "admin", second_factor=True)
    await manager.says("/sessions")
    await manager.taps("结束：管理页面")
    manager.sees("您目前没有登录任何页面")
    assert await people.session(made.token, "admin") is None
