"""From a label to its lot: what fits is found, what contradicts is refused, what fits several is offered."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core import labels, lots, products
from core.kit import Refusal, clock, system
from core.labels import Carrier, check_digits
from core.lots import NewLot, of_codes, of_text
from core.products import Agency, NewProduct
from tests.plants import Plant, small_plant

SCREW, BAR = "06901234567892", "51022222233336"
HIBC = "+A123SCREW1"


async def plant_with_udi() -> Plant:
    """The coated screw has three identifiers, the bar one; CT-001 holds two pieces with serial numbers."""
    plant = await small_plant()
    admin = await plant.actor("administrator")
    worker = await plant.actor("responsible")
    screw, bar = "SCREW-35", "BAR-12"
    await products.record_products(admin, [NewProduct(code=bar, name_zh="钛棒", name_en="Titanium bar")])
    await lots.record_lots(
        system(plant.id),
        [
            NewLot(
                number=number,
                product=product,
                organisation_id=plant.id,
                quantity=Decimal(10),
                unit="pcs",
                made_at=clock.now(),
                expires_on=until,
            )
            for number, product, until in (("BAR-001", bar, None), ("CT-002", screw, dt.date(2030, 6, 30)))
        ],
    )
    for agency, code in (
        (Agency.GS1, SCREW),
        (Agency.HIBCC, HIBC[1:]),
        (Agency.MA, "MA.156.M0.100143.03003001"),
    ):
        await products.add_identifier(admin, screw, agency, code)
    await products.add_identifier(admin, bar, Agency.GS1, BAR)
    await lots.record_serials(worker, plant.lots["CT-001"], ["S1", "S2"])
    return plant


def scanned(*texts: str) -> list[Carrier]:
    return [Carrier(text=one, symbology="]d2") for one in texts]


async def test_labels_of_every_agency_lead_to_the_lot(database: str) -> None:
    plant = await plant_with_udi()
    actor = await plant.actor("operator")
    check = check_digits.modulo_43(f"{HIBC}/$CT-001")
    for text in (
        "ct-001",
        f"(01){SCREW}(10)CT-001",
        f"01{SCREW}10CT-001",
        f"]d201{SCREW}10ct-001<GS>21S1",
        f"(01){SCREW}(21)S2",
        "S1",
        f"https://id.gs1.org/01/{SCREW}/10/CT-001",
        f"{HIBC}/$CT-001{check}",
        "MA.156.M0.100143.03003001.LCT-001",
    ):
        found = await of_text(actor, text)
        assert found.lot is not None, text
        assert found.lot.number == "CT-001", text
    halves = await of_codes(actor, scanned(f"01{SCREW}", "17280630\x1d10CT-001"))
    assert halves.lot is not None
    assert str(halves.label.expires_on) == "2028-06-30"
    assert not halves.expired
    late = await of_codes(actor, scanned(f"01{SCREW}1720063010CT-001"))
    assert late.expired


async def test_what_contradicts_the_records_is_refused(database: str) -> None:
    plant = await plant_with_udi()
    actor = await plant.actor("operator")
    for codes, refusal in (
        (scanned(f"01{BAR}10CT-001"), lots.LabelOfOtherProduct),
        (scanned(f"01{SCREW}10CT-002\x1d21S1"), lots.SerialElsewhere),
        (scanned("010952110153000110CT-001"), lots.DeviceUnknown),
        (scanned(f"01{SCREW}10CT-00X"), lots.LotUnknownNearest),
        (scanned(f"01{SCREW}10ZZZZZZZZ"), lots.LotUnknown),
        (scanned("00006141410000000005"), Refusal),
        (scanned(f"01{SCREW}10CT-001", f"01{BAR}10BAR-001"), lots.SeveralLabels),
        ([], labels.NoCodeFound),
    ):
        with pytest.raises(refusal):
            await of_codes(actor, codes)
    other = await of_text(actor, f"01{SCREW}")
    assert other.lot is None
    assert {one.number for one in other.lots} >= {"CT-001"}


async def test_fields_that_run_together_are_decided_by_the_lots_that_exist(database: str) -> None:
    """10CT-00121S1 without a separator: lot CT-001 with serial S1 exists, lot CT-00121S1 does not."""
    plant = await plant_with_udi()
    found = await of_text(await plant.actor("operator"), f"01{SCREW}10CT-00121S1")
    assert found.lot is not None
    assert (found.lot.number, found.label.serial) == ("CT-001", "S1")


async def test_a_partner_reads_labels_of_its_own_lots_only(database: str) -> None:
    plant = await plant_with_udi()
    carrier = await plant.actor("carrier")
    with pytest.raises(lots.DeviceUnknown):
        await of_text(carrier, f"(01){BAR}(10)BAR-001")


async def test_records_and_label_may_name_different_days(database: str) -> None:
    plant = await plant_with_udi()
    actor = await plant.actor("operator")
    for said, differs in (("280630", True), ("300630", False), ("300600", False), ("300500", True)):
        assert (await of_text(actor, f"(01){SCREW}(17){said}(10)CT-002")).dates_differ is differs
    assert not (await of_text(actor, f"(01){SCREW}(17)280630(10)CT-001")).dates_differ, (
        "the records name no day"
    )
