"""What a mill, a laboratory and their programs write: certificates and result files, as text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any


def _company(name: str, city: str) -> dict[str, Any]:
    return {
        "Name": name,
        "Street": "工业园 1 号",
        "ZipCode": "721000",
        "City": city,
        "Country": "CN",
        "Email": "quality@example.com",
        "Identifiers": {"VAT": "CN91610300X"},
    }


def _inspection(name: str, method: str, unit: str, value: str, lower: str, upper: str) -> dict[str, str]:
    return {
        "Property": name,
        "Method": method,
        "Unit": unit,
        "Value": value,
        "ValueType": "number",
        "Minimum": lower,
        "Maximum": upper,
    }


def certificate_of_analysis(lot: str, day: dt.date, *, bad: bool) -> bytes:
    """A mill's certificate of a bar (Material Identity CoA); a bad one names itself valid all the same."""
    oxygen = "0.21" if bad else "0.11"
    return json.dumps(
        {
            "RefSchemaUrl": "https://schemas.example.org/coa-schemas/v1.1.0/schema.json",
            "Certificate": {
                "CertificateLanguages": ["EN", "CN"],
                "Id": f"COA-{lot}",
                "Date": day.isoformat(),
                "Standard": {"Norm": "EN 10204:2004", "Type": "3.1"},
                "Parties": {
                    "Manufacturer": _company("宝鸡钛业", "宝鸡"),
                    "Customer": _company("康固骨科", "苏州"),
                },
                "BusinessTransaction": {
                    "Order": {"Id": f"PO-{lot}"},
                    "Delivery": {"Id": f"DN-{lot}", "Quantity": 60, "QuantityUnit": "kg"},
                },
                "Product": {"Name": "Ti-6Al-4V ELI bar, ISO 5832-3", "FillingBatchId": lot},
                "Analysis": {
                    "LotId": lot,
                    "Inspections": [
                        _inspection("Oxygen", "ASTM E1409", "%", oxygen, "0", "0.13"),
                        _inspection("Aluminium", "ASTM E2371", "%", "6.1", "5.5", "6.5"),
                        _inspection("Tensile strength", "ISO 6892-1", "MPa", "912", "860", "1100"),
                    ],
                },
                "DeclarationOfConformity": {"Declaration": "The material conforms to the order."},
                "Logo": "–",
            },
        },
        ensure_ascii=False,
    ).encode()


RESULT_HEADS = ("批号", "检测方法", "检测项目", "检测值", "单位", "仪器", "检测人", "检测时间", "样品编号")


def results(lot: str, method: str, values: Sequence[Decimal], when: dt.datetime) -> list[tuple[str, ...]]:
    """A laboratory's filled template: each piece a thickness and its looks; or, for sterility, no growth."""
    at = when.isoformat(timespec="seconds")
    rows: list[tuple[str, ...]] = []
    for place, value in enumerate(values, 1):
        same = (lot, method), ("XRF-3", "许晨", at, f"S{place}")
        rows.append((*same[0], "thickness", str(value), "μm", *same[1]))
        rows.append((*same[0], "looks", "合格", "", *same[1]))
    if not values:
        rows.append((lot, method, "growth", "合格", "", "IN-2", "许晨", at, "S1"))
    return rows


def q_das(lot: str, product: str, values: Sequence[Decimal], when: dt.datetime) -> bytes:
    """The same as K-fields and value lines (Q-DAS ASCII transfer format)."""
    head = ["K0100 1", f"K1001 {product}", "K1002 骨螺钉", "K1022 精测实验室", f"K1341 R-{lot}"]
    head += ["K2001/1 10", "K2002/1 涂层厚度", "K2110/1 25", "K2111/1 35", "K2142/1 μm"]
    lines = [f"{value}\x140\x14{when:%d.%m.%Y/%H:%M:%S}\x14\x14#{lot}" for value in values]
    return "\r\n".join([*head, *lines, ""]).encode()


def qif(lot: str, values: Sequence[Decimal], when: dt.datetime) -> bytes:
    """The same as QIF results: one piece after the other."""
    pieces = "".join(
        f"""<ActualComponent id="{50 + n}"><SerialNumber>S{n}</SerialNumber>
        <Traceability><LotNumber>{lot}</LotNumber></Traceability></ActualComponent>"""
        for n in range(len(values))
    )
    measured = "".join(
        f"""<MeasurementResults id="{100 + 2 * n}"><MeasuredCharacteristics><CharacteristicMeasurements n="1">
        <ThicknessCharacteristicMeasurement id="{101 + 2 * n}"><CharacteristicItemId>30</CharacteristicItemId>
        <Value>{value}</Value></ThicknessCharacteristicMeasurement></CharacteristicMeasurements>
        </MeasuredCharacteristics><InspectionStatus><InspectionStatusEnum>PASS</InspectionStatusEnum></InspectionStatus>
        <ActualComponentIds n="1"><Id>{50 + n}</Id></ActualComponentIds></MeasurementResults>"""
        for n, value in enumerate(values)
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<QIFDocument xmlns="http://qifstandards.org/xsd/qif3" versionQIF="3.0.0" idMax="999">
  <QPId>7b31d53b-0000-4f5d-8a95-660b0df83c55</QPId>
  <PreInspectionTraceability><InspectingOrganization><Name>精测实验室</Name></InspectingOrganization>
    <ReportNumber>R-{lot}</ReportNumber></PreInspectionTraceability>
  <FileUnits><PrimaryUnits><LinearUnit><SIUnitName>meter</SIUnitName><UnitName>μm</UnitName></LinearUnit>
    </PrimaryUnits></FileUnits>
  <Product><PartSet n="1"><Part id="1"><Name>骨螺钉</Name></Part></PartSet></Product>
  <Characteristics>
    <CharacteristicDefinitions n="1"><ThicknessCharacteristicDefinition id="10"><Tolerance>
      <MaxValue>35</MaxValue><MinValue>25</MinValue><DefinedAsLimit>true</DefinedAsLimit></Tolerance>
      </ThicknessCharacteristicDefinition></CharacteristicDefinitions>
    <CharacteristicNominals n="1"><ThicknessCharacteristicNominal id="20">
      <CharacteristicDefinitionId>10</CharacteristicDefinitionId><TargetValue>30</TargetValue>
      </ThicknessCharacteristicNominal></CharacteristicNominals>
    <CharacteristicItems n="1"><ThicknessCharacteristicItem id="30"><Name>涂层厚度</Name>
      <CharacteristicNominalId>20</CharacteristicNominalId></ThicknessCharacteristicItem></CharacteristicItems>
  </Characteristics>
  <Results><MeasurementResultsSet n="{len(values)}">{measured}</MeasurementResultsSet>
    <ActualComponentSets n="1"><ActualComponentSet n="{len(values)}">{pieces}</ActualComponentSet></ActualComponentSets>
    <InspectionTraceability><InspectionEnd>{when:%Y-%m-%dT%H:%M:%S}</InspectionEnd></InspectionTraceability>
  </Results>
</QIFDocument>
""".encode()


LEG_HEADS = ("委外单号", "环节序号", "出发地", "目的地", "车牌", "封签", "实际出发", "实际到达", "到达封签")


def leg(order: str, seal: str, left: dt.datetime, came: dt.datetime) -> tuple[str, ...]:
    """A carrier's row: when the lorry left and came, and that its seal was whole."""
    return (
        order, "3", "晨光涂层", "康固骨科", "苏E·8K721", seal,
        left.isoformat(timespec="seconds"), came.isoformat(timespec="seconds"), seal,
    )  # fmt: skip


LOGGER_HEADS = (
    "批号", "记录仪编号", "采样时间", "时区", "温度（℃）", "湿度（%RH）", "间隔（分钟）", "校准有效期至",
    "温度下限（℃）", "温度上限（℃）",
)  # fmt: skip
SAMPLES, EVERY = 16, dt.timedelta(minutes=5)


def logger(lot: str, begins: dt.datetime, *, hot: bool) -> list[tuple[str, ...]]:
    """A logger's samples of a ride; on a hot one the lorry stands in the sun for a while."""
    start = begins.replace(second=0, microsecond=0)
    rows = []
    for n in range(SAMPLES):
        warm = Decimal("27.5") if hot and 6 <= n < 11 else Decimal("21.5") + Decimal(n % 4) / 10
        moment = f"{start + n * EVERY:%Y-%m-%d %H:%M:%S}"
        rows.append((lot, f"SD-{lot}", moment, "+08:00", str(warm), "45.0", "5", "2027-06-30", "15", "25"))
    return rows
