"""The checks of a bundle, in order; each names the file in which it finds the fault."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from core.exchange.verifier.outside import Witness, same, split, stamped
from core.exchange.verifier.passkeys import passkeys
from core.exchange.verifier.places import CONTAINER, Container, Folder
from core.exchange.verifier.proofs import (
    Key,
    checkpoint,
    digest,
    fail,
    grew,
    included,
    opened,
    parsed,
    signers,
)

FORMAT = "bihuan-bundle/1"
NOTE = "bihuan/bundle/v1"
MANIFEST, SEALED, KEYS = "manifest.json", "manifest.note", "keys.txt"
ENTRIES, PROOFS, STEPS = "ledger/entries.jsonl", "ledger/proofs.jsonl", "ledger/consistency.json"
ADOPT = "ledger:key:adopt"
KEPT = "the witness file"
PLANT, REPORT, OUTSIDE = "plant/records.json", "access/report.json", "ledger/witnesses.json"
PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


Row = dict[str, Any]


class Bundle:
    """A bundle that holds; making one runs every check."""

    def __init__(self, source: Folder | Container, keys: list[str], witness: str | None) -> None:
        """Check everything; ``keys`` are lines known beforehand, ``witness`` notes kept elsewhere, if any."""
        self.source, self.digests = source, dict[str, Row]()
        self.apart: list[int] = []
        for name in (KEYS, SEALED, MANIFEST):
            if name not in source.names:
                fail(name, "this file is missing")
        self.keys = self._keys(keys)
        self.manifest = self._manifest()
        self._files()
        self.stated = self._checkpoints()
        self.changes: list[tuple[int, str]] = []
        self.entries = self._entries()
        self._lead(keys)
        self.rows = self._records()
        self.counts = {"signatures": 0, "passkeys": 0, "evidence": 0, "cosignatures": 0, "stamps": 0}
        for case in self.manifest["cases"]:
            self._signatures(case)
            self._evidence(case)
            self._genealogy(case)
        self._access()
        self._outside()
        self.witnessed = self._witness(witness)

    def read(self, name: str) -> bytes:
        """Answer a small file whole."""
        return b"".join(self.source.pieces(name))

    def text(self, name: str) -> str:
        """Answer a small text."""
        try:
            return self.read(name).decode()
        except UnicodeDecodeError:
            return fail(name, "this is no UTF-8 text")

    def json(self, name: str) -> Any:
        """Answer a JSON file."""
        return parsed(name, self.read(name)) if name in self.digests else fail(name, "this file is missing")

    def _keys(self, known: list[str]) -> list[Key]:
        text = self.text(KEYS)
        keys = [Key(KEYS, line) for line in text.split("\n")[:-1]]
        if not keys or not text.endswith("\n"):
            fail(KEYS, "there must be one key a line")
        if known and not any(key.line in known for key in keys):
            fail(KEYS, "the key that you gave is not among the keys of this bundle")
        return keys

    def _manifest(self) -> Row:
        note = self.text(SEALED)
        stated = opened(SEALED, note, self.keys, only=True).split("\n")
        raw = self.read(MANIFEST)
        if len(stated) != 3 or stated[0] != NOTE:  # noqa: PLR2004  a line each, and the end
            fail(SEALED, "this note does not sign a manifest")
        if stated[1] != hashlib.sha256(raw).hexdigest():
            fail(MANIFEST, "its digest is not the signed one")
        manifest: Row = parsed(MANIFEST, raw)
        if manifest["format"] != FORMAT:
            fail(MANIFEST, f"this verifier reads {FORMAT}, not {manifest['format']}")
        return manifest

    def _files(self) -> None:
        paths = [file["path"] for file in self.manifest["files"]]
        if paths != sorted(set(paths)) or not all(PATH.fullmatch(path) for path in paths):
            fail(MANIFEST, "its files are not in order")
        for name in sorted({*self.source.names} ^ {*paths, MANIFEST, SEALED}):
            fail(name, "this file is missing" if name in paths else "the manifest knows nothing of this file")
        if isinstance(self.source, Container) and self.source.names != [*paths, MANIFEST, SEALED]:
            fail(CONTAINER, "its files are not in the order of the manifest")
        for file in self.manifest["files"]:
            made, size = hashlib.sha256(), 0
            for piece in self.source.pieces(file["path"]):
                made.update(piece)
                size += len(piece)
            if (made.hexdigest(), size) != (file["sha256"], file["size"]):
                fail(file["path"], "its content is not that of the manifest")
            self.digests[file["path"]] = file

    def _checkpoints(self) -> dict[int, bytes]:
        stated: dict[int, bytes] = {}
        for path in [path for path in self.digests if path.startswith("ledger/checkpoints/")]:
            size, root = checkpoint(path, self.text(path), self.keys)
            if path != f"ledger/checkpoints/{size:012d}.note":
                fail(path, f"this is the checkpoint of {size} entries")
            stated[size] = root
        last = self.manifest["checkpoint"]
        if not stated or (max(stated), stated[max(stated)].hex()) != (last["size"], last["root"]):
            fail(MANIFEST, "its checkpoint is not the last one of the bundle")
        steps, sizes = self.json(STEPS), sorted(stated)
        following = list(zip(sizes, sizes[1:]))  # noqa: B905, RUF007  Python 3.9 has neither
        if [(step["first"], step["second"]) for step in steps] != following:
            fail(STEPS, "there must be a proof from each checkpoint to the next")
        for step in steps:
            a, b, proof = step["first"], step["second"], [bytes.fromhex(one) for one in step["proof"]]
            if not grew(a, b, stated[a], stated[b], proof):
                fail(STEPS, f"the log of {b} entries does not begin with that of {a}")
        return stated

    def _entries(self) -> dict[str, Row]:
        size, found, before = max(self.stated), dict[str, Row](), -1
        bodies, proofs = self._lines(ENTRIES), self._lines(PROOFS)
        for number, body in enumerate(bodies, 1):
            proof, here = parsed(PROOFS, next(proofs, b"")), f"entry {number}"
            leaf, at = hashlib.sha256(b"\x00" + body).digest(), proof["position"]
            if leaf.hex() != proof["leaf"] or at <= before:
                fail(ENTRIES, f"{here} is not the one that its proof speaks of")
            if not included(
                at, size, leaf, [bytes.fromhex(one) for one in proof["proof"]], self.stated[size]
            ):
                fail(PROOFS, f"{here} is not shown to be at position {at} of the signed log")
            before, entry = at, parsed(ENTRIES, body)
            if entry["kind"] == ADOPT:
                self.changes.append((at, str(entry["facts"].get("line"))))
            found[entry["event"]] = entry
        if next(proofs, None) is not None or not found:
            fail(PROOFS, "there must be a proof for every entry and no other")
        return found

    def _lead(self, known: list[str]) -> None:
        """A key given by the reader must lead to one that signed the manifest, through keys that it vouches for.

        A key vouches for the next one by signing a checkpoint that covers the entry in which two people took it up.
        """
        trusted = {key.line for key in self.keys if not known or key.line in known}
        signed = {
            size: signers(self.text(f"ledger/checkpoints/{size:012d}.note"), self.keys)
            for size in self.stated
        }
        for at, line in self.changes:
            if any(size > at and signed[size] & trusted for size in signed):
                trusted.add(line)
        if not signers(self.text(SEALED), self.keys) & trusted:
            fail(
                SEALED,
                "the key that you gave did not sign it, and no change of key leads from it to one that did",
            )

    def _lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for piece in self.source.pieces(name) if name in self.digests else fail(name, "this file is missing"):
            *lines, rest = (rest + piece).split(b"\n")
            yield from lines
        if rest:
            fail(name, "its last line has no end")

    def _records(self) -> dict[tuple[str, str], tuple[str, Row]]:
        last: dict[tuple[str, str], str] = {}
        for entry in self.entries.values():
            last.update(((row["table"], row["key"]), row["digest"]) for row in entry["records"])
        rows: dict[tuple[str, str], tuple[str, Row]] = {}
        for file in (PLANT, *(f"cases/{case}/records.json" for case in self.manifest["cases"])):
            for record in self.json(file)["records"]:
                name = (record["table"], record["key"])
                if last.get(name) != digest({"row": record["row"]}):
                    fail(file, f"{name[0]} {name[1]} is not what the ledger recorded last")
                rows[name] = (file, record["row"])
        for table, key in last:
            if table in self.manifest["tables"] and (table, key) not in rows:
                fail(MANIFEST, f"the ledger speaks of {table} {key}, which is in no file")
        return rows

    def _of(self, table: str, file: str) -> dict[str, Row]:
        return {key: row for (kind, key), (at, row) in self.rows.items() if kind == table and at == file}

    def _signatures(self, case: str) -> None:
        file, records = f"cases/{case}/signatures.json", f"cases/{case}/records.json"
        signed, voids = self._of("signing_signature", records), self._of("signing_voiding", records)
        void = {
            str(row["signature_id"]): {"at": row["at"], "reason": row["reason"]} for row in voids.values()
        }
        listed = self.json(file)
        if sorted(str(one["id"]) for one in listed) != sorted(signed):
            fail(file, "it does not list the signatures of the records")
        for one in listed:
            row, entry = signed[str(one["id"])], self.entries.get(one["entry"], {})
            shared = [
                name for name in one if name not in ("entry", "signed_at_local", "voided", "check_word")
            ]
            said = entry.get("facts", {})
            here = f"signature {one['id']}"
            if any(one[name] != row.get(name) for name in shared) or one["voided"] != void.get(
                str(one["id"])
            ):
                fail(file, f"{here} is not as its record says")
            if not one["shown_digest"] == digest(one["shown"]) == said.get("shown_digest"):
                fail(file, f"{here}: what was shown is not what was signed")
            if said.get("signature") != one["id"] or one["shown"]["signer"] != one["printed_name"]:
                fail(file, f"{here} is not the one that its entry speaks of")
        self.counts["signatures"] += len(listed)
        self.counts["passkeys"] += passkeys(
            file, signed, self._of("signing_assertion", records), self.entries
        )

    def _evidence(self, case: str) -> None:
        folder = f"cases/{case}/evidence/"
        held = {
            path[len(folder) :].partition(".")[0]: path for path in self.digests if path.startswith(folder)
        }
        kept = self._of("evidence_evidence", f"cases/{case}/records.json")
        for key in sorted({*held} ^ {*kept}):
            fail(
                held.get(key, folder + key),
                "no record speaks of it" if key in held else "this file is missing",
            )
        for key, row in kept.items():
            file = self.digests[held[key]]
            if (file["sha256"], file["size"]) != (row["sha256"], row["size"]):
                fail(held[key], "this is not the file that was recorded")
        self.counts["evidence"] += len(kept)

    def _genealogy(self, case: str) -> None:
        file, records = f"cases/{case}/genealogy.json", f"cases/{case}/records.json"
        found = self.json(file)
        same(file, found["holds"], self._of("lots_hold", records), "holds")
        known = {lot["id"] for lot in found["lots"]}
        ends = {end for link in found["links"] for end in (link["parent_id"], link["child_id"])}
        if len(known) != len(found["lots"]) or ends - known or {found["lot"]} - known - {None}:
            fail(file, "its links and lots do not fit together")

    def _access(self) -> None:
        report = self.json(REPORT)
        for part, table in (
            ("roles", "people_role"),
            ("engagements", "people_engagement"),
            ("views", "people_access_log"),
        ):
            same(REPORT, report[part], self._of(table, PLANT), part)

    def _outside(self) -> None:
        report = self.json(OUTSIDE)
        for part in ("key", "cosignature", "acknowledgement"):
            same(OUTSIDE, report[f"{part}s"], self._of(f"witness_{part}", PLANT), f"{part}s")
        witnesses = [Witness(OUTSIDE, one["line"]) for one in report["keys"]]
        own = {}
        for size, path in ((size, f"ledger/checkpoints/{size:012d}.note") for size in self.stated):
            text, own[size], lines = split(self.text(path), witnesses)
            for line in lines:
                seconds = [one.cosigned(path, text, line) for one in witnesses]
                self.counts["cosignatures"] += max(seconds) >= 0
            due = [one["line"] for one in report["cosignatures"] if one["size"] == size]
            if sorted(due) != sorted(lines):
                fail(path, "its cosignatures are not those of the records")
        for one in (*report["cosignatures"], *report["acknowledgements"], *report["stamps"]):
            if one["size"] in self.stated and self.stated[one["size"]].hex() != one["root"]:
                fail(OUTSIDE, f"another root was witnessed for {one['size']} entries")
        self._stamps(report["stamps"], own)

    def _stamps(self, listed: list[Row], notes: dict[int, str]) -> None:
        kept = {str(row["size"]): row for row in self._of("witness_stamp", PLANT).values()}
        files = [path for path in self.digests if path.startswith("ledger/stamps/")]
        if sorted(one["file"] for one in listed) != files:
            fail(OUTSIDE, "its stamps are not the files that are there")
        for one in listed:
            file, answer = one["file"], self.read(one["file"])
            if one["size"] not in notes or file != f"ledger/stamps/{one['size']:012d}.tsr":
                fail(file, "there is no checkpoint for this time stamp")
            at = stamped(file, answer, notes[one["size"]].encode())
            if re.sub(r"\D", "", one["stamped_at"])[:14] != at[:14]:
                fail(file, "it states another instant than the report")
            row = kept.pop(str(one["size"]), None)
            if row is not None and (row["answer"], row["root"]) != (answer.hex(), one["root"]):
                fail(file, "this is not the time stamp that was recorded")
        if kept:
            fail(OUTSIDE, f"the time stamp of {min(kept)} entries is missing")
        self.counts["stamps"] = len(listed)

    def _witness(self, notes: str | None) -> int:
        """Hold kept checkpoints to those of the bundle; what a chat or a mailer does to line ends does no harm."""
        if notes is None:
            return 0
        held = 0
        plain = "\n".join(line.rstrip() for line in notes.lstrip("\ufeff").splitlines()) + "\n"
        kept = re.findall(r"[^\n]+\n[0-9]+\n(?:[^\n]+\n)+\n(?:\u2014 [^\n]+\n)+", plain)
        if not kept:
            fail(KEPT, "there is no signed checkpoint in it, so nothing would be held to the bundle")
        for text in kept:
            size, root = checkpoint(KEPT, text, self.keys)
            if self.stated.get(size, root) != root:
                fail(
                    f"ledger/checkpoints/{size:012d}.note",
                    "another root was witnessed: the log was written anew",
                )
            held += size in self.stated
            if size not in self.stated:
                self.apart.append(size)
        return held
