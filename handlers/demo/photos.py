"""Drawn photos for the example cases: each shows the defect that its words speak of."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter

WIDE, HIGH = 1280, 960


def _bench(seed: int, tone: tuple[int, int, int]) -> Image.Image:
    """A surface under a lamp, with the grain of a camera; the same for the same seed."""
    grain = Image.frombytes("L", (WIDE // 4, HIGH // 4), random.Random(seed).randbytes(WIDE * HIGH // 16))
    picture = grain.resize((WIDE, HIGH)).convert("RGB")
    return Image.blend(picture, Image.new("RGB", (WIDE, HIGH), tone), 0.88)


def _taken(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(kept, "JPEG", quality=86)
    return kept.getvalue()


def labels(seed: int) -> bytes:
    """A JPEG of four boxes whose labels sit askew, the bars cut by the edge."""
    rng = random.Random(seed)
    picture = _bench(seed, (196, 176, 148))
    for number in range(4):
        left, top = 90 + (number % 2) * 590, 70 + (number // 2) * 430
        ImageDraw.Draw(picture).rectangle(
            (left, top, left + 520, top + 370), (238, 238, 234), (120, 120, 116), 5
        )
        label = Image.new("RGB", (380, 200), (252, 252, 252))
        pen = ImageDraw.Draw(label)
        pen.rectangle((0, 0, 379, 46), fill=(24, 104, 92))
        x = 24
        while x < 360:
            wide = rng.choice((3, 5, 9))
            pen.rectangle((x, 70, x + wide, 176), fill=(20, 20, 20))
            x += wide + rng.choice((4, 7))
        askew = label.convert("RGBA").rotate(rng.choice((-14, -9, 11, 16)), expand=True)
        picture.paste(askew, (left + 70 + rng.randint(40, 90), top + 40), askew)
    return _taken(picture)


def gauge(seed: int) -> bytes:
    """A JPEG of a machine's panel: the needle stands in the red."""
    picture = _bench(seed, (70, 78, 88))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((250, 60, 1030, 900), 60, (46, 52, 60), (130, 138, 148), 8)
    pen.ellipse((340, 130, 940, 730), (236, 238, 236), (90, 96, 104), 12)
    for start, end, colour in (
        (135, 290, (58, 150, 96)),
        (290, 345, (228, 176, 52)),
        (345, 405, (204, 52, 44)),
    ):
        pen.arc((380, 170, 900, 690), start, end, colour, 40)
    pen.line([(640, 430), (838, 470)], (30, 30, 30), 14)
    pen.ellipse((606, 396, 674, 464), (30, 30, 30))
    pen.ellipse((860, 770, 930, 840), (230, 60, 48), (120, 20, 16), 6)
    return _taken(picture)


def screw(seed: int) -> bytes:
    """A JPEG of a threaded shaft on a grey bench with a flaked patch."""
    rng = random.Random(seed)
    picture = _bench(seed, (168, 172, 176))
    pen = ImageDraw.Draw(picture)
    top, left = 380 + rng.randint(-60, 60), 160 + rng.randint(-40, 40)
    pen.rounded_rectangle((left, top, left + 900, top + 190), 40, fill=(112, 120, 132))
    for step in range(0, 780, 42):
        x = left + 90 + step
        pen.polygon(
            [(x, top - 26), (x + 22, top - 26), (x + 36, top + 216), (x + 10, top + 216)],
            fill=(146, 154, 166),
        )
        pen.line([(x + 20, top - 24), (x + 34, top + 214)], fill=(88, 94, 104), width=4)
    pen.ellipse(
        (left - 80, top - 40, left + 90, top + 230), fill=(128, 136, 148), outline=(84, 90, 100), width=6
    )
    cx, cy = left + rng.randint(380, 640), top + rng.randint(40, 120)
    points = [(cx + rng.randint(-80, 80), cy + rng.randint(-46, 46)) for _corner in range(9)]
    pen.polygon(points, fill=(214, 206, 178), outline=(150, 110, 70))
    pen.ellipse((cx - 130, cy - 110, cx + 130, cy + 110), outline=(190, 40, 40), width=7)
    return _taken(picture)
