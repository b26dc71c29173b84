"""From a label photo to the hold of all affected lots in two taps, by the real adapters against both loopback servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import anomalies, evidence, ledger, lots, products
from core.evidence import SubjectKind
from core.ledger.keys import load_or_create
from core.products import Agency
from handlers import text
from tests import drawing
from tests.journeys import story
from tests.journeys.by_telegram import TelegramStage, telegram_at
from tests.journeys.real_house import RealHouse
from tests.journeys.test_loop_by_wecom import wecom_house
from tests.plants import small_plant
from tests.servers.telegram import TelegramServer
from tests.servers.telegram_limits import Limits
from tests.servers.wecom import WeComServer

GTIN = "06901234567892"
LABEL = f"(01){GTIN}(17)300630(10)CT-001"
AFFECTED = ["CT-001", "PK-001", "PK-002"]


async def hold_by_label(stage: story.Stage, locale: str, folder: Path) -> None:
    """One photo, two taps: all that was made from the lot is held, with a case that keeps the photo."""
    _ = text.translator(locale)
    plant = stage.plant
    await products.add_identifier(await plant.actor("administrator"), "SCREW-35", Agency.GS1, GTIN)
    owner = await stage.joins("responsible", locale)

    await owner.photographs(drawing.photo(drawing.code(LABEL), turned=12, blurred=0.6))
    card = await story.sees(owner, "CT-001")
    assert "2030-06-30" in card.text
    assert card.pictures, "where it all lies comes as a picture"
    actor = await plant.actor("responsible")
    assert (await lots.find(actor, "CT-001")).status == "available", "a photo alone changes nothing"

    await owner.taps(_("⛔ Hold everything affected ({n})").format(n=3))
    assert (await lots.find(actor, "CT-001")).status == "available", "nor does the first tap"
    await owner.taps("工艺偏离" if locale == "zh_CN" else "Process deviation")

    said = (await story.sees(owner, "AN-")).text
    number = said[said.index("AN-") :][:14]
    await story.sees(owner, _("⛔ {n} lots are on hold for {number}").format(n=3, number=number))
    case = await anomalies.get(actor, number)
    assert sorted(one.lot_number for one in await lots.holds_of(actor, number)) == AFFECTED
    for one in AFFECTED:
        assert (await lots.find(actor, one)).status == "on_hold"
    (kept,) = await evidence.evidence_for(actor, SubjectKind.ANOMALY, case.id)
    assert [kept.id] == list(case.evidence_ids)
    assert (case.lot_number, case.channel) == ("CT-001", plant_channel(stage))

    signer = load_or_create(folder / "ledger.key", "test/ledger")
    await ledger.Sealer(signer).seal_now()
    report = await ledger.verify(verifiers=signer.verifiers, checkpoint_file=signer.checkpoint_file)
    assert report.sound, [str(one) for one in report.faults][:5]


def plant_channel(stage: story.Stage) -> str:
    """The channel that the stage's people write by."""
    return "telegram" if isinstance(stage, TelegramStage) else "wecom"


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.req("G-81", "G-87")
async def test_two_taps_from_the_label_photo_to_the_hold_by_telegram(
    database: str, locale: str, tmp_path: Path
) -> None:
    """Nothing that the published Bot API refuses."""
    plant = await small_plant()
    async with TelegramServer(limits=Limits.off(), callback_age=3600.0) as server:
        async with RealHouse(tmp_path, plant.ring, telegram_at(server)) as house:
            await hold_by_label(TelegramStage(house, server, plant), locale, tmp_path)
        assert server.violations == []


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.req("G-81", "G-87")
async def test_two_taps_from_the_label_photo_to_the_hold_by_wecom(
    database: str, locale: str, tmp_path: Path
) -> None:
    """Nothing is refused, cut or dropped; every callback is taken at the first try."""
    plant = await small_plant()
    async with WeComServer() as server:
        async with wecom_house(server, plant, tmp_path) as stage:
            await hold_by_label(stage, locale, tmp_path)
        assert (server.violations, server.dropped, server.truncated) == ([], [], [])
        assert {tuple(one.results) for one in server.callbacks} == {(200,)}
