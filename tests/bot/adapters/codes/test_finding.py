"""Codes in photos are read exactly or not at all."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from bot.adapters.codes import CodeDesk, find
from core.labels import Carrier, PictureTooSlow, read
from tests import drawing
from tests.paths import SHARED_DATA

PHOTOS = SHARED_DATA / "barcode_photos"
GS1 = "(01)06901234567892(17)280630(10)L-1(21)S1"
FNC1 = "010690123456789217280630" + "10L-1\x1d21S1"


def expected(photo: Path) -> tuple[set[str], str | None]:
    """What the sample's own files say: the text (with or without brackets), and its symbology where named."""
    told = photo.with_suffix(".txt")
    result = photo.with_suffix(".result.txt")
    said = (
        dict(line.split("=", 1) for line in result.read_text().split() if "=" in line)
        if result.exists()
        else {}
    )
    return {told.read_text(encoding="utf-8")} if told.exists() else set(), said.get("symbologyIdentifier")


def bare(text: str, symbology: str) -> set[str]:
    """A read text as the samples write it: with brackets for GS1, line ends as the file keeps them."""
    plain = text.replace("\r\n", "\n")
    if symbology in ("]C1", "]d2", "]e0", "]Q3"):
        (facts,) = read(Carrier(text=text, symbology=symbology), dt.date(2026, 11, 30))
        return {plain, "".join(f"{field}{value}" for field, value in facts.fields)}
    return {plain}


@pytest.mark.parametrize("kind", sorted(one.name for one in PHOTOS.iterdir() if one.is_dir()))
def test_every_sample_is_read_exactly_or_not_at_all(kind: str) -> None:
    seen: Counter[str] = Counter()
    for photo in sorted(one for one in (PHOTOS / kind).iterdir() if one.suffix in (".png", ".webp")):
        texts, symbology = expected(photo)
        found = find(photo.read_bytes())
        seen["none" if not found else "read"] += 1
        for one in found:
            written = {one.text.replace("\r\n", "\n")}
            try:
                written |= bare(one.text, one.symbology)
            except Exception as refused:  # the sample's content may break GS1's rules: refused is not misread
                seen[type(refused).__name__] += 1
            assert written & texts, (photo.name, one)
            assert symbology in (None, one.symbology), photo.name
        assert len(found) <= 1, photo.name
    assert seen["read"] >= 0.9 * (seen["read"] + seen["none"])


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("DataMatrix", GS1, Carrier(text=FNC1, symbology="]d2")),
        ("QRCode", GS1, Carrier(text=FNC1, symbology="]Q3")),
        ("Code128", GS1, Carrier(text=FNC1, symbology="]C1")),
        ("QRCode", "https://id.gs1.org/01/06901234567892/10/L-1", None),
        ("Code39", "+A123ABCDEFGHI1234567891E", None),
        ("QRCode", "MA.156.M0.100143.03003001.L1", None),
        ("EAN13", "6901234567892", Carrier(text="6901234567892", symbology="]E0")),
    ],
)
@pytest.mark.parametrize(("turned", "blurred"), [(0, 0), (90, 1), (7, 0.8), (183, 0)])
def test_what_is_drawn_is_read(
    kind: str, text: str, found: Carrier | None, turned: float, blurred: float
) -> None:
    (one,) = find(drawing.photo(drawing.code(text, kind), turned=turned, blurred=blurred))
    assert one == found if found is not None else one.text == text


def test_a_bar_code_at_an_angle_and_a_faint_one() -> None:
    skewed = drawing.photo(drawing.code(GS1, "Code128"), turned=40)
    assert [one.text for one in find(skewed)] == [FNC1]
    faint = drawing.code(GS1).point(lambda level: 200 + level // 16)
    assert [one.text for one in find(drawing.photo(faint, kind="PNG"))] == [FNC1]


def test_all_codes_of_a_picture_are_found() -> None:
    both = drawing.photo(
        drawing.code("(01)06901234567892", "Code128"), drawing.code("(17)280630(10)L-1", "Code128")
    )
    assert {one.text for one in find(both)} == {"0106901234567892", "1728063010L-1"}


@pytest.mark.parametrize("damage", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 99])
def test_what_is_no_picture_holds_no_code(damage: bytes) -> None:
    assert find(damage) == ()


def test_bombs_and_empty_sheets_hold_no_code() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    assert find(out.getvalue()) == ()
    assert find(drawing.photo(Image.new("L", (400, 400), 255))) == ()


async def test_a_search_that_hangs_is_ended_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker sleeps inside native code in place of a search; its alarm ends it."""
    desk = CodeDesk(seconds=1)
    monkeypatch.setattr("bot.adapters.codes.desk._work", _hangs)
    with pytest.raises(PictureTooSlow):
        await desk.read(b"x")
    monkeypatch.undo()
    desk._seconds = 15
    assert [one.text for one in await desk.read(drawing.photo(drawing.code(GS1)))] == [FNC1]
    await desk.close()


def _hangs(_data: bytes, seconds: int) -> tuple[Carrier, ...]:
    import signal
    import time

    signal.alarm(seconds)
    time.sleep(60)
    return ()
