"""Photos: handed in before the anomaly that they show, and shown as people see them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from core import clients, evidence
from core.clients import Scope
from core.evidence import LIMITS, MEGABYTE, MediaKind
from handlers.partner.shapes import Asks, Key, Out
from handlers.partner.table import Asked, Route, Said
from handlers.web.rooms import ROOMS

PICTURES = tuple(one.value for one in MediaKind if one.is_picture)


class PhotoPath(Asks):
    """Which photo."""

    id: Key


class PhotoBody(Out):
    """A photo that is kept; `id` goes into `evidence_ids` of an anomaly. Width and height are of the upright picture."""

    id: int
    sha256: str
    media_type: str
    size: int
    width: int | None
    height: int | None


async def receive(asked: Asked) -> Any:
    """Check and seal the picture, which takes some tenths of a second."""
    darkroom = asked.request.app[ROOMS].darkroom
    digest = sha256(asked.raw).hexdigest()
    return await darkroom.receive(asked.actor, asked.raw, source_ref=f"photo:{digest}", declared=asked.media)


async def keep(asked: Asked) -> Said:
    """Keep a photo; the same bytes of the same organisation are the same photo."""
    row = await evidence.keep(asked.actor, asked.ready)
    return Said(
        body=PhotoBody(
            id=row.id,
            sha256=row.sha256,
            media_type=row.kind,
            size=row.size,
            width=row.width,
            height=row.height,
        )
    )


async def show(asked: Asked) -> Said:
    """A photo upright, at most 1600 pixels, without what the camera wrote into it."""
    opened = await asked.request.app[ROOMS].darkroom.open_preview(asked.actor, asked.path.id)
    return Said(body=opened.data, media=opened.media_type)


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/photos",
        scope=Scope.ANOMALIES_WRITE,
        summary="Hand in a photo; its id goes into the anomaly that it shows",
        call=keep,
        before=receive,
        pace=clients.PHOTOS,
        subject="photo",
        takes_body=True,
        media=PICTURES,
        most=LIMITS.photo_mb * MEGABYTE,
        answer=PhotoBody,
        status=201,
    ),
    Route(
        method="GET",
        path="/api/v1/photos/{id}",
        scope=Scope.ANOMALIES_READ,
        summary="A photo, upright and without metadata",
        call=show,
        subject="photo {id}",
        path_model=PhotoPath,
        answer_media=("image/jpeg",),
        statuses=(422,),
    ),
)
