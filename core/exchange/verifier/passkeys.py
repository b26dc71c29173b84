"""Signatures by passkey: the person's own key over leaf, display and nonce, verified from the bundle alone."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from core.exchange.verifier.devices import device_signed
from core.exchange.verifier.proofs import canonical, fail

APPLY, SHOW, ADD = "signing:signature:apply", "signing:ceremony:show", "signing:passkey:add"
PRESENT_AND_VERIFIED = 0x05
COPIED = (
    "credential_id", "public_key", "algorithm", "rp_id", "origin", "record_leaf", "nonce", "authenticator_data",
    "client_data", "signed",
)  # fmt: skip


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def passkeys(
    file: str, signatures: dict[str, Any], assertions: dict[str, Any], entries: dict[str, Any]
) -> int:
    """Check every passkey's answer of a case and answer how many there are; a fault is named by its signature."""
    held = {str(row["signature_id"]): row for row in assertions.values()}
    applied = {str(one["facts"]["signature"]): one for one in entries.values() if one["kind"] == APPLY}
    for key, signature in signatures.items():
        by_passkey, wanted = signature["method"] == "passkey", applied[key]["facts"].get("level")
        if by_passkey != (key in held) or (wanted == "S4" and not by_passkey):
            fail(file, f"signature {key} lacks the passkey's answer")
    for key, row in held.items():
        if key not in signatures:
            fail(file, f"a passkey's answer belongs to no signature: {key}")
        wrong = _answer_wrong(row, signatures[key], applied[key], entries)
        if wrong:
            fail(file, f"signature {key}: {wrong}")
    return len(held)


def _answer_wrong(row: Any, signature: Any, applied: Any, entries: dict[str, Any]) -> str:
    """Answer what is wrong with one answer; empty when nothing is."""
    said = applied["facts"]["passkey"]
    if any(said[name] != row[name] for name in COPIED) or said["id"] != row["passkey_id"]:
        return "its entry tells of another answer of the passkey"
    shown = [
        one
        for one in entries.values()
        if one["kind"] == SHOW and hashlib.sha256(b"\x00" + canonical(one)).hexdigest() == row["record_leaf"]
    ]
    if not shown or row["shown_digest"] != signature["shown_digest"]:
        return "the passkey signed a showing or content that is not here"
    facts, person = shown[0]["facts"], signature["person_id"]
    if (facts["shown_digest"], facts["nonce"], facts["ceremony"]) != (
        row["shown_digest"], row["nonce"], applied["facts"]["ceremony"],
    ):  # fmt: skip
        return "the passkey signed another showing"
    if {one["actor"]["person"] for one in (*shown, applied)} != {person}:
        return "the passkey signed what was shown to somebody else"
    added = [one["facts"] for one in entries.values() if one["kind"] == ADD]
    if not any(
        (one["passkey"], one["public_key"], one["person"]) == (row["passkey_id"], row["public_key"], person)
        for one in added
    ):
        return "no entry says that this passkey is the signer's"
    return _unsigned(row)


def _unsigned(row: Any) -> str:
    """Answer why the device's bytes do not sign leaf, display and nonce; empty when they do."""
    client, device = _unpadded(row["client_data"]), _unpadded(row["authenticator_data"])
    bound = b"".join(bytes.fromhex(row[name]) for name in ("record_leaf", "shown_digest", "nonce"))
    said = json.loads(client.decode())
    if (said["type"], said["origin"], said.get("crossOrigin", False)) != (
        "webauthn.get",
        row["origin"],
        False,
    ):
        return "the passkey's answer was given elsewhere"
    if _unpadded(said["challenge"]) != hashlib.sha256(bound).digest():
        return "the passkey signed another challenge than this content's"
    if device[:32] != hashlib.sha256(row["rp_id"].encode()).digest():
        return "the passkey's answer is for another house"
    if device[32] & PRESENT_AND_VERIFIED != PRESENT_AND_VERIFIED:
        return "the device did not check who held it"
    message = device + hashlib.sha256(client).digest()
    return (
        ""
        if device_signed(_unpadded(row["public_key"]), _unpadded(row["signed"]), message)
        else "the device's signature is wrong"
    )
