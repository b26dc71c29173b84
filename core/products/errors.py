"""How the products room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class ProductUnknown(Refusal):
    """No product of this plant has the code."""

    says = "Product {code} was not found. Please check the code in the product list."


class ProductTwice(Refusal):
    """One list names the same product code more than once."""

    says = "Product {code} stands in the list more than once. Please keep one row for it."
