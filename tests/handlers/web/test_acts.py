"""What planners and administrators do by forms: every act once, its right, its refusal as a sentence, its box to be sure."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import aiohttp
import pytest

from core import conditions, inspections, lots, orders, people, products, sop
from core.anomalies import rules_for
from core.kit import system
from core.ledger.models import LedgerEntry
from core.orders import OrderState, StageState
from handlers.web.acts import ACTS
from tests.handlers.web.doors import Doors
from tests.handlers.web.test_pages import words


async def sent(doors: Doors, session: aiohttp.ClientSession, act: str, **form: str) -> tuple[int, str]:
    """An act's form sent; status, and where it leads or what it says."""
    form = {"csrf": session.headers["X-CSRF-Token"], "sure": "1", **form}
    async with session.post(doors.url(f"/admin/act/{act}"), data=form, allow_redirects=False) as answer:
        page = await answer.text()
        return answer.status, answer.headers.get("Location", "") or html.unescape(words(page))


async def did(doors: Doors, session: aiohttp.ClientSession, act: str, **form: str) -> str:
    """An act that must succeed; answers where it leads, which can be opened."""
    status, said = await sent(doors, session, act, **form)
    assert status == 303, said
    async with session.get(doors.url(said)) as answer:
        assert answer.status == 200, said
    return said


async def test_an_order_is_planned_placed_changed_and_cancelled_by_forms(doors: Doors) -> None:
    """The planner alone; what cannot be undone needs its box; a wrong form keeps what was filled in."""
    actor = await doors.plant.actor("responsible")
    supplier, carrier = (str(doors.plant.partners[one]) for one in ("supplier", "carrier"))
    async with await doors.admin("responsible") as session:
        form = {
            "product": "SCREW-35",
            "quantity": "100",
            "kind1": "process:coating",
            "partner1": supplier,
            "start1": "2027-01-04T08:00",
            "end1": "2027-01-05T18:00",
            "kind2": "transport",
            "partner2": carrier,
            "kind3": "receipt",
        }
        async with session.get(doors.url("/admin/act/order-plan")) as answer:
            offered = re.findall(
                r"<option[^>]*>([^<]*)<", (await answer.text()).split('id="kind1"')[1].split("</select>")[0]
            )
        assert len(offered) == len(set(offered)) > 8, "no two choices look the same"
        status, said = await sent(doors, session, "order-plan", **{**form, "quantity": "viele"})
        assert (status, "viele" in said) == (422, True)
        place = await did(doors, session, "order-plan", **form)
        number = place.rpartition("/")[2]
        order = await orders.get(actor, number)
        assert [one.process or one.kind.value for one in order.stages] == ["coating", "transport", "receipt"]
        assert order.stages[0].planned_start is not None
        assert order.stages[0].planned_start.isoformat() == "2027-01-04T00:00:00+00:00"
        status, said = await sent(doors, session, "order-place", order=number, sure="")
        assert (status, "勾选" in said) == (422, True)
        await did(doors, session, "order-place", order=number)
        assert (await orders.get(actor, number)).state is OrderState.PLACED
        stages = [str(one.id) for one in order.stages]
        await did(
            doors, session, "stage-replan",
            order=number, stage=stages[0], start="2027-01-06T08:00", end="2027-01-07T18:00", reason="设备检修",
        )  # fmt: skip
        await did(
            doors, session, "leg-plan",
            order=number, stage=stages[1], carrier=carrier, **{"from": "涂层车间", "to": "包装车间"},
        )  # fmt: skip
        assert len(await orders.legs_of(actor, stage_id=order.stages[1].id)) == 1
        await did(doors, session, "stage-skip", order=number, stage=stages[2], reason="直接入库")
        assert (await orders.get(actor, number)).stages[2].state is StageState.SKIPPED
        await did(doors, session, "order-cancel", order=number, reason="客户取消")
        assert (await orders.get(actor, number)).state is OrderState.CANCELLED
        status, said = await sent(doors, session, "order-cancel", order=number, reason="再次")
        assert (status, number in said) == (422, True)


async def test_lots_are_recorded_produced_used_merged_and_worked_over_by_forms(doors: Doors) -> None:
    """Quantities are conserved as by every other door; what is not is refused by a sentence."""
    actor = await doors.plant.actor("responsible")
    maker = str(doors.plant.id)
    async with await doors.admin("responsible") as session:
        for number in ("F-1", "F-2"):
            await did(
                doors, session, "lot-record", lot=number, product="SCREW-35", quantity="100", maker=maker
            )
        status, said = await sent(doors, session, "lot-merge", **{"from": "F-1\nF-2", "made": "F-3; 199"})
        assert (status, "F-1" in said) == (422, True)
        await did(doors, session, "lot-merge", **{"from": "F-1\nF-2;50", "made": "F-3；150；一号库"})
        assert (await lots.find(actor, "F-3")).place == "一号库"
        await did(doors, session, "lot-rework", lot="F-3", made="F-3R; 150", reason="毛刺", quantity="")
        assert (await lots.find(actor, "F-3R")).status == "quarantined"
        await did(doors, session, "lot-serials", lot="F-2", numbers="S-1\nS-2")
        lot = await lots.find(actor, "F-2")
        assert await lots.serials_of(actor, lot.id) == ["S-1", "S-2"]
        await did(doors, session, "lot-link", parent="F-2", lot="MC-001", quantity="1")
        await did(
            doors, session, "lot-readings",
            lot="F-2", process="coating", values="温度; 180; °C\n压力; -0.5; bar",
        )  # fmt: skip
        assert len(await conditions.readings_of(actor, lot.id)) == 2
        await did(doors, session, "lot-consume", lot="MC-001", **{"from": "F-2; 2"})


async def test_what_holds_for_products_is_published_by_forms(doors: Doors) -> None:
    """By the administrator; read back from the pages' own questions."""
    admin = await doors.plant.actor("administrator")
    rod = products.NewProduct(code="ROD", name_zh="棒料", name_en="Rod", unit="kg")
    await products.record_products(system(doors.plant.id), [rod])
    async with await doors.admin("administrator") as session:
        await did(
            doors, session, "product-identifier",
            product="SCREW-35", agency="gs1", code="06901234567892", contains="1",
        )  # fmt: skip
        await did(doors, session, "product-factor", product="SCREW-35", unit="盒", into="pcs", factor="10")
        await did(
            doors, session, "product-parameter",
            product="SCREW-35", process="coating", name="温度", unit="°C", lower="170", upper="190",
        )  # fmt: skip
        await did(
            doors, session, "method-publish",
            code="QP-9", name_zh="厚度", name_en="Thickness", measures="t; 厚度; Thickness; µm; 15; 18; 21; 0.5",
        )  # fmt: skip
        status, said = await sent(
            doors, session, "method-publish", code="QP-9", name_zh="厚", name_en="T", measures="t; 厚度"
        )
        assert (status, "1" in said) == (422, True)
        found = next(one for one in await products.products(admin) if one.code == "SCREW-35")
        codes = [one.code for one in await products.identifiers_of(found.id)]
        assert codes == ["06901234567892"]
        await did(doors, session, "product-bom", product="SCREW-35", lines="ROD; 0.5; kg; 5")
        (bom,) = await products.boms_of(admin, found.id)
        assert str(bom.lines[0].loss) in ("0.05", "0.050000")
    async with await doors.admin("responsible") as session:
        await did(doors, session, "lot-result", lot="MC-001", method="QP-9", values="t; 18.2")
        maker = str(doors.plant.id)
        await did(doors, session, "lot-record", lot="R-1", product="ROD", quantity="10", maker=maker)
        form = {"product": "SCREW-35", "expires": "2031-01-01"}
        status, said = await sent(doors, session, "lot-produce", **{**form, "from": "R-1;9", "made": "S-1;5"})
        assert (status, "ROD" in said) == (422, True)
        await did(doors, session, "lot-produce", **{**form, "from": "R-1; 2.5", "made": "S-1; 5"})
    lot = await lots.find(admin, "MC-001")
    assert len(await inspections.results_of(admin, lot.id)) == 1


async def test_instructions_sites_and_responsibilities_are_set_by_forms(doors: Doors) -> None:
    """The next version of a template and of the rules; a site; a line of the matrix made and ended."""
    plant = doors.plant
    async with await doors.admin("administrator") as session:
        async with session.get(doors.url("/admin/act/template-publish?category=P")) as answer:
            page = html.unescape(await answer.text())
        content = page.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
        before = (await sop.current_template(plant.id, "P")).version
        await did(doors, session, "template-publish", category="P", fields=content, reason="复审")
        assert (await sop.current_template(plant.id, "P")).version == before + 1
        status, _said = await sent(
            doors, session, "template-publish", category="P", fields="[" * 4000, reason="x"
        )
        assert status == 422
        rules = await rules_for(plant.id)
        listed = "\n".join(f"{code}; {5 if code == 'P' else n}" for code, n in rules.severity_by_category)
        form = {
            "a_severity": "5",
            "a_severity_occurrence": "15",
            "a_rpn": "61",
            "b_severity_occurrence": "8",
            "b_rpn": "27",
            "reason": "年度评审",
        }
        await did(doors, session, "rules-set", severities=listed, **form)
        after = await rules_for(plant.id)
        assert (after.a_rpn, dict(after.severity_by_category)["P"]) == (61, 5)
        status, _said = await sent(doors, session, "rules-set", severities="P; 3", **form)
        assert status == 422
        await did(
            doors,
            session,
            "site-add",
            organisation=str(plant.id),
            code="NEW",
            name_zh="新车间",
            name_en="New",
        )
        assert "NEW" in [one.code for one in await people.sites(plant.id)]
        admin = await plant.actor("administrator")
        lines = {one.id for one in await people.matrix(admin)}
        second = str(plant.persons["second"])
        await did(doors, session, "responsible-set", person=second, tier="1", category="P")
        (made,) = {one.id for one in await people.matrix(admin)} - lines
        await did(doors, session, "responsible-end", line=str(made), reason="换岗")
        assert {one.id for one in await people.matrix(admin)} == lines


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.req("P-10g")
async def test_every_form_is_shown_to_whoever_may_and_to_nobody_else(doors: Doors) -> None:
    """By the right of its verb; sent by others or empty it changes nothing."""
    order = await orders.plan_order(
        system(doors.plant.id),
        orders.NewOrder(
            product="SCREW-35",
            quantity=5,
            stages=(orders.NewStage(kind=orders.StageKind.RECEIPT),),  # type: ignore[arg-type]
        ),
    )
    query = urlencode({"order": order.number, "lot": "MC-001"})
    for name in ("responsible", "auditor", "administrator"):
        actor = await doors.plant.actor(name)
        async with await doors.admin(name) as session:
            before = await LedgerEntry.filter(kind__not="records:access:view").count()
            for act in ACTS.values():
                mine = actor.may(act.needs)
                async with session.get(doors.url(f"/admin/act/{act.name}?{query}")) as answer:
                    assert answer.status == (200 if mine else 403), (name, act.name)
                status, said = await sent(doors, session, act.name, sure="")
                assert status in ((403,) if not mine else (404, 422)), (name, act.name, said)
            assert await LedgerEntry.filter(kind__not="records:access:view").count() == before


@pytest.mark.parametrize(
    ("act", "form"),
    [
        (
            "lot-record",
            {"lot": "Z", "product": "SCREW-35", "quantity": "1", "maker": "1", "made": "0001-01-01T00:00"},
        ),
        ("lot-record", {"lot": "Z", "product": "SCREW-35", "quantity": "1", "maker": "x1"}),
        ("place-record", {"uri": "https://example.org/x", "organisation": "1", "site": "abc"}),
        ("place-record", {"uri": "https://example.org/x", "organisation": "1", "site": "9" * 30}),
    ],
)
async def test_moments_and_choices_that_are_none_are_refused(
    doors: Doors, act: str, form: dict[str, str]
) -> None:
    """Asked again with a sentence; what cannot be read is never taken for nothing chosen."""
    before = await LedgerEntry.filter(kind__in=["lots:lot:make", "epcis:place:record"]).count()
    who = "responsible" if act == "lot-record" else "administrator"
    async with await doors.admin(who) as session:
        status, said = await sent(doors, session, act, **form)
    assert (status, "权限" in said) == (422, False), said
    assert await LedgerEntry.filter(kind__in=["lots:lot:make", "epcis:place:record"]).count() == before
