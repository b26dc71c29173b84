"""A chart as PNG for chats: 1080 pixels wide, three for each logical one, in a font that has Chinese."""

from __future__ import annotations

import functools
import io
import threading
from collections.abc import Callable
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

from handlers.charts.spec import Anchor, Box, ChartSpec, Disc, Path, Shape, Words

SCALE = 3
FINE = 3
"""Shapes are drawn this much larger and reduced, so that edges are smooth."""
_FACE = resources.files("manimgx_fonts_cjk").joinpath("NotoSansCJK-VF.otf.ttc")
_SIMPLIFIED = 2  # the collection holds Japanese, Korean, Simplified, Traditional, Hong Kong
_ANCHORS = {Anchor.START: "ls", Anchor.MIDDLE: "ms", Anchor.END: "rs"}
_one_at_a_time = threading.Lock()  # a font face may serve one thread only

Spot = tuple[float, float]


@functools.cache
def font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """Open the font once per size (in real pixels) and weight; its own default weight is too thin to read."""
    face = ImageFont.truetype(str(_FACE), size, index=_SIMPLIFIED)
    face.set_variation_by_axes([700 if bold else 400])  # by name, letters would keep the thin widths
    return face


def draw(spec: ChartSpec) -> bytes:
    """Draw the chart and answer the PNG. Takes a second for a long one: call it in a thread."""
    with _one_at_a_time:
        picture = Image.new("RGB", (round(spec.width * SCALE), round(spec.height * SCALE)), "white")
        for shape in spec.shapes:
            _shape(picture, shape)
        kept = io.BytesIO()
        picture.save(kept, "PNG", optimize=True)
        return kept.getvalue()


def _shape(picture: Image.Image, shape: Shape) -> None:
    match shape:
        case Words():
            ImageDraw.Draw(picture).text(
                (shape.x * SCALE, shape.y * SCALE),
                shape.text,
                fill=shape.fill,
                font=font(shape.size * SCALE, bold=shape.bold),
                anchor=_ANCHORS[shape.anchor],
            )
        case Box():
            _box(picture, shape)
        case Disc():
            corner = (shape.x - shape.radius, shape.y - shape.radius)
            far = (shape.x + shape.radius, shape.y + shape.radius)
            _smooth(
                picture,
                shape.fill,
                (*corner, *far),
                lambda pen, at: pen.ellipse([at(corner), at(far)], fill=255),
            )
        case Path():
            _path(picture, shape)


def _box(picture: Image.Image, box: Box) -> None:
    near, far = (box.x, box.y), (box.x + box.width, box.y + box.height)
    if box.radius == 0 and box.fill and not box.stroke:
        ImageDraw.Draw(picture).rectangle([_real(near), _real(far)], fill=box.fill)
        return
    radius = min(box.radius, box.width / 2, box.height / 2) * SCALE * FINE
    if box.fill and box.width > 0:
        _smooth(
            picture,
            box.fill,
            (*near, *far),
            lambda pen, at: pen.rounded_rectangle([at(near), at(far)], radius, fill=255),
        )
    if box.stroke:
        half = box.stroke_width / 2
        outer = ((near[0] - half, near[1] - half), (far[0] + half, far[1] + half))
        width = round(box.stroke_width * SCALE * FINE)

        def rim(pen: ImageDraw.ImageDraw, at: Callable[[Spot], Spot]) -> None:
            pen.rounded_rectangle([at(outer[0]), at(outer[1])], radius + width / 2, outline=255, width=width)
            if box.dashed:
                _gaps(pen, at, box)

        _smooth(picture, box.stroke, (*outer[0], *outer[1]), rim)


def _gaps(pen: ImageDraw.ImageDraw, at: Callable[[Spot], Spot], box: Box) -> None:
    """Cut gaps into the straight edges of a rim."""
    thick = box.stroke_width
    x = box.x + box.radius
    while x + 4 < box.x + box.width - box.radius:
        for y in (box.y, box.y + box.height):
            pen.rectangle([at((x, y - thick)), at((x + 4, y + thick))], fill=0)
        x += 9
    y = box.y + box.radius
    while y + 4 < box.y + box.height - box.radius:
        for x in (box.x, box.x + box.width):
            pen.rectangle([at((x - thick, y)), at((x + thick, y + 4))], fill=0)
        y += 9


def _path(picture: Image.Image, path: Path) -> None:
    reach = path.stroke_width if path.stroke else 0
    xs, ys = [x for x, _y in path.points], [y for _x, y in path.points]
    frame = (min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach)
    if path.fill:
        _smooth(
            picture,
            path.fill,
            frame,
            lambda pen, at: pen.polygon([at(spot) for spot in path.points], fill=255),
        )
    if path.stroke:
        width = round(path.stroke_width * SCALE * FINE)

        def line(pen: ImageDraw.ImageDraw, at: Callable[[Spot], Spot]) -> None:
            spots = [at(spot) for spot in path.points]
            pen.line(spots, fill=255, width=width, joint="curve")
            for x, y in (spots[0], spots[-1]):
                pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)

        _smooth(picture, path.stroke, frame, line)


def _real(spot: Spot) -> Spot:
    return (spot[0] * SCALE, spot[1] * SCALE)


def _smooth(
    picture: Image.Image,
    colour: str,
    frame: tuple[float, float, float, float],
    stroke: Callable[[ImageDraw.ImageDraw, Callable[[Spot], Spot]], None],
) -> None:
    """Paint a colour through a mask that was drawn larger inside the frame (logical pixels) and reduced."""
    left, top = int(frame[0] * SCALE) - 1, int(frame[1] * SCALE) - 1
    width, height = int(frame[2] * SCALE) + 2 - left, int(frame[3] * SCALE) + 2 - top
    mask = Image.new("L", (width * FINE, height * FINE), 0)

    def at(spot: Spot) -> Spot:
        return ((spot[0] * SCALE - left) * FINE, (spot[1] * SCALE - top) * FINE)

    stroke(ImageDraw.Draw(mask), at)
    picture.paste(colour, (left, top), mask.reduce(FINE))
