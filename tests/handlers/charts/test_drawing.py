"""Drawing: an SVG for strict pages that a screen reader can say, a PNG that phones show sharply."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from PIL import Image

from handlers.charts import genealogy, png, svg
from handlers.charts.spec import ChartSpec, Words
from tests.handlers.charts.families import every_status, family, fan, lot

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=["zh_CN", "en"])
def spec(request: pytest.FixtureRequest) -> ChartSpec:
    """A chart with every state, in both languages."""
    return genealogy.chart(every_status(), request.param)


def test_the_svg_says_in_words_what_it_shows(spec: ChartSpec) -> None:
    """It is one image with a title and a description that names every lot and its state."""
    root = ET.fromstring(svg.draw(spec))  # noqa: S314  our own output
    title, words = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert words is not None
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert root.get("lang") in ("zh-CN", "en")
    assert title.text == spec.title
    assert "LS-S-quarantined" in (words.text or "")
    assert any(word in (words.text or "") for word in ("隔离待检", "Quarantined"))


def test_the_svg_needs_no_style_script_or_outside_file(spec: ChartSpec) -> None:
    """A strict content security policy lets it through."""
    root = ET.fromstring(svg.draw(spec))  # noqa: S314
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "title",
            "desc",
            "rect",
            "polyline",
            "polygon",
            "circle",
            "text",
        }
        assert not {
            name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name
        }
    assert all(int(text.get("font-size", "0")) >= 14 for text in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "A&B \"'>", "\x00\x0b\x1fZ", "\ud800Q"])
def test_what_people_typed_stays_text(name: str) -> None:
    """Markup in a lot number is shown, not run; characters that XML forbids are dropped."""
    drawn = svg.draw(genealogy.chart(family(lot(name), [], {}), "en"))
    root = ET.fromstring(drawn.encode())  # noqa: S314
    assert "script" not in {element.tag.removeprefix(SVG) for element in root.iter()}


def test_the_same_chart_gives_the_same_bytes(spec: ChartSpec) -> None:
    """Nothing in the drawing depends on the process or the hour."""
    assert svg.draw(spec) == svg.draw(replace(spec))
    assert png.draw(spec) == png.draw(spec)


def test_the_png_is_three_phone_widths_wide(spec: ChartSpec) -> None:
    """1080 pixels wide, as high as the chart, readable by any viewer."""
    with Image.open(io.BytesIO(png.draw(spec))) as picture:
        picture.load()
        assert picture.format == "PNG"
        assert picture.size == (1080, round(spec.height * 3))


def test_every_line_of_text_leaves_ink_on_the_png(spec: ChartSpec) -> None:
    """The picture without its text differs from the picture where the text stands, in its colour."""
    with Image.open(io.BytesIO(png.draw(spec))) as picture:
        for shape in spec.shapes:
            if isinstance(shape, Words):
                box = png.font(shape.size * png.SCALE, bold=shape.bold).getbbox(shape.text, anchor="ls")
                x = shape.x * png.SCALE - (box[2] if shape.anchor.value == "end" else 0)
                y = shape.y * png.SCALE
                cut = picture.crop((int(x), int(y + box[1]), int(x + box[2]), int(y + box[3] + 1)))
                wanted = tuple(int(shape.fill[at : at + 2], 16) for at in (1, 3, 5))
                assert wanted in {colour for _count, colour in cut.getcolors(1 << 20) or []}, shape.text


def test_a_chat_picture_fits_a_messengers_limits() -> None:
    """Width and height together stay under 10,000 pixels, height under 20 widths, for any family."""
    spec = genealogy.chart(fan(500, frozenset(range(300))), "zh_CN", most=genealogy.PICTURE_LOTS)
    drawn = png.draw(spec)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert sum(picture.size) <= 10_000
        assert picture.height <= 20 * picture.width
    assert len(drawn) < 10 * 1024 * 1024
