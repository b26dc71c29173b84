"""Templates: for each subject the heads of its fields in both languages, by which a file is read without a mapping.

One definition makes the CSV, the workbook and the JSON Schema. A change of heads is a new version; old heads stay known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from core.imports.errors import HeadUnclear
from core.imports.terms import AMOUNTS, COLUMNS, INSTANTS, MEASURED, Mapping, Subject
from core.lots import LotStatus
from core.people import OrganisationKind

VERSION: Final = 1
LANGUAGES: Final = ("zh_CN", "en")
HEADS: Final[dict[Subject, dict[str, tuple[str, str]]]] = {
    Subject.PRODUCTS: {
        "code": ("产品编码", "Product code"),
        "name_zh": ("中文名称", "Chinese name"),
        "name_en": ("英文名称", "English name"),
        "unit": ("单位", "Unit"),
        "sterile": ("无菌", "Sterile"),
        "implant": ("植入", "Implant"),
        "label_critical": ("标签关键", "Label critical"),
    },
    Subject.PARTNERS: {
        "code": ("合作方编码", "Partner code"),
        "name_zh": ("中文名称", "Chinese name"),
        "name_en": ("英文名称", "English name"),
        "kind": ("类型", "Kind"),
    },
    Subject.LOTS: {
        "number": ("批号", "Lot"),
        "product": ("产品编码", "Product code"),
        "organisation": ("生产方编码", "Maker code"),
        "partner": ("合作方编码", "Partner code"),
        "quantity": ("数量", "Quantity"),
        "unit": ("单位", "Unit"),
        "made_at": ("生产时间", "Made at"),
        "place": ("地点", "Place"),
        "process": ("工序", "Process"),
        "status": ("状态", "State"),
    },
    Subject.LINKS: {
        "parent": ("投入批号", "Input lot"),
        "child": ("产出批号", "Output lot"),
        "quantity": ("数量", "Quantity"),
        "unit": ("单位", "Unit"),
        "at": ("投入时间", "Used at"),
        "process": ("工序", "Process"),
    },
    Subject.SERIES: {
        "lot": ("批号", "Lot"),
        "logger": ("记录仪编号", "Logger"),
        "at": ("采样时间", "Sampled at"),
        "zone": ("时区", "Time zone"),
        "temperature": ("温度（℃）", "Temperature (°C)"),
        "humidity": ("湿度（%RH）", "Humidity (%RH)"),
        "interval": ("间隔（分钟）", "Interval (minutes)"),
        "calibrated_until": ("校准有效期至", "Calibrated until"),
        "temperature_lower": ("温度下限（℃）", "Temperature at least (°C)"),
        "temperature_upper": ("温度上限（℃）", "Temperature at most (°C)"),
        "humidity_lower": ("湿度下限（%RH）", "Humidity at least (%RH)"),
        "humidity_upper": ("湿度上限（%RH）", "Humidity at most (%RH)"),
    },
    Subject.RESULTS: {
        "lot": ("批号", "Lot"),
        "method": ("检测方法", "Method"),
        "version": ("方法版本", "Version of the method"),
        "characteristic": ("检测项目", "Characteristic"),
        "value": ("检测值", "Value"),
        "unit": ("单位", "Unit"),
        "uncertainty": ("扩展不确定度", "Expanded uncertainty"),
        "coverage": ("包含因子 k", "Coverage factor k"),
        "instrument": ("仪器", "Instrument"),
        "analyst": ("检测人", "Analyst"),
        "sampled_at": ("取样时间", "Sampled at"),
        "tested_at": ("检测时间", "Tested at"),
        "sample": ("样品编号", "Sample"),
        "remark": ("备注", "Remark"),
    },
    Subject.PROGRESS: {
        "order": ("委外单号", "Order"),
        "stage": ("环节序号", "Stage"),
        "lot": ("批号", "Lot"),
        "good": ("合格数", "Good"),
        "scrap": ("报废数", "Scrap"),
        "unit": ("单位", "Unit"),
        "started_at": ("开始时间", "Started at"),
        "finished_at": ("完成时间", "Finished at"),
        "parameter": ("工艺参数", "Parameter"),
        "value": ("参数值", "Actual value"),
        "parameter_unit": ("参数单位", "Unit of the parameter"),
        "equipment": ("设备", "Equipment"),
    },
    Subject.LEGS: {
        "order": ("委外单号", "Order"),
        "stage": ("环节序号", "Stage"),
        "from": ("出发地", "From"),
        "to": ("目的地", "To"),
        "carrier": ("承运商编码", "Carrier code"),
        "vehicle": ("车牌", "Vehicle"),
        "seal": ("封签", "Seal"),
        "planned_departure": ("计划出发", "Planned departure"),
        "planned_arrival": ("计划到达", "Planned arrival"),
        "departed_at": ("实际出发", "Departed at"),
        "arrived_at": ("实际到达", "Arrived at"),
        "seal_found": ("到达封签", "Seal found"),
        "lot": ("批号", "Lot"),
        "counted": ("清点数量", "Counted"),
    },
    Subject.READINGS: {
        "sensor": ("传感器编号", "Sensor"),
        "at": ("读数时间", "Read at"),
        "value": ("读数", "Reading"),
        "unit": ("单位", "Unit"),
    },
}
CHOICES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "kind": {
        OrganisationKind.SUPPLIER.value: ("供应商", "Supplier"),
        OrganisationKind.LABORATORY.value: ("实验室", "Laboratory"),
        OrganisationKind.CARRIER.value: ("承运商", "Carrier"),
    },
    "status": {
        LotStatus.AVAILABLE.value: ("可用", "Available"),
        LotStatus.QUARANTINED.value: ("隔离待检", "Quarantined"),
        LotStatus.RELEASED.value: ("已放行", "Released"),
        LotStatus.SCRAPPED.value: ("已报废", "Scrapped"),
        LotStatus.SHIPPED.value: ("已发运", "Shipped"),
    },
    **{name: {"yes": ("是", "yes"), "no": ("否", "no")} for name in ("sterile", "implant", "label_critical")},
}
_FIGURE: Final = r"^-?[0-9]{1,3}([.,][0-9]{1,6})?$"
_AMOUNT: Final = r"^[0-9]{1,12}(\.[0-9]{1,6})?$"


def heads(subject: Subject, language: str) -> list[str]:
    """Answer the heads of a subject's fields in their order."""
    return [HEADS[subject][one.name][LANGUAGES.index(language)] for one in COLUMNS[subject]]


def choices(field: str, language: str) -> list[str]:
    """Answer the words that a field takes; none where any text will do."""
    return [words[LANGUAGES.index(language)] for words in CHOICES.get(field, {}).values()]


def mapping_of(head: Sequence[str]) -> Mapping:
    """Answer how rows with these heads are read: they must be those of one template, in one of the languages.

    Raises:
        HeadUnclear: they are of none; says what is missing or unknown.
    """
    found = {one for one in head if one}
    best: tuple[int, list[str], list[str]] = (0, [], sorted(found))
    for subject, named in HEADS.items():
        for language in LANGUAGES:
            place = LANGUAGES.index(language)
            known = {words[place]: name for name, words in named.items()}
            required = [named[one.name][place] for one in COLUMNS[subject] if one.required]
            lacking = [one for one in required if one not in found]
            unknown = sorted(found - known.keys())
            if not lacking and not unknown:
                return _mapping(subject, {name: one for one, name in known.items() if one in found})
            if len(found & known.keys()) > best[0]:
                best = len(found & known.keys()), lacking, unknown
    _, lacking, unknown = best
    raise HeadUnclear(lacking=", ".join(lacking)[:200] or "–", unknown=", ".join(unknown)[:200] or "–")


def schema(subject: Subject, language: str) -> dict[str, Any]:
    """Answer the JSON Schema (2020-12) of one row, as texts by head."""
    place = LANGUAGES.index(language)
    properties: dict[str, Any] = {}
    for one in COLUMNS[subject]:
        said: dict[str, Any] = {"type": "string", "minLength": 1 if one.required else 0}
        if one.longest:
            said["maxLength"] = one.longest
        if one.name in AMOUNTS:
            said["pattern"] = _AMOUNT if one.required else f"({_AMOUNT})|^$"
        if one.name in MEASURED:
            said["pattern"] = _FIGURE if one.required else f"({_FIGURE})|^$"
        if one.name in INSTANTS:
            said["anyOf"] = [{"format": "date"}, {"format": "date-time"}]
        if one.name in CHOICES:
            said["enum"] = [*choices(one.name, language), *([] if one.required else [""])]
        properties[HEADS[subject][one.name][place]] = said
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:bihuan:template:{subject.value}:{VERSION}:{language}",
        "type": "object",
        "properties": properties,
        "required": [HEADS[subject][one.name][place] for one in COLUMNS[subject] if one.required],
        "additionalProperties": False,
    }


def _mapping(subject: Subject, columns: dict[str, str]) -> Mapping:
    values = {
        name: {word: value for value, words in CHOICES[name].items() for word in words}
        for name in columns
        if name in CHOICES
    }
    return Mapping(subject=subject, columns=columns, values=values)
