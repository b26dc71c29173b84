"""What was inspected: methods by version, laboratories' raw records judged by us, golden and limit samples.

Plant people see all of their plant; a partner's see the results that they brought in, methods, and signed samples.
"""

from __future__ import annotations

from core import lots
from core.inspections.errors import (
    CharacteristicTwice,
    CharacteristicUnknown,
    CorrectedAlready,
    CorrectsAnother,
    JudgementWanted,
    LimitsCross,
    MeasuredLater,
    MethodUnknown,
    NoCharacteristics,
    NoFindings,
    NumberWanted,
    PictureWanted,
    SampledLater,
    SampleOwn,
    SampleSigned,
    UncertaintyMalformed,
    ValueTwice,
)
from core.inspections.hooks import recorded, reported
from core.inspections.queries import (
    add_inspectors,
    method_at,
    methods,
    reports_of,
    result,
    results_of,
    sample,
    samples_of,
    unsigned_samples,
)
from core.inspections.recording import publish_method, record_result
from core.inspections.report_terms import (
    Bound,
    FindingFacts,
    Form,
    NewFinding,
    NewReport,
    ReportFacts,
    Single,
    Standing,
)
from core.inspections.reporting import record_report
from core.inspections.sampling import ACT, approve_sample, make_sample
from core.inspections.terms import (
    CharacteristicFacts,
    MethodFacts,
    NewCharacteristic,
    NewMethod,
    NewResult,
    NewSample,
    NewValue,
    ResultFacts,
    SampleFacts,
    SampleKind,
    ValueFacts,
    Verdict,
)

__all__ = [
    "ACT",
    "Bound",
    "CharacteristicFacts",
    "CharacteristicTwice",
    "CharacteristicUnknown",
    "CorrectedAlready",
    "CorrectsAnother",
    "FindingFacts",
    "Form",
    "JudgementWanted",
    "LimitsCross",
    "MeasuredLater",
    "MethodFacts",
    "MethodUnknown",
    "NewCharacteristic",
    "NewFinding",
    "NewMethod",
    "NewReport",
    "NewResult",
    "NewSample",
    "NewValue",
    "NoCharacteristics",
    "NoFindings",
    "NumberWanted",
    "PictureWanted",
    "ReportFacts",
    "ResultFacts",
    "SampleFacts",
    "SampleKind",
    "SampleOwn",
    "SampleSigned",
    "SampledLater",
    "Single",
    "Standing",
    "UncertaintyMalformed",
    "ValueFacts",
    "ValueTwice",
    "Verdict",
    "approve_sample",
    "make_sample",
    "method_at",
    "methods",
    "publish_method",
    "record_report",
    "record_result",
    "recorded",
    "reported",
    "reports_of",
    "result",
    "results_of",
    "sample",
    "samples_of",
    "unsigned_samples",
]

lots.inspectors.join(add_inspectors)
