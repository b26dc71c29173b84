"""A Bot API server of one's own hands files over by their place on the disk; nobody else is believed who names one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.telegram import local, reading
from handlers.chat.vocabulary import FetchFailed, Media
from tests.bot.adapters.telegram.conftest import Line


async def test_a_file_of_ones_own_server_is_read_where_it_lies(line: Line, tmp_path: Path) -> None:
    line.server.state.files.disk = tmp_path
    content = b"%PDF-1.7 \x00\xff" * 1000
    await line.server.person(77).sends_document(content, "report.pdf", "application/pdf")
    await line.until(lambda: "document" in line.stored[-1].raw.get("message", {}))
    incoming = reading.read(line.stored[-1].raw)
    assert incoming is not None
    assert incoming.media is not None
    assert await line.messenger.fetch(incoming.media) == content
    for file in tmp_path.rglob("*.pdf"):
        file.unlink()
    with pytest.raises(FetchFailed):
        await line.messenger.fetch(Media(ref="never sent"))


@pytest.mark.parametrize(
    ("size", "api", "for_good", "too_large"),
    [
        (10, "https://api.telegram.org", True, False),
        (11, "http://127.0.0.1:8081", True, True),
        (None, "http://127.0.0.1:8081", True, False),
    ],
)
def test_what_must_not_or_cannot_be_read_is_not(
    tmp_path: Path, size: int | None, api: str, *, for_good: bool, too_large: bool
) -> None:
    file = tmp_path / "file"
    if size is not None:
        file.write_bytes(b"x" * size)
    with pytest.raises(FetchFailed) as refused:
        local.read(str(file), api, 10)
    assert (refused.value.for_good, refused.value.too_large) == (for_good, too_large)


def test_an_address_is_no_place_on_the_disk() -> None:
    assert [local.on_disk(one) for one in ("/var/x", "https://api.telegram.org/file/x", None, "")] == [
        True,
        False,
        False,
        False,
    ]
