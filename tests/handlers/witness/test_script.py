"""The stand-alone witness script: one file on bare Python that signs growth only, never a fork or a rollback."""

from __future__ import annotations

import base64
import importlib.util
import json
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ledger import WitnessLine, checkpoint, merkle
from core.ledger.checkpoint import Checkpoint, SigningKey
from handlers.witness import shipping
from tests.paths import SHARED_DATA

CONSISTENCY = sorted((SHARED_DATA / "sec_merkle" / "testdata" / "consistency").rglob("*.json"))
RFC8032 = [  # RFC 8032 §7.1: secret, public, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.fixture(scope="module")
def script_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("script") / shipping.NAME
    file.write_text(shipping.script(), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def script(script_file: Path) -> ModuleType:
    """The one file as a module."""
    spec = importlib.util.spec_from_file_location("shipped_witness", script_file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@dataclass
class Log:
    """A log in memory that asks to be witnessed."""

    leaves: list[bytes] = field(default_factory=list)
    key: SigningKey = field(
        default_factory=lambda: SigningKey(
            "plant.example/log", Ed25519PrivateKey.from_private_bytes(b"k" * 32)
        )
    )

    def grow(self, count: int, words: str = "entry") -> Log:
        at = len(self.leaves)
        self.leaves += [merkle.leaf_hash(f"{words} {number}".encode()) for number in range(at, at + count)]
        return self

    def note(self) -> str:
        stated = Checkpoint(self.key.name, len(self.leaves), merkle.root(self.leaves))
        return checkpoint.sign(stated.text, [self.key])

    def request(self, old: int) -> str:
        proof = merkle.consistency_proof(self.leaves, old) if old else []
        return (
            f"old {old}\n{''.join(base64.b64encode(one).decode() + chr(10) for one in proof)}\n{self.note()}"
        )


@pytest.fixture
def log() -> Log:
    return Log().grow(7)


@pytest.fixture
def home(script: ModuleType, tmp_path: Path, log: Log) -> Any:
    made = script.Home(tmp_path / "witness")
    made.make("coating.example/witness", [str(log.key.verifier)])
    return made


def witness_line(script: ModuleType, home: Any) -> WitnessLine:
    name, seed = home.identity()
    return WitnessLine.parse(script.key_line(name, script.WITNESS_KEY, script.public_key(seed)))


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC8032)
def test_the_published_vectors_of_ed25519(
    script: ModuleType, secret: str, public: str, message: str, signature: str
) -> None:
    """Keys and signatures are those of the standard; a signature of another text is refused."""
    seed, text, made = bytes.fromhex(secret), bytes.fromhex(message), bytes.fromhex(signature)
    assert script.public_key(seed).hex() == public
    assert script.sign(seed, text) == made
    assert script.verify(bytes.fromhex(public), text, made)
    assert not script.verify(bytes.fromhex(public), text + b"!", made)
    beyond = (int.from_bytes(made[32:], "little") + script.L).to_bytes(32, "little")
    assert not script.verify(bytes.fromhex(public), text, made[:32] + beyond), (
        "a second form of one signature"
    )


@settings(deadline=None, max_examples=15)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_its_signatures_are_those_of_the_library(
    script: ModuleType, seed: bytes, message: bytes, bit: int
) -> None:
    """What one makes the other accepts, byte for byte; no bit of it can be turned."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    signature = script.sign(seed, message)
    assert (script.public_key(seed), signature) == (public, key.sign(message))
    turned = bytearray(signature)
    turned[bit // 8] ^= 1 << bit % 8
    assert not script.verify(public, message, bytes(turned))
    assert not script.verify(b"\xff" * 32, message, signature)


@pytest.mark.parametrize("path", CONSISTENCY, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_public_consistency_vectors(script: ModuleType, path: Path) -> None:
    """The script judges each vector as it demands; it never proves from an empty tree."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    first, second, *proof = (
        base64.b64decode(one or "") for one in (vector["root1"], vector["root2"], *(vector["proof"] or []))
    )
    found = script.consistent(vector["size1"], vector["size2"], first, second, proof)
    assert found is not vector["wantErr"]


@given(st.integers(1, 70), st.integers(0, 70), st.data())
def test_it_judges_every_proof_as_the_ledger_does(
    script: ModuleType, size: int, more: int, data: st.DataObject
) -> None:
    """Two verifiers written apart agree on right proofs and on spoilt ones."""
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size + more)]
    first, second = merkle.root(leaves[:size]), merkle.root(leaves)
    proof = merkle.consistency_proof(leaves, size)
    assert script.consistent(size, size + more, first, second, proof)
    spoilt = data.draw(
        st.sampled_from(
            [
                (first, leaves[0], proof),
                (leaves[-1], second, proof),
                (first, second, [*proof, first]),
                (first, second, proof[1:]),
            ]
        )
    )
    try:
        merkle.verify_consistency(size, size + more, *spoilt)
    except merkle.Unproven:
        expected = False
    else:
        expected = True
    assert script.consistent(size, size + more, spoilt[0], spoilt[1], list(spoilt[2])) is expected


def test_a_growing_log_is_cosigned_and_the_ledger_accepts_it(script: ModuleType, home: Any, log: Log) -> None:
    """At every step the cosignature verifies by the library, the log's own line stays, the memory moves on."""
    line = witness_line(script, home)
    old = 0
    for more in (0, 1, 5, 0, 60):
        log.grow(more)
        made = script.cosigned(home, log.request(old))
        assert made.startswith(log.note())
        body = log.note().partition("\n\n")[0] + "\n"
        assert line.verify(body, made.splitlines()[-1]) > 1_700_000_000
        assert checkpoint.verify(made, [log.key.verifier]).size == len(log.leaves)
        old = len(log.leaves)
        assert home.known().size == old


@pytest.mark.parametrize("way", ["fork", "rollback", "other root of the same size", "fork and rollback"])
def test_a_fork_and_a_rollback_are_never_cosigned(script: ModuleType, home: Any, log: Log, way: str) -> None:
    """Signed by the log's own key all the same: an alarm, and the memory stays what it was."""
    script.cosigned(home, log.request(0))
    before = home.last.read_text(encoding="utf-8")
    other = {
        "fork": lambda: Log().grow(5).grow(6, "forged"),
        "rollback": lambda: Log().grow(6),
        "other root of the same size": lambda: Log().grow(6).grow(1, "forged"),
        "fork and rollback": lambda: Log().grow(6, "forged"),
    }[way]()
    for old in {7, len(other.leaves), 0}:
        if old <= len(other.leaves):
            with pytest.raises(script.Refused) as refused:
                script.cosigned(home, other.request(old))
    if len(other.leaves) >= 7:
        expected = "ALARM.*another root" if len(other.leaves) == 7 else "ALARM.*rewritten"
        with pytest.raises(script.Refused, match=expected):
            script.cosigned(home, other.request(7))
    else:
        assert "ALARM" in str(refused.value)
    assert home.last.read_text(encoding="utf-8") == before
    assert not home.lock.exists()
    assert script.cosigned(home, log.grow(1).request(7)), "the honest log goes on"


def changed(request: str, old: str, new: str) -> str:
    assert old in request
    return request.replace(old, new, 1)


def test_bad_requests_sign_nothing(script: ModuleType, home: Any, log: Log) -> None:
    """Each is refused with a reason, and the witness remembers nothing of it."""
    good = log.request(0)
    note = log.note()
    stranger = Log(key=SigningKey(log.key.name, Ed25519PrivateKey.from_private_bytes(b"s" * 32))).grow(7)
    elsewhere = Log(key=SigningKey("other.example", Ed25519PrivateKey.from_private_bytes(b"k" * 32))).grow(7)
    for bad in (
        "",
        "\n",
        "old 0",
        "old 0\n\n",
        "old 0\n\nhello\n",
        note,
        changed(good, "old 0", "old -1"),
        changed(good, "old 0", "old 00"),
        changed(good, "old 0", "new 0"),
        changed(good, "old 0", "old 3"),
        changed(good, "old 0\n", f"old 0\n{base64.b64encode(bytes(32)).decode()}\n"),
        changed(good, "old 0\n", "old 0\nnot base64\n"),
        changed(good, "\n7\n", "\n8\n"),
        changed(good, "\n7\n", "\n07\n"),
        good.replace("\N{EM DASH}", "-"),
        good[:-20],
        "old 0\n" + f"{base64.b64encode(bytes(32)).decode()}\n" * 64 + f"\n{note}",
        stranger.request(0),
        elsewhere.request(0),
        Log().request(0),
    ):
        with pytest.raises(script.Refused) as refused:
            script.cosigned(home, bad)
        assert str(refused.value)
    assert home.known() is None
    assert script.cosigned(home, good.replace("\n", "\r\n").rstrip())


def test_another_signature_beside_the_logs_is_ignored(script: ModuleType, home: Any, log: Log) -> None:
    """A checkpoint that others cosigned is cosigned again."""
    other = SigningKey("other.example/witness", Ed25519PrivateKey.from_private_bytes(b"o" * 32))
    request = log.request(0) + other.line(log.note())
    assert script.cosigned(home, request).count("\N{EM DASH}") == 3


def test_a_witness_without_memory_does_not_sign(script: ModuleType, home: Any, log: Log) -> None:
    """A lost or torn memory is said; a second run at once is refused; the key is never replaced."""
    script.cosigned(home, log.request(0))
    kept = home.last.read_bytes()
    for torn in (None, b"", b"torn"):
        home.last.unlink(missing_ok=True)
        if torn is not None:
            home.last.write_bytes(torn)
        with pytest.raises(script.Refused):
            script.cosigned(home, log.request(0))
    home.last.write_bytes(kept)
    home.lock.touch()
    with pytest.raises(script.Refused, match="another run"):
        script.cosigned(home, log.request(7))
    home.lock.unlink()
    with pytest.raises(script.Refused, match="never replaced"):
        home.make("new", [str(log.key.verifier)])
    assert stat.S_IMODE(home.key.stat().st_mode) == 0o600


def test_a_new_key_of_the_log_is_trusted_by_command_only(
    script: ModuleType, home: Any, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    """Named while both sign, refused when it signs alone, shown beside the old one, taken up with --yes only."""

    def run(*arguments: str) -> tuple[int, str]:
        status = script.main(["--home", str(home.folder), *arguments])
        out, err = capsys.readouterr()
        return status, out + err

    fresh = SigningKey(log.key.name, Ed25519PrivateKey.from_private_bytes(b"n" * 32))
    old_line, new_line = str(log.key.verifier), str(fresh.verifier)
    script.cosigned(home, log.request(0))
    status, said = run("trust", new_line)
    assert status == 1
    assert "CAREFUL" in said

    both = log.grow(3).request(7) + fresh.line(log.note().partition("\n\n")[0] + "\n")
    script.cosigned(home, both)
    assert f"Key {fresh.verifier.hash.hex()}, which is not trusted here" in capsys.readouterr().err
    log.key = fresh
    alone = log.grow(3).request(10)
    with pytest.raises(script.Refused, match=f"{fresh.verifier.hash.hex()}.*witness.py trust 'LINE'"):
        script.cosigned(home, alone)
    status, said = run("trust", new_line)
    assert status == 1
    assert old_line in said
    assert new_line in said
    assert "Both have signed the last checkpoint" in said
    assert home.log_lines() == [old_line], "only shown"

    stranger = SigningKey("other.example", Ed25519PrivateKey.from_private_bytes(b"n" * 32))
    for wrong in (str(stranger.verifier), new_line[:-2], old_line, str(witness_line(script, home)), ""):
        assert run("trust", wrong, "--yes")[0] == 1
    assert run("trust", new_line, "--yes")[0] == 0
    assert script.cosigned(home, alone)
    assert run("distrust", old_line)[0] == 1
    assert home.log_lines() == [old_line, new_line]
    assert run("distrust", old_line, "--yes")[0] == 0
    assert run("distrust", new_line, "--yes")[0] == 1, "the last one stays"
    assert run("show")[1].splitlines()[1:] == [f"trusts {new_line}"]


def test_the_file_runs_on_bare_python(script_file: Path, tmp_path: Path, log: Log) -> None:
    """As an auditor meets it: init, sign from a pipe and a file, show; exit codes and plain sentences."""

    def run(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-S", str(script_file), *arguments],
            cwd=tmp_path,
            input=said,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    assert run("key").returncode == 1
    for name in ("a b", "a+b", "", "名"):
        assert run("init", name, "--log", str(log.key.verifier)).returncode == 1
    assert run("init", "w.example", "--log", "no key").returncode == 1
    made = run("init", "w.example", "--log", str(log.key.verifier))
    line = WitnessLine.parse(made.stdout)
    assert run("key").stdout == made.stdout
    assert run("show").stdout == f"nothing yet\ntrusts {log.key.verifier}\n"
    signed = run("sign", "-", said=log.request(0))
    assert (signed.returncode, signed.stderr) == (0, "")
    line.verify(log.note().partition("\n\n")[0] + "\n", signed.stdout.splitlines()[-1])
    (tmp_path / "request").write_text(log.grow(3).request(7), encoding="utf-8")
    assert run("sign", "request").returncode == 0
    again = run("sign", "request")
    assert again.returncode == 1
    assert "seen 10" in again.stderr
    assert run("show").stdout.startswith("10:")
    for arguments in (("sign", "missing"), ("run", "ftp://x"), ("run", "http://127.0.0.1:9")):
        refused = run(*arguments)
        assert refused.returncode == 1
        assert refused.stderr
        assert "Traceback" not in refused.stderr
    assert run("nonsense").returncode == 2
