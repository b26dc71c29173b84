"""A signature by passkey in a bundle is verified with the signer's own key, and no forgery of it gets past."""

from __future__ import annotations

import copy
import io
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pyotp
import pytest

from core import anomalies, signing
from core.exchange.verifier.bundle import Bundle
from core.exchange.verifier.passkeys import passkeys
from core.exchange.verifier.places import Container
from core.exchange.verifier.proofs import Fault, canonical
from core.kit import system
from core.ledger import leaf_hash
from core.signing import authenticators
from tests.core.exchange import second_verifier
from tests.core.exchange.office import Office
from tests.fakes.authenticator import SoftKey

ACT, PIN = "anomalies:grade:confirm", "204816"
ORIGIN = "http://localhost:8080"


@pytest.fixture
async def signed(records_office: Office) -> AsyncIterator[tuple[Office, str]]:
    """A case whose grade was confirmed with a passkey."""
    office, plant = records_office, records_office.plant
    signing.use_passkeys(ORIGIN)
    root, person = system(plant.id), plant.persons["responsible"]
    await signing.set_level(root, ACT, "S4")
    plant.secrets["responsible"] = pyotp.random_base32(32)
    await signing.load_demo_factor(root, person, plant.secrets["responsible"], PIN)
    await signing.open_session(person, PIN, plant.code("responsible"))
    key = SoftKey(origin=ORIGIN)
    await signing.add_passkey(person, "手机", key.create((await signing.passkey_offer(person)).create))
    owner = await plant.actor("responsible")
    case = await anomalies.acknowledge(owner, (await office.reported()).id)
    shown = await signing.begin(
        owner,
        ACT,
        {"id": case.id, "s": case.s, "o": case.o, "d": case.d, "grade": case.proposed_grade},
        "telegram",
        "1",
    )
    await signing.sign_by_passkey(shown.page_token, key.get((await signing.page(shown.page_token)).options))
    await office.sealer.seal_now()
    yield office, case.number
    signing.use_passkeys("")


Parts = dict[str, dict[str, Any]]


def _applied(parts: Parts) -> Any:
    return next(one for one in parts["entries"].values() if one["kind"] == "signing:signature:apply")


def _both(name: str, value: Callable[[str], Any]) -> Callable[[Parts], None]:
    """Write a field into the row and into the entry, as one would who holds the log's key."""

    def change(parts: Parts) -> None:
        (row,) = parts["assertions"].values()
        row[name] = value(row[name])
        _applied(parts)["facts"]["passkey"][name] = row[name]

    return change


def _without(parts: Parts) -> None:
    parts["assertions"].clear()


def _by_code(parts: Parts) -> None:
    (row,) = parts["signatures"].values()
    row["method"] = "pin+totp"
    parts["assertions"].clear()


def _not_the_signers(parts: Parts) -> None:
    for one in parts["entries"].values():
        if one["kind"] == "signing:passkey:add":
            one["facts"]["person"] += 1


def _shown_to_another(parts: Parts) -> None:
    (row,) = parts["assertions"].values()
    for one in parts["entries"].values():
        if one["kind"] == "signing:ceremony:show":
            one["actor"]["person"] += 1
            row["record_leaf"] = _applied(parts)["facts"]["passkey"]["record_leaf"] = leaf_hash(
                canonical(one)
            )


def _other_content(parts: Parts) -> None:
    (row,) = parts["signatures"].values()
    row["shown_digest"] = "00" * 32


def _flipped(text: str) -> str:
    raw = bytearray(authenticators.bytes_of(text))
    raw[-1] ^= 1
    return authenticators.text_of(bytes(raw))


def _unverified(text: str) -> str:
    raw = bytearray(authenticators.bytes_of(text))
    raw[32] &= ~4
    return authenticators.text_of(bytes(raw))


FORGED: dict[str, tuple[Callable[[Parts], None], str]] = {
    "no answer": (_without, "lacks the passkey's answer"),
    "a code in its place": (_by_code, "lacks the passkey's answer"),
    "row and entry differ": (lambda parts: next(iter(parts["assertions"].values())).update(nonce="00" * 32), "another answer"),
    "signature": (_both("signed", _flipped), "the device's signature is wrong"),
    "key": (_both("public_key", lambda _old: authenticators.text_of(SoftKey().cose())), "no entry says"),
    "nonce": (_both("nonce", lambda _old: "00" * 32), "another showing"),
    "leaf": (_both("record_leaf", lambda _old: "00" * 32), "is not here"),
    "origin": (_both("origin", lambda _old: "https://elsewhere.example"), "given elsewhere"),
    "house": (_both("rp_id", lambda _old: "elsewhere.example"), "another house"),
    "client data": (_both("client_data", lambda _old: authenticators.text_of(json.dumps(
        {"type": "webauthn.get", "origin": ORIGIN, "challenge": "AAAA"}).encode())), "another challenge"),
    "not verified": (_both("authenticator_data", _unverified), "did not check"),
    "content": (_other_content, "is not here"),
    "whose key": (_not_the_signers, "no entry says"),
    "whose showing": (_shown_to_another, "somebody else"),
}  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.req("S-01")
async def test_the_persons_own_signature_is_verified_from_the_bundle_alone(
    signed: tuple[Office, str], tmp_path: Path
) -> None:
    """By both verifiers and the shipped file; each forged part is named, though everything else fits."""
    office, number = signed
    raw = await office.bundle(number)
    held = Bundle(Container(io.BytesIO(raw)), [], None)
    assert held.counts["passkeys"] == 1
    assert second_verifier.verify(raw)["passkeys"] == 1
    (tmp_path / "case.zip").write_bytes(raw)
    (tmp_path / "verify.py").write_bytes(b"".join(held.source.pieces("verify.py")))
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py", "case.zip"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, "(1 by passkey)" in ran.stdout) == (0, True), ran.stdout

    records = f"cases/{number}/records.json"
    sound: Parts = {
        "signatures": held._of("signing_signature", records),
        "assertions": held._of("signing_assertion", records),
        "entries": held.entries,
    }
    assert passkeys("file", **sound) == 1
    for what, (change, says) in FORGED.items():
        parts = copy.deepcopy(sound)
        change(parts)
        with pytest.raises(Fault) as fault:
            passkeys("file", **parts)
        assert says in str(fault.value), what
