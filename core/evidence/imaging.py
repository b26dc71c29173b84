"""From bytes to an upright picture that tells nothing but what it shows. Pure: runs in a worker process."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import struct
import warnings
from typing import Final

import pillow_heif
from PIL import Image, ImageCms

from core.evidence.errors import Damaged, EmptyFile, NotAPicture, TooLarge, TooManyPixels, UnsupportedKind
from core.evidence.likeness import dhash
from core.evidence.sniffing import sniff
from core.evidence.terms import LIMITS, MEGABYTE, Limits, MediaKind, Prepared

pillow_heif.register_heif_opener(thumbnails=False)

_PLUGIN: Final = {
    MediaKind.JPEG: "JPEG",
    MediaKind.PNG: "PNG",
    MediaKind.WEBP: "WEBP",
    MediaKind.HEIC: "HEIF",
    MediaKind.AVIF: "AVIF",
    MediaKind.GIF: "GIF",
}
_ORIENTATION, _EXIF_IFD, _TAKEN, _OFFSET = 0x0112, 0x8769, 0x9003, 0x9011
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_BAD_EXIF = (SyntaxError, ValueError, TypeError, KeyError, IndexError, OSError, OverflowError, struct.error)


def prepare(data: bytes, *, must_be_picture: bool = False, limits: Limits = LIMITS) -> Prepared:
    """Check a file and make what others may see of it.

    Raises:
        EmptyFile, TooLarge: judged by the size alone, nothing is opened.
        UnsupportedKind, NotAPicture: judged by the first bytes.
        TooManyPixels: judged by the header, before any pixel is decoded.
        Damaged: the picture cannot be decoded to its end.
    """
    check_size(data, must_be_picture=must_be_picture, limits=limits)
    kind = sniff(data)
    if must_be_picture and (kind is None or not kind.is_picture):
        raise NotAPicture
    if kind is None:
        raise UnsupportedKind
    limit = limits.photo_mb if kind.is_picture else limits.file_mb
    if len(data) > limit * MEGABYTE:
        raise TooLarge(limit=limit)
    if kind.is_picture:
        return _picture(data, kind, limits)
    return Prepared(kind=kind, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def check_size(data: bytes, *, must_be_picture: bool = False, limits: Limits = LIMITS) -> None:
    """Refuse what is empty or too large for anything, without looking inside.

    Raises:
        EmptyFile: no bytes.
        TooLarge: more bytes than a photo (if it must be one) or any file may have.
    """
    if not data:
        raise EmptyFile
    limit = limits.photo_mb if must_be_picture else max(limits.photo_mb, limits.file_mb)
    if len(data) > limit * MEGABYTE:
        raise TooLarge(limit=limit)


def _picture(data: bytes, kind: MediaKind, limits: Limits) -> Prepared:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is decided here
            with Image.open(io.BytesIO(data), formats=(_PLUGIN[kind],)) as picture:
                if picture.width * picture.height <= limits.megapixels * 1_000_000:
                    return _derive(picture, data, kind, limits)
    except Image.DecompressionBombError as bomb:
        raise TooManyPixels(limit=limits.megapixels) from bomb
    except Exception as fault:  # decoders answer broken bytes with every kind of exception
        raise Damaged from fault
    raise TooManyPixels(limit=limits.megapixels)


def _derive(picture: Image.Image, data: bytes, kind: MediaKind, limits: Limits) -> Prepared:
    size = picture.size
    if kind is MediaKind.JPEG:  # let the decoder scale by 1/2, 1/4, 1/8: it then reads far fewer pixels
        picture.draft(None, _fit(size, limits.preview_edge))
    picture.load()
    turn, taken_at = _from_exif(picture)
    small = _coloured(_scaled(picture, _fit(size, limits.preview_edge)), picture.info.get("icc_profile"))
    if turn in _UPRIGHT:
        small = small.transpose(_UPRIGHT[turn])
    small.info = {}  # Pillow would write comments, profiles and resolutions found here
    tiny = small.resize(_fit(small.size, limits.thumbnail_edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
    preview = _jpeg(small, limits.preview_quality)
    thumbnail = _jpeg(tiny, limits.thumbnail_quality)
    lies = turn is not None and 5 <= turn <= 8  # noqa: PLR2004  the EXIF values that swap the sides
    return Prepared(
        kind=kind,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        width=size[1] if lies else size[0],
        height=size[0] if lies else size[1],
        dhash=dhash(tiny),
        preview=preview,
        preview_sha256=hashlib.sha256(preview).hexdigest(),
        thumbnail=thumbnail,
        thumbnail_sha256=hashlib.sha256(thumbnail).hexdigest(),
        taken_at=taken_at,
    )


def _fit(size: tuple[int, int], edge: int) -> tuple[int, int]:
    longest = max(size)
    if longest <= edge:
        return size
    return max(1, round(size[0] * edge / longest)), max(1, round(size[1] * edge / longest))


def _scaled(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.mode.startswith("I;16"):  # 16-bit grey: a plain conversion would cut at 255
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    elif picture.mode in ("I", "F", "1"):
        picture = picture.convert("L")
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode == "P":
        picture = picture.convert("RGB")
    if picture.size == size:
        return picture.copy()
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _coloured(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Bring a picture to sRGB on white; a profile that cannot be used is left out."""
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                converted = ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB")
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return picture.convert("RGB")
    return picture.convert("RGB")


def _from_exif(picture: Image.Image) -> tuple[int | None, dt.datetime | None]:
    """Read how the camera was held and when; unreadable EXIF counts as absent."""
    try:
        exif = picture.getexif()
        turn = exif.get(_ORIENTATION)
        detail = exif.get_ifd(_EXIF_IFD)
    except _BAD_EXIF:
        return None, None
    try:
        written = f"{str(detail[_TAKEN]).strip(chr(0))}{str(detail[_OFFSET]).strip(chr(0))}"
        taken_at = dt.datetime.strptime(written, "%Y:%m:%d %H:%M:%S%z").astimezone(dt.UTC)
    except _BAD_EXIF:
        taken_at = None
    return turn if isinstance(turn, int) else None, taken_at


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
