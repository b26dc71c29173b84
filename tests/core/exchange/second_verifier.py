"""A second verifier, written from docs/bundle-format.md alone, with other means: zipfile, cryptography, recursion."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import zipfile
from itertools import pairwise
from typing import Any

from asn1crypto import tsp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    verify_signature,
)


class Wrong(Exception):  # noqa: N818
    """Something is not as the page says."""


def need(holds: object, what: str) -> None:
    if not holds:
        raise Wrong(what)


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canon(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """RFC 9162 §2.1.3.2, as the RFC writes it down: two counters and a loop."""
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        need(sn > 0, "proof too long")
        if fn & 1 or fn == sn:
            r = sha(b"\x01" + p + r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha(b"\x01" + r + p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "proof too short")
    return r


def check_consistency(first: int, second: int, one: bytes, two: bytes, proof: list[bytes]) -> None:
    """RFC 9162 §2.1.4.2, as the RFC writes it down."""
    need(0 < first < second and proof, "sizes")
    path = [one, *proof] if first & (first - 1) == 0 else proof
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        need(sn > 0, "proof too long")
        if fn & 1 or fn == sn:
            fr, sr = sha(b"\x01" + c + fr), sha(b"\x01" + c + sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = sha(b"\x01" + sr + c)
        fn, sn = fn >> 1, sn >> 1
    need((fr, sr, sn) == (one, two, 0), "consistency")


def note(raw: bytes, keys: dict[bytes, tuple[str, Ed25519PublicKey]], *, all_known: bool) -> list[str]:
    text, gap, lines = raw.decode().rpartition("\n\n")
    need(gap and lines.endswith("\n"), "note")
    signed = 0
    for line in lines[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        blob = base64.b64decode(encoded, validate=True)
        need(dash == "—" and base64.b64encode(blob).decode() == encoded, "signature line")
        known = keys.get(blob[:4])
        if known is None or known[0] != name:
            need(not all_known, "unknown signer")
            continue
        known[1].verify(blob[4:], (text + "\n").encode())
        signed += 1
    need(signed, "unsigned")
    return text.split("\n")


def unpadded(text: str) -> bytes:
    """Base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def by_device(row: Any, person: int, facts: Any, entries: dict[str, Any]) -> None:
    """The signer's own key signed leaf, display and nonce."""
    need(all(row[name] == value for name, value in facts["passkey"].items() if name != "id"), "copy")
    shown = entries[row["record_leaf"]]
    need(shown["kind"] == "signing:ceremony:show" and shown["actor"]["person"] == person, "showing")
    need(all(shown["facts"][name] == row[name] for name in ("shown_digest", "nonce")), "shown")
    need(
        shown["facts"]["ceremony"] == facts["ceremony"] and row["shown_digest"] == facts["shown_digest"],
        "ceremony",
    )
    added = [one["facts"] for one in entries.values() if one["kind"] == "signing:passkey:add"]
    mine = [one for one in added if one["passkey"] == row["passkey_id"] and one["person"] == person]
    need([one["public_key"] for one in mine] == [row["public_key"]], "whose key")
    client, data = unpadded(row["client_data"]), unpadded(row["authenticator_data"])
    said = json.loads(client)
    need((said["type"], said["origin"]) == ("webauthn.get", row["origin"]), "client data")
    need(not said.get("crossOrigin"), "frame")
    bound = sha(b"".join(bytes.fromhex(row[name]) for name in ("record_leaf", "shown_digest", "nonce")))
    need(unpadded(said["challenge"]) == bound, "challenge")
    need(data[:32] == sha(row["rp_id"].encode()) and data[32] & 5 == 5, "authenticator data")
    key = decode_credential_public_key(unpadded(row["public_key"]))
    verify_signature(
        public_key=decoded_public_key_to_cryptography(key),
        signature_alg=key.alg,
        signature=unpadded(row["signed"]),
        data=data + sha(client),
    )


def verify(container: bytes) -> dict[str, int]:
    """Answer what was counted; raises Wrong or any error for a bundle that does not hold."""
    try:
        return _verify(container)
    except (
        InvalidSignature,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        binascii.Error,
        zipfile.BadZipFile,
    ) as wrong:
        raise Wrong(repr(wrong)) from wrong


def _verify(container: bytes) -> dict[str, int]:
    with zipfile.ZipFile(io.BytesIO(container)) as archive:
        names = archive.namelist()
        files = {name: archive.read(name) for name in names}
    need(len(names) == len(files), "twice the same name")
    rebuilt = io.BytesIO()
    with zipfile.ZipFile(rebuilt, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 0, 0
            archive.writestr(entry, files[name])
        for entry in archive.filelist:
            entry.external_attr = 0
    need(rebuilt.getvalue() == container, "container")

    keys = {}
    keys_text = files["keys.txt"].decode()
    need(keys_text.endswith("\n"), "keys")
    for line in keys_text[:-1].split("\n"):
        name, shown, encoded = line.split("+", 2)
        blob = base64.b64decode(encoded, validate=True)
        need(blob[0] == 1 and len(blob) == 33 and sha(f"{name}\n".encode() + blob)[:4].hex() == shown, "key")
        keys[bytes.fromhex(shown)] = (name, Ed25519PublicKey.from_public_bytes(blob[1:]))
    head = note(files["manifest.note"], keys, all_known=True)
    need(head == ["bihuan/bundle/v1", sha(files["manifest.json"]).hex()], "manifest.note")

    def load(path: str) -> Any:
        value = json.loads(files[path])
        need(canon(value) == files[path], f"{path} is not canonical")
        return value

    manifest = load("manifest.json")
    need(manifest["format"] == "bihuan-bundle/1", "format")
    paths = [one["path"] for one in manifest["files"]]
    need(paths == sorted(set(paths)) and names == [*paths, "manifest.json", "manifest.note"], "files")
    for one in manifest["files"]:
        data = files[one["path"]]
        need((len(data), sha(data).hex()) == (one["size"], one["sha256"]), one["path"])

    stated = {}
    for path in paths:
        if found := re.fullmatch(r"ledger/checkpoints/(\d{12})\.note", path):
            origin, size, root, *_ = note(files[path], keys, all_known=False)
            need(int(size) == int(found[1]) and origin in {name for name, _ in keys.values()}, path)
            stated[int(size)] = base64.b64decode(root, validate=True)
    top = max(stated)
    need(
        (top, stated[top].hex()) == (manifest["checkpoint"]["size"], manifest["checkpoint"]["root"]),
        "checkpoint",
    )
    steps = load("ledger/consistency.json")
    need(
        [(one["first"], one["second"]) for one in steps] == list(pairwise(sorted(stated))),
        "steps",
    )
    for one in steps:
        a, b = one["first"], one["second"]
        check_consistency(a, b, stated[a], stated[b], [bytes.fromhex(value) for value in one["proof"]])

    need(
        files["ledger/entries.jsonl"].endswith(b"\n") and files["ledger/proofs.jsonl"].endswith(b"\n"),
        "lines",
    )
    bodies = files["ledger/entries.jsonl"].splitlines()
    proofs = [json.loads(line) for line in files["ledger/proofs.jsonl"].splitlines()]
    need(len(bodies) == len(proofs), "proofs")
    need(all(one["position"] < two["position"] for one, two in pairwise(proofs)), "order")
    entries, last, leaves = {}, {}, {}
    for body, one in zip(bodies, proofs, strict=True):
        leaf = sha(b"\x00" + body)
        root = root_of_inclusion(leaf, one["position"], top, [bytes.fromhex(value) for value in one["proof"]])
        need(leaf.hex() == one["leaf"] and root == stated[top], "inclusion")
        entry = json.loads(body)
        entries[entry["event"]] = leaves[leaf.hex()] = entry
        last |= {(row["table"], row["key"]): row["digest"] for row in entry["records"]}

    rows: dict[tuple[str, str, str], Any] = {}
    for path in ["plant/records.json", *(f"cases/{case}/records.json" for case in manifest["cases"])]:
        for record in load(path)["records"]:
            need(last[record["table"], record["key"]] == sha(canon({"row": record["row"]})).hex(), path)
            rows[path, record["table"], record["key"]] = record["row"]
    listed = {name[1:] for name in rows}
    need(all(name in listed for name in last if name[0] in manifest["tables"]), "a row is missing")

    signatures = passkeys = evidence = 0
    for case in manifest["cases"]:
        at = f"cases/{case}/records.json"
        signed = load(f"cases/{case}/signatures.json")
        need(
            {str(one["id"]) for one in signed}
            == {key for where, table, key in rows if (where, table) == (at, "signing_signature")},
            "signatures",
        )
        for one in signed:
            row, facts = rows[at, "signing_signature", str(one["id"])], entries[one["entry"]]["facts"]
            for name in one.keys() - {"entry", "signed_at_local", "voided", "check_word"}:
                need(one[name] == row[name], name)
            need(sha(canon(one["shown"])).hex() == one["shown_digest"] == facts["shown_digest"], "shown")
            need(facts["signature"] == one["id"] and one["shown"]["signer"] == one["printed_name"], "signer")
            void = {
                row["signature_id"]: {"at": row["at"], "reason": row["reason"]}
                for (where, table, _key), row in rows.items()
                if (where, table) == (at, "signing_voiding")
            }
            need(one["voided"] == void.get(one["id"]), "voided")
            signatures += 1
            if one["method"] == "passkey":
                (answer,) = (
                    row
                    for (where, table, _key), row in rows.items()
                    if (where, table) == (at, "signing_assertion") and row["signature_id"] == one["id"]
                )
                by_device(answer, row["person_id"], facts, leaves)
                passkeys += 1
            else:
                need(facts["level"] != "S4", "below its level")
        held = {
            path.rsplit("/", 1)[1].split(".")[0]: path
            for path in paths
            if path.startswith(f"cases/{case}/evidence/")
        }
        kept = {
            key: row
            for (where, table, key), row in rows.items()
            if (where, table) == (at, "evidence_evidence")
        }
        need(held.keys() == kept.keys(), "evidence")
        for key, path in held.items():
            need((sha(files[path]).hex(), len(files[path])) == (kept[key]["sha256"], kept[key]["size"]), path)
            evidence += 1

    def fits(listed: list[Any], table: str, where: str = "") -> None:
        known = {key: row for (at, name, key), row in rows.items() if name == table and where in ("", at)}
        need(sorted(str(one["id"]) for one in listed) == sorted(known), table)
        need(
            all(one[name] == value for one in listed for name, value in known[str(one["id"])].items()), table
        )

    report, outside = load("access/report.json"), load("ledger/witnesses.json")
    for part, table in (
        (report["roles"], "people_role"),
        (report["engagements"], "people_engagement"),
        (report["views"], "people_access_log"),
        (outside["keys"], "witness_key"),
        (outside["cosignatures"], "witness_cosignature"),
        (outside["acknowledgements"], "witness_acknowledgement"),
    ):
        fits(part, table)
    for case in manifest["cases"]:
        family = load(f"cases/{case}/genealogy.json")
        fits(family["holds"], "lots_hold", f"cases/{case}/records.json")
        known = [one["id"] for one in family["lots"]]
        need(len(known) == len(set(known)) and {family["lot"]} <= {*known, None}, "lots")
        need(all({one["parent_id"], one["child_id"]} <= set(known) for one in family["links"]), "links")
    cosignatures, stamps = witnessed(files, outside, stated, rows)
    return {
        "signatures": signatures,
        "passkeys": passkeys,
        "evidence": evidence,
        "entries": len(entries),
        "records": len(rows),
        "cosignatures": cosignatures,
        "stamps": stamps,
    }


def witnessed(
    files: dict[str, bytes], outside: Any, stated: dict[int, bytes], rows: dict[tuple[str, str, str], Any]
) -> tuple[int, int]:
    """Cosignatures under the checkpoints, and what the stamps are over."""
    keys = {}
    for one in outside["keys"]:
        name, shown, encoded = one["line"].split("+", 2)
        blob = base64.b64decode(encoded, validate=True)
        need(blob[0] == 4 and len(blob) == 33 and sha(f"{name}\n".encode() + blob)[:4].hex() == shown, "key")
        keys[name, bytes.fromhex(shown)] = Ed25519PublicKey.from_public_bytes(blob[1:])
    found: list[tuple[int, str]] = []
    own = {}
    for size in stated:
        text, lines = files[f"ledger/checkpoints/{size:012d}.note"].decode().split("\n\n")
        own[size] = f"{text}\n\n"
        for line in lines.splitlines():
            _, name, encoded = line.split(" ")
            blob = base64.b64decode(encoded, validate=True)
            key = keys.get((name, blob[:4]))
            if key is None:
                own[size] += f"{line}\n"
                continue
            time = int.from_bytes(blob[4:12], "big")
            key.verify(blob[12:], f"cosignature/v1\ntime {time}\n{text}\n".encode())
            found.append((size, line))
    told = [(one["size"], one["line"]) for one in outside["cosignatures"] if one["size"] in stated]
    need(sorted(told) == sorted(found), "cosignatures")
    spoken = [*outside["cosignatures"], *outside["acknowledgements"], *outside["stamps"]]
    need(all(stated.get(one["size"], b"").hex() in ("", one["root"]) for one in spoken), "another root")
    need(
        sorted(one["file"] for one in outside["stamps"])
        == sorted(path for path in files if path.startswith("ledger/stamps/")),
        "stamp files",
    )
    recorded = {row["size"]: row["answer"] for (_, table, _), row in rows.items() if table == "witness_stamp"}
    for one in outside["stamps"]:
        answer = files[one["file"]]
        response = tsp.TimeStampResp.load(answer, strict=True)
        info = response["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
        need(response["status"]["status"].native in ("granted", "granted_with_mods"), "status")
        need(info["message_imprint"]["hash_algorithm"]["algorithm"].native == "sha256", "algorithm")
        need(info["message_imprint"]["hashed_message"].native == sha(own[one["size"]].encode()), "imprint")
        at = info["gen_time"].native.strftime("%Y-%m-%dT%H:%M:%S")
        need(one["stamped_at"].startswith(at) and one["file"] == f"ledger/stamps/{one['size']:012d}.tsr", at)
        need(recorded.pop(one["size"], answer.hex()) == answer.hex(), "answer")
    need(not recorded, "a stamp is missing")
    return len(found), len(outside["stamps"])
