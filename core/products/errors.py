"""How the products room says no."""

from __future__ import annotations

from core.kit.refusal import Refusal


class ProductUnknown(Refusal):
    """No product of this plant has the code."""

    says = "Product {code} was not found. Please check the code in the product list."


class ProductTwice(Refusal):
    """One list names the same product code more than once."""

    says = "Product {code} stands in the list more than once. Please keep one row for it."


class IdentifierMalformed(Refusal):
    """The code does not follow the rules of its agency."""

    says = "“{code}” is not a valid device identifier of {agency}. Please copy it from the label once more."


class IdentifierTaken(Refusal):
    """A device identifier names one product for ever."""

    says = "The device identifier {code} belongs to product {product} already."


class NoFactor(Refusal):
    """Nobody declared how the two units compare."""

    says = "How many {into} are one {unit}? Please declare the factor for this product first."


class NotExact(Refusal):
    """Dividing by the factor leaves more decimals than are kept."""

    says = "{amount} {unit} is no exact amount of {into}. Please give the quantity in {unit}."


class FactorOfItself(Refusal):
    """A unit is one of itself; nothing to declare."""

    says = "Please name two different units."


class ComponentTwice(Refusal):
    """One bill of materials names a component twice."""

    says = "Component {code} stands in the list twice. Please keep one line with the whole quantity."


class BomLoops(Refusal):
    """A product would contain itself."""

    says = "Product {code} would contain itself. Please check the components."


class BomEmpty(Refusal):
    """A bill of materials without a line."""

    says = "Please name at least one component."


class NotLater(Refusal):
    """What was valid at a time stays as it was: a new version begins after the one before it."""

    says = "The new version must begin after the present one, which holds since {since}."


class LimitsReversed(Refusal):
    """Lower limit, target and upper limit do not stand in this order."""

    says = "Lower limit, target and upper limit must stand in this order. Please check the numbers."


class NoLimits(Refusal):
    """A specification that allows everything."""

    says = "Please give a target or at least one limit."


class ShareOutOfRange(Refusal):
    """A share that is no share."""

    says = "The loss is a share from 0 to below 1, such as 0.02. Please send it again."
