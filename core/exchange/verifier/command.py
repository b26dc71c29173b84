"""The command line of the verifier: says OK, or the first fault."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core.exchange.verifier.bundle import MANIFEST, Bundle
from core.exchange.verifier.places import Container, Folder
from core.exchange.verifier.proofs import Fault

UNCHECKED = (
    "that nothing was left out: other entries, other cases and other rows of the plant are not in this bundle",
    "that the key in keys.txt is the registrant's: compare it with the one you got by another way (--key)",
    "that nothing was cut off or written anew before it was signed: hold kept checkpoints to it (--witness)",
    "codes: a signature by code is our server's word; by passkey it is verified here with the signer's own key",
    "that a signer was allowed to (rights, segregation, delegation): our server judged; the report shows roles of then",
    "that a witness is who the report says, and kept its key: ask them for their line",
    "the signature and certificates of a time stamp, only what it is over: openssl ts -verify checks the rest",
    "the genealogy beyond its holds: it is what the database said at the export, signed with the manifest",
    "that what people wrote is true, that clocks were right, and who held the phone of a signer",
    "the PDFs beyond their digest: for every doubt the JSON records decide; their seals are for PDF readers",
)


def examine(target: Path, keys: list[str] | None = None, witness: str | None = None) -> Bundle:
    """Check a bundle; raises Fault, and nothing else, for whatever is wrong with it."""
    try:
        if target.is_dir():
            return Bundle(Folder(target), keys or [], witness)
        with target.open("rb") as file:
            return Bundle(Container(file), keys or [], witness)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as wrong:
        raise Fault(MANIFEST, f"a file has lost its form: {wrong!r}") from None
    except OSError as wrong:
        raise Fault(str(wrong.filename or target), str(wrong.strerror or wrong)) from None


def main(arguments: list[str] | None = None) -> int:
    """Check what the command line names and say the result."""
    reader = argparse.ArgumentParser(description="Check an export bundle of Bihuan.")
    reader.add_argument("target", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    reader.add_argument("--key", action="append", default=[])
    reader.add_argument("--witness", type=Path)
    given, say = reader.parse_args(arguments), sys.stdout.write
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        kept = given.witness.read_text(encoding="utf-8") if given.witness else None
        found = examine(given.target, given.key, kept)
    except (Fault, OSError, UnicodeDecodeError) as fault:
        say(f"FAULT 有误: {fault}\n")
        return 1
    last, counts = found.manifest["checkpoint"], found.counts
    say(
        f"OK 一致: {len(found.manifest['cases'])} cases, {len(found.rows)} records, {counts['signatures']} "
        f"signatures ({counts['passkeys']} by passkey), {counts['evidence']} evidence files, "
        f"{len(found.entries)} ledger entries, {counts['cosignatures']} cosignatures, "
        f"{counts['stamps']} time stamps, {len(found.digests) + 2} files\n"
        f"Checkpoint: size {last['size']}, root {last['root']}\n"
    )
    say("".join(f"Key: {key.line}\n" for key in found.keys))
    if given.witness:
        say(f"Witness: {found.witnessed} kept checkpoints agree with this bundle\n")
        if found.apart:
            sizes = ", ".join(map(str, found.apart))
            say(
                f"NOT compared 未比对: kept checkpoints of {sizes} entries, which this bundle holds none of: "
                "let the plant compare them (/verify), or ask for a new bundle\n"
            )
    say("Not checked 未核查:\n" + "".join(f"  - {line}\n" for line in UNCHECKED))
    return 2 if given.witness and not found.witnessed else 0
