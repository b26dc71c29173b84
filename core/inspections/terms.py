"""Words and frozen values of the inspections room: methods, results with their raw side, reference samples."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.kit.provenance import BY_HAND, Flag, Provenance
from core.kit.said import Said


class Verdict(Said):
    """What we computed of a result against the limits of its method; what a sender claims stands beside it."""

    CONFORMING = "conforming", "within limits"
    NONCONFORMING = "nonconforming", "out of limits"
    INCOMPLETE = "incomplete", "values are missing"
    UNLIMITED = "unlimited", "no limits to judge by"


class SampleKind(Said):
    """What a reference sample shows."""

    GOLDEN = "golden", "Golden sample"
    LIMIT_GOOD = "limit_good", "Limit sample, just acceptable"
    LIMIT_BAD = "limit_bad", "Limit sample, just not acceptable"


@dataclass(frozen=True, kw_only=True)
class NewCharacteristic:
    """What a method measures; without a unit it is judged good or bad. ``uncertainty`` is expanded, by ``coverage``."""

    key: str
    name_zh: str
    name_en: str
    unit: str = ""
    lower: Decimal | None = None
    target: Decimal | None = None
    upper: Decimal | None = None
    uncertainty: Decimal | None = None
    coverage: Decimal = Decimal(2)


@dataclass(frozen=True, kw_only=True)
class NewMethod:
    """The next version of an inspection method."""

    code: str
    name_zh: str
    name_en: str
    characteristics: tuple[NewCharacteristic, ...]
    effective_from: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CharacteristicFacts:
    """A characteristic of a version of a method."""

    id: int
    key: str
    name_zh: str
    name_en: str
    unit: str
    lower: Decimal | None
    target: Decimal | None
    upper: Decimal | None
    uncertainty: Decimal | None
    coverage: Decimal

    @property
    def measured(self) -> bool:
        """Whether it has a number; otherwise it is judged good or bad."""
        return bool(self.unit)

    def name(self, locale: str) -> str:
        """Answer the name in the reader's language."""
        return self.name_en if locale.startswith("en") else self.name_zh


@dataclass(frozen=True, kw_only=True)
class MethodFacts:
    """A version of a method; it holds from ``effective_from`` until the next version does."""

    id: int
    code: str
    version: int
    name_zh: str
    name_en: str
    effective_from: dt.datetime
    characteristics: tuple[CharacteristicFacts, ...]

    def name(self, locale: str) -> str:
        """Answer the name in the reader's language."""
        return self.name_en if locale.startswith("en") else self.name_zh


@dataclass(frozen=True, kw_only=True)
class NewValue:
    """One value of a result: a number in a unit (empty: the characteristic's own), or good or bad."""

    key: str
    value: Decimal | None = None
    passed: bool | None = None
    unit: str = ""
    piece: int = 1
    operator: str = ""
    """Of a bound instead of a value: "<" 0.01 is below detection."""
    uncertainty: Decimal | None = None
    """Expanded, in the unit of the value, by ``coverage``; None: as the method says."""
    coverage: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class NewResult:
    """A result as it comes in. ``method_version`` None is the one that held when it was measured."""

    lot: str
    method: str
    values: tuple[NewValue, ...]
    measured_at: dt.datetime
    method_version: int | None = None
    stage_id: int | None = None
    laboratory_id: int | None = None
    instrument: str = ""
    calibrated_until: dt.date | None = None
    analyst: str = ""
    evidence_ids: tuple[int, ...] = ()
    claims: bool | None = None
    """What the sender says of it: conforming or not."""
    sample: str = ""
    sampled_at: dt.datetime | None = None
    remark: str = ""
    corrects: int | None = None
    provenance: Provenance = BY_HAND


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A value against its characteristic: ``compared`` is in the characteristic's unit, ``within`` is our judgement."""

    characteristic: CharacteristicFacts
    given: NewValue
    compared: Decimal | None
    within: bool


@dataclass(frozen=True, kw_only=True)
class ValueFacts:
    """A recorded value with what it was judged against."""

    key: str
    name_zh: str
    name_en: str
    piece: int
    value: Decimal | None
    operator: str
    unit: str
    uncertainty: Decimal | None
    coverage: Decimal | None
    passed: bool | None
    compared: Decimal | None
    compared_unit: str
    lower: Decimal | None
    upper: Decimal | None
    within: bool


@dataclass(frozen=True, kw_only=True)
class ResultFacts:
    """A laboratory's raw record: values, method and version, instrument, analyst, file, and our verdict."""

    id: int
    plant_id: int
    lot_id: int
    lot_number: str
    stage_id: int | None
    method: str
    method_version: int
    laboratory_id: int | None
    organisation_id: int
    instrument: str
    calibrated_until: dt.date | None
    analyst: str
    measured_at: dt.datetime
    recorded_at: dt.datetime
    verdict: Verdict
    claims: bool | None
    sample: str
    sampled_at: dt.datetime | None
    remark: str
    corrects: int | None
    provenance: Provenance
    values: tuple[ValueFacts, ...]

    @property
    def flags(self) -> tuple[Flag, ...]:
        """What is doubtful about it."""
        return self.provenance.flags

    @property
    def out(self) -> tuple[ValueFacts, ...]:
        """The values out of their limits."""
        return tuple(one for one in self.values if not one.within)


@dataclass(frozen=True, kw_only=True)
class NewSample:
    """The next version of a golden or limit sample, with its pictures."""

    product: str
    code: str
    kind: SampleKind
    title: str
    shows: str
    evidence_ids: tuple[int, ...]
    valid_until: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SampleFacts:
    """A golden or limit sample; it is in force once signed, until it expires or the next version is signed."""

    id: int
    product_id: int
    code: str
    version: int
    kind: SampleKind
    title: str
    shows: str
    digests: tuple[str, ...]
    evidence_ids: tuple[int, ...]
    made_by: int | None
    made_at: dt.datetime
    valid_until: dt.datetime | None
    approved_by: int | None
    approved_at: dt.datetime | None
    signature_id: int | None

    def in_force(self, at: dt.datetime) -> bool:
        """Whether it was signed and not expired at an instant."""
        signed = self.approved_at is not None and self.approved_at <= at
        return signed and (self.valid_until is None or at < self.valid_until)
