"""Keeps files as the real server does: photos re-encoded in sizes without EXIF, ids, links that end."""

from __future__ import annotations

import functools
import hashlib
import io
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from tests.servers.telegram_limits import RefusedError, Sizes

SIDES = (90, 320, 800, 1280)
QUALITY = 87
WIDEST = 10_000
STEEPEST = 20


@dataclass(frozen=True)
class Kept:
    """One stored file under one id."""

    file_id: str
    unique_id: str
    kind: str
    content: bytes = field(repr=False)
    name: str = ""
    mime: str = ""
    width: int = 0
    height: int = 0

    def as_size(self) -> dict[str, Any]:
        """As PhotoSize."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "width": self.width,
            "height": self.height,
            "file_size": len(self.content),
        }

    def as_document(self) -> dict[str, Any]:
        """As Document."""
        named = {"file_name": self.name, "mime_type": self.mime}
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            **{key: value for key, value in named.items() if value},
            "file_size": len(self.content),
        }


@functools.lru_cache(maxsize=64)
def reencoded(original: bytes) -> tuple[tuple[int, int, bytes], ...]:
    """Width, height and JPEG of every size, small to large; upright, nothing enlarged, no metadata.

    Raises:
        RefusedError: 400 when it is no picture or has impossible dimensions.
    """
    try:
        picture = ImageOps.exif_transpose(Image.open(io.BytesIO(original))).convert("RGB")
    except (OSError, SyntaxError, ValueError) as broken:
        raise RefusedError.bad("IMAGE_PROCESS_FAILED") from broken
    width, height = picture.size
    if width + height > WIDEST or max(width, height) > STEEPEST * min(width, height):
        raise RefusedError.bad("PHOTO_INVALID_DIMENSIONS")
    sides = [side for side in SIDES if side < max(width, height)]
    if max(width, height) <= SIDES[-1]:
        sides.append(max(width, height))
    made = []
    for side in sides:
        one = picture.copy()
        one.thumbnail((side, side), Image.Resampling.BICUBIC)
        out = io.BytesIO()
        one.save(out, "JPEG", quality=QUALITY)
        made.append((one.width, one.height, out.getvalue()))
    return tuple(made)


@dataclass
class Files:
    """All files the server holds."""

    sizes: Sizes
    wall: Callable[[], float]
    by_id: dict[str, Kept] = field(default_factory=dict)
    photos: dict[str, list[Kept]] = field(default_factory=dict)
    links: dict[str, tuple[Kept, float]] = field(default_factory=dict)
    disk: Path | None = None
    """Where the server keeps files that it names by their place, as one's own does with ``--local``."""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def photo(self, original: bytes) -> list[Kept]:
        """Stores a photo; answers its sizes, small to large, each with its own id."""
        stored = [
            self._kept("photo", content, width=width, height=height)
            for width, height, content in reencoded(original)
        ]
        for one in stored:
            self.photos[one.file_id] = stored
        return stored

    def uploaded_photo(self, content: bytes) -> list[Kept]:
        """Stores a photo the bot uploads.

        Raises:
            RefusedError: 400 over 10 MB or no picture; 413 over 50 MB.
        """
        self._must_fit(content)
        if len(content) > self.sizes.photo_upload:
            raise RefusedError.bad("file is too big")
        return self.photo(content)

    def document(self, content: bytes, name: str, mime: str) -> Kept:
        """Stores a file as it is."""
        return self._kept("document", content, name=name, mime=mime)

    def uploaded_document(self, content: bytes, name: str, mime: str) -> Kept:
        """Stores a file the bot uploads.

        Raises:
            RefusedError: 400 when it is empty; 413 over 50 MB.
        """
        self._must_fit(content)
        return self.document(content, name, mime)

    def known_photo(self, file_id: str) -> list[Kept]:
        """The sizes of a photo by the id of any of them.

        Raises:
            RefusedError: 400 for an unknown id or one of another kind.
        """
        kept = self._known(file_id)
        if kept.kind != "photo":
            raise RefusedError.bad("can't use file of type Document as Photo")
        return self.photos[file_id]

    def known_document(self, file_id: str) -> Kept:
        """A document by its id.

        Raises:
            RefusedError: 400 for an unknown id or one of another kind.
        """
        kept = self._known(file_id)
        if kept.kind != "document":
            raise RefusedError.bad("can't use file of type Photo as Document")
        return kept

    def link(self, file_id: str) -> dict[str, Any]:
        """The File with a path that can be downloaded for an hour.

        Raises:
            RefusedError: 400 for an unknown id or more than 20 MB.
        """
        kept = self.by_id.get(file_id)
        if kept is None:
            raise RefusedError.bad("invalid file_id")
        if len(kept.content) > self.sizes.download:
            raise RefusedError.bad("file is too big")
        ending = "jpg" if kept.kind == "photo" else (kept.name.rpartition(".")[2] or "bin")
        path = f"{kept.kind}s/file_{next(self._numbers)}.{ending}"
        if self.disk is None:
            self.links[path] = (kept, self.wall() + self.sizes.file_link_for)
        else:
            file = self.disk / path
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(kept.content)
            path = str(file)
        return {
            "file_id": kept.file_id,
            "file_unique_id": kept.unique_id,
            "file_size": len(kept.content),
            "file_path": path,
        }

    def behind(self, path: str) -> Kept | None:
        """What a link leads to while it holds."""
        kept, until = self.links.get(path, (None, 0.0))
        return kept if self.wall() < until else None

    def _known(self, file_id: str) -> Kept:
        if file_id not in self.by_id:
            raise RefusedError.bad("wrong file identifier/HTTP URL specified")
        return self.by_id[file_id]

    def _must_fit(self, content: bytes) -> None:
        if not content:
            raise RefusedError.bad("file must be non-empty")
        if len(content) > self.sizes.upload:
            raise RefusedError(413, "Request Entity Too Large")

    def _kept(self, kind: str, content: bytes, **more: Any) -> Kept:
        number = next(self._numbers)
        fresh = hashlib.sha256(b"%d" % number + content).hexdigest()
        letters = "AgACAgIAAxkBAA" if kind == "photo" else "BQACAgIAAxkBAA"
        kept = Kept(f"{letters}{fresh[:40]}", f"AQAD{fresh[40:52]}", kind, content, **more)
        self.by_id[kept.file_id] = kept
        return kept
