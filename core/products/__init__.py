"""What the plant makes: products with their risk flags and device identifiers, what they are made of and how.

Bills of materials and parameter specifications are versions with a date: what held at a time stays answerable.
"""

from __future__ import annotations

from core.products.effective import (
    bom_at,
    boms_of,
    factors,
    identified,
    identifiers_of,
    packaged,
    parameters_at,
    parameters_of,
)
from core.products.errors import (
    BomEmpty,
    BomLoops,
    ComponentTwice,
    FactorOfItself,
    IdentifierMalformed,
    IdentifierTaken,
    LimitsReversed,
    NoFactor,
    NoLimits,
    NotExact,
    NotLater,
    ProductTwice,
    ProductUnknown,
    ShareOutOfRange,
)
from core.products.identifying import add_identifier, declare_factor
from core.products.policy import convert, limits, within
from core.products.queries import by_code, facts_of, product, products
from core.products.recording import record_products
from core.products.terms import (
    Agency,
    BomFacts,
    BomLineFacts,
    Factor,
    IdentifierFacts,
    NewBomLine,
    NewProduct,
    ProductFacts,
    SpecFacts,
)
from core.products.versioning import publish_bom, publish_parameter

__all__ = [
    "Agency",
    "BomEmpty",
    "BomFacts",
    "BomLineFacts",
    "BomLoops",
    "ComponentTwice",
    "Factor",
    "FactorOfItself",
    "IdentifierFacts",
    "IdentifierMalformed",
    "IdentifierTaken",
    "LimitsReversed",
    "NewBomLine",
    "NewProduct",
    "NoFactor",
    "NoLimits",
    "NotExact",
    "NotLater",
    "ProductFacts",
    "ProductTwice",
    "ProductUnknown",
    "ShareOutOfRange",
    "SpecFacts",
    "add_identifier",
    "bom_at",
    "boms_of",
    "by_code",
    "convert",
    "declare_factor",
    "factors",
    "facts_of",
    "identified",
    "identifiers_of",
    "limits",
    "packaged",
    "parameters_at",
    "parameters_of",
    "product",
    "products",
    "publish_bom",
    "publish_parameter",
    "record_products",
    "within",
]
