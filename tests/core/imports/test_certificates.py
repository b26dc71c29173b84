"""Certificates come in checked, judged by us and traced; a value out of limits opens its case whatever the file says."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from core import anomalies, imports, inspections, lots
from core.anomalies.models import Anomaly
from core.imports import EvidenceStays, Faulty, Subject, certificate_shapes, en10168_shapes, shapes
from core.inspections import Form, NewCharacteristic, NewMethod, Standing, Verdict
from core.inspections.models import TestReport
from core.kit import clock, system
from core.kit.provenance import Flag, Source
from core.notices.models import Notice
from tests.core.imports.test_importing import is_sound
from tests.paths import SHARED_DATA
from tests.plants import Plant, small_plant

SHARED = SHARED_DATA / "certs_material_identity"
FILES = sorted((SHARED / "test" / "fixtures").rglob("*.json"))
FORMS = {"CoA": Form.COA, "EN10168": Form.EN10168, "E-CoC": Form.ECOC}
LOT = "CT-001"


def named(file: Path) -> str:
    """The kind, version and number of a test certificate."""
    return "/".join(file.parts[-3:])


def certificate(kind: str = "CoA/v1.1.0", number: int = 1) -> Any:
    """A valid certificate that may be changed."""
    return copy.deepcopy(
        json.loads(
            (SHARED / "test" / "fixtures" / kind / f"valid_certificate_{number}.json").read_text("utf-8")
        )
    )


@pytest.fixture
async def plant(database: object) -> Plant:
    """The small plant."""
    return await small_plant(enrolled=False)


async def brought(plant: Plant, folder: Path, said: Any, lot: str = LOT) -> imports.Report:
    """A certificate handed in, its lot named beside it."""
    file = folder / "certificate.json"
    file.write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    return await imports.import_file(system(plant.id, channel="cli"), file, name="证书.json", lot=lot)


@pytest.mark.parametrize("file", FILES, ids=named)
async def test_every_published_certificate_comes_in(plant: Plant, file: Path) -> None:
    """Of all kinds and versions: every value is there; the file with its digest; once."""
    done = await imports.import_file(system(plant.id), file, lot=LOT)
    assert done.run is not None
    assert done.run.subject is Subject.CERTIFICATES
    assert done.rows == sum(len(one.findings) for one in done.reports) > 0
    for one in done.reports:
        assert (one.form, one.lot_number) == (FORMS[file.parts[-3]], LOT)
        assert (one.provenance.source, one.provenance.sha256) == (Source.CERTIFICATE, done.run.file_digest)
        assert "" not in (one.number, one.issuer)
        assert all(each.name and (each.value or each.text) for each in one.findings)
    lot = await lots.find(system(plant.id), LOT)
    assert {one.id for one in (await anomalies.proofs_of_lot(system(plant.id), lot.id)).reports} == {
        one.id for one in done.reports
    }
    assert (await imports.import_file(system(plant.id), file, lot=LOT)).before
    assert bool(await Anomaly.exists()) == any(one.verdict is Verdict.NONCONFORMING for one in done.reports)


def _coa_out(said: Any) -> None:
    said["Certificate"]["Analysis"]["Inspections"][0]["Value"] = "35.0000001"


def _element_out(said: Any) -> None:
    said["Certificate"]["Inspection"][0]["ChemicalComposition"]["C74"]["Actual"]["Value"] = "0.026"


def _mean_out(said: Any) -> None:
    said["Certificate"]["Inspection"][0]["NotchedBarImpactTest"]["C43"]["Value"] = 77.999


def _failed(said: Any) -> None:
    said["EcocData"]["Results"]["MaterialCertification"][0]["TestOK"] = False


OUT: dict[str, tuple[str, int, Callable[[Any], None], str, str]] = {
    "a property": ("CoA/v1.1.0", 1, _coa_out, "M04", "35.0000001 g/10m_ [≥ 15, ≤ 35]"),
    "an element": ("EN10168/v0.5.0", 2, _element_out, "M01", "P 0.026 % [≤ 0.025]"),
    "a mean": ("EN10168/v0.5.0", 2, _mean_out, "M04", "77.999 J [≥ 78, ≤ 90]"),
    "a test that its sender calls failed": ("E-CoC/v1.0.0", 1, _failed, "M01", "TestOK: false"),
}


@pytest.mark.parametrize("name", OUT)
async def test_a_value_out_of_its_own_limits_opens_a_case_whatever_the_file_says(
    plant: Plant, tmp_path: Path, name: str
) -> None:
    """The claim stands beside our verdict; the responsible person is told in the same moment."""
    kind, number, spoil, subcode, words = OUT[name]
    said = certificate(kind, number)
    spoil(said)
    done = await brought(plant, tmp_path, said)
    bad = [one for one in done.reports if one.verdict is Verdict.NONCONFORMING]
    assert len(bad) == (2 if "E-CoC" in kind else 1)  # the published one has a limit that nobody can read
    case = await Anomaly.filter(plant_id=plant.id).order_by("id").first()
    assert case is not None
    assert (case.category, case.subcode, case.lot_number) == ("M", subcode, LOT)
    assert words in case.description
    assert (case.channel, case.detection) == ("rule", "automatic")
    assert await Notice.filter(case_number=case.number, person_id=case.owner_id).exists()
    assert (Flag.CLAIM in bad[0].provenance.flags) == bool(bad[0].claims)
    await is_sound(tmp_path)


async def test_a_certificate_of_today_tells_of_nothing_that_is_still_to_come(
    plant: Plant, tmp_path: Path
) -> None:
    """It carries a day and no hour: its case began by now, whatever the hour of handing in."""
    said = certificate()
    _coa_out(said)
    today = clock.in_zone(clock.now(), "Asia/Shanghai").date()
    said["Certificate"]["Date"] = today.isoformat()
    await brought(plant, tmp_path, said)
    case = await Anomaly.get(plant_id=plant.id)
    assert case.occurred_at <= case.reported_at


@pytest.mark.parametrize("unit", ["g/10m_", "g/10min"])
async def test_our_own_limits_count_too_in_our_unit(plant: Plant, tmp_path: Path, unit: str) -> None:
    """A property of a method of ours is held against our limits; in a unit that nobody declared it is flagged."""
    measured = NewCharacteristic(key="MFR", name_zh="熔指", name_en="Flow", unit="g/10min", upper=Decimal(30))
    method = NewMethod(
        code="DIN EN ISO 1133",
        name_zh="熔融指数",
        name_en="Melt flow",
        characteristics=(measured,),
        effective_from=dt.datetime(2021, 1, 1, tzinfo=dt.UTC),
    )
    await inspections.publish_method(system(plant.id), method)
    said = certificate()
    said["Certificate"]["Analysis"]["Inspections"][0]["Unit"] = unit
    done = await brought(plant, tmp_path, said)
    first = done.reports[0].findings[0]
    assert first.own is Standing.WITHIN
    assert first.our_limits == "DIN EN ISO 1133 1: ≤ 30 g/10min"
    known = unit == "g/10min"
    assert (first.ours is Standing.OUT, Flag.UNIT in first.flags) == (known, not known)
    assert await Anomaly.filter(plant_id=plant.id, subcode="M04").count() == known


async def test_a_limit_that_nobody_can_read_shows_nothing(plant: Plant) -> None:
    """A published certificate has “ß.15” for a limit: the value is not shown to be within it, and a case says so."""
    (file,) = (one for one in FILES if "E-CoC" in str(one))
    await imports.import_file(system(plant.id), file, lot=LOT)
    (case,) = await Anomaly.filter(plant_id=plant.id)
    assert "Ti 0.03 %" in case.description


@pytest.mark.parametrize(
    ("said", "lower", "upper", "stands"),
    [
        ("0.15", None, "0.15", Standing.WITHIN),
        ("0.1500000000000000001", None, "0.15", Standing.OUT),
        ("<0.01", None, "0.02", Standing.WITHIN),
        ("<0.02", None, "0.02", Standing.WITHIN),
        ("<0.05", None, "0.02", Standing.UNPROVEN),
        ("<0.05", "0", "0.05", Standing.WITHIN),
        ("<0.05", "0.1", None, Standing.OUT),
        (">100", "95", None, Standing.WITHIN),
        (">90", "95", None, Standing.UNPROVEN),
        (">100", None, "99", Standing.OUT),
        ("0,150", None, "0.15", Standing.WITHIN),
        ("1,234", None, "2", Standing.UNPROVEN),
        ("n.d.", None, "2", Standing.UNPROVEN),
        ("1e-3", "0.001", "0.001", Standing.WITHIN),
        ("－0.5", "-0.5", None, Standing.WITHIN),
        ("NaN", None, "1", Standing.UNPROVEN),
        ("3", None, None, Standing.NONE),
    ],
)
async def test_bounds_and_limits(
    plant: Plant, tmp_path: Path, said: str, lower: str | None, upper: str | None, stands: Standing
) -> None:
    """A value below detection proves what it proves; limits are inside; digits are kept."""
    given = certificate(number=2)
    one = {"Property": "Pb", "Method": "ICP", "Value": said, "ValueType": "number", "Unit": "mg/kg"}
    one |= {name: limit for name, limit in (("Minimum", lower), ("Maximum", upper)) if limit is not None}
    given["Certificate"]["Analysis"]["Inspections"] = [one]
    done = await brought(plant, tmp_path, given)
    (found,) = done.reports[0].findings
    assert found.own is stands
    assert await Anomaly.exists() == stands.bad
    assert (Flag.IMPLAUSIBLE in found.flags) == (found.value == "")


def _kinds() -> list[tuple[str, int, dict[str, Any]]]:
    of = {"CoA": "CoA/v1.1.0", "EN10168": "EN10168/v0.5.0"}
    return [
        (kind, number, json.loads((SHARED / "schemas" / kind / "schema.json").read_text("utf-8")))
        for kind in of.values()
        for number in (1, 2, 3)
    ]


def _spoilt(said: Any, path: str = "$") -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """Every way to leave a member out, to turn it into something else, or to add one; and how to mend it again."""
    if isinstance(said, dict):
        for name in list(said):
            value = said[name]
            for wrong in (None, 7.5 if isinstance(value, str) else "x"):
                where = f"{path}.{name} as {wrong}"
                spoil = partial(said.pop, name) if wrong is None else partial(said.__setitem__, name, wrong)
                yield where, spoil, partial(said.__setitem__, name, value)
            yield from _spoilt(value, f"{path}.{name}")
        yield f"{path}.Zusatz", partial(said.__setitem__, "Zusatz", 1), partial(said.pop, "Zusatz")
    elif isinstance(said, list):
        for place, one in enumerate(said[:2]):
            yield from _spoilt(one, f"{path}[{place}]")


@pytest.mark.parametrize(("kind", "number", "schema"), _kinds(), ids=lambda one: str(one)[:16])
def test_whatever_the_published_definition_refuses_we_refuse_at_its_place(
    kind: str, number: int, schema: dict[str, Any]
) -> None:
    """Every member of a valid certificate left out, changed or added to: we are never laxer than the definition."""
    said, theirs = certificate(kind, number), jsonschema_rs.validator_for(schema)
    shape = {"CoA": certificate_shapes.COA, "EN10168": en10168_shapes.en10168}[kind.split("/", maxsplit=1)[0]]
    assert not shapes.faults(shape, _exact(said))
    tried = 0
    for where, spoil, mend in list(_spoilt(said)):
        spoil()
        ours = shapes.faults(shape, _exact(said))
        assert ours or theirs.is_valid(said), where
        mend()
        tried += bool(ours)
    assert tried > 100


def _exact(said: Any) -> Any:
    return json.loads(json.dumps(said), parse_float=Decimal, parse_int=Decimal)


async def test_lots_are_found_by_the_numbers_in_the_file_or_asked_for(plant: Plant, tmp_path: Path) -> None:
    """The first group of numbers that holds a lot of ours; none: a sentence that says what to do; nothing changed."""
    with pytest.raises(Faulty) as nobody:
        await brought(plant, tmp_path, certificate(), lot="")
    (fault,) = nobody.value.faults
    assert (fault.line, fault.column, fault.why.code) == (0, "$.Certificate.Product", "LotOfNobody")
    assert "123456789 10, 100001, 210000" in str(fault.why)
    with pytest.raises(Faulty):
        await brought(plant, tmp_path, certificate(), lot="CT-999")
    assert not await TestReport.exists()
    said = certificate()
    said["Certificate"]["Product"]["ProductionBatchId"] = "TI-001"
    said["Certificate"]["Product"]["FillingBatchId"] = "CT-001"
    done = await brought(plant, tmp_path, said, lot="")
    assert [one.lot_number for one in done.reports] == ["TI-001"]
    assert done.run is not None
    with pytest.raises(EvidenceStays):
        await imports.undo(system(plant.id), done.run.number, "错了")
    await is_sound(tmp_path)


async def test_partners_hand_in_certificates_of_their_lots_alone(plant: Plant, tmp_path: Path) -> None:
    """A supplier's certificate of its own lot; of another lot it is told that there is none; others do not see it."""
    operator = await plant.actor("coater_operator")
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certificate()), "utf-8")
    with pytest.raises(Faulty):
        await imports.import_file(operator, file, lot="PK-002")
    done = await imports.import_file(operator, file, lot="CT-001")
    assert done.reports[0].organisation_id == plant.partners["supplier"]
    assert [one.number for one in await imports.runs(operator)] == [done.run.number if done.run else ""]
    again = await imports.import_file(system(plant.id), file, lot="CT-001")
    assert not again.before
    assert Flag.DUPLICATE in again.reports[0].provenance.flags
    mine = await inspections.reports_of(operator, plant.lots["CT-001"])
    assert [one.id for one in mine] == [done.reports[0].id]
    assert len(await inspections.reports_of(await plant.actor("manager"), plant.lots["CT-001"])) == 2
