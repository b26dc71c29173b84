"""The verifier: what it is made of, and that no changed byte and no forged file gets past it."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import zlib
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509 import load_pem_x509_certificates
from defusedxml import ElementTree
from pypdf import PdfReader

from core import exchange, witness
from core.exchange.verifier.bundle import Bundle
from core.exchange.verifier.command import examine, main
from core.exchange.verifier.curve import L, ed25519
from core.exchange.verifier.outside import stamped
from core.exchange.verifier.places import CONTAINER, Container, directory, local_header
from core.exchange.verifier.proofs import Fault, grew, included
from core.ledger import checkpoint, merkle
from core.ledger import keys as ledger_keys
from tests.core.exchange import second_verifier
from tests.core.exchange.office import Kept
from tests.paths import ROOT


def checked(raw: bytes) -> Bundle:
    return Bundle(Container(io.BytesIO(raw)), [], None)


def flipped(raw: bytes, at: int, bits: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ bits]) + raw[at + 1 :]


def places(raw: bytes) -> dict[str, tuple[int, int, int]]:
    return Container(io.BytesIO(raw)).where


def newest(files: dict[str, bytes]) -> str:
    return max(name for name in files if name.startswith("ledger/checkpoints/"))


def witnessed(files: dict[str, bytes]) -> str:
    """The checkpoint that was cosigned and stamped."""
    (stamp,) = json.loads(files["ledger/witnesses.json"])["stamps"]
    return f"ledger/checkpoints/{stamp['size']:012d}.note"


def test_the_vectors_of_rfc_8032_hold() -> None:
    """§7.1, tests 1 to 3."""
    for public, message, signature in (
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ):
        assert ed25519(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


def test_signatures_are_judged_as_by_the_library() -> None:
    """Right ones pass; a changed bit, a larger S of the same value, a wrong length and a point off the curve do not."""
    dice = random.Random(8032)
    for _ in range(20):
        key = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
        public, message = key.public_key().public_bytes_raw(), dice.randbytes(40)
        signature = key.sign(message)
        assert ed25519(public, signature, message)
        assert not ed25519(public, flipped(signature, dice.randrange(64), 1 << dice.randrange(8)), message)
        assert not ed25519(public, signature, message + b"x")
        larger = int.from_bytes(signature[32:], "little") + L
        assert not ed25519(public, signature[:32] + larger.to_bytes(32, "little"), message)
        assert not ed25519(public, signature[:-1], message)
    assert not ed25519(b"\xff" * 32, bytes(64), b"")


def test_proofs_are_judged_as_by_the_ledger() -> None:
    """Every leaf and every pair of sizes of all trees up to 34 leaves; never at another place or size."""
    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(34)]
    roots = [merkle.root(leaves[:size]) for size in range(35)]
    for size in range(1, 35):
        for index in range(size):
            proof = merkle.inclusion_proof(leaves[:size], index)
            assert included(index, size, leaves[index], proof, roots[size])
            assert not included((index + 1) % size, size, leaves[index], proof, roots[size]) or size == 1
            assert not included(index, size, leaves[index], [*proof, bytes(32)], roots[size])
        for first in range(1, size + 1):
            proof = merkle.consistency_proof(leaves[:size], first)
            assert grew(first, size, roots[first], roots[size], proof)
            assert not grew(first, size, bytes(32), roots[size], proof)
            assert not grew(first, size, roots[first], bytes(32), proof)
    assert not included(0, 0, leaves[0], [], leaves[0])
    assert not grew(3, 2, roots[3], roots[2], [])


def test_the_shipped_file_is_plain_and_whole() -> None:
    """One file of the standard library, readable by Python 3.9, linted like the house, the same as in every bundle."""
    made = exchange.verifier()
    tree = ast.parse(made, feature_version=(3, 9))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names
    lint = [sys.executable, "-m", "ruff", "check", "--stdin-filename", "core/exchange/joined.py", "-"]
    assert subprocess.run(lint, input=made, cwd=ROOT, check=False, capture_output=True).returncode == 0
    for code in made.decode().splitlines():
        assert len(code) <= 121


@pytest.mark.req("G-46c")
def test_a_sound_bundle_holds_for_both_verifiers(kept: Kept) -> None:
    """And both count the same."""
    found, second = checked(kept.raw), second_verifier.verify(kept.raw)
    assert second == {**found.counts, "entries": len(found.entries), "records": len(found.rows)}
    assert second["signatures"] == 7
    assert second["evidence"] == 5
    assert (second["cosignatures"], second["stamps"]) == (1, 1)
    assert len(found.stated) == 2


@pytest.mark.req("P-10a")
def test_no_flipped_byte_of_any_file_gets_past(kept: Kept) -> None:
    """500 random single bytes, small files as often as large ones: each is found, in the file where it is."""
    dice, spots = random.Random(500), places(kept.raw)
    names = sorted(spots)
    for number in range(500):
        name = names[number % len(names)]
        start, size, _ = spots[name]
        with pytest.raises(Fault) as fault:
            checked(flipped(kept.raw, start + dice.randrange(size), dice.randrange(1, 256)))
        assert fault.value.file == name, str(fault.value)


def test_every_byte_of_the_small_files_that_all_rests_on_counts(kept: Kept) -> None:
    """Each byte of the keys and of the manifest's signature."""
    spots = places(kept.raw)
    for name in ("keys.txt", "manifest.note"):
        start, size, _ = spots[name]
        for at in range(start, start + size):
            with pytest.raises(Fault) as fault:
                checked(flipped(kept.raw, at, 1))
            assert fault.value.file == name


def test_no_flipped_byte_of_the_container_gets_past(kept: Kept) -> None:
    """Every byte of the ZIP outside its files, the checksums included."""
    inside = {at for start, size, _ in places(kept.raw).values() for at in range(start, start + size)}
    outside = [at for at in range(len(kept.raw)) if at not in inside]
    dice = random.Random(1)
    for at in dice.sample(outside, 400) + outside[:30] + outside[-22:]:
        with pytest.raises(Fault):
            checked(flipped(kept.raw, at, 1 << dice.randrange(8)))


def test_the_second_verifier_finds_flips_too(kept: Kept) -> None:
    """It was written from the page alone: the page tells enough."""
    dice = random.Random(2)
    for _ in range(40):
        with pytest.raises(second_verifier.Wrong):
            second_verifier.verify(flipped(kept.raw, dice.randrange(len(kept.raw)), dice.randrange(1, 256)))


@pytest.mark.req("P-10b")
def test_the_shipped_file_runs_alone(kept: Kept, tmp_path: Path) -> None:
    """In a Python of its own without our code: on the ZIP, on the folder, on spoiled ones; exit 0 or 1."""
    folder = tmp_path / "审计 包"
    for name, data in kept.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    container = tmp_path / "b.zip"
    container.write_bytes(kept.raw)

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", str(folder / "verify.py"), *arguments],
            cwd=tmp_path,
            env={"PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        assert not done.stderr
        return done.returncode, done.stdout

    code, said = run()
    assert code == 0
    assert "OK" in said
    assert "Not checked" in said
    assert run("b.zip")[0] == 0
    dice = random.Random(3)
    for name in ("ledger/entries.jsonl", f"cases/{kept.case}/evidence/1.jpg", "verify.py", "README.txt"):
        start, size, _ = places(kept.raw)[name]
        container.write_bytes(flipped(kept.raw, start + dice.randrange(size), 4))
        code, said = run("b.zip")
        assert (code, name in said) == (1, True)
    (folder / "notes.txt").write_text("mine")
    code, said = run()
    assert (code, "notes.txt" in said) == (1, True)
    (folder / "notes.txt").unlink()
    (folder / "plant" / "records.json").unlink()
    code, said = run()
    assert (code, "plant/records.json" in said) == (1, True)
    assert run("nothing.zip")[0] == 1


def test_the_genealogy_is_in_the_bundle_as_data_and_as_pictures(kept: Kept) -> None:
    """Lots, links with quantities, holds; a drawing in each language, and the same in the sheet."""
    files, folder = kept.files, f"cases/{kept.case}"
    family = json.loads(files[f"{folder}/genealogy.json"])
    lots = {one["id"]: one for one in family["lots"]}
    assert lots[family["lot"]]["steps"] == {"root": 0}
    assert {side for one in lots.values() for side in one["steps"]} == {"root", "up", "down"}
    assert all(Decimal(one["quantity"]) > 0 and one["unit"] for one in family["links"])
    assert {one["decision"] for one in family["holds"]} == {"rework"}
    for locale in ("zh_CN", "en"):
        drawn = ElementTree.fromstring(files[f"{folder}/genealogy.{locale}.svg"])
        words = " ".join(drawn.itertext())
        assert all(one["number"] in words for one in lots.values())
    printed = PdfReader(io.BytesIO(files[f"{folder}/{kept.case}.en.pdf"]))
    assert "genealogy.json" in "".join(page.extract_text() for page in printed.pages)


def test_the_time_stamp_holds_for_the_tools_of_others(kept: Kept) -> None:
    """Over the checkpoint without the witness's line, under the root that is in the bundle."""
    files = kept.files
    path = witnessed(files)
    note = "".join(
        line for line in files[path].decode().splitlines(keepends=True) if "witness.example" not in line
    )
    answer = files[path.replace("checkpoints", "stamps").replace(".note", ".tsr")]
    roots = load_pem_x509_certificates(files["tsa.pem"])
    assert (
        f"{witness.recheck(answer, note, roots):%Y}"
        == json.loads(files["ledger/witnesses.json"])["stamps"][0]["stamped_at"][:4]
    )
    with pytest.raises(witness.BadStamp):
        witness.recheck(answer, files[path].decode(), roots)


def test_no_spoiled_time_stamp_breaks_the_verifier(kept: Kept) -> None:
    """Cut anywhere or with any byte turned in its outer parts: a fault that names the file, or it still holds."""
    (name,) = [path for path in kept.files if path.startswith("ledger/stamps/")]
    answer = kept.files[name]
    note = kept.files[witnessed(kept.files)].rsplit("— witness".encode(), 1)[0]
    at = stamped(name, answer, note)
    for end in range(len(answer)):
        with pytest.raises(Fault):
            stamped(name, answer[:end], note)
    for place in range(200):
        with contextlib.suppress(Fault):
            assert stamped(name, flipped(answer, place, 1 << place % 8), note)[-1] == at[-1]


def test_a_checkpoint_of_another_log_is_none_of_this_bundle(kept: Kept) -> None:
    """Signed by the right key, but for another origin."""
    files = kept.files
    name = newest(files)
    size, root = json.loads(files["manifest.json"])["checkpoint"]["size"], "A" * 43 + "="
    files[name] = checkpoint.sign(f"other.example/log\n{size}\n{root}\n", kept.signer.keys).encode()
    with pytest.raises(Fault, match="another log"):
        checked(kept.signed(files, kept.signer))


def test_a_container_of_another_order_or_checksum_is_refused(kept: Kept) -> None:
    """The same files and the same signature; only the ZIP around them is another."""
    files = kept.files
    order = [*sorted(files.keys() - {"manifest.json", "manifest.note"}), "manifest.json", "manifest.note"]

    def packed(names: list[str], wrong: int = 0) -> bytes:
        made, members = b"", []
        for name in names:
            crc = zlib.crc32(files[name]) ^ (wrong if name == "README.txt" else 0)
            members.append((name.encode(), crc, len(files[name]), len(made)))
            made += local_header(name.encode(), crc, len(files[name])) + files[name]
        return made + directory(members)

    assert packed(order) == kept.raw
    with pytest.raises(Fault, match="order"):
        checked(packed([*order[1:2], *order[:1], *order[2:]]))
    with pytest.raises(Fault, match=r"README\.txt.*checksum"):
        checked(packed(order, wrong=1))
    with pytest.raises(Fault, match=CONTAINER):
        checked(packed(order) + b"\0")
    with pytest.raises(Fault, match=CONTAINER):
        checked(packed([*order, "README.txt"]))


def test_a_bundle_of_another_key_is_told_by_the_key_that_one_has(kept: Kept, tmp_path: Path) -> None:
    """A forger who signs everything anew is found by the key line, and by a checkpoint that somebody kept."""
    mine = str(kept.signer.verifiers[0])
    theirs = ledger_keys.create(tmp_path / "other.key", "plant.example/bihuan")
    path = tmp_path / "b.zip"
    path.write_bytes(kept.raw)
    assert examine(path, [mine]).keys[0].line == mine
    with pytest.raises(Fault, match=r"keys\.txt"):
        examine(path, [str(theirs.verifiers[0])])
    size = max(examine(path).stated)
    text = kept.files[f"ledger/checkpoints/{size:012d}.note"].decode()
    assert examine(path, [], f"{text}\n{text}").witnessed == 2
    forked = kept.signer.checkpoint(size, bytes(32))
    with pytest.raises(Fault, match="written anew"):
        examine(path, [], forked)


def test_what_is_no_bundle_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing, an empty file, another ZIP's beginning, rubbish, a folder of other things: exit 1, no traceback."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_bytes(b"x")
    (tmp_path / "folder" / "link").symlink_to("a")
    for name, data in (("empty.zip", b""), ("half.zip", b"PK\x03\x04"), ("rubbish.zip", os.urandom(3000))):
        (tmp_path / name).write_bytes(data)
    for name in ("missing.zip", "empty.zip", "half.zip", "rubbish.zip", "folder"):
        assert main([str(tmp_path / name)]) == 1
        said = capsys.readouterr().out
        assert said.startswith("FAULT")
        assert said.count("\n") == 1


def test_a_linked_folder_beside_the_files_is_found(kept: Kept, tmp_path: Path) -> None:
    """An unpacked bundle holds its files and nothing that leads out of it."""
    root = tmp_path / "bundle"
    for name, data in kept.files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    assert examine(root)
    (root / "cases" / "more").symlink_to(tmp_path)
    with pytest.raises(Fault, match=r"cases/more: this is a link"):
        examine(root)
