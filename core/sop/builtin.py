"""The built-in templates of the ten categories: who, when, where, how, and what this kind of anomaly needs.

No report asks more than twelve questions, most of them buttons: a person at the line is done in 90 seconds.
"""

from __future__ import annotations

from typing import Any

from core.sop.terms import (
    CATEGORIES,
    DETECTIONS,
    RISKS,
    STAGES,
    AskedIf,
    Category,
    Field,
    Label,
    Option,
    both,
)


def _field(key: str, kind: str, label: Label, **more: Any) -> Field:
    return Field(key=key, type=kind, label=label, **more)


def _options(*said: tuple[str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(value=value, label=both(zh, en)) for value, zh, en in said)


def _for_kinds(*codes: str) -> AskedIf:
    return AskedIf(key="subcode", values=codes)


_SPECIFIC: dict[str, tuple[Field, ...]] = {
    "P": (
        _field(
            "parameter",
            "text",
            both("哪个参数或工序？实际值与要求值？", "Which parameter or step? Actual and required value?"),
            limit=200,
            help=both(
                "例如：涂层厚度 18 μm，要求 25–35 μm",
                "For example: coating thickness 18 μm, required 25–35 μm",
            ),
        ),
    ),
    "T": (
        _field(
            "results",
            "text",
            both("两个结果分别是多少？", "What are the two results?"),
            limit=200,
            asked_if=_for_kinds("T01", "T02"),
            help=both("例如：本方 9.2 μm，供方 11.8 μm", "For example: ours 9.2 μm, theirs 11.8 μm"),
        ),
        _field(
            "method",
            "text",
            both("哪个方法、量具或记录？", "Which method, gauge or record?"),
            limit=120,
            asked_if=_for_kinds("T03", "T04", "T05", "T06"),
            help=both(
                "写编号和版本，例如：千分尺 GA-017", "Number and version, for example: micrometer GA-017"
            ),
        ),
    ),
    "M": (
        _field(
            "certificate",
            "choice",
            both("材质证书怎么样？", "What about the material certificate?"),
            options=_options(
                ("matches", "有，与实物相符", "Present, matches the goods"),
                ("differs", "有，与实物不符", "Present, does not match"),
                ("missing", "没有", "Missing"),
                ("unchecked", "还没核对", "Not checked yet"),
            ),
        ),
    ),
    "L": (
        _field(
            "logger",
            "choice",
            both("温湿度记录仪怎么样？", "What does the temperature logger say?"),
            options=_options(
                ("within", "有，全程在限内", "Present, within limits all the way"),
                ("excursion", "有，超限", "Present, out of limits"),
                ("gap", "有，数据有缺口", "Present, with a gap in the data"),
                ("missing", "没有记录仪", "No logger"),
            ),
        ),
        _field(
            "temperature",
            "choice",
            both("最极端的温度在哪个范围？", "In which range was the most extreme temperature?"),
            asked_if=_for_kinds("L02"),
            options=_options(
                ("below_2", "低于 2 ℃", "Below 2 °C"),
                ("from_2_to_8", "2–8 ℃", "2–8 °C"),
                ("from_8_to_15", "8–15 ℃", "8–15 °C"),
                ("from_15_to_30", "15–30 ℃", "15–30 °C"),
                ("from_30_to_40", "30–40 ℃", "30–40 °C"),
                ("above_40", "高于 40 ℃", "Above 40 °C"),
            ),
        ),
    ),
    "K": (
        _field(
            "udi",
            "choice",
            both("UDI 能扫出来，内容对吗？", "Can the UDI be scanned, and is it right?"),
            options=_options(
                ("right", "能扫，内容正确", "Scans, content right"),
                ("wrong", "能扫，内容不对", "Scans, content wrong"),
                ("unreadable", "扫不出来", "Does not scan"),
                ("none", "没有 UDI", "There is no UDI"),
            ),
        ),
    ),
    "D": (
        _field(
            "document",
            "text",
            both("哪份文件或记录？", "Which document or record?"),
            limit=120,
            help=both(
                "写编号和版本，例如：WI-COAT-07 B 版", "Number and version, for example: WI-COAT-07 rev B"
            ),
        ),
    ),
    "E": (
        _field(
            "equipment",
            "text",
            both("哪台设备？", "Which machine?"),
            limit=60,
            help=both("写设备编号，例如：CNC-04", "The machine's number, for example: CNC-04"),
        ),
    ),
    "C": (
        _field(
            "change",
            "choice",
            both("变更了什么？", "What was changed?"),
            options=_options(
                ("material", "原材料或供应来源", "Material or its source"),
                ("process", "工艺或参数", "Process or parameters"),
                ("equipment", "设备或工装", "Machine or tool"),
                ("site", "场地或产线", "Site or line"),
                ("people", "关键人员", "Key people"),
                ("software", "软件或程序", "Software or program"),
                ("other", "其他", "Something else"),
            ),
        ),
    ),
    "S": (
        _field(
            "order",
            "text",
            both("哪张订单或哪份资质？", "Which order or which qualification?"),
            limit=60,
            help=both("写编号，例如：PO-20261108", "Its number, for example: PO-20261108"),
        ),
    ),
    "R": (
        _field(
            "harm",
            "choice",
            both("患者或使用者受到影响了吗？", "Was a patient or user affected?"),
            options=_options(
                ("none", "没有", "No"),
                ("possible", "有可能", "Possibly"),
                ("minor", "有，轻微", "Yes, slightly"),
                ("serious", "有，严重", "Yes, seriously"),
                ("unknown", "还不知道", "Not known yet"),
            ),
        ),
    ),
}

_ABOUT_PARTNERS = frozenset({"D", "E", "C", "S"})
"""Categories that are about a partner rather than about pieces of a lot."""
_COUNTED = {"L": _for_kinds("L04", "L06")}
"""Where pieces are counted only for some kinds: damage and wrong count, not a delay."""


def _about(category: Category) -> tuple[Field, ...]:
    lot_needed = category.code not in _ABOUT_PARTNERS
    lot = _field(
        "lot",
        "lot",
        both("哪个批次？", "Which lot?"),
        required=lot_needed,
        limit=60,
        help=both("点最近用过的，或输入批号", "Tap one used lately, or type the lot number"),
    )
    if not lot_needed:
        return (
            _field(
                "partner", "partner", both("涉及哪家合作方？", "Which partner is concerned?"), required=False
            ),
            lot,
        )
    return (
        lot,
        _field(
            "quantity",
            "quantity",
            both("多少件有问题？", "How many pieces are affected?"),
            asked_if=_COUNTED.get(category.code),
            help=both("只写数字，例如 12", "Just the number, for example 12"),
        ),
    )


def _fields(category: Category) -> tuple[Field, ...]:
    return (
        _field("subcode", "choice", both("具体是哪一种？", "Which kind exactly?"), options=category.subcodes),
        *_about(category),
        _field("occurred_at", "datetime", both("什么时候发现的？", "When was it found?")),
        _field("place", "text", both("在哪里？（现场、产线）", "Where? (site, line)"), limit=80),
        _field(
            "interface_from", "stage", both("来自哪个环节？", "Which stage did it come from?"), options=STAGES
        ),
        _field(
            "interface_to",
            "stage",
            both("在哪个环节发现的？", "At which stage was it found?"),
            options=STAGES,
        ),
        _field("detection", "choice", both("怎么发现的？", "How was it found?"), options=DETECTIONS),
        *_SPECIFIC[category.code],
        _field(
            "risk",
            "choice",
            both("是否涉及下列情况？", "Does any of these apply?"),
            options=RISKS,
            help=both("选最严重的一项", "Choose the most serious one"),
        ),
        _field("description", "text", both("用一两句话说明", "Describe it in a sentence or two"), limit=2000),
        _field(
            "photos",
            "photos",
            both("请拍照（1–9 张）", "Take photos (1 to 9)"),
            photos_min=1,
            photos_max=9,
            help=both("整体一张，近处一张", "One from afar, one close up"),
        ),
    )


BUILTIN: dict[str, tuple[Field, ...]] = {category.code: _fields(category) for category in CATEGORIES}
