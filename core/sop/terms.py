"""Words of procedures: categories with their sub-codes, stages, fields of a template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SLACK = dt.timedelta(minutes=2)
"""How far ahead of ours a person's clock may go: a finding later than that lies in the future."""

Label = dict[str, str]
"""A text in both languages: ``{"zh": …, "en": …}``."""


class FieldType(StrEnum):
    """What a field of a template takes."""

    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"
    QUANTITY = "quantity"
    DATETIME = "datetime"
    LOT = "lot"
    PARTNER = "partner"
    STAGE = "stage"
    PHOTOS = "photos"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a choice, in both languages."""

    value: str
    label: Label


@dataclass(frozen=True, kw_only=True)
class AskedIf:
    """A question that follows only from certain answers to an earlier choice."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a template."""

    key: str
    type: str
    label: Label
    help: Label | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    limit: int | None = None
    least: str | None = None
    most: str | None = None
    regex: str | None = None
    photos_min: int = 0
    photos_max: int = 9
    asked_if: AskedIf | None = None

    def is_asked(self, answers: Mapping[str, object]) -> bool:
        """Whether the question applies, given what was answered before it."""
        return self.asked_if is None or answers.get(self.asked_if.key) in self.asked_if.values

    def label_in(self, locale: str) -> str:
        """The question in a reader's language."""
        return self.label["zh" if locale.startswith("zh") else "en"]

    def help_in(self, locale: str) -> str:
        """The help line in a reader's language, or nothing."""
        return "" if self.help is None else self.help["zh" if locale.startswith("zh") else "en"]

    def to_json(self) -> dict[str, object]:
        """The stored form."""
        return {
            "key": self.key,
            "type": self.type,
            "label": self.label,
            "help": self.help,
            "required": self.required,
            "options": [{"value": one.value, "label": one.label} for one in self.options],
            "limit": self.limit,
            "least": self.least,
            "most": self.most,
            "regex": self.regex,
            "photos_min": self.photos_min,
            "photos_max": self.photos_max,
            "asked_if": None
            if self.asked_if is None
            else vars(self.asked_if) | {"values": [*self.asked_if.values]},
        }

    @staticmethod
    def from_json(stored: dict[str, Any]) -> Field:
        """Read the stored form back."""
        rest = {key: value for key, value in stored.items() if key not in ("options", "asked_if")}
        options = stored.get("options") or []
        condition = stored.get("asked_if")
        if not isinstance(options, list):
            msg = "options are a list"
            raise TypeError(msg)
        return Field(
            **rest,
            options=tuple(Option(value=str(one["value"]), label=dict(one["label"])) for one in options),
            asked_if=AskedIf(key=str(condition["key"]), values=tuple(map(str, condition["values"])))
            if isinstance(condition, dict)
            else None,
        )


@dataclass(frozen=True, kw_only=True)
class TemplateFacts:
    """A published template; a record keeps the version it was made with (G-43)."""

    id: int
    plant_id: int
    category: str
    version: int
    fields: tuple[Field, ...]
    effective_from: dt.datetime
    published_by: int | None


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of anomaly with its usual sub-codes (reference §7.1)."""

    code: str
    label: Label
    subcodes: tuple[Option, ...]


def both(zh: str, en: str) -> Label:
    """A text in both languages."""
    return {"zh": zh, "en": en}


def _category(code: str, zh: str, en: str, *subcodes: tuple[str, str]) -> Category:
    return Category(
        code=code,
        label=both(zh, en),
        subcodes=tuple(
            Option(value=f"{code}{number:02d}", label=both(said_zh, said_en))
            for number, (said_zh, said_en) in enumerate(subcodes, start=1)
        ),
    )


CATEGORIES: tuple[Category, ...] = (
    _category(
        "P",
        "工艺偏离",
        "Process deviation",
        ("参数超限", "Parameter out of limits"),
        ("工序遗漏或顺序错", "Step missed or out of order"),
        ("未批准工艺或设备", "Process or machine not approved"),
        ("工装或程序版本错", "Wrong tool or program version"),
        ("环境超限", "Environment out of limits"),
        ("特殊过程失控", "Special process out of control"),
    ),
    _category(
        "T",
        "检测结果不一致",
        "Inspection mismatch",
        ("供方与本方结果不一致", "Supplier and own result differ"),
        ("复验翻转", "Result turned at reinspection"),
        ("方法版本不一致", "Method versions differ"),
        ("量具超期或失准", "Gauge overdue or off"),
        ("原始记录缺失", "Raw record missing"),
        ("抽样方案错误", "Wrong sampling plan"),
    ),
    _category(
        "M",
        "材料批次不合格",
        "Material lot",
        ("材质或成分", "Material or composition"),
        ("尺寸", "Dimension"),
        ("外观", "Appearance"),
        ("性能或生物相容", "Performance or biocompatibility"),
        ("混批混料", "Mixed lots"),
        ("超期", "Past its date"),
        ("证书缺失或不符", "Certificate missing or wrong"),
    ),
    _category(
        "L",
        "运输延误与物流",
        "Transport",
        ("延误", "Delay"),
        ("温度超限", "Temperature excursion"),
        ("湿度超限", "Humidity excursion"),
        ("冲击或破损", "Shock or damage"),
        ("封签异常", "Seal broken or missing"),
        ("数量差异", "Quantity differs"),
        ("记录仪缺失", "Logger missing"),
    ),
    _category(
        "K",
        "包装标签错位",
        "Packaging and label",
        ("标签错漏或位移", "Label wrong, missing or shifted"),
        ("UDI 错误或不可读", "UDI wrong or unreadable"),
        ("有效期或批号错", "Wrong expiry or lot number"),
        ("无菌屏障破损", "Sterile barrier damaged"),
        ("说明书版本错", "Wrong instructions version"),
        ("混装", "Mixed pack"),
    ),
    _category(
        "D",
        "文件与数据",
        "Document and data",
        ("记录不完整", "Record incomplete"),
        ("版本错误", "Wrong version"),
        ("数据完整性疑点", "Data integrity in doubt"),
        ("未授权变更", "Change without authority"),
    ),
    _category(
        "E",
        "设备与设施",
        "Equipment",
        ("故障", "Breakdown"),
        ("校准", "Calibration"),
        ("软件或参数丢失", "Software or parameters lost"),
    ),
    _category(
        "C",
        "变更",
        "Change",
        ("供方未通知变更", "Supplier did not announce a change"),
        ("变更未验证", "Change not verified"),
    ),
    _category(
        "S",
        "供应与交付",
        "Supply",
        ("交期", "Delivery date"),
        ("分包未批准", "Subcontracting not approved"),
        ("资质过期", "Qualification expired"),
    ),
    _category(
        "R", "市场反馈", "Field feedback", ("客诉", "Complaint"), ("不良事件线索", "Hint of an adverse event")
    ),
)

CATEGORY_CODES = frozenset(one.code for one in CATEGORIES)

STAGES: tuple[Option, ...] = (
    Option(value="incoming", label=both("来料", "Incoming")),
    Option(value="machining", label=both("机加工", "Machining")),
    Option(value="cleaning", label=both("清洗", "Cleaning")),
    Option(value="coating", label=both("涂层", "Coating")),
    Option(value="sterilisation", label=both("灭菌", "Sterilisation")),
    Option(value="inspection", label=both("检验", "Inspection")),
    Option(value="packing", label=both("包装", "Packing")),
    Option(value="transport", label=both("运输", "Transport")),
    Option(value="receipt", label=both("收货", "Receipt")),
)

DETECTIONS: tuple[Option, ...] = (
    Option(value="automatic", label=both("设备自动报警", "Automatic alarm")),
    Option(value="inspection", label=both("按计划检验", "Planned inspection")),
    Option(value="visual", label=both("目视发现", "Seen by eye")),
    Option(value="record_review", label=both("查记录发现", "Record review")),
    Option(value="chance", label=both("偶然发现", "By chance")),
    Option(value="complaint", label=both("下游或客户反馈", "Told by the next step or customer")),
)

RISKS: tuple[Option, ...] = (
    Option(value="none", label=both("以上都没有", "None of these")),
    Option(value="sterile", label=both("无菌屏障或灭菌", "Sterile barrier or sterilisation")),
    Option(value="label", label=both("标签、UDI 或有效期", "Label, UDI or expiry")),
    Option(value="implant", label=both("植入或接触人体的材料", "Implant or body-contact material")),
    Option(value="safety", label=both("安全特性", "Safety characteristic")),
    Option(value="shipped", label=both("已放行或已发货", "Released or shipped already")),
    Option(value="falsified", label=both("疑似数据造假", "Data may be falsified")),
    Option(value="line_down", label=both("客户产线停线", "Customer's line is down")),
)
