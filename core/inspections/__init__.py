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
    MeasuredLater,
    MethodUnknown,
    NoCharacteristics,
    NumberWanted,
    PictureWanted,
    SampleOwn,
    SampleSigned,
    UncertaintyMalformed,
    ValueTwice,
)
from core.inspections.hooks import recorded
from core.inspections.queries import (
    add_inspectors,
    method_at,
    methods,
    result,
    results_of,
    sample,
    samples_of,
)
from core.inspections.recording import publish_method, record_result
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
    "CharacteristicFacts",
    "CharacteristicTwice",
    "CharacteristicUnknown",
    "CorrectedAlready",
    "CorrectsAnother",
    "JudgementWanted",
    "MeasuredLater",
    "MethodFacts",
    "MethodUnknown",
    "NewCharacteristic",
    "NewMethod",
    "NewResult",
    "NewSample",
    "NewValue",
    "NoCharacteristics",
    "NumberWanted",
    "PictureWanted",
    "ResultFacts",
    "SampleFacts",
    "SampleKind",
    "SampleOwn",
    "SampleSigned",
    "UncertaintyMalformed",
    "ValueFacts",
    "ValueTwice",
    "Verdict",
    "approve_sample",
    "make_sample",
    "method_at",
    "methods",
    "publish_method",
    "record_result",
    "recorded",
    "result",
    "results_of",
    "sample",
    "samples_of",
]

lots.inspectors.join(add_inspectors)
