"""Pictures of the phone page: kept before the page is told, refused when they are none, shown to their people."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from core import people
from core.kit import system
from handlers.chat.vocabulary import Document, Outgoing, Picture
from tests.bot.adapters.browser.echo_house import EchoHouse
from tests.bot.adapters.browser.requests import ME, PHOTO, browser, events, refused, updates


async def test_a_photo_is_kept_before_the_page_is_told(house: EchoHouse) -> None:
    """After a 202 the picture can be fetched by a process that was started later; a resend is no second photo."""
    async with browser(house) as session:
        await events(session, 2)
        for _time in range(2):
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("file", PHOTO, filename="螺钉\u202e.jpg", content_type="image/jpeg")
            async with session.post("/chat/photo?id=aaaaaaaa-9", data=form) as answer:
                assert answer.status == 202
        await events(session, 2, after=2)
        await house.stop()
        await house.start()
    assert await updates() == 2
    media = house.took[-1].media
    assert media is not None
    assert media.name == "螺钉.jpg"
    assert await house.messenger.fetch(media) == PHOTO


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x", "multipart/form-data", 400),
        (b"x", "multipart/form-data; boundary=b", 400),
        (b"", "multipart/form-data; boundary=b", 400),
        (
            b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\nx\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            400,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            422,
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.exe"\r\n\r\nMZ\x00\x01\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            422,
        ),
        (b"\xff\xd8\xff", "image/jpeg", 415),
    ],
)
async def test_what_is_no_photo_is_said_to_be_none(
    house: EchoHouse, body: bytes, kind: str, status: int
) -> None:
    """A broken upload, a missing or empty part, a program: 4xx, and nothing arrives."""
    async with browser(house) as session:
        before = await updates()
        async with session.post(
            "/chat/photo?id=aaaaaaaa-1", data=body, headers={"Content-Type": kind}
        ) as answer:
            await refused(answer, status)
        assert await updates() == before


async def test_a_file_above_the_limit_is_not_read_to_its_end(house: EchoHouse) -> None:
    """413 by the announced length and by what really comes."""

    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _chunk in range(24):
            yield b"\xff" * 1_000_000

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    async with browser(house) as session:
        async with session.post("/chat/photo?id=aaaaaaaa-1", data=endless(), headers=kind) as answer:
            await refused(answer, 413)
        async with session.post("/chat/photo?id=no", data=b"", headers=kind) as answer:
            await refused(answer, 400)


async def test_pictures_are_shown_to_those_they_were_sent_to(house: EchoHouse) -> None:
    """Only in the message that carries it, only to its person, and only while they may see it."""
    house.pictures["evidence:1"] = PHOTO
    card = Outgoing(body="see", pictures=(Picture(source="evidence:1", alt="screw"),))
    number = (await house.shows(ME, card))["id"]
    async with browser(house) as session:
        async with session.get(f"/chat/picture?message={number}&source=evidence:1") as answer:
            assert answer.status == 200
            assert answer.content_type == "image/jpeg"
            assert "private" in answer.headers["Cache-Control"]
            assert await answer.read() == PHOTO
        async with session.get(f"/chat/picture?message={number}&source=evidence:1") as answer:
            assert answer.status == 200
        for query in (
            f"message={number}&source=evidence:2",
            "message=99&source=evidence:1",
            "source=evidence:1",
            f"message={number}&source=%00%FF",
            f"message={number}",
        ):
            async with session.get(f"/chat/picture?{query}") as answer:
                await refused(answer, 404)
        house.pictures.clear()
        async with session.get(f"/chat/picture?message={number}&source=evidence:1") as answer:
            await refused(answer, 404)
    async with browser(house, "responsible") as other:
        house.pictures["evidence:1"] = PHOTO
        async with other.get(f"/chat/picture?message={number}&source=evidence:1") as answer:
            await refused(answer, 404)
    rows = (await people.accesses(system(house.plant.id))).rows
    assert [(one.person_id, one.door, one.subject) for one in rows] == [
        (house.plant.persons[ME], "browser", "picture evidence:1")
    ], "one look within the hour that the browser keeps it; a refused one is none"


async def test_files_are_given_to_those_they_were_sent_to_and_saved_not_shown(house: EchoHouse) -> None:
    """As a download whatever it holds, under its name; nobody else gets it."""
    house.pictures["trace:1:both"] = b"<script>1</script>"
    card = Outgoing(body="list", documents=(Document(source="trace:1:both", name="批.csv"),))
    number = (await house.shows(ME, card))["id"]
    query = f"/chat/document?message={number}&source=trace:1:both&name=批\r\nX:1.csv"
    async with browser(house) as session:
        async with session.get(query) as answer:
            assert (answer.status, await answer.read()) == (200, b"<script>1</script>")
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%89%B9")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "X" not in answer.headers
        async with session.get(f"/chat/document?message={number}&source=trace:2:both") as answer:
            await refused(answer, 404)
    async with browser(house, "responsible") as other, other.get(query) as answer:
        await refused(answer, 404)
