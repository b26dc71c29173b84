"""Witness of a Bihuan ledger: one file, Python 3.9 or later, nothing else to install.

It keeps the last checkpoint that it has seen. It signs a newer one only when a proof shows that the log merely grew,
and never a smaller or another tree (the rule of C2SP tlog-witness). Run it on a computer of your own organisation;
its key and its memory must not lie where the log is.

    python3 witness.py init coating.example/witness --log 'bihuan/ledger+1a2b3c4d+AQ...'
        Make the key and print the line that an administrator registers. Get the log's line from somebody you trust.
    python3 witness.py run https://bihuan.example
        Fetch, check, sign, hand in. Let a timer do it every day.
    python3 witness.py sign REQUEST
        Without a network: REQUEST is a file, or - for what is piped in. What it prints is pasted into the chat
        behind /cosign, or given to bihuan ledger cosign.
    python3 witness.py trust 'bihuan/ledger+9f8e7d6c+AQ...'
        The log changed its key: show the keys trusted so far beside the new one, and, with --yes, trust it too.
    python3 witness.py distrust 'bihuan/ledger+1a2b3c4d+AQ...'
        The old key is retired: show what stays, and, with --yes, trust it no more.
    python3 witness.py show
        What was witnessed last, and which keys are trusted.

Exit: 0 signed, 1 refused (read why: it may be the evidence), 2 wrong use.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import secrets
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from handlers.witness.script.curve import public_key, sign
from handlers.witness.script.notes import (
    ASK_FOR_THE_LINE,
    DASH,
    LOG_KEY,
    WITNESS_KEY,
    Checkpoint,
    Refused,
    consistent,
    decoded,
    key_hash,
    key_line,
    open_note,
    read_checkpoint,
    read_key,
    read_request,
    shown_hash,
    strange_keys,
)

STAMP = 8
TEXT_MAX = 100_000
NAME = re.compile(r"[!-*,-~]{1,100}")


class Home:
    """The folder of a witness: its key, the log's public keys, the last checkpoint, all that it cosigned."""

    def __init__(self, folder: Path) -> None:
        """Name the files."""
        self.folder = folder
        self.key, self.logs = folder / "witness.key", folder / "logs"
        self.last, self.signed, self.lock = folder / "last", folder / "cosigned", folder / "lock"

    def make(self, name: str, logs: list[str]) -> str:
        """Make key and folder; answers the public key's line.

        Raises:
            Refused: there is a witness already, or a name or key is not usable.
        """
        if not NAME.fullmatch(name):
            raise Refused("a name is like coating.example/witness: letters, digits, dots and slashes")
        for line in logs:
            read_key(line, LOG_KEY)
        if self.key.exists():
            raise Refused(f"there is a witness in {self.folder} already; its key is never replaced")
        self.folder.mkdir(parents=True, exist_ok=True)
        seed = secrets.token_bytes(32)
        handle = os.open(self.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(f"{name} {base64.b64encode(seed).decode()}\n")
        self._write(self.logs, "".join(f"{line.strip()}\n" for line in logs))
        return key_line(name, WITNESS_KEY, public_key(seed))

    def identity(self) -> tuple[str, bytes]:
        """Answer name and seed.

        Raises:
            Refused: there is no witness here.
        """
        try:
            name, _, encoded = self.key.read_text(encoding="utf-8").strip().rpartition(" ")
        except OSError:
            raise Refused(f"there is no witness in {self.folder}: run init first") from None
        return name, decoded(encoded, "key file")

    def known(self) -> Checkpoint | None:
        """Answer the last checkpoint that was cosigned.

        Raises:
            Refused: the file is torn; a witness without memory must not sign.
        """
        if not self.last.exists():
            if self.signed.exists():
                raise Refused(f"{self.last} is gone, though this witness has signed before: restore it")
            return None
        text = self.last.read_text(encoding="utf-8")
        return read_checkpoint(text.partition("\n\n")[0] + "\n")

    def keep(self, note: str) -> None:
        """Remember a checkpoint on the disk, before anybody learns that it was signed."""
        self._write(self.last, note)
        with self.signed.open("a", encoding="utf-8", newline="\n") as opened:
            opened.write(note + "\n")
            opened.flush()
            os.fsync(opened.fileno())

    @staticmethod
    def _write(path: Path, text: str) -> None:
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(path)

    def log_lines(self) -> list[str]:
        """The public keys of the log; ``trust`` adds one when the log changes its key."""
        return [line.strip() for line in self.logs.read_text(encoding="utf-8").splitlines() if line.strip()]

    def trust(self, line: str, *, yes: bool) -> str:
        """Show the trusted keys beside a new one of the same log, and with ``yes`` trust it too.

        Raises:
            Refused: it is no key, one of another log, or trusted already; or nobody said yes.
        """
        self.identity()
        wanted, present = line.strip(), self.log_lines()
        name, _public = read_key(wanted, LOG_KEY)
        if name not in {read_key(one, LOG_KEY)[0] for one in present}:
            raise Refused(f"this is a key of another log, {name}")
        if wanted in present:
            raise Refused(f"key {shown_hash(wanted)} is trusted already")
        said = [*(f"trusted so far  {one}" for one in present), f"new             {wanted}"]
        said.append(self._vouched(wanted, present))
        if not yes:
            raise Refused(
                "\n".join(
                    [
                        *said,
                        "Nothing was changed. Hold the new line to what you were given by another way, then",
                    ]
                )
                + f"\n    python3 witness.py trust '{wanted}' --yes"
            )
        self._write(self.logs, "".join(f"{one}\n" for one in [*present, wanted]))
        return "\n".join([*said, f"Key {shown_hash(wanted)} is trusted from now on.\n"])

    def _vouched(self, line: str, present: list[str]) -> str:
        """Say whether a trusted key and the new one have signed the same checkpoint, as in a regular change."""
        note = self.last.read_text(encoding="utf-8") if self.last.exists() else ""
        try:
            stated = open_note(note, present)
            open_note(note, [line])
        except Refused:
            return (
                "CAREFUL: the last checkpoint that this witness signed does not carry the new key's signature beside a "
                "trusted one. In a regular change of key it does: run once more before you trust the new key, and ask."
            )
        return f"Both have signed the last checkpoint that this witness has seen, of {stated.size} entries."

    def distrust(self, line: str, *, yes: bool) -> str:
        """Show what stays, and with ``yes`` trust a key no more.

        Raises:
            Refused: it is not trusted, or the only one; or nobody said yes.
        """
        self.identity()
        wanted, present = line.strip(), self.log_lines()
        if wanted not in present:
            raise Refused("this key is not trusted here")
        left = [one for one in present if one != wanted]
        if not left:
            raise Refused("this is the only key that is trusted: trust the new one first")
        said = [f"no more  {wanted}", *(f"stays    {one}" for one in left)]
        if not yes:
            raise Refused("\n".join([*said, "Nothing was changed. To do it, add --yes"]))
        self._write(self.logs, "".join(f"{one}\n" for one in left))
        return "\n".join([*said, ""])


def cosigned(home: Home, request: str) -> str:
    """Check a request against what was seen before, remember it, and answer the checkpoint with our cosignature.

    Raises:
        Refused: nothing was signed; the text says why.
    """
    name, seed = home.identity()
    old, proof, note = read_request(request)
    logs = home.log_lines()
    stated = open_note(note, logs)
    for shown in strange_keys(note, logs):
        sys.stderr.write(f"Key {shown}, which is not trusted here, signs this log too. {ASK_FOR_THE_LINE}\n")
    try:
        os.close(os.open(home.lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise Refused(f"another run is at work, or one was cut off: then remove {home.lock}") from None
    try:
        _must_continue(home.known(), old, proof, stated)
        stamp = time.time_ns() // 1_000_000_000
        message = f"cosignature/v1\ntime {stamp}\n{stated.text}".encode()
        raw = (
            key_hash(name, WITNESS_KEY, public_key(seed)) + stamp.to_bytes(STAMP, "big") + sign(seed, message)
        )
        made = f"{note}{DASH}{name} {base64.b64encode(raw).decode()}\n"
        home.keep(made)
    finally:
        home.lock.unlink()
    return made


def _must_continue(known: Checkpoint | None, old: int, proof: list[bytes], stated: Checkpoint) -> None:
    """Refuse what does not continue the tree that was cosigned last.

    Raises:
        Refused: another starting point, a smaller tree, another past.
    """
    size = known.size if known else 0
    if stated.size == 0:
        raise Refused("the log is empty: there is nothing to witness yet")
    if stated.size < size:
        raise Refused(
            f"ALARM: the log shows {stated.size} entries; this witness has signed {size}. "
            "Entries are gone. Keep this folder: it is the evidence"
        )
    if old != size:
        raise Refused(
            f"this proof begins at {old} entries; this witness has seen {size}: ask again from there"
        )
    if known is None:
        if proof:
            raise Refused("a first checkpoint comes without a proof")
        return
    if stated.size == size and stated.root != known.root:
        raise Refused(f"ALARM: the log shows another root for the same {size} entries. Keep this folder")
    if not consistent(size, stated.size, known.root, stated.root, proof):
        raise Refused(
            f"ALARM: no proof that the log of {stated.size} entries continues the {size} that this witness "
            "has signed. Its past may have been rewritten. Keep this folder: it is the evidence"
        )


def asked(home: Home, address: str, method: str, path: str, body: str | None = None) -> str:
    """Send a request that our key vouches for; answers the text that came back.

    Raises:
        Refused: the log cannot be reached, or says no.
    """
    name, seed = home.identity()
    moment = time.time_ns() // 1_000_000_000
    signature = sign(seed, f"bihuan-witness-request/v1\n{moment}\n{method} {path}\n".encode())
    if not address.startswith(("https://", "http://")):
        raise Refused("the address begins with https://")
    request = urllib.request.Request(  # noqa: S310  the two schemes above only
        address.rstrip("/") + path,
        data=None if body is None else body.encode(),
        method=method,
        headers={
            "Authorization": f"Witness {name} {moment} {base64.b64encode(signature).decode()}",
            "Content-Type": "text/plain; charset=utf-8",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return str(answer.read(TEXT_MAX).decode())
    except urllib.error.HTTPError as wrong:
        raise Refused(
            f"the log answers {wrong.code}: {wrong.read(2_000).decode(errors='replace').strip()}"
        ) from None
    except (OSError, ValueError) as wrong:
        raise Refused(f"the log cannot be reached: {wrong}") from None


def run(home: Home, address: str) -> str:
    """Fetch the present checkpoint with its proof, cosign it and hand it in; answers what happened.

    Raises:
        Refused: something does not fit.
    """
    known = home.known()
    size = known.size if known else 0
    made = cosigned(home, asked(home, address, "GET", f"/api/v1/witness/request?old={size}"))
    asked(home, address, "POST", "/api/v1/witness/cosignatures", made)
    stated = read_checkpoint(made.partition("\n\n")[0] + "\n")
    return f"witnessed {stated.size} entries, root {stated.root.hex()[:8]}; before: {size}\n"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--home", type=Path, default=Path("bihuan-witness"), help="the folder of this witness"
    )
    does = parser.add_subparsers(dest="does", required=True)
    init = does.add_parser("init", help="make the key")
    init.add_argument("name", help="a name of your own, like coating.example/witness")
    init.add_argument("--log", action="append", required=True, help="the log's public key line")
    does.add_parser("run", help="fetch, check, sign, hand in").add_argument("address")
    does.add_parser("sign", help="check and sign a request").add_argument("request")
    for does_what, about in (
        ("trust", "trust a new key of the log"),
        ("distrust", "trust a retired key no more"),
    ):
        change = does.add_parser(does_what, help=about)
        change.add_argument("line", help="the public line of the key")
        change.add_argument("--yes", action="store_true", help="do it; without this it is only shown")
    does.add_parser("show", help="what was witnessed last")
    does.add_parser("key", help="print the public key again")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; answers the exit code."""
    given = _arguments().parse_args(arguments)
    home = Home(given.home)
    try:
        if given.does == "init":
            said = home.make(given.name, given.log) + "\n"
        elif given.does == "run":
            said = run(home, given.address)
        elif given.does == "sign":
            raw = (
                sys.stdin.buffer.read(TEXT_MAX) if given.request == "-" else Path(given.request).read_bytes()
            )
            said = cosigned(home, raw[:TEXT_MAX].decode())
        elif given.does == "trust":
            said = home.trust(given.line, yes=given.yes)
        elif given.does == "distrust":
            said = home.distrust(given.line, yes=given.yes)
        elif given.does == "key":
            name, seed = home.identity()
            said = key_line(name, WITNESS_KEY, public_key(seed)) + "\n"
        else:
            known = home.known()
            said = f"{known.size}:{known.root.hex()[:8]}\n" if known else "nothing yet\n"
            said += "".join(f"trusts {line}\n" for line in home.log_lines())
    except (Refused, OSError, UnicodeDecodeError) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    sys.stdout.buffer.write(said.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
