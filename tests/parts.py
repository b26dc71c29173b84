"""Photos of parts as an operator takes them: a coated bone screw on the bench, its coating flawed somewhere."""

from __future__ import annotations

import functools
import io
import math

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 720)
METAL, COAT = (185, 190, 198), (201, 162, 74)
LIGHT = (-0.35, 0.94)
"""Where the lamp stands, seen along the screw."""


@functools.cache
def part(*, angle: float = 12.0, zoom: float = 1.0, flaw: float | None = 0.55) -> bytes:
    """Answer a JPEG of a screw turned by so many degrees; ``flaw`` is where along it the coating came off (0 to 1)."""
    bench = Image.linear_gradient("L").resize(SIZE).point(lambda light: 96 + light // 4)
    grain = Image.effect_noise(SIZE, 14)
    picture = Image.merge("RGB", [Image.blend(bench, grain, 0.18)] * 3)
    screw, mask = _screw(flaw)
    shadow = mask.filter(ImageFilter.GaussianBlur(14)).point(lambda light: light // 2)
    place = tuple((outer - inner) // 2 for outer, inner in zip(SIZE, screw.size, strict=True))
    for layer, cover, moved in ((Image.new("RGB", screw.size, "#26282b"), shadow, 18), (screw, mask, 0)):
        turned, held = layer.rotate(angle, Image.Resampling.BICUBIC), cover.rotate(angle)
        picture.paste(turned, (place[0] + moved, place[1] + moved), held)
    near = [round(side / zoom) for side in SIZE]
    left, top = (round((outer - inner) * (flaw or 0.5)) for outer, inner in zip(SIZE, near, strict=True))
    shown = picture.crop((left, top, left + near[0], top + near[1])).resize(SIZE, Image.Resampling.LANCZOS)
    kept = io.BytesIO()
    shown.save(kept, "JPEG", quality=86)
    return kept.getvalue()


def _screw(flaw: float | None) -> tuple[Image.Image, Image.Image]:
    """A screw along the middle of a square with its mask."""
    side, radius, length = 960, 74, 640
    left, middle = (side - length) // 2, side // 2
    mask = Image.new("L", (side, side))
    outline = ImageDraw.Draw(mask)
    for x in range(length):
        tip = min(1.0, (length - x) / 120)
        thread = 9 * math.sin(x / 7.0) if x > 150 else 0
        half = (radius + 46 if x < 64 else radius * tip + thread * tip) if x < 64 or x > 70 else radius
        outline.line([(left + x, middle - half), (left + x, middle + half)], fill=255)
    body = Image.new("RGB", (side, side))
    brush = ImageDraw.Draw(body)
    rows = [_lit((y - middle) / (radius + 48)) for y in range(side)]
    for y, light in enumerate(rows):
        brush.line([(0, y), (side, y)], fill=_times(COAT, light))
    if flaw is not None:
        _came_off(brush, rows, left + int(length * flaw))
    for x in range(150, length, 22):
        brush.line([(left + x, middle - 90), (left + x + 16, middle + 90)], fill=_times(COAT, 0.42), width=4)
    return body.filter(ImageFilter.GaussianBlur(1.2)), mask.filter(ImageFilter.GaussianBlur(1.0))


def _came_off(brush: ImageDraw.ImageDraw, rows: list[float], spot: int) -> None:
    """Bare metal with a ragged edge."""
    middle = len(rows) // 2
    for y in range(middle - 58, middle + 40):
        wide = 54 * math.sqrt(max(0.0, 1 - ((y - middle + 9) / 49) ** 2)) * (1 + 0.18 * math.sin(y / 5.3))
        ends = (spot - wide, spot + wide * (0.8 + 0.12 * math.sin(y / 3.1)))
        brush.line([(ends[0], y), (ends[1], y)], fill=_times(METAL, rows[y] * 1.1))
        for edge in ends:
            brush.line([(edge - 2, y), (edge + 2, y)], fill=_times(COAT, rows[y] * 0.45))


def _lit(height: float) -> float:
    """How bright a round surface is at a height between -1 and 1 of its radius."""
    side = max(-1.0, min(1.0, height))
    facing = max(0.0, LIGHT[0] * side + LIGHT[1] * math.sqrt(1 - side * side))
    return 0.22 + 0.62 * facing + 0.5 * facing**18


def _times(colour: tuple[int, int, int], light: float) -> tuple[int, int, int]:
    red, green, blue = (min(255, round(part * light)) for part in colour)
    return red, green, blue
