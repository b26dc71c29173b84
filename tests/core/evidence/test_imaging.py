"""What becomes of a photo or file before anyone else sees it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageCms, ImageDraw

from core.evidence import LIMITS, MediaKind, imaging
from core.evidence.errors import Damaged, EmptyFile, NotAPicture, TooLarge, TooManyPixels, UnsupportedKind
from core.evidence.likeness import distance
from core.evidence.terms import MEGABYTE
from tests.core.evidence import photos
from tests.paths import SHARED_DATA

ORIENTATIONS = SHARED_DATA / "photos_orientation"


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("shape", ["Landscape", "Portrait"])
@pytest.mark.parametrize("turn", range(9))
def test_a_photo_stands_upright_however_the_phone_was_held(shape: str, turn: int) -> None:
    """All eight EXIF orientations look like the unturned one, in preview, thumbnail and stated size."""
    upright = imaging.prepare((ORIENTATIONS / f"{shape}_1.jpg").read_bytes())
    turned = imaging.prepare((ORIENTATIONS / f"{shape}_{turn}.jpg").read_bytes())
    assert (turned.width, turned.height) == ((1800, 1200) if shape == "Landscape" else (1200, 1800))
    assert opened(turned.preview).size == opened(upright.preview).size
    assert opened(turned.thumbnail).size == opened(upright.thumbnail).size
    assert distance(turned.dhash or "", upright.dhash or "") <= 2


def test_a_turned_heic_is_turned_once() -> None:
    """libheif turns by its own box; the EXIF value must not turn it again."""
    exif = photos.with_secrets()
    exif[0x0112] = 6
    made = imaging.prepare(photos.heic(exif=exif))
    flat = imaging.prepare(photos.heic(photos.scene().transpose(Image.Transpose.ROTATE_270)))
    assert (made.width, made.height) == (480, 640) == opened(made.preview).size
    assert distance(made.dhash or "", flat.dhash or "") <= 2


@pytest.mark.parametrize("original", [photos.secret_jpeg(), photos.heic(exif=photos.with_secrets())])
@pytest.mark.req("L-01")
def test_place_serials_and_owner_are_gone_from_what_others_see(original: bytes) -> None:
    """The original tells them, the derivatives hold no EXIF, GPS, XMP, comment, profile or resolution."""
    assert opened(original).getexif().get_ifd(0x8825)
    assert photos.SERIAL.encode() in original
    made = imaging.prepare(original)
    for data in (made.preview, made.thumbnail):
        assert data is not None
        assert photos.SERIAL.encode() not in data
        for mark in (b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"Photoshop", b"GPS", b"Zhang"):
            assert mark not in data
        picture = opened(data)
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_time_of_the_shot_is_kept_when_the_camera_knew_its_zone() -> None:
    """08:15:30 at +08:00 is 00:15:30 UTC; without the offset nothing is guessed."""
    assert imaging.prepare(photos.secret_jpeg()).taken_at == datetime(2026, 11, 20, 0, 15, 30, tzinfo=UTC)
    exif = photos.with_secrets()
    del exif.get_ifd(0x8769)[0x9011]
    assert imaging.prepare(photos.jpeg(exif=exif)).taken_at is None


def test_unreadable_exif_does_not_cost_the_photo() -> None:
    """A broken EXIF block counts as absent."""
    made = imaging.prepare(photos.jpeg(exif=b"Exif\x00\x00II*\x00\xff\xff\xff\x7fgarbage"))
    assert (made.width, made.height) == (640, 480)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (photos.jpeg(), MediaKind.JPEG),
        (photos.png(), MediaKind.PNG),
        (photos.heic(), MediaKind.HEIC),
        (photos.saved(photos.scene(), "WEBP"), MediaKind.WEBP),
        (photos.saved(photos.scene(), "AVIF"), MediaKind.AVIF),
        (photos.saved(photos.scene(), "GIF"), MediaKind.GIF),
        (photos.saved(photos.scene(), "MPO", save_all=True, append_images=[photos.scene(1)]), MediaKind.JPEG),
    ],
)
def test_photos_of_every_phone_get_preview_thumbnail_and_digests(data: bytes, kind: MediaKind) -> None:
    """The digests are those of the very bytes; size and look survive each format."""
    made = imaging.prepare(data, must_be_picture=True)
    assert made.kind is kind
    assert (made.size, made.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert made.preview_sha256 == hashlib.sha256(made.preview or b"").hexdigest()
    assert made.thumbnail_sha256 == hashlib.sha256(made.thumbnail or b"").hexdigest()
    assert opened(made.preview).format == opened(made.thumbnail).format == "JPEG"
    assert opened(made.preview).size == (640, 480)
    assert opened(made.thumbnail).size == (320, 240)
    assert distance(made.dhash or "", imaging.prepare(photos.png()).dhash or "") <= 4


def test_a_large_photo_is_fitted_into_the_edges() -> None:
    """4000 by 3000 becomes 1600 by 1200 and 320 by 240; the stated size stays that of the original."""
    made = imaging.prepare(photos.jpeg(photos.scene(1, (4000, 3000))))
    assert (made.width, made.height) == (4000, 3000)
    assert opened(made.preview).size == (1600, 1200)
    assert opened(made.thumbnail).size == (320, 240)


def test_a_very_long_picture_keeps_at_least_one_pixel() -> None:
    """A strip of 20,000 by 2 is shown, however thin."""
    made = imaging.prepare(photos.png(Image.new("RGB", (20_000, 2), "red")))
    assert opened(made.preview).size == (1600, 1)


def test_an_animation_shows_its_first_frame() -> None:
    """What moves afterwards is in the sealed original only."""
    frames = [photos.scene(number) for number in (1, 2, 3)]
    data = photos.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    first = imaging.prepare(photos.png(frames[0])).dhash or ""
    last = imaging.prepare(photos.png(frames[2])).dhash or ""
    made = imaging.prepare(data).dhash or ""
    assert distance(made, first) <= 4 < distance(made, last)


def test_transparent_parts_are_white() -> None:
    """JPEG knows no transparency; a screenshot with holes must not turn black."""
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    assert opened(imaging.prepare(photos.png(clear)).preview).getpixel((50, 50)) == (255, 255, 255)
    palette = clear.quantize(4)
    assert opened(imaging.prepare(photos.png(palette, transparency=0)).preview).getpixel((50, 50)) == (
        255,
        255,
        255,
    )


def test_sixteen_bit_grey_keeps_its_shades() -> None:
    """X-ray and microscope pictures: half of 65535 is a middle grey, not white."""
    half = Image.new("I;16", (64, 64), 32768)
    level = opened(imaging.prepare(photos.png(half)).preview).getpixel((30, 30))
    assert isinstance(level, tuple)
    assert all(120 <= part <= 136 for part in level)


def test_other_colour_spaces_are_brought_to_srgb() -> None:
    """A profile that swaps red and green is obeyed, CMYK becomes RGB, a broken profile is left out."""
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for one, other in ((b"rXYZ", b"----"), (b"gXYZ", b"rXYZ"), (b"----", b"gXYZ")):
        swapped = swapped.replace(one, other, 1)
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))
    red = Image.new("RGB", (64, 64), (255, 0, 0))
    shown = opened(imaging.prepare(photos.png(red, icc_profile=swapped)).preview).getpixel((30, 30))
    assert isinstance(shown, tuple)
    assert shown[0] < 20
    assert shown[1] > 240
    grey = Image.new("CMYK", (64, 64), (0, 0, 0, 128))
    assert opened(imaging.prepare(photos.saved(grey, "JPEG")).preview).mode == "RGB"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, b"no profile at all"):
        made = imaging.prepare(photos.jpeg(icc_profile=icc))
        assert b"ICC_PROFILE" not in (made.preview or b"")
        assert opened(made.preview).size == (640, 480)


@pytest.mark.parametrize("size", [200 * MEGABYTE, LIMITS.photo_mb * MEGABYTE + 1])
def test_a_file_beyond_the_limit_is_refused_unopened(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """200 MB and one byte too many: nothing is sniffed, hashed or decoded."""
    monkeypatch.delattr(Image, "open")
    monkeypatch.delattr("core.evidence.imaging.sniff")
    with pytest.raises(TooLarge) as refused:
        imaging.prepare(b"\xff\xd8\xff" + bytes(size - 3), must_be_picture=True)
    assert refused.value.facts == {"limit": 20}


@pytest.mark.parametrize(("width", "height"), [(50_001, 1_000), (10_000, 10_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes that unfold to 50 million pixels and more are never decoded."""
    data = photos.bomb(width, height)
    assert len(data) < MEGABYTE
    monkeypatch.delattr("core.evidence.imaging._derive")
    with pytest.raises(TooManyPixels) as refused:
        imaging.prepare(data)
    assert refused.value.facts == {"limit": 50}


@pytest.mark.parametrize(
    "data",
    [
        photos.jpeg()[:-3000],
        photos.jpeg()[:200],
        photos.png()[:2000],
        photos.heic()[:1500],
        photos.saved(photos.scene(), "WEBP")[:2000],
        photos.bomb(800, 800),
        b"\xff\xd8\xff" + b"\x00" * 4000,
        b"\x89PNG\r\n\x1a\n" + b"\x07" * 4000,
        b"\x00\x00\x00\x18ftypheic" + b"\x01" * 4000,
        b"GIF89a",
    ],
)
def test_a_picture_cut_short_or_corrupt_is_refused(data: bytes) -> None:
    """Nothing half-decoded is ever shown as evidence."""
    with pytest.raises(Damaged):
        imaging.prepare(data, must_be_picture=True)


def test_bytes_of_any_kind_are_answered_by_a_refusal_or_a_picture() -> None:
    """Every seventh byte of a real photo spoilt in turn: no other exception leaves the room."""
    whole = photos.jpeg(photos.scene(2, (64, 48)), exif=photos.with_secrets())
    answers = set()
    for at in range(2, len(whole), 7):
        spoilt = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        try:
            answers.add(imaging.prepare(spoilt, must_be_picture=True).kind.name)
        except (Damaged, TooManyPixels, NotAPicture) as refusal:
            answers.add(refusal.code)
    assert {"JPEG", "Damaged"} <= answers


@pytest.mark.parametrize(
    "data",
    [b"a scratch on the lid", "划痕".encode(), b"%PDF-1.7\n", b"\x00\x01\x02", b"MZ\x90\x00", b"PK\x03\x04"],
)
def test_something_else_where_a_photo_is_due_is_refused(data: bytes) -> None:
    """Also when it is a file that would be kept elsewhere."""
    with pytest.raises(NotAPicture):
        imaging.prepare(data, must_be_picture=True)


def workbook(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", MediaKind.PDF),
        (b"lot,quantity\nA-1,120\n", MediaKind.TEXT),
        ("批号,数量\n".encode("gb18030"), MediaKind.TEXT),
        ("批号\t数量\n".encode("utf-16"), MediaKind.TEXT),
        (b"\xef\xbb\xbf" + "批号,数量\n".encode(), MediaKind.TEXT),
        (workbook("[Content_Types].xml", "xl/workbook.xml"), MediaKind.XLSX),
    ],
)
def test_documents_are_kept_as_they_are(data: bytes, kind: MediaKind) -> None:
    """They get a digest and no pictures."""
    made = imaging.prepare(data)
    assert made.kind is kind
    assert made.sha256 == hashlib.sha256(data).hexdigest()
    assert (made.preview, made.thumbnail, made.dhash, made.width) == (None, None, None, None)


@pytest.mark.parametrize(
    "data",
    [b"\x7fELF\x02\x01\x01\x00", b"MZ\x90\x00", workbook("a.exe"), b"PK\x03\x04broken", b"\xff\xfe\x00\xd8"],
)
def test_unknown_kinds_are_refused(data: bytes) -> None:
    """Programs and archives are no evidence, whatever their name says."""
    with pytest.raises(UnsupportedKind):
        imaging.prepare(data)


def test_an_empty_file_is_refused() -> None:
    """Zero bytes prove nothing."""
    with pytest.raises(EmptyFile):
        imaging.prepare(b"")


def test_the_same_shot_resent_by_a_messenger_stays_near_and_others_far() -> None:
    """Scaled and recompressed within 6 bits of 64, another scene further away."""
    first = imaging.prepare(photos.png(photos.scene(4, (1280, 960)))).dhash or ""
    small = photos.scene(4, (1280, 960)).resize((500, 375))
    resent = imaging.prepare(photos.saved(small, "JPEG", quality=40)).dhash or ""
    assert distance(first, resent) <= 6
    others = [imaging.prepare(photos.png(photos.scene(number))).dhash or "" for number in range(5, 12)]
    assert all(distance(first, other) > 6 for other in others)


def test_dhash_follows_its_definition() -> None:
    """Brightness that grows from left to right sets every bit, falling brightness none."""
    rising = Image.new("L", (90, 80))
    draw = ImageDraw.Draw(rising)
    for step in range(9):
        draw.rectangle((step * 10, 0, step * 10 + 9, 79), fill=step * 25)
    assert imaging.prepare(photos.png(rising)).dhash == "f" * 16
    assert imaging.prepare(photos.png(rising.transpose(Image.Transpose.ROTATE_180))).dhash == "0" * 16
    assert distance("f" * 16, "0" * 16) == 64
    assert distance("000000000000000f", "0000000000000001") == 3
