"""The built-in templates of the ten categories: who, when, where, how, and what this kind of anomaly needs."""

from __future__ import annotations

from typing import Any

from core.sop.terms import CATEGORIES, DETECTIONS, RISKS, STAGES, Category, Field, Label, Option, both

_YES_NO = (Option(value="yes", label=both("是", "Yes")), Option(value="no", label=both("否", "No")))


def _field(key: str, kind: str, label: Label, **more: Any) -> Field:
    return Field(key=key, type=kind, label=label, **more)


_SPECIFIC: dict[str, tuple[Field, ...]] = {
    "P": (
        _field(
            "parameter",
            "text",
            both("哪个参数或工序?", "Which parameter or step?"),
            limit=120,
            help=both("例如:涂层厚度、烧结温度", "For example: coating thickness, sinter temperature"),
        ),
        _field(
            "measured",
            "text",
            both("实际值与要求值?", "Actual value and required value?"),
            limit=120,
            required=False,
            help=both("例如:18 μm,要求 25–35 μm", "For example: 18 μm, required 25–35 μm"),
        ),
    ),
    "T": (
        _field("own_result", "text", both("本方结果?", "Our result?"), limit=120),
        _field("other_result", "text", both("对方结果?", "Their result?"), limit=120),
    ),
    "M": (
        _field(
            "certificate",
            "choice",
            both("有材质证书吗?", "Is there a material certificate?"),
            options=_YES_NO,
        ),
    ),
    "L": (
        _field("carrier_document", "text", both("运单号?", "Consignment number?"), limit=60, required=False),
        _field(
            "logger",
            "choice",
            both("温湿度记录仪?", "Temperature logger?"),
            options=(
                Option(value="within", label=both("有,在限内", "Present, within limits")),
                Option(value="excursion", label=both("有,超限", "Present, out of limits")),
                Option(value="missing", label=both("没有", "Missing")),
            ),
        ),
        _field(
            "worst",
            "text",
            both("最高或最低温度?(℃)", "Highest or lowest temperature? (°C)"),
            limit=20,
            required=False,
        ),
    ),
    "K": (
        _field("udi_readable", "choice", both("UDI 能扫出来吗?", "Can the UDI be scanned?"), options=_YES_NO),
    ),
    "D": (_field("document", "text", both("哪份文件或记录?", "Which document or record?"), limit=120),),
    "E": (_field("equipment", "text", both("设备编号?", "Equipment number?"), limit=60),),
    "C": (_field("change", "text", both("变更了什么?", "What was changed?"), limit=500),),
    "S": (_field("order", "text", both("订单号?", "Order number?"), limit=60, required=False),),
    "R": (
        _field(
            "complaint",
            "text",
            both("客诉或报告编号?", "Complaint or report number?"),
            limit=60,
            required=False,
        ),
    ),
}

_LOT_OPTIONAL = frozenset({"D", "E", "C", "S"})


def _fields(category: Category) -> tuple[Field, ...]:
    lot_needed = category.code not in _LOT_OPTIONAL
    return (
        _field("subcode", "choice", both("具体是哪一种?", "Which kind exactly?"), options=category.subcodes),
        _field(
            "lot",
            "lot",
            both("哪个批次?", "Which lot?"),
            required=lot_needed,
            help=both("点最近用过的,或输入批号", "Tap one used lately, or type the lot number"),
        ),
        _field(
            "quantity",
            "quantity",
            both("多少件有问题?", "How many pieces are affected?"),
            required=lot_needed,
            help=both("只写数字,例如 12", "Just the number, for example 12"),
        ),
        _field("occurred_at", "datetime", both("什么时候发现的?", "When was it found?")),
        _field("place", "text", both("在哪里?(现场、产线)", "Where? (site, line)"), limit=80),
        _field(
            "interface_from", "stage", both("来自哪个环节?", "Which stage did it come from?"), options=STAGES
        ),
        _field(
            "interface_to", "stage", both("在哪个环节发现的?", "At which stage was it found?"), options=STAGES
        ),
        _field("detection", "choice", both("怎么发现的?", "How was it found?"), options=DETECTIONS),
        *_SPECIFIC[category.code],
        _field(
            "risk",
            "choice",
            both("是否涉及下列情况?", "Does any of these apply?"),
            options=RISKS,
            help=both("选最严重的一项", "Choose the most serious one"),
        ),
        _field("description", "text", both("用一两句话说明", "Describe it in a sentence or two"), limit=2000),
        _field(
            "photos",
            "photos",
            both("请拍照(1–9 张)", "Take photos (1 to 9)"),
            photos_min=1,
            photos_max=9,
            help=both("整体一张,近处一张", "One from afar, one close up"),
        ),
    )


BUILTIN: dict[str, tuple[Field, ...]] = {category.code: _fields(category) for category in CATEGORIES}
