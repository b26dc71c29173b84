"""docs/crypto.md lists what the code uses, and every artefact of it names its algorithm and key."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.kit.keys import KeyRing
from core.ledger.checkpoint import SigningKey, key_hash, sign, signature_of
from tests.paths import ROOT

PAGE: Final = (ROOT / "docs" / "crypto.md").read_text(encoding="utf-8")
LIBRARIES: Final = {"cryptography", "pyhanko", "rfc3161_client", "webauthn"}
PLAIN: Final = {"hmac", "secrets"}
"""Random numbers and comparisons: the page says what for, not every place."""
WORDS: Final = {"md5", "scrypt", "sha1"}
BY_NAME_ONLY: Final = {"core/ledger/merkle.py", "core/ledger/recording.py"}
"""Plain SHA-256, which is used in too many places to be listed; these two are what the tree is made with."""


def uses(path: Path, libraries: set[str]) -> bool:
    """Whether a module imports one of these libraries, or names a primitive that needs a reason."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if libraries & {name.partition(".")[0] for name in names}:
            return True
        if isinstance(node, ast.Attribute) and node.attr in WORDS:
            return True
    return False


def test_the_page_names_the_modules_that_use_cryptography_and_no_other() -> None:
    """Who adds a primitive says here what for."""
    every = {
        path.relative_to(ROOT).as_posix(): path
        for folder in ("bot", "core", "handlers")
        for path in (ROOT / folder).rglob("*.py")
    }
    named = set(re.findall(r"`((?:bot|core|handlers)/[\w/]+\.py)`", PAGE))
    found = {name for name, path in every.items() if uses(path, LIBRARIES)}
    assert found - named == set(), "not on the page"
    idle = {name for name in named if name not in every or not uses(every[name], LIBRARIES | PLAIN)}
    assert idle == BY_NAME_ONLY, "on the page, and not in the code"


def test_what_is_sealed_names_its_key_and_opens_after_a_rotation(tmp_path: Path) -> None:
    """The first bytes say version and key; the new key seals, the old one still opens."""
    old = KeyRing.load_or_create(tmp_path / "old.key")
    sealed = old.for_organisation(1).seal(b"x", b"place")
    assert sealed[:1] == b"\x01"
    assert sealed[1:5].hex() == old.key_id
    new = KeyRing.rotate(tmp_path / "old.key")
    assert new.key_id != old.key_id
    assert new.for_organisation(1).open(sealed, b"place") == b"x"
    assert new.for_organisation(1).seal(b"x", b"place")[1:5].hex() == new.key_id


def test_what_is_signed_names_its_key() -> None:
    """The line under a note: the key's name, and the hash over name, type and key."""
    key = SigningKey("plant.example/log", Ed25519PrivateKey.generate())
    name, hashed, signature = signature_of(sign("text\n", [key]).splitlines()[-1])
    assert (name, hashed) == (key.name, key_hash(key.name, key.verifier.public, b"\x01"))
    assert len(signature) == 64
