"""No byte of a backup can be changed, taken out, put in or moved unnoticed, and it opens with its own key only."""

from __future__ import annotations

import io
import os

import pytest

from bot.backups import sealed_stream
from bot.backups.faults import BackupFault
from bot.backups.manifest import MANIFEST, examine
from bot.backups.parts import PartWriter, parts
from bot.backups.sealed_stream import SealingStream, opened
from core.kit.keys import KeyRing

RING = KeyRing((bytes(32),), "seal")
SMALL = 64


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments small enough to reach every region."""
    monkeypatch.setattr(sealed_stream, "SEGMENT", SMALL)


def sealed(plain: bytes) -> bytes:
    file = io.BytesIO()
    stream = SealingStream(file, RING.for_backups())
    for start in range(0, len(plain), 7):
        stream.write(plain[start : start + 7])
    stream.close()
    return file.getvalue()


def unsealed(raw: bytes, ring: KeyRing = RING) -> bytes:
    return b"".join(opened(io.BytesIO(raw), ring.for_backups()))


@pytest.mark.parametrize("size", [0, 1, SMALL - 1, SMALL, SMALL + 1, 3 * SMALL, 1000])
def test_what_goes_in_comes_out(size: int) -> None:
    plain = os.urandom(size)
    assert unsealed(sealed(plain)) == plain
    assert plain[:32] not in sealed(plain) or size < 32


def test_every_flipped_byte_is_refused() -> None:
    """Header, sealed key, first, middle and last segment, every tag."""
    raw = sealed(os.urandom(200))
    for at in range(len(raw)):
        changed = bytearray(raw)
        changed[at] ^= 0x20
        with pytest.raises(BackupFault):
            unsealed(bytes(changed))


def test_every_cut_is_refused_and_named() -> None:
    raw = sealed(os.urandom(200))
    for size in range(len(raw)):
        with pytest.raises(BackupFault):
            unsealed(raw[:size])
    header = len(raw) - 200 - 16 * 4
    with pytest.raises(BackupFault, match="cut off: it goes on after byte"):
        unsealed(raw[: header + 2 * (SMALL + 16)])
    with pytest.raises(BackupFault, match="ends after its header"):
        unsealed(raw[:header])


def test_bytes_added_or_segments_moved_are_refused() -> None:
    raw = sealed(os.urandom(200))
    step = SMALL + 16
    begin = len(raw) - 200 - 16 * 4
    first, second = raw[begin : begin + step], raw[begin + step : begin + 2 * step]
    swapped = raw[:begin] + second + first + raw[begin + 2 * step :]
    left_out = raw[:begin] + raw[begin + step :]
    for wrong in (raw + b"x", raw + raw[-24:], swapped, left_out):
        with pytest.raises(BackupFault):
            unsealed(wrong)


def test_a_wrong_key_is_said_and_an_older_line_still_opens() -> None:
    raw = sealed(b"plain")
    with pytest.raises(BackupFault, match="master key"):
        unsealed(raw, KeyRing((b"\1" * 32,), "seal"))
    assert unsealed(raw, KeyRing((b"\1" * 32, bytes(32)), "seal")) == b"plain"


def test_another_organisation_or_purpose_opens_nothing() -> None:
    """What seals photos does not open backups, and the other way round."""
    with pytest.raises(BackupFault):
        list(opened(io.BytesIO(sealed(b"plain")), RING.for_organisation(1)))


def test_parts_come_back_with_name_and_digest() -> None:
    file = io.BytesIO()
    stream = SealingStream(file, RING.for_backups())
    told = {}
    for name, data in (("tables/a", b"x" * 500), ("empty", b""), ("blobs/照片", os.urandom(70))):
        writer = PartWriter(stream, name)
        writer.write(data)
        told[name] = writer.end()
    stream.close()
    file.seek(0)
    found = {one.name: one.drain() for one in parts(opened(file, RING.for_backups()))}
    assert found == told


@pytest.mark.parametrize("manifest", [None, b"{}", b"not json", b'{"format": 9}'])
def test_a_backup_without_a_manifest_that_can_be_read_is_refused(manifest: bytes | None) -> None:
    file = io.BytesIO()
    stream = SealingStream(file, RING.for_backups())
    PartWriter(stream, "database.sqlite").end()
    if manifest is not None:
        writer = PartWriter(stream, MANIFEST)
        writer.write(manifest)
        writer.end()
    stream.close()
    with pytest.raises(BackupFault, match="manifest"):
        examine(file, RING.for_backups(), lambda *_: None)
