"""Whoever holds the key of the log and signs a forged bundle anew: the check behind it finds it and names the file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.exchange.verifier.proofs import Fault
from core.kit import canonical
from tests.core.exchange import second_verifier
from tests.core.exchange.office import Kept
from tests.core.exchange.test_verifier import checked, newest, witnessed

Change = Callable[[dict[str, bytes], str], None]


def _json(path: str, change: Callable[[Any], None]) -> Change:
    def apply(files: dict[str, bytes], case: str) -> None:
        name = path.replace("CASE", case)
        value = json.loads(files[name])
        change(value)
        files[name] = canonical.encode(value)

    return apply


def _line(path: str, change: Callable[[list[bytes]], None]) -> Change:
    def apply(files: dict[str, bytes], _case: str) -> None:
        lines = files[path].splitlines(keepends=True)
        change(lines)
        files[path] = b"".join(lines)

    return apply


def _evidence(files: dict[str, bytes], case: str) -> None:
    files[f"cases/{case}/evidence/1.jpg"], files[f"cases/{case}/evidence/2.jpg"] = (
        files[f"cases/{case}/evidence/2.jpg"],
        files[f"cases/{case}/evidence/1.jpg"],
    )


def _other_entry(files: dict[str, bytes], _case: str) -> None:
    """A changed entry with the hash that it now has: only the log itself can contradict it."""
    lines = files["ledger/entries.jsonl"].splitlines(keepends=True)
    lines[9] = lines[9].replace(b'"plant":1', b'"plant":2')
    proofs = [json.loads(line) for line in files["ledger/proofs.jsonl"].splitlines()]
    proofs[9]["leaf"] = hashlib.sha256(b"\x00" + lines[9][:-1]).hexdigest()
    files["ledger/entries.jsonl"] = b"".join(lines)
    files["ledger/proofs.jsonl"] = b"".join(canonical.encode(one) + b"\n" for one in proofs)


def _other_root(files: dict[str, bytes], _case: str) -> None:
    """Another root under the old signature, and in the manifest."""
    name = newest(files)
    lines = files[name].decode().split("\n")
    lines[2] = "A" * 43 + "="
    files[name] = "\n".join(lines).encode()
    manifest = json.loads(files["manifest.json"])
    manifest["checkpoint"]["root"] = "00" * 32
    files["manifest.json"] = canonical.encode(manifest)


def _renamed(files: dict[str, bytes], _case: str) -> None:
    files["ledger/checkpoints/000000000001.note"] = files[newest(files)]


def _row(table: str, change: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda value: change(next(one["row"] for one in value["records"] if one["table"] == table))


def _cosignature(change: Callable[[str], str]) -> Change:
    def apply(files: dict[str, bytes], _case: str) -> None:
        *rest, line = files[witnessed(files)].decode().splitlines(keepends=True)
        files[witnessed(files)] = ("".join(rest) + change(line)).encode()

    return apply


def _turned(line: str) -> str:
    """A cosignature of which a bit is another."""
    dash, name, encoded = line.split(" ")
    raw = base64.b64decode(encoded)
    return f"{dash} {name} {base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode()}\n"


def _stamp_of_another(files: dict[str, bytes], _case: str) -> None:
    """A sound stamp, but over another text."""
    (name,) = [path for path in files if path.startswith("ledger/stamps/")]
    imprint = hashlib.sha256(files[witnessed(files)].rsplit(b"\xe2\x80\x94 witness", 1)[0]).digest()
    assert imprint in files[name]
    files[name] = files[name].replace(imprint, bytes(32))


def _no_stamp(files: dict[str, bytes], _case: str) -> None:
    (name,) = [path for path in files if path.startswith("ledger/stamps/")]
    del files[name]
    _json("ledger/witnesses.json", lambda value: value["stamps"].clear())(files, "")


FORGERIES: dict[str, tuple[str, Change]] = {
    "a changed row": (
        "cases/CASE/records.json",
        _json("cases/CASE/records.json", _row("anomalies_anomaly", lambda row: row.update(grade="C"))),
    ),
    "a row left out": (
        "manifest.json",
        _json("cases/CASE/records.json", lambda value: value["records"].pop()),
    ),
    "another name under a signature": (
        "cases/CASE/signatures.json",
        _json("cases/CASE/signatures.json", lambda value: value[0].update(printed_name="张三")),
    ),
    "other content under a signature": (
        "cases/CASE/signatures.json",
        _json("cases/CASE/signatures.json", lambda value: value[0]["shown"]["facts"].pop()),
    ),
    "a signature left out": (
        "cases/CASE/signatures.json",
        _json("cases/CASE/signatures.json", lambda value: value.pop()),
    ),
    "a signature of another entry": (
        "cases/CASE/signatures.json",
        _json("cases/CASE/signatures.json", lambda value: value[0].update(entry=value[1]["entry"])),
    ),
    "a signature called void": (
        "cases/CASE/signatures.json",
        _json("cases/CASE/signatures.json", lambda value: value[0].update(voided={"at": "", "reason": ""})),
    ),
    "a changed entry": (
        "ledger/entries.jsonl",
        _line(
            "ledger/entries.jsonl",
            lambda lines: lines.__setitem__(9, lines[9].replace(b'"plant":1', b'"plant":2')),
        ),
    ),
    "an entry left out": (
        "ledger/entries.jsonl",
        _line("ledger/entries.jsonl", lambda lines: lines.pop(9)),
    ),
    "entries changed about": (
        "ledger/entries.jsonl",
        _line("ledger/entries.jsonl", lambda lines: lines.reverse()),
    ),
    "a proof too many": (
        "ledger/proofs.jsonl",
        _line("ledger/proofs.jsonl", lambda lines: lines.append(lines[-1])),
    ),
    "a changed entry with its hash": ("ledger/proofs.jsonl", _other_entry),
    "another root under the signature": ("NEWEST", _other_root),
    "a checkpoint under another's name": ("ledger/checkpoints/000000000001.note", _renamed),
    "lines without their end": (
        "ledger/entries.jsonl",
        lambda files, _case: files.update({"ledger/entries.jsonl": files["ledger/entries.jsonl"][:-1]}),
    ),
    "photos changed about": ("cases/CASE/evidence/1.jpg", _evidence),
    "a photo left out": (
        "cases/CASE/evidence/1",
        lambda files, case: files.pop(f"cases/{case}/evidence/1.jpg") and None,
    ),
    "a photo too many": (
        "cases/CASE/evidence/99.jpg",
        lambda files, case: files.update({f"cases/{case}/evidence/99.jpg": b"x"}),
    ),
    "a view called another's": (
        "access/report.json",
        _json("access/report.json", lambda value: value["views"][0].update(person_id=1)),
    ),
    "a role left out": (
        "access/report.json",
        _json("access/report.json", lambda value: value["roles"].pop()),
    ),
    "a step left out": (
        "ledger/consistency.json",
        _json("ledger/consistency.json", lambda value: value.pop()),
    ),
    "a step of other hashes": (
        "ledger/consistency.json",
        _json("ledger/consistency.json", lambda value: value[0]["proof"].__setitem__(0, "00" * 32)),
    ),
    "a cosignature of other bytes": ("WITNESSED", _cosignature(_turned)),
    "a cosignature left out": ("WITNESSED", _cosignature(lambda _line: "")),
    "another witness's key": (
        "ledger/witnesses.json",
        _json("ledger/witnesses.json", lambda value: value["keys"][0].update(line="x")),
    ),
    "an acknowledgement of another root": (
        "ledger/witnesses.json",
        _json("ledger/witnesses.json", lambda value: value["acknowledgements"][0].update(root="00" * 32)),
    ),
    "a time stamp of another text": ("STAMP", _stamp_of_another),
    "a time stamp left out": ("ledger/witnesses.json", _no_stamp),
    "a time stamp of another time": (
        "STAMP",
        _json(
            "ledger/witnesses.json",
            lambda value: value["stamps"][0].update(stamped_at="2020-01-01T00:00:00.000000Z"),
        ),
    ),
    "a hold with another decision": (
        "cases/CASE/genealogy.json",
        _json("cases/CASE/genealogy.json", lambda value: value["holds"][0].update(decision="release")),
    ),
    "a link to a lot that is not there": (
        "cases/CASE/genealogy.json",
        _json("cases/CASE/genealogy.json", lambda value: value["links"][0].update(child_id=999)),
    ),
    "another root in the manifest": (
        "manifest.json",
        _json("manifest.json", lambda value: value["checkpoint"].update(root="00" * 32)),
    ),
    "another format": ("manifest.json", _json("manifest.json", lambda value: value.update(format="x"))),
    "a file that is no text": (
        "cases/CASE/records.json",
        lambda files, case: files.update({f"cases/{case}/records.json": b"\xff"}),
    ),
    "a file that is no JSON of ours": (
        "access/report.json",
        lambda files, _case: files.update({"access/report.json": b'{"roles": [], "views": []}'}),
    ),
}


@pytest.mark.parametrize("what", FORGERIES)
@pytest.mark.req("P-70")
def test_whoever_holds_the_key_still_cannot_forge_a_part(kept: Kept, what: str) -> None:
    """The manifest is made and signed anew each time: the check behind it finds it, and names the file."""
    file, change = FORGERIES[what]
    files = kept.files
    change(files, kept.case)
    forged = kept.signed(files, kept.signer)
    with pytest.raises(Fault) as fault:
        checked(forged)
    stamp = witnessed(kept.files).replace("checkpoints", "stamps").replace(".note", ".tsr")
    file = file.replace("CASE", kept.case).replace("NEWEST", newest(files)).replace("STAMP", stamp)
    file = file.replace("WITNESSED", witnessed(kept.files))
    assert fault.value.file == file, str(fault.value)
    with pytest.raises(second_verifier.Wrong):
        second_verifier.verify(forged)
