"""QIF and Q-DAS files come in with every value, nominal, tolerance, piece and time; what is out opens its case."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import imports
from core.anomalies.models import Anomaly
from core.imports import Faulty, Subject, qdas, qif
from core.imports.documents import Form, Opened, form_of, opened
from core.inspections import Form as Kind
from core.inspections import NoFindings, Single, Standing, Verdict
from core.inspections.models import Finding, TestReport
from core.kit import Refusal, system
from core.kit.provenance import Flag, Source
from core.kit.refusal import Refusal as Said
from tests.core.imports.test_importing import is_sound
from tests.plants import Plant, small_plant

QIF = """<?xml version="1.0" encoding="UTF-8"?>
<QIFDocument xmlns="http://qifstandards.org/xsd/qif3" versionQIF="3.0.0" idMax="60">
  <QPId>7b31d53b-0000-4f5d-8a95-660b0df83c55</QPId>
  <PreInspectionTraceability>
    <InspectingOrganization><Name>精测实验室</Name></InspectingOrganization><ReportNumber>R-77</ReportNumber>
  </PreInspectionTraceability>
  <FileUnits><PrimaryUnits>
    <AngularUnit><SIUnitName>radian</SIUnitName><UnitName>degree</UnitName></AngularUnit>
    <LinearUnit><SIUnitName>meter</SIUnitName><UnitName>mm</UnitName></LinearUnit>
  </PrimaryUnits></FileUnits>
  <MeasurementResources><MeasurementDevices n="1">
    <MeasurementDevice id="15"><Name>CMM</Name><SerialNumber>C-9</SerialNumber></MeasurementDevice>
  </MeasurementDevices></MeasurementResources>
  <Product><PartSet n="1"><Part id="1"><Name>骨螺钉</Name><ModelNumber>B</ModelNumber></Part></PartSet></Product>
  <Characteristics>
    <CharacteristicDefinitions n="4">
      <DiameterCharacteristicDefinition id="10"><Tolerance><MaxValue>0.02</MaxValue><MinValue>-0.01</MinValue>
        <DefinedAsLimit>false</DefinedAsLimit></Tolerance></DiameterCharacteristicDefinition>
      <LengthCharacteristicDefinition id="11"><Tolerance><MaxValue>35.2</MaxValue>
        <DefinedAsLimit>true</DefinedAsLimit></Tolerance></LengthCharacteristicDefinition>
      <FlatnessCharacteristicDefinition id="12"><ToleranceValue>0.05</ToleranceValue></FlatnessCharacteristicDefinition>
      <PositionCharacteristicDefinition id="13"><ToleranceValue>0.1</ToleranceValue>
        <MaterialCondition>MAXIMUM</MaterialCondition></PositionCharacteristicDefinition>
    </CharacteristicDefinitions>
    <CharacteristicNominals n="4">
      <DiameterCharacteristicNominal id="20"><CharacteristicDefinitionId>10</CharacteristicDefinitionId>
        <TargetValue>3.5</TargetValue></DiameterCharacteristicNominal>
      <LengthCharacteristicNominal id="21"><CharacteristicDefinitionId>11</CharacteristicDefinitionId>
        <TargetValue>35</TargetValue></LengthCharacteristicNominal>
      <FlatnessCharacteristicNominal id="22"><CharacteristicDefinitionId>12</CharacteristicDefinitionId></FlatnessCharacteristicNominal>
      <PositionCharacteristicNominal id="23"><CharacteristicDefinitionId>13</CharacteristicDefinitionId></PositionCharacteristicNominal>
    </CharacteristicNominals>
    <CharacteristicItems n="4">
      <DiameterCharacteristicItem id="30"><Name>Ø</Name><MeasurementDeviceIds n="1"><Id>15</Id></MeasurementDeviceIds>
        <CharacteristicNominalId>20</CharacteristicNominalId></DiameterCharacteristicItem>
      <LengthCharacteristicItem id="31"><Name>L</Name><CharacteristicNominalId>21</CharacteristicNominalId></LengthCharacteristicItem>
      <FlatnessCharacteristicItem id="32"><Name>平面度</Name><CharacteristicNominalId>22</CharacteristicNominalId></FlatnessCharacteristicItem>
      <PositionCharacteristicItem id="33"><Name>位置度</Name><CharacteristicNominalId>23</CharacteristicNominalId></PositionCharacteristicItem>
    </CharacteristicItems>
  </Characteristics>
  <Results>
    <MeasurementResultsSet n="2">
      <MeasurementResults id="40"><MeasuredCharacteristics><CharacteristicMeasurements n="4">
        <DiameterCharacteristicMeasurement id="41"><Status><CharacteristicStatusEnum>PASS</CharacteristicStatusEnum></Status>
          <CharacteristicItemId>30</CharacteristicItemId><Value combinedUncertainty="0.002">{first}</Value></DiameterCharacteristicMeasurement>
        <LengthCharacteristicMeasurement id="42"><CharacteristicItemId>31</CharacteristicItemId><Value>35.1</Value></LengthCharacteristicMeasurement>
        <FlatnessCharacteristicMeasurement id="43"><CharacteristicItemId>32</CharacteristicItemId><Value>0.05</Value></FlatnessCharacteristicMeasurement>
        <PositionCharacteristicMeasurement id="44"><Status><CharacteristicStatusEnum>PASS</CharacteristicStatusEnum></Status>
          <CharacteristicItemId>33</CharacteristicItemId><Value>0.12</Value></PositionCharacteristicMeasurement>
      </CharacteristicMeasurements></MeasuredCharacteristics>
        <InspectionStatus><InspectionStatusEnum>PASS</InspectionStatusEnum></InspectionStatus>
        <ActualComponentIds n="1"><Id>50</Id></ActualComponentIds></MeasurementResults>
      <MeasurementResults id="45"><MeasuredCharacteristics><CharacteristicMeasurements n="1">
        <DiameterCharacteristicMeasurement id="46"><CharacteristicItemId>{item}</CharacteristicItemId><Value>{second}</Value></DiameterCharacteristicMeasurement>
      </CharacteristicMeasurements></MeasuredCharacteristics>
        <InspectionStatus><InspectionStatusEnum>PASS</InspectionStatusEnum></InspectionStatus>
        <ActualComponentIds n="1"><Id>51</Id></ActualComponentIds></MeasurementResults>
    </MeasurementResultsSet>
    <ActualComponentSets n="1"><ActualComponentSet n="2">
      <ActualComponent id="50"><SerialNumber>S1</SerialNumber><Traceability><LotNumber>CT-001</LotNumber></Traceability></ActualComponent>
      <ActualComponent id="51"><SerialNumber>S2</SerialNumber><Traceability><LotNumber>CT-001</LotNumber></Traceability></ActualComponent>
    </ActualComponentSet></ActualComponentSets>
    <InspectionTraceability><InspectionEnd>2026-11-02T08:00:00</InspectionEnd>
      <InspectionOperator><Name>许晨</Name></InspectionOperator></InspectionTraceability>
  </Results>
</QIFDocument>
"""
DFQ = """K0100 3
K1001 SCREW-35
K1002 Knochenschraube Ø 3,5
K1022 精测
K1341 PP-7
K2001/1 10
K2002/1 Durchmesser
K2101/1 3,5
K2112/1 -0,010
K2113/1 0,020
K2142/0 mm
K2401/0 BS-4
K2001/2 20
K2002/2 Länge
K2110/2 34.9
K2111/2 35.1
K2130/2 30
K2131/2 40
K2002/3 Sichtprüfung
K2004/3 1
"""
VALUES = (
    "3,500\x140\x142.11.2026/08:00:00\x14#1\x14#CT-001\x14#2\x14许晨\x14M1\x14\x14GA-1\x0f"
    "{length}\x140\x142.11.2026/08:00:00\x14\x14#CT-001\x0f50\x140\x14\x140\x142.11.2026/08:00:00\x14\x14#CT-001\n"
    "3,519\x140\x142.11.2026/08:10:00\x14\x14#CT-001\x0f35,00\x14255\x142.11.2026/08:10:00\x14\x14#CT-001\n"
)


@pytest.fixture
async def plant(database: object) -> Plant:
    """The small plant."""
    return await small_plant(enrolled=False)


def qif_file(folder: Path, first: str = "3.500", second: str = "3.519", item: str = "30") -> Path:
    """Two pieces of a lot: diameters of both, and three further values of the first."""
    file = folder / "r.qif"
    file.write_text(QIF.format(first=first, second=second, item=item), "utf-8")
    return file


def dfq_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """A file of K-fields."""
    file = folder / "r.dfq"
    file.write_bytes(text.encode(encoding))
    return file


async def test_qif_results_come_in_joined(plant: Plant, tmp_path: Path) -> None:
    """Limits from target and tolerance, zones, singles by piece, lot by traceability; bonus tolerance is not guessed."""
    done = await imports.import_file(system(plant.id), qif_file(tmp_path))
    assert done.run is not None
    assert (done.run.subject, done.encoding) == (Subject.MEASUREMENTS, "XML")
    (one,) = done.reports
    assert (one.form, one.number, one.issuer, one.lot_number) == (Kind.QIF, "R-77", "精测实验室", "CT-001")
    assert (one.instrument, one.analyst, one.product) == ("CMM C-9", "许晨", "骨螺钉 B")
    assert one.measured_at == dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
    assert (one.verdict, one.claims, one.provenance.source) == (Verdict.CONFORMING, True, Source.INSTRUMENT)
    across, length, flat, position = one.findings
    assert across.singles == (Single(Decimal("3.500"), "", "S1"), Single(Decimal("3.519"), "", "S2"))
    assert (across.limits, across.nominal, across.unit, across.uncertainty) == (
        "≥ 3.49, ≤ 3.52",
        "3.5",
        "mm",
        "0.002",
    )
    assert (length.limits, flat.limits, flat.own) == ("≤ 35.2", "≤ 0.05", Standing.WITHIN)
    assert (position.limits, position.own) == ("", Standing.NONE)
    assert not await Anomaly.exists()
    assert (await imports.import_file(system(plant.id), qif_file(tmp_path))).before
    await is_sound(tmp_path)


async def test_one_piece_out_of_tolerance_opens_a_case_though_the_file_passes_it(
    plant: Plant, tmp_path: Path
) -> None:
    """The second piece is a hair too thick."""
    done = await imports.import_file(system(plant.id), qif_file(tmp_path, second="3.5200000001"))
    (one,) = done.reports
    assert (one.verdict, one.findings[0].out, one.findings[0].count) == (Verdict.NONCONFORMING, 1, 2)
    assert Flag.CLAIM in one.provenance.flags
    (case,) = await Anomaly.filter(plant_id=plant.id)
    assert (case.subcode, case.lot_number) == ("M02", "CT-001")
    assert "Ø n = 2 (1/2) [≥ 3.49, ≤ 3.52]" in case.description


@pytest.mark.parametrize(
    ("first", "item"), [("3,5x", "30"), ("NaN", "30"), ("Infinity", "30"), ("3.5", "99")]
)
async def test_a_broken_qif_file_is_refused_at_its_place(
    plant: Plant, tmp_path: Path, first: str, item: str
) -> None:
    """A figure that is none, a reference that leads nowhere: a path and a sentence; nothing is kept."""
    with pytest.raises(Faulty) as faulty:
        await imports.import_file(system(plant.id), qif_file(tmp_path, first=first, item=item))
    assert all(one.column.startswith("Results//") for one in faulty.value.faults)
    assert not await TestReport.exists()
    assert not await Finding.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "cp1252"])
async def test_qdas_values_come_in_by_lines_and_fields(plant: Plant, tmp_path: Path, encoding: str) -> None:
    """Limits by allowance, decimal commas, times, batch, deleted values left out of judgement, letters as written."""
    text = DFQ + VALUES.format(length="35,1")
    if encoding == "cp1252":
        text = text.replace("许晨", "Müller").replace("精测", "Prüflabor")
    done = await imports.import_file(system(plant.id), dfq_file(tmp_path, text, encoding))
    (one,) = done.reports
    assert (one.form, one.number, one.lot_number) == (Kind.QDAS, "PP-7 SCREW-35", "CT-001")
    assert (one.issuer, one.analyst) == (
        ("Prüflabor", "Müller") if encoding == "cp1252" else ("精测", "许晨")
    )
    assert one.product == "SCREW-35 Knochenschraube Ø 3,5"
    assert (one.instrument, one.verdict) == ("BS-4", Verdict.CONFORMING)
    assert one.measured_at == dt.datetime(2026, 11, 2, 0, 10, tzinfo=dt.UTC)
    across, length, looks = one.findings
    assert across.singles == (
        Single(Decimal("3.500"), "2026-11-02T08:00:00", "2"),
        Single(Decimal("3.519"), "2026-11-02T08:10:00", ""),
    )
    assert (across.limits, across.unit) == ("≥ 3.490, ≤ 3.520", "mm")
    assert (length.name, length.value, length.limits) == ("Länge", "35.1", "≥ 34.9, ≤ 35.1")
    assert Flag.GAPS in length.flags
    assert (looks.name, looks.value, looks.own) == ("Sichtprüfung", "0", Standing.NONE)
    assert Flag.CLOCK in one.provenance.flags


async def test_qdas_fields_may_carry_the_values(plant: Plant, tmp_path: Path) -> None:
    """K0001/1 and its companions; a value out of limits and plausibility opens a case."""
    text = DFQ + "K0001/2 41\nK0002/2 0\nK0004/2 2.11.2026/8:00:00\nK0006/0 CT-001\nK0014/2 S-9\n"
    done = await imports.import_file(system(plant.id), dfq_file(tmp_path, text))
    (found,) = done.reports[0].findings
    assert (found.value, found.own, Flag.IMPLAUSIBLE in found.flags) == ("41", Standing.OUT, True)
    (case,) = await Anomaly.filter(plant_id=plant.id)
    assert "Länge 41 mm [≥ 34.9, ≤ 35.1]" in case.description


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (DFQ + "3,5\x0f35\x0f1\x0f2\n", 21),
        (DFQ + "hello\n", 21),
        (DFQ + "K2110/2 35.5\n", 21),
        (DFQ.replace("K0100 3", "K0100 many"), 1),
        (DFQ + "K0001/9 1\n", 21),
        (DFQ + "3,5\x14x\n", 21),
        (DFQ + "3,5\x140\x1431.2.2026/8:00:00\n", 21),
        (DFQ + "1e999\n", 21),
    ],
)
async def test_a_broken_qdas_file_is_refused_by_line(
    plant: Plant, tmp_path: Path, text: str, line: int
) -> None:
    """More values than characteristics, lines of nothing, fields that disagree: nothing is kept."""
    with pytest.raises(Faulty) as faulty:
        await imports.import_file(system(plant.id), dfq_file(tmp_path, text), lot="CT-001")
    assert faulty.value.faults[0].line == line
    assert not await TestReport.exists()


async def test_too_many_values_or_none_are_refused(plant: Plant, tmp_path: Path) -> None:
    """A million values are for several files; a description without values is no result."""
    with pytest.raises(Said, match="100000"):
        await imports.import_file(
            system(plant.id), dfq_file(tmp_path, DFQ + "3,5\n" * 1_000_000), lot="CT-001"
        )
    with pytest.raises(NoFindings):
        await imports.import_file(system(plant.id), dfq_file(tmp_path, DFQ), lot="CT-001")
    assert not await TestReport.exists()


@given(st.text(alphabet=st.sampled_from("K0123456789/ \x0f\x14,.-+e#\nxÄ批"), max_size=300))
def test_no_text_of_k_fields_breaks_the_reader(text: str) -> None:
    """Only refusals, never anything else."""
    with suppress(Refusal):
        qdas.read(Opened(form=Form.KFIELDS, text=DFQ + text))


@given(st.integers(0, len(QIF)), st.integers(0, 60), st.text(max_size=12))
def test_no_change_of_a_qif_file_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, at: int, cut: int, more: str
) -> None:
    """Anything cut out or put in: still a document that is read, or a refusal."""
    file = tmp_path_factory.getbasetemp() / "q.qif"
    text = QIF.format(first="3.5", second="3.5", item="30")
    file.write_text(text[:at] + more + text[at + cut :], "utf-8", errors="replace")
    with suppress(Refusal):
        form = form_of(file)
        if form is Form.XML and qif.fits(found := opened(file, form)):
            qif.read(found)
