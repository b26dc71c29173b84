"""Identifiers, factors, bills of materials and parameters: what held at a time stays answerable."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.exceptions import IntegrityError

from core import products
from core.kit import NotPermitted, clock
from core.products import Agency, NewBomLine, policy
from core.products.models import Bom, ParameterSpec
from core.products.terms import Factor
from tests.core.lots.shop import BAR, SCREW, Shop, opened


@pytest.fixture
async def shop(database: object) -> Shop:
    """A plant with two products."""
    return await opened()


def line(component: str, quantity: str = "0.02", **more: Decimal) -> NewBomLine:
    """So many kilograms of a component."""
    return NewBomLine(component=component, quantity=Decimal(quantity), unit="kg", **more)


@pytest.mark.req("G-43")
async def test_a_bill_of_materials_holds_from_its_day_until_the_next(shop: Shop) -> None:
    """Asked as of any time, the version of that time answers; the past is never rewritten."""
    now = clock.now()
    first, second = now - dt.timedelta(days=30), now + dt.timedelta(days=30)
    await products.publish_bom(shop.boss, SCREW, [line(BAR)], effective_from=first)
    await products.publish_bom(shop.boss, SCREW, [line(BAR, "0.03")], effective_from=second)
    screw = (await products.by_code(shop.plant, [SCREW]))[SCREW]
    for at, version in (
        (first - dt.timedelta(seconds=1), None),
        (first, 1),
        (now, 1),
        (second, 2),
    ):
        found = await products.bom_at(screw.id, at)
        assert (None if found is None else found.version) == version
    for begins in (first, second):
        with pytest.raises(products.NotLater):
            await products.publish_bom(shop.boss, SCREW, [line(BAR)], effective_from=begins)
    for lines, refusal in (
        ([], products.BomEmpty),
        ([line(BAR), line(BAR)], products.ComponentTwice),
        ([line("NOPE")], products.ProductUnknown),
        ([line(BAR, loss=Decimal(1))], products.ShareOutOfRange),
    ):
        with pytest.raises(refusal):
            await products.publish_bom(shop.boss, SCREW, lines)
    with pytest.raises(products.BomLoops):
        await products.publish_bom(shop.boss, BAR, [line(SCREW)])
    assert [one.version for one in await products.boms_of(shop.worker, screw.id)] == [2, 1]
    assert await products.boms_of(shop.partner(shop.coater), screw.id) == []
    with pytest.raises(IntegrityError):
        await Bom.create(
            plant_id=shop.plant, product_id=screw.id, version=1, effective_from=now, published_at=now
        )


async def test_a_parameter_is_specified_by_versions_with_limits_in_order(shop: Shop) -> None:
    """The version of the moment answers; limits that exclude each other are refused, also by the database."""
    said = {"unit": "μm", "lower": Decimal(25), "target": Decimal(30), "upper": Decimal(35)}
    made = await products.publish_parameter(shop.boss, SCREW, "coating", "thickness", **said)
    later = clock.now() + dt.timedelta(days=1)
    await products.publish_parameter(
        shop.boss, SCREW, "coating", "thickness", unit="μm", lower=Decimal(27), effective_from=later
    )
    held = await products.parameters_at(made.product_id, "coating", clock.now())
    assert (held["thickness"].version, held["thickness"].upper) == (1, Decimal(35))
    assert (await products.parameters_at(made.product_id, "coating", later))["thickness"].upper is None
    with pytest.raises(products.NoLimits):
        await products.publish_parameter(shop.boss, SCREW, "coating", "colour", unit="1")
    with pytest.raises(products.LimitsReversed):
        await products.publish_parameter(
            shop.boss, SCREW, "coating", "colour", unit="1", lower=Decimal(2), upper=Decimal(1)
        )
    with pytest.raises(IntegrityError):
        await ParameterSpec.create(
            plant_id=shop.plant,
            product_id=made.product_id,
            process="coating",
            name="colour",
            version=1,
            unit="1",
            lower=Decimal(10),
            upper=Decimal(9),
            effective_from=later,
            published_at=later,
        )


async def test_a_device_identifier_names_one_product(shop: Shop) -> None:
    """Under several agencies, each once; a wrong check digit is refused; partners change no master data."""
    made = await products.add_identifier(shop.boss, SCREW, Agency.GS1, "6901234567892", contains=10)
    assert made.code == "06901234567892"
    assert await products.add_identifier(shop.boss, SCREW, Agency.GS1, "0690 1234 5678 92") == made
    await products.add_identifier(shop.boss, SCREW, Agency.MA, "MA.156.M0.100001.A1")
    assert (await products.identified(shop.plant, made.code)).code == SCREW  # type: ignore[union-attr]
    with pytest.raises(products.IdentifierTaken):
        await products.add_identifier(shop.boss, BAR, Agency.GS1, "6901234567892")
    for agency, code in (
        (Agency.GS1, "6901234567893"),
        (Agency.GS1, "12"),
        (Agency.HIBCC, "1234"),
        (Agency.MA, "X"),
    ):
        with pytest.raises(products.IdentifierMalformed):
            await products.add_identifier(shop.boss, BAR, agency, code)
    with pytest.raises(NotPermitted):
        await products.add_identifier(shop.partner(shop.coater), SCREW, Agency.AHM, "8123456789")


@given(
    st.integers(min_value=0, max_value=10**13 - 1), st.integers(min_value=0, max_value=12), st.integers(1, 9)
)
def test_one_wrong_digit_never_passes_as_a_gtin(number: int, place: int, change: int) -> None:
    """The check digit of GS1 finds every single wrong digit."""
    body = f"{number:013d}"
    right = next(body + str(check) for check in range(10) if policy.gtin_holds(body + str(check)))
    wrong = right[:place] + str((int(right[place]) + change) % 10) + right[place + 1 :]
    assert not policy.gtin_holds(wrong)


def test_a_products_own_factor_goes_before_the_plants() -> None:
    """A box of this product holds 12, of others 10; what is not exact is refused."""
    factors = [
        Factor(product_id=None, unit="box", into="pcs", factor=Decimal(10)),
        Factor(product_id=7, unit="box", into="pcs", factor=Decimal(12)),
    ]
    assert policy.convert(Decimal(2), "box", "pcs", factors) == 24
    assert policy.convert(Decimal(18), "pcs", "box", factors) == Decimal("1.5")
    with pytest.raises(products.NotExact):
        policy.convert(Decimal(1), "pcs", "box", factors)
