"""What evidence may be, how large it may be, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt

MEGABYTE: Final = 1024 * 1024


class MediaKind(StrEnum):
    """What a file is by its content; the value is its media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    AVIF = "image/avif"
    GIF = "image/gif"
    PDF = "application/pdf"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    QDAS = "application/x-q-das"
    QDAS_PAIR = "application/zip"
    """A description and its values; no other ZIP is kept."""
    TEXT = "text/plain"

    @property
    def is_picture(self) -> bool:
        """Answer whether a preview and a thumbnail are made of it."""
        return self.value.startswith("image/")


class SubjectKind(StrEnum):
    """What a piece of evidence may speak for."""

    ANOMALY = "anomaly"
    CAPA_ACTION = "capa_action"
    EFFECTIVENESS = "effectiveness"
    RESULT = "result"
    """The raw file of a laboratory."""
    REPORT = "report"
    """A certificate or measuring file as it came."""
    SAMPLE = "sample"
    """A picture of a golden or limit sample."""
    SERIES = "series"
    """The file of a logger."""


class Part(StrEnum):
    """The stored forms of one piece of evidence."""

    ORIGINAL = "original"
    PREVIEW = "preview"
    THUMBNAIL = "thumbnail"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much is taken in: sizes in MB of 2^20 bytes, pixels in millions, edges in pixels."""

    photo_mb: int = 20
    file_mb: int = 20
    megapixels: int = 50
    preview_edge: int = 1600
    thumbnail_edge: int = 320
    preview_quality: int = 85
    thumbnail_quality: int = 80


LIMITS: Final = Limits()


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A file that passed: its facts and, for a picture, the upright derivatives without any metadata.

    ``width`` and ``height`` are of the upright original in pixels, ``size`` its bytes. The digests are
    SHA-256 as lower-case hex, ``dhash`` is 16 hex digits. Derivatives are JPEG; all picture fields are
    None for other files. ``taken_at`` is set only when the camera wrote its offset from UTC too.
    """

    kind: MediaKind
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None
    dhash: str | None = None
    preview: bytes | None = None
    preview_sha256: str | None = None
    thumbnail: bytes | None = None
    thumbnail_sha256: str | None = None
    taken_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Received:
    """A file that is sealed in the store and waits for its record; it holds no content any more."""

    plant_id: int
    organisation_id: int
    kind: MediaKind
    size: int
    sha256: str
    blob_key: str
    width: int | None
    height: int | None
    dhash: str | None
    preview_key: str | None
    preview_sha256: str | None
    thumb_key: str | None
    taken_at: dt.datetime | None
    source_ref: str | None
    name: str | None


@dataclass(frozen=True, kw_only=True)
class Opened:
    """Content for a reader who may see it, and its media type."""

    data: bytes
    media_type: str
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """An earlier record of the same or nearly the same picture. ``distance`` counts differing bits of 64."""

    evidence_id: int
    distance: int
    same_bytes: bool
    case_numbers: tuple[str, ...] = ()


class FaultKind(StrEnum):
    """What a check found wrong with a stored form."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    DIFFERENT = "different"
    NO_KEY = "no key"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One stored form that is no longer what its record says."""

    evidence_id: int
    plant_id: int
    part: Part
    kind: FaultKind
    key: str

    @property
    def what(self) -> str:
        """Say what is wrong, as verification tells it."""
        return f"its {self.part.value} {_SAID[self.kind]} ({self.key})"


_SAID: Final = {
    FaultKind.MISSING: "is missing from the store of files",
    FaultKind.UNREADABLE: "in the store of files cannot be unsealed",
    FaultKind.DIFFERENT: "in the store of files is not what was recorded",
    FaultKind.NO_KEY: "is not in the store of files: its record names no place there",
}
