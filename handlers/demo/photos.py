"""Drawn photos for the example cases: a screw under the lamp with the defect that the words speak of."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFilter

WIDE, HIGH = 1280, 960


def screw(seed: int, *, defect: bool) -> bytes:
    """A JPEG of a threaded shaft on a grey bench; with ``defect`` a flaked patch is seen."""
    rng = random.Random(seed)
    picture = Image.effect_noise((WIDE, HIGH), 22).convert("RGB")
    picture = Image.blend(picture, Image.new("RGB", (WIDE, HIGH), (168, 172, 176)), 0.75)
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
    if defect:
        cx, cy = left + rng.randint(380, 640), top + rng.randint(40, 120)
        points = [(cx + rng.randint(-80, 80), cy + rng.randint(-46, 46)) for _corner in range(9)]
        pen.polygon(points, fill=(214, 206, 178), outline=(150, 110, 70))
        pen.ellipse((cx - 130, cy - 110, cx + 130, cy + 110), outline=(190, 40, 40), width=7)
    kept = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.2)).save(kept, "JPEG", quality=86)
    return kept.getvalue()
