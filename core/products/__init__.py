"""What the plant makes: one row per product, with the flags that raise the grade of its anomalies."""

from __future__ import annotations

from core.products.errors import ProductTwice, ProductUnknown
from core.products.queries import by_code, facts_of, product, products
from core.products.recording import record_products
from core.products.terms import NewProduct, ProductFacts

__all__ = [
    "NewProduct",
    "ProductFacts",
    "ProductTwice",
    "ProductUnknown",
    "by_code",
    "facts_of",
    "product",
    "products",
    "record_products",
]
