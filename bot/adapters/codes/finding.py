"""From the bytes of a picture to the texts of its codes. Pure: runs in a worker process."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Final

import pillow_heif
import zxingcpp
from PIL import Image, ImageOps

from core.evidence.terms import LIMITS, MEGABYTE
from core.labels import Carrier

pillow_heif.register_heif_opener(thumbnails=False)

MOST: Final = 12
"""Codes of one picture that are looked at; a photo of a full shelf is no label."""
EDGE: Final = 2000
FINE_EDGE: Final = 4000
SMALL: Final = 700
_PLUGINS: Final = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF")
_FORMATS: Final = (
    zxingcpp.DataMatrix,
    zxingcpp.QRCode,
    zxingcpp.MicroQRCode,
    zxingcpp.RMQRCode,
    zxingcpp.Aztec,
    zxingcpp.PDF417,
    zxingcpp.Code128,
    zxingcpp.Code39Std,  # not the extended set: it would take the first characters of an HIBC code for a small letter
    zxingcpp.DataBar,
    zxingcpp.DataBarExp,
    zxingcpp.DataBarLtd,
    zxingcpp.EAN13,
    zxingcpp.EAN8,
    zxingcpp.UPCA,
    zxingcpp.ITF14,
)
_READABLE: Final = (zxingcpp.ContentType.GS1, zxingcpp.ContentType.Text, zxingcpp.ContentType.ISO15434)


def find(data: bytes) -> tuple[Carrier, ...]:
    """Answer the codes of a picture, each once. A picture that cannot be decoded holds none.

    One way of looking after the other is tried until one finds something; all of them see the same bounded picture.
    """
    if not 0 < len(data) <= LIMITS.photo_mb * MEGABYTE:
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is decided here
            with Image.open(io.BytesIO(data), formats=_PLUGINS) as picture:
                if picture.width * picture.height > LIMITS.megapixels * 1_000_000:
                    return ()
                grey = _grey(picture)
    except Exception:  # noqa: BLE001  decoders answer broken bytes with every kind of exception
        return ()
    for seen, binarizer in _looks(grey):
        found = _codes(seen, binarizer)
        if found:
            return found
    return ()


def _grey(picture: Image.Image) -> Image.Image:
    """The picture in grey on white, no larger than the finest look needs."""
    if picture.format == "JPEG":
        picture.draft("L", (FINE_EDGE, FINE_EDGE))
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture.convert("RGBA"))
        picture = ground
    return _within(picture.convert("L"), FINE_EDGE)


def _within(picture: Image.Image, edge: int) -> Image.Image:
    longest = max(picture.size)
    if longest <= edge:
        return picture
    size = (
        max(1, round(picture.width * edge / longest)),
        max(1, round(picture.height * edge / longest)),
    )
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _looks(grey: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.Binarizer]]:
    """Ways of looking, the cheapest first."""
    usual = _within(grey, EDGE)
    yield usual, zxingcpp.Binarizer.LocalAverage
    clear = ImageOps.autocontrast(usual, cutoff=1)
    yield clear, zxingcpp.Binarizer.GlobalHistogram
    if usual.size != grey.size:
        yield grey, zxingcpp.Binarizer.LocalAverage
    if max(usual.size) < SMALL:
        large = usual.resize((usual.width * 2, usual.height * 2), Image.Resampling.LANCZOS)
        yield large, zxingcpp.Binarizer.LocalAverage
    for angle in (45, 20, 70):  # a bar code is read along a line that crosses all its bars
        yield clear.rotate(angle, expand=True, fillcolor=255), zxingcpp.Binarizer.LocalAverage


def _codes(picture: Image.Image, binarizer: zxingcpp.Binarizer) -> tuple[Carrier, ...]:
    read = zxingcpp.read_barcodes(
        picture,
        formats=zxingcpp.BarcodeFormats(_FORMATS),
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=binarizer,
    )
    found = [
        Carrier(text=one.text, symbology=one.symbology_identifier)
        for one in read
        if one.valid and one.text and one.content_type in _READABLE
    ]
    return tuple(dict.fromkeys(found))[:MOST]
