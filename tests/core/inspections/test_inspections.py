"""Results are judged by us against the version of their time; samples are signed by a second person; partners see their own."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from tortoise.exceptions import IntegrityError

from core import evidence, inspections, products
from core.evidence.models import Evidence
from core.inspections import NewCharacteristic, NewMethod, NewResult, NewSample, NewValue, SampleKind, Verdict
from core.inspections.models import Value
from core.kit import Level, Malformed, NotFound, clock
from core.kit.provenance import Flag, Provenance, Source
from core.signing import Meaning, Signed
from tests.core.lots.shop import SCREW, Shop, opened

DIGEST = "ab" * 32


@pytest.fixture
async def shop(database: object) -> Shop:
    """A plant with two versions of a method: 25 to 35 μm until tomorrow, then 27 to 35."""
    made = await opened()
    for lower, begins in (
        (25, clock.now() - dt.timedelta(days=30)),
        (27, clock.now() + dt.timedelta(days=1)),
    ):
        await inspections.publish_method(made.boss, method(lower=Decimal(lower), begins=begins))
    return made


def method(*, lower: Decimal, begins: dt.datetime | None = None) -> NewMethod:
    """Thickness in μm, and looks."""
    thickness = NewCharacteristic(
        key="thickness", name_zh="厚度", name_en="Thickness", unit="μm", lower=lower, upper=Decimal(35),
        uncertainty=Decimal("0.4"),
    )  # fmt: skip
    looks = NewCharacteristic(key="looks", name_zh="外观", name_en="Looks")
    return NewMethod(
        code="QP-07",
        name_zh="涂层",
        name_en="Coating",
        characteristics=(thickness, looks),
        effective_from=begins,
    )


def measured(*values: NewValue, **said: object) -> NewResult:
    """A result of lot A, measured an hour ago."""
    facts: dict[str, object] = {"measured_at": clock.now() - dt.timedelta(hours=1)} | said
    return NewResult(lot="A", method="QP-07", values=values, **facts)  # type: ignore[arg-type]


GOOD = NewValue(key="thickness", value=Decimal(26))
LOOKS = NewValue(key="looks", passed=True)


@pytest.mark.req("G-45a")
async def test_our_verdict_stands_beside_the_senders(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of limits is out of limits whatever the file says of itself; doubts are flagged, provenance is kept."""
    await shop.lot("A")
    heard: list[inspections.ResultFacts] = []

    async def hear(_actor: object, found: inspections.ResultFacts) -> None:
        heard.append(found)

    monkeypatch.setattr(inspections.recorded, "_joined", [hear])
    good = await inspections.record_result(shop.worker, measured(GOOD, LOOKS, claims=True))
    assert (good.verdict, good.flags, good.method_version) == (Verdict.CONFORMING, (), 1)
    await products.declare_factor(shop.boss, None, "mm", "μm", Decimal(1000))
    bad = await inspections.record_result(
        shop.worker,
        measured(
            NewValue(key="thickness", value=Decimal("0.0361"), unit="mm"),
            LOOKS,
            claims=True,
            instrument="CMM-2",
            analyst="许晨",
            calibrated_until=dt.date(2020, 1, 1),
            provenance=Provenance(source=Source.CERTIFICATE, ref="coa.json", sha256=DIGEST),
        ),
    )
    assert (bad.verdict, bad.flags) == (Verdict.NONCONFORMING, (Flag.UNCALIBRATED, Flag.CLAIM))
    assert [(one.key, one.compared, one.within) for one in bad.out] == [("thickness", Decimal("36.1"), False)]
    assert bad.provenance.sha256 == DIGEST
    open_ = await inspections.record_result(shop.worker, measured(GOOD))
    assert (open_.verdict, open_.flags) == (Verdict.INCOMPLETE, (Flag.GAPS,))
    assert [one.id for one in heard] == [good.id, bad.id, open_.id]
    later = await inspections.method_at(shop.plant, "QP-07", clock.now() + dt.timedelta(days=2))
    assert later.version == 2


async def test_values_that_do_not_fit_are_refused_and_nothing_stays(shop: Shop) -> None:
    """Unknown characteristics, missing units, judgements for numbers, the future, other people's lots."""
    await shop.lot("A")
    for values, refusal in (
        ((NewValue(key="weight", value=Decimal(1)),), inspections.CharacteristicUnknown),
        ((GOOD, GOOD), inspections.ValueTwice),
        ((NewValue(key="thickness", passed=True),), inspections.NumberWanted),
        ((NewValue(key="looks", value=Decimal(1)),), inspections.JudgementWanted),
        ((NewValue(key="thickness", value=Decimal(1), unit="inch"),), products.NoFactor),
    ):
        with pytest.raises(refusal):
            await inspections.record_result(shop.worker, measured(*values))
    with pytest.raises(inspections.MeasuredLater):
        await inspections.record_result(
            shop.worker, measured(GOOD, measured_at=clock.now() + dt.timedelta(hours=1))
        )
    with pytest.raises(inspections.MethodUnknown):
        await inspections.record_result(
            shop.worker, measured(GOOD, measured_at=clock.now() - dt.timedelta(days=99))
        )
    with pytest.raises(Malformed):
        await inspections.record_result(shop.worker, measured(GOOD, provenance=Provenance(sha256="abc")))
    lot = await shop.lot("B")
    assert await inspections.results_of(shop.worker, lot.id) == []
    assert not await Value.all().exists()


async def test_a_result_is_corrected_once_by_a_new_one(shop: Shop) -> None:
    """Both stay; another lot's or a second correction of the same is refused."""
    lot = await shop.lot("A")
    first = await inspections.record_result(shop.worker, measured(GOOD, LOOKS))
    await inspections.record_result(shop.worker, measured(GOOD, LOOKS, corrects=first.id))
    with pytest.raises(inspections.CorrectedAlready):
        await inspections.record_result(shop.worker, measured(GOOD, LOOKS, corrects=first.id))
    await shop.lot("B")
    with pytest.raises(inspections.CorrectsAnother):
        await inspections.record_result(
            shop.worker, NewResult(**{**vars(measured(GOOD)), "lot": "B", "corrects": first.id})
        )
    assert len(await inspections.results_of(shop.worker, lot.id)) == 2


async def test_a_laboratory_sees_its_own_results_alone(shop: Shop) -> None:
    """What another organisation measured on the same lot is not shown; a foreign result is not found."""
    lot = await shop.lot("A", partner_id=shop.coater)
    coater = shop.partner(shop.coater, Level.REPORT)
    ours = await inspections.record_result(shop.worker, measured(GOOD, LOOKS))
    theirs = await inspections.record_result(coater, measured(GOOD, LOOKS))
    assert theirs.laboratory_id == shop.coater
    assert [one.id for one in await inspections.results_of(coater, lot.id)] == [theirs.id]
    assert len(await inspections.results_of(shop.worker, lot.id)) == 2
    with pytest.raises(NotFound):
        await inspections.result(coater, ours.id)
    with pytest.raises(NotFound):
        await inspections.results_of(shop.partner(shop.carrier), lot.id)


async def test_a_method_makes_sense(shop: Shop) -> None:
    """Something is measured, each thing once, uncertainties are some; the database agrees."""
    twice = method(lower=Decimal(1)).characteristics[:1] * 2
    for characteristics, refusal in (
        ((), inspections.NoCharacteristics),
        (twice, inspections.CharacteristicTwice),
        ((NewCharacteristic(key="k", name_zh="k", name_en="k", unit="N"),), products.NoLimits),
        (
            (NewCharacteristic(key="k", name_zh="k", name_en="k", uncertainty=Decimal(0)),),
            inspections.UncertaintyMalformed,
        ),
    ):
        with pytest.raises(refusal):
            await inspections.publish_method(
                shop.boss, NewMethod(code="X", name_zh="x", name_en="x", characteristics=characteristics)
            )
    await shop.lot("A")
    found = await inspections.record_result(shop.worker, measured(GOOD, LOOKS))
    [value, _looks] = await Value.filter(result_id=found.id).order_by("id")
    with pytest.raises(IntegrityError):
        await Value.create(
            result_id=found.id,
            characteristic_id=value.characteristic_id,
            piece=2,
            passed=None,
            value=None,
            within=True,
        )


async def test_a_reference_sample_is_in_force_once_somebody_else_signed_it(shop: Shop) -> None:
    """Made with its pictures, signed by a second person, never changed after; partners see signed ones only."""
    picture = await Evidence.create(
        plant_id=shop.plant, organisation_id=shop.plant, sha256=DIGEST, kind="image/png", size=1,
        blob_key="k", received_at=clock.now(), channel="test", source_ref="1",
    )  # fmt: skip
    new = NewSample(
        product=SCREW,
        code="GS-1",
        kind=SampleKind.LIMIT_BAD,
        title="起皮",
        shows="局部起皮",
        evidence_ids=(picture.id,),
    )
    made = await inspections.make_sample(shop.worker, new)
    assert (made.digests, made.in_force(clock.now())) == ((DIGEST,), False)
    coater = shop.partner(shop.coater)
    assert await inspections.samples_of(coater, made.product_id) == []

    def signed(person: int | None) -> Signed:
        return Signed(
            signature_id=1,
            person_id=person or 0,
            meaning=Meaning.APPROVED,
            shown_digest="",
            signed_at=clock.now(),
        )

    done = await inspections.approve_sample(shop.quality, made.id, signed(shop.quality.person_id))
    assert done.in_force(clock.now())
    with pytest.raises(inspections.SampleSigned):
        await inspections.approve_sample(shop.quality, made.id, signed(shop.quality.person_id))
    assert [one.id for one in await inspections.samples_of(coater, made.product_id)] == [made.id]
    own = await inspections.make_sample(shop.quality, new)
    assert own.version == 2
    with pytest.raises(inspections.SampleOwn):
        await inspections.approve_sample(shop.quality, own.id, signed(shop.quality.person_id))
    with pytest.raises(inspections.PictureWanted):
        await inspections.make_sample(shop.worker, NewSample(**{**vars(new), "evidence_ids": ()}))
    [shown] = await evidence.evidence_for(shop.worker, evidence.SubjectKind.SAMPLE, made.id)
    assert shown.sha256 == DIGEST
