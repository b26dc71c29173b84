"""Files sent into the chat: recognised, tried, brought in by one tap, told with what was made, taken back, once."""

from __future__ import annotations

import csv
import io
import json

import pytest

from core import evidence, imports, inspections, lots, sensors
from core.anomalies.models import Anomaly
from core.kit import system
from handlers import blanks, csv_lists, text
from tests.core.capa.test_whole_story import photo
from tests.core.imports.test_certificates import certificate
from tests.journeys import acts

_ = text.translator("zh_CN")
LOTS = "批号,产品编码,数量,生产时间\nCH-1,SCREW-35,12,2026-11-02\nCH-2,SCREW-35,8,2026-11-02\n"
LOGGER = (
    "批号,记录仪编号,采样时间,时区,温度（℃）,温度上限（℃）\n"
    "CT-001,SD-7,2026-11-02 08:00,+08:00,5,8\n"
    "CT-001,SD-7,2026-11-02 08:15,+08:00,12.5,\n"
    "CT-001,SD-7,2026-11-02 08:30,+08:00,5,\n"
)


async def test_a_filled_template_comes_in_by_one_tap_once_and_is_taken_back(database: str) -> None:
    """Sending it changes nothing, confirming makes the lots, again it is known, undone it is free."""
    house, (admin,) = await acts.house_with("administrator")
    plant = system(house.plant.id)
    await admin.says("模板")
    await admin.taps(f"{_('Lots')} · csv")
    assert admin.chat[-1].documents == {
        "bihuan-lots-v1-zh_CN.csv": blanks.made(imports.Subject.LOTS, "csv", "zh_CN")
    }
    await admin.sends_file(LOTS.encode("gb18030"), "批次.csv")
    card = admin.sees(_("Nothing is wrong with it, and nothing was changed yet. Bring it in?"))
    assert "批次.csv" in card.text
    assert (_("Rows"), "2") in card.outgoing.facts
    assert await lots.of_import(plant, 1, 9) == []
    await admin.taps(_("📥 Bring it in"))
    (run,) = await imports.runs(plant)
    admin.sees(_("📥 Brought in as {number} · rows: {rows}").format(number=run.number, rows=2))
    assert (run.file_name, run.person_id) == ("批次.csv", house.plant.persons["administrator"])
    await admin.sends_file(LOTS.encode("gb18030"), "批次.csv")
    assert run.number in admin.chat[-1].text
    assert len(await imports.runs(plant)) == 1
    await admin.taps("CH-2")
    assert _("Genealogy of {number}").format(number="CH-2") in admin.chat[-1].text
    await admin.taps(_("↩ Take it back"))
    await admin.says("发错文件")
    await admin.taps(_("Confirm ✓"))
    admin.sees(_("↩ {number} was taken back (rows: {rows}).").format(number=run.number, rows=2))
    with pytest.raises(lots.LotUnknown):
        await lots.find(plant, "CH-1")


@pytest.mark.req("G-45a")
async def test_a_forwarded_loggers_file_shows_its_curve_and_opens_its_case(database: str) -> None:
    """The operator of the partner sends it; the owner is told of the case."""
    house, (operator, owner) = await acts.house_with("coater_operator", "responsible")
    await operator.sends_file(LOGGER.encode(), "logger.csv")
    assert "12.5 °C" in operator.sees("MKT").text
    assert await Anomaly.all().count() == 0
    await operator.says("确认")
    card = operator.sees(_("It opened a case by itself; those responsible were told."))
    assert [one.split(":")[0] for one in card.pictures] == ["series"]
    case = await Anomaly.get(plant_id=house.plant.id)
    owner.sees(case.number)
    await operator.taps(case.number)
    assert case.number in operator.chat[-1].text
    await operator.sends_file(LOGGER.encode(), "logger again.csv")
    assert "已经导入过" in operator.chat[-1].text
    assert await Anomaly.all().count() == 1


async def test_faults_are_told_by_line_and_column_and_many_as_a_file(database: str) -> None:
    """In the reader's language; nothing comes in; the list computes nothing."""
    house, (admin,) = await acts.house_with("administrator")
    rows = "".join(f"F-{one},=1+1,12,2026-11-02\n" for one in range(7))
    await admin.sends_file(("批号,产品编码,数量,生产时间\n" + rows).encode(), "坏.csv")
    card = admin.sees(_("⚠ {name} has faults ({n}); nothing was changed").format(name="坏.csv", n=7))
    assert card.outgoing.facts[0][0] == _("line {line}, {column}").format(line=2, column="产品编码")
    (listed,) = card.documents.values()
    table = list(csv.reader(io.StringIO(listed.decode("utf-8-sig"))))
    assert (len(table), table[7][0]) == (8, "8")
    assert await imports.runs(system(house.plant.id)) == []
    assert admin.chat[-1].button(_("📥 Bring it in")) is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_is_no_template_leads_to_the_templates_and_photos_keep_their_way(database: str) -> None:
    """Nobody is left without a next step; an operator brings in loggers' records and nothing else."""
    _house, (admin, operator) = await acts.house_with("administrator", "coater_operator")
    await admin.sends_file(b"a,b\n1,2\n", "x.csv")
    assert admin.chat[-1].button(_("📄 Templates")) is not None
    await admin.sends_file(LOTS.encode(), "批次.csv")
    await admin.says("/cancel")
    await admin.sends_file(b"\x00\x01\x02", "x.bin")
    assert "⚠" in admin.chat[-1].text
    await operator.sends_file(LOTS.encode(), "批次.csv")
    assert _("📥 Bring it in") not in str(operator.chat[-1].outgoing.buttons)
    await operator.photographs(photo())
    assert "没有找到能识别的标签码" in operator.chat[-1].text
    await operator.says("/template")
    offered = str([[one.text for one in row] for row in operator.chat[-1].outgoing.buttons])
    assert _(imports.Subject.SERIES.says) in offered
    assert _(imports.Subject.PRODUCTS.says) not in offered


async def test_the_list_of_a_trace_comes_as_a_file(database: str) -> None:
    """Every lot with its neighbours; the picture and the list stay where they are."""
    house, (operator,) = await acts.house_with("operator")
    await operator.says("/trace CT-001")
    assert operator.chat[-1].outgoing.pictures
    await operator.taps(_("📄 List as a file (CSV)"))
    ((name, content),) = operator.chat[-1].documents.items()
    assert name == "trace-CT-001-both.csv"
    actor = await house.plant.actor("operator")
    found = await lots.find(actor, "CT-001")
    traced = await lots.trace(actor, found.id, lots.Way.BOTH)
    assert content == csv_lists.of_trace(traced, "zh_CN", actor.timezone)
    table = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {one[_("Lot")]: one[_("From lots")] for one in table}["PK-001"] == "CT-001"


async def test_a_certificate_sent_in_chat_is_kept_judged_and_traced(database: str) -> None:
    """It calls itself conforming; a value is out of its own limits: the owner has the case, the lot's card says so."""
    house, (operator, owner) = await acts.house_with("coater_operator", "responsible")
    said = certificate()
    said["Certificate"]["Product"]["ProductionBatchId"] = "CT-001"
    said["Certificate"]["Analysis"]["Inspections"][0]["Value"] = "35.01"
    await operator.sends_file(json.dumps(said).encode(), "CoA 43.json")
    assert (
        "MFR" in operator.sees(_("Nothing is wrong with it, and nothing was changed yet. Bring it in?")).text
    )
    assert await Anomaly.all().count() == 0
    await operator.says("确认")
    case = await Anomaly.get(plant_id=house.plant.id)
    assert (case.category, case.lot_number, case.subcode) == ("M", "CT-001", "M04")
    assert "MFR 35.01" in owner.sees(case.number).text or case.number in owner.chat[-1].text
    (report,) = await inspections.reports_of(system(house.plant.id), house.plant.lots["CT-001"])
    (kept,) = await evidence.visible(system(house.plant.id), report.evidence_ids)
    assert (kept.sha256, kept.original_name) == (report.provenance.sha256, "CoA 43.json")
    assert kept.person_id == house.plant.persons["coater_operator"]
    await operator.says("追溯")
    await operator.says("CT-001")
    card = operator.sees(_("Genealogy of {number}").format(number="CT-001"))
    assert any("⚠" in value and "43" in value for _name, value in card.outgoing.facts)


async def test_a_certificate_with_another_number_asks_which_lot_it_is(database: str) -> None:
    """Nobody is left with a sentence: the lot is named, the summary confirmed; a lot of others is none."""
    house, (maker,) = await acts.house_with("coater_operator")
    await maker.sends_file(json.dumps(certificate()).encode(), "CoA 44.json")
    assert _("Which lot is it?") in maker.chat[-1].text
    assert "本厂批号" in maker.chat[-1].text, "why it is asked"
    await maker.says("MC-001")
    assert _("Confirm ✓") not in str(maker.chat[-1].outgoing.buttons), "no lot of the coater"
    await maker.says("CT-001")
    assert await imports.runs(system(house.plant.id)) == []
    await maker.taps(_("Confirm ✓"))
    (run,) = await imports.runs(system(house.plant.id))
    (report,) = await inspections.reports_of(system(house.plant.id), house.plant.lots["CT-001"])
    assert (report.lot_number, run.file_name) == ("CT-001", "CoA 44.json")
    maker.sees(_("📥 Brought in as {number} · rows: {rows}").format(number=run.number, rows=run.rows))
    await maker.taps("CT-001")
    assert _("Genealogy of {number}").format(number="CT-001") in maker.chat[-1].text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_files_and_sensors_are_a_tap_from_the_first_screen(database: str) -> None:
    """Who has never heard of a command finds both; who may send nothing is not offered it."""
    house, (maker, auditor) = await acts.house_with("coater_operator", "auditor")
    await maker.says("/start")
    await maker.taps(_("📄 Send a file"))
    maker.sees(_("Templates to fill in"))
    await auditor.says("/start")
    assert auditor.chat[-1].button(_("📄 Send a file")) is None
    worker = await house.plant.actor("responsible")
    new = sensors.NewSensor(code="COLD-9", kind=sensors.Kind.TEMPERATURE, unit="°C", topic="cold/9")
    await sensors.record_sensor(worker, new)
    await auditor.taps(_("🌡 Sensors"))
    await auditor.taps("COLD-9")
    assert auditor.chat[-1].outgoing.pictures
    for said, shown in (("传感器 COLD-9", "COLD-9"), ("sensor cold-404", "⚠"), ("追溯 CT-001", "CT-001")):
        await auditor.says(said)
        assert shown in auditor.chat[-1].text, "words ask as commands do"
