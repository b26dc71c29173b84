"""The master keys: whose seals open where, what tampering does, how a key is changed."""

from __future__ import annotations

import errno
import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.keys import KeyExists, KeyFault, KeyRing, SealBroken, key_line

OLD, NEW = bytes(range(32)), bytes(range(32, 64))


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.load_or_create(tmp_path / "keys" / "master.key")


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """A new key file has mode 600 and gives the same keys when read again."""
    path = tmp_path / "master.key"
    made = KeyRing.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert KeyRing.load_or_create(path).derive("buttons") == made.derive("buttons")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    """The operator is told which command closes it."""
    path = tmp_path / "master.key"
    KeyRing.create(path)
    path.chmod(mode)
    with pytest.raises(KeyFault, match="chmod 600"):
        KeyRing.load(path)


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    """Creating over an existing file fails and leaves it as it was."""
    path = tmp_path / "master.key"
    KeyRing.create(path)
    before = path.read_bytes()
    with pytest.raises(KeyFault):
        KeyRing.create(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "\n", "abc", "00000000 AAAA\n", key_line(OLD).replace("A", "B", 1)])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    """No key is guessed from a file that is not whole."""
    path = tmp_path / "master.key"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(KeyFault):
        KeyRing.load(path)


def test_each_purpose_has_its_own_secret(ring: KeyRing) -> None:
    """Secrets have 32 bytes, differ between purposes and never equal the master key."""
    secrets = {ring.derive("buttons"), ring.derive("webhook"), *ring.masters}
    assert len(secrets) == 3
    assert {len(secret) for secret in secrets} == {32}


def test_what_is_sealed_opens(ring: KeyRing) -> None:
    """The same organisation and place give the plain bytes back."""
    key = ring.for_organisation(1)
    assert key.open(key.seal(b"secret", b"place"), b"place") == b"secret"


def test_two_seals_of_the_same_differ(ring: KeyRing) -> None:
    """Nobody sees from sealed bytes that two secrets are equal."""
    key = ring.for_organisation(1)
    assert key.seal(b"secret", b"") != key.seal(b"secret", b"")


def test_it_opens_nowhere_else(ring: KeyRing) -> None:
    """Neither at another place nor for another organisation."""
    sealed = ring.for_organisation(1).seal(b"secret", b"place")
    with pytest.raises(SealBroken):
        ring.for_organisation(1).open(sealed, b"other place")
    with pytest.raises(SealBroken):
        ring.for_organisation(2).open(sealed, b"place")
    with pytest.raises(SealBroken):
        ring.open(sealed, b"place")


@given(plain=st.binary(max_size=64), at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_changed_bit_is_noticed(plain: bytes, at: int, bit: int) -> None:
    """A flipped bit anywhere, header included, keeps it closed."""
    key = KeyRing((OLD,), "seal").for_organisation(1)
    sealed = bytearray(key.seal(plain, b"place"))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(SealBroken):
        key.open(bytes(sealed), b"place")


@given(st.binary(max_size=40))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    """Bytes that nobody sealed raise the one error callers expect."""
    with pytest.raises(SealBroken):
        KeyRing((OLD,), "seal").open(rubbish, b"")


def test_a_new_key_seals_and_the_old_still_opens(tmp_path: Path) -> None:
    """With a key put first, old seals open; without the old key they do not, and the text names it."""
    before = KeyRing((OLD,), "seal").for_organisation(1)
    sealed = before.seal(b"secret", b"place")
    path = tmp_path / "master.key"
    path.write_text("# changed in May\n" + key_line(NEW) + key_line(OLD))
    path.chmod(0o600)
    both = KeyRing.load(path)
    assert both.for_organisation(1).open(sealed, b"place") == b"secret"
    fresh = both.for_organisation(1).seal(b"secret", b"place")
    assert KeyRing((NEW,), "seal").for_organisation(1).open(fresh, b"place") == b"secret"
    with pytest.raises(SealBroken, match=KeyRing((OLD,), "seal").key_id):
        KeyRing((NEW,), "seal").for_organisation(1).open(sealed, b"place")


def test_keys_are_not_printed(ring: KeyRing) -> None:
    """Neither the ring nor an organisation's key shows a key in logs."""
    assert repr(ring.masters[0]) not in repr(ring) + repr(ring.for_organisation(1))
    assert "masters" not in repr(ring)


def test_rotation_keeps_what_was_sealed_and_what_was_derived(tmp_path: Path) -> None:
    """New seals need the new key, old ones open, derived secrets (PINs, buttons) stay; twice over."""
    path = tmp_path / "master.key"
    first = KeyRing.create(path)
    sealed = first.for_organisation(1).seal(b"secret", b"place")
    KeyRing.rotate(path)
    now = KeyRing.rotate(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["master.key"]
    assert len(KeyRing.load(path).masters) == 3
    assert now.key_id != first.key_id
    assert now.for_organisation(1).open(sealed, b"place") == b"secret"
    assert now.derive("signing:pin") == first.derive("signing:pin")
    with pytest.raises(SealBroken):
        first.for_organisation(1).open(now.for_organisation(1).seal(b"secret", b""), b"")


@pytest.mark.parametrize("spoil", ["damaged", "open", "unfinished"])
def test_a_rotation_that_fails_leaves_the_file_as_it_was(tmp_path: Path, spoil: str) -> None:
    """A file at fault, or one left over from a crash, is said before anything changes."""
    path = tmp_path / "master.key"
    KeyRing.create(path)
    if spoil == "damaged":
        path.write_text("rubbish\n")
    elif spoil == "open":
        path.chmod(0o644)
    else:
        path.with_name("master.key.new").write_text("half")
    before = path.read_bytes()
    with pytest.raises(KeyFault):
        KeyRing.rotate(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_processes_that_begin_together_make_one_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """One makes it and the others read it whole; nothing else is left lying about."""

    def refused(*_names: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    if not links:
        monkeypatch.setattr("core.kit.keys.os.link", refused)
    path, together = tmp_path / "keys" / "master.key", threading.Barrier(8)

    def begin(_number: int) -> str:
        if links:
            together.wait()
        return KeyRing.load_or_create(path).key_id

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(begin, range(8 if links else 1)))) == 1
    assert [one.name for one in path.parent.iterdir()] == ["master.key"]
    whole = path.read_bytes()
    with pytest.raises(KeyExists, match="cannot be written"):
        KeyRing.create(path)
    assert path.read_bytes() == whole
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
