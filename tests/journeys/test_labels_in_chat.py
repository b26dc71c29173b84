"""From a label, photographed or typed, to its lot, and in two taps to the hold of all that is affected."""

from __future__ import annotations

import pytest

from core import anomalies, evidence, lots, products
from core.evidence import SubjectKind
from core.products import Agency
from handlers import text
from tests import drawing
from tests.core.capa.test_whole_story import photo
from tests.journeys import acts
from tests.journeys.memory_house import MemoryHouse, Someone

_ = text.translator("zh_CN")
GTIN = "06901234567892"
LABEL = f"(01){GTIN}(17)300630(10)CT-001"
AFFECTED = ("CT-001", "PK-001", "PK-002")


async def house_with_udi(*names: str) -> tuple[MemoryHouse, list[Someone]]:
    house, people = await acts.house_with(*names)
    await products.add_identifier(await house.plant.actor("administrator"), "SCREW-35", Agency.GS1, GTIN)
    return house, people


async def test_two_taps_from_the_photo_to_the_hold(database: str) -> None:
    house, (owner,) = await house_with_udi("responsible")
    await owner.photographs(drawing.photo(drawing.code(LABEL), turned=12, blurred=0.6))
    shown = owner.chat[-1]
    assert "CT-001" in shown.outgoing.head
    assert "2030-06-30" in shown.text
    assert shown.outgoing.pictures
    await owner.taps(_("⛔ Hold everything affected ({n})").format(n=3))
    await owner.taps("工艺偏离")
    actor = await house.plant.actor("responsible")
    number = owner.sees("AN-").text.partition("AN-")[2][:11]
    case = await anomalies.get(actor, f"AN-{number}")
    held = await lots.holds_of(actor, case.number)
    assert sorted(one.lot_number for one in held) == sorted(AFFECTED)
    assert {(await lots.find(actor, one)).status for one in AFFECTED} == {"on_hold"}
    assert (case.category, case.lot_number, case.owner_id > 0) == ("P", "CT-001", True)
    (kept,) = await evidence.evidence_for(actor, SubjectKind.ANOMALY, case.id)
    assert [kept.id] == list(case.evidence_ids)
    await anomalies.supplement(
        actor, case.id, changes={"interface_from": "coating"}, reason="现场确认", evidence_ids=[]
    )
    assert (await anomalies.get(actor, case.id)).interface_from == "coating"
    await owner.photographs(drawing.photo(drawing.code(LABEL)))
    await owner.taps(_("⛔ Hold everything affected ({n})").format(n=3))
    await owner.taps(_("For the open case {number}").format(number=case.number))
    assert len(await lots.holds_of(actor, case.number)) == 3, (
        "a second hold for the same case changes nothing"
    )


async def test_a_label_answers_the_question_for_the_lot(database: str) -> None:
    """By photo in the trace, by text in the report; the operator may not hold and is not offered it."""
    _house, (operator,) = await house_with_udi("operator")
    await operator.says("/trace")
    await operator.photographs(
        drawing.photo(drawing.code("https://id.gs1.org/01/06901234567892/10/CT-001", "QRCode"))
    )
    assert "CT-001" in operator.sees(_("Genealogy of {number}").format(number="CT-001")).outgoing.head
    await operator.says(f"（01）{GTIN}（10）CT-001")
    shown = operator.chat[-1]
    assert "CT-001" in shown.outgoing.head
    assert shown.button("⛔") is None
    await operator.taps(_("Report an anomaly"))
    await operator.taps("工艺偏离")
    await operator.taps("参数超限")
    assert "多少件" in operator.chat[-1].text, "the lot is known and not asked again"
    await operator.says("/cancel")
    await operator.says("/trace")
    await operator.says(f"01{GTIN}10CT-0O1")
    assert operator.chat[-1].button("CT-001") is not None, "what looks alike is a button"
    await operator.says(f"(01){GTIN}")
    await operator.taps("CT-001")
    assert "CT-001" in operator.sees(_("Genealogy of {number}").format(number="CT-001")).outgoing.head


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("(01)06901234567892(10)NO-SUCH-LOT-AT-ALL",), "没有找到批号"),
        (("(01)51022222233336(10)CT-001",), "没有产品使用产品标识"),
        (("https://example.com/shop",), "没有批次信息"),
        ((f"(01){GTIN}(10)CT-001", f"(01){GTIN}(10)PK-001"), "多个批的标签"),
        ((), "没有找到能识别的标签码"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_leads_nowhere_is_said(database: str, codes: tuple[str, ...], said: str) -> None:
    _house, (owner,) = await house_with_udi("responsible")
    drawn = [drawing.code(one, "QRCode" if one.startswith("http") else "DataMatrix") for one in codes]
    await owner.photographs(drawing.photo(*drawn) if drawn else photo())
    assert said in owner.chat[-1].text, owner.transcript()


async def test_an_expired_label_is_said_first(database: str) -> None:
    _house, (owner,) = await house_with_udi("responsible")
    await owner.says(f"(01){GTIN}(17)200630(10)CT-001")
    assert _("⚠ Past its date. Do not use it.") in owner.chat[-1].text
