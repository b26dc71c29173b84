"""Labels as pictures, drawn by zxing-cpp: what a phone would see of a printed code."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image, ImageFilter


def code(text: str, kind: str = "DataMatrix", *, gs1: bool | None = None, scale: int = 4) -> Image.Image:
    """One code; text with brackets is GS1."""
    form = zxingcpp.barcode_format_from_str(kind)
    if text.startswith("(") if gs1 is None else gs1:
        made = zxingcpp.create_barcode(text, form, gs1=True)
    else:
        made = zxingcpp.create_barcode(text, form)
    drawn = zxingcpp.write_barcode_to_image(made, scale=scale)
    return Image.frombytes("L", (drawn.shape[1], drawn.shape[0]), bytes(memoryview(drawn)))


def photo(*codes: Image.Image, turned: float = 0, blurred: float = 0, kind: str = "JPEG") -> bytes:
    """Codes beside one another on a grey sheet, turned and blurred, as bytes."""
    wide = sum(one.width for one in codes) + 80 * (len(codes) + 1)
    sheet = Image.new("L", (wide, max(one.height for one in codes) + 160), 210)
    left = 80
    for one in codes:
        sheet.paste(one, (left, 80))
        left += one.width + 80
    if turned:
        sheet = sheet.rotate(turned, expand=True, fillcolor=210, resample=Image.Resampling.BICUBIC)
    if blurred:
        sheet = sheet.filter(ImageFilter.GaussianBlur(blurred))
    out = io.BytesIO()
    sheet.convert("RGB").save(out, kind)
    return out.getvalue()
