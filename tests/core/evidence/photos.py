"""Photos made for the tests: with GPS, huge, broken, animated, from an iPhone."""

from __future__ import annotations

import io
import struct
import zlib

import pillow_heif
from PIL import Image, ImageDraw, ImageFont

pillow_heif.register_heif_opener()
SERIAL = "SN-4711-CAMERA"


def scene(number: int = 0, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture that looks unlike the one of any other number."""
    picture = Image.new("RGB", size, (20, 30, 40))
    draw = ImageDraw.Draw(picture)
    for step in range(24):
        x = (number * 97 + step * 131 + step * step * (number + 3) * 7) % size[0]
        y = (number * 53 + step * 71 + step * step * (number + 5) * 11) % size[1]
        shade = ((step * 83 + number * 41) % 200 + 55, (step * 37) % 255, (number * 29) % 255)
        draw.ellipse((x - 60, y - 45, x + 60, y + 45), fill=shade)
    draw.text((10, 10), f"#{number}", font=ImageFont.load_default(), fill="white")
    return picture


def with_secrets() -> Image.Exif:
    """EXIF with place, serial number, owner and time."""
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif[0xA431] = SERIAL
    exif[0x0112] = 1
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (31.0, 14.0, 7.0), "E", (121.0, 28.0, 30.0)
    detail = exif.get_ifd(0x8769)
    detail[0x9003] = "2026:11:20 08:15:30"
    detail[0x9011] = "+08:00"
    detail[0xA431] = SERIAL
    detail[0xA430] = "Zhang San"
    return exif


def jpeg(picture: Image.Image | None = None, **options: object) -> bytes:
    """The bytes of a JPEG."""
    return saved(picture or scene(), "JPEG", quality=92, **options)


def secret_jpeg() -> bytes:
    """A JPEG that tells place, serial, owner, comment, XMP and a profile."""
    return jpeg(
        exif=with_secrets(),
        comment=f"comment {SERIAL}".encode(),
        xmp=f"<x:xmpmeta><serial>{SERIAL}</serial></x:xmpmeta>".encode(),
        dpi=(301, 301),
    )


def png(picture: Image.Image | None = None, **options: object) -> bytes:
    """The bytes of a PNG."""
    return saved(picture or scene(), "PNG", **options)


def heic(picture: Image.Image | None = None, exif: Image.Exif | None = None, **options: object) -> bytes:
    """The bytes of a HEIC, as an iPhone writes it: turned by its own box and by EXIF, to be applied once."""
    if exif is not None:
        options["exif"] = exif.tobytes()
    return saved(picture or scene(), "HEIF", quality=90, **options)


def bomb(width: int, height: int) -> bytes:
    """A small PNG whose header promises very many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\x00" * (width // 8 + 2)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * 64))
        + chunk(b"IEND", b"")
    )


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()
