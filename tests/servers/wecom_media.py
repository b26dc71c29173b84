"""Temporary media: uploads with their sizes and kinds, ids that live three days."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers.wecom_limits import RefusedError, Sizes

MIME = {"image": "image/jpeg", "voice": "audio/amr", "video": "video/mp4", "file": "application/octet-stream"}


@dataclass(frozen=True)
class Kept:
    """One file under its media_id."""

    media_id: str
    kind: str
    content: bytes = field(repr=False)
    name: str
    made_at: float

    @property
    def mime(self) -> str:
        """What it is served as."""
        return "image/png" if self.content.startswith(b"\x89PNG") else MIME[self.kind]


@dataclass
class MediaStore:
    """All files of the corporation."""

    sizes: Sizes
    wall: Callable[[], float]
    kept: dict[str, Kept] = field(default_factory=dict)

    def keep(self, kind: str, content: bytes, name: str) -> Kept:
        """Stores a file; answers it with its new id."""
        media_id = "3" + secrets.token_urlsafe(48)
        self.kept[media_id] = Kept(media_id, kind, content, name, self.wall())
        return self.kept[media_id]

    def upload(self, kind: str, content: bytes, name: str) -> Kept:
        """Stores what the app uploads.

        Raises:
            RefusedError: 40005 unknown kind, 40006 or 40009 size, 40004 no such picture, 44001 nothing.
        """
        if kind not in self.sizes.media:
            raise RefusedError.wrong(40005, "invalid file type")
        if not content:
            raise RefusedError.wrong(44001, "empty media data")
        if not self.sizes.least_media < len(content) <= self.sizes.media[kind]:
            raise RefusedError.wrong(40009 if kind == "image" else 40006, "invalid media size")
        if kind == "image" and not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
            raise RefusedError.wrong(40004, "invalid media type: an image is JPG or PNG")
        if not name:
            raise RefusedError.wrong(41005, "media data missing: no filename")
        return self.keep(kind, content, name)

    def find(self, media_id: object, kind: str | None = None) -> Kept:
        """A file by its id while it lives.

        Raises:
            RefusedError: 40007 when it is unknown, too old or of another kind.
        """
        kept = self.kept.get(media_id) if isinstance(media_id, str) else None
        if kept is None:
            raise RefusedError.wrong(40007, "invalid media_id")
        if self.wall() >= kept.made_at + self.sizes.media_for or (kind and kept.kind != kind):
            raise RefusedError(40007, "invalid media_id")
        return kept
