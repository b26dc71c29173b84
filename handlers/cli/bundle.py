"""ledger export, ledger verify-bundle: what an auditor takes away, and how it is checked."""

from __future__ import annotations

import datetime as dt
import errno
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from core import exchange, people
from core.exchange import Made, Wanted
from core.kit import system
from handlers.cli.ledger import ledger
from handlers.cli.tools import Refused, Tools, run

__all__ = ["ledger"]

LANGUAGES = {"zh": ("zh_CN",), "en": ("en",), "both": exchange.LOCALES}
_DAY = click.DateTime(["%Y-%m-%d"])
_LINKLESS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


@ledger.command("export")
@click.option("--case", "cases", multiple=True, help="Number of a case; may be repeated.")
@click.option("--from", "since", type=_DAY, help="First day on which the cases were reported.")
@click.option("--to", "until", type=_DAY, help="Last day on which the cases were reported.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The ZIP to make; it must not exist.",
)
@click.option("--lang", type=click.Choice(list(LANGUAGES)), help="Language of the PDFs.")
@click.option("--plant", help="Code of the plant, where there are several.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def export(
    tools: Tools,
    *,
    cases: tuple[str, ...],
    since: dt.datetime | None,
    until: dt.datetime | None,
    out: Path,
    lang: str | None,
    plant: str | None,
    as_json: bool,
) -> None:
    """Export cases as one ZIP that can be checked without us."""
    if not cases and since is None and until is None:
        raise click.UsageError("name --case, or --from and --to")
    if cases and (since or until):
        raise click.UsageError("name cases or a period, not both")
    wanted = Wanted(
        cases=cases,
        since=since.date() if since else None,
        until=until.date() if until else None,
        locales=LANGUAGES[lang] if lang else (tools.locale,),
    )

    async def work(target: BinaryIO) -> Made:
        async with tools.exporting() as exporter:
            found = [one for one in await people.plants() if plant is None or one.code == plant]
            if len(found) != 1:
                raise Refused("which plant? use --plant CODE")
            return await exporter.export(system(found[0].id, channel="cli"), wanted, target)

    with new_file(out) as target:
        made = run(work(target))
    facts = {
        "file": str(out),
        "bytes": made.size,
        "files": made.files,
        "cases": list(made.cases),
        "checkpoint": {"size": made.log_size, "root": made.root},
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        click.echo(
            f"{out}: {len(made.cases)} cases, {made.files} files, {made.size} bytes, under the checkpoint of "
            f"{made.log_size} entries\ncheck it anywhere: python3 -I verify.py {out.name}"
        )


@contextmanager
def new_file(out: Path) -> Iterator[BinaryIO]:
    """Write a file that appears under its name only when it is complete; nothing of a failure is left.

    Raises:
        Refused: it exists already, or cannot be written.
    """
    taken = f"{out} exists already and is not overwritten; choose another name"
    if out.exists():
        raise Refused(taken)
    partial = out.with_name(f".{out.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("xb+") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _appear(partial, out)
    except FileExistsError:
        raise Refused(taken) from None
    except OSError as wrong:
        raise Refused(
            f"{out} cannot be written: {wrong.strerror or wrong}. Nothing was left behind."
        ) from None
    finally:
        partial.unlink(missing_ok=True)


def _appear(partial: Path, out: Path) -> None:
    """Give a complete file its name, never another file's."""
    try:
        os.link(partial, out)
    except OSError as wrong:
        if wrong.errno not in _LINKLESS or out.exists():
            raise
        partial.rename(out)  # a file system without hard links, such as that of a memory stick


@ledger.command("verify-bundle")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, help="The public key as you got it by another way.")
@click.option("--witness", type=click.Path(path_type=Path), help="Checkpoints that somebody else kept.")
def verify_bundle(file: Path, keys: tuple[str, ...], witness: Path | None) -> None:
    """Check an export bundle (ZIP or folder) without database and network."""
    arguments = [str(file), *(part for key in keys for part in ("--key", key))]
    if witness is not None:
        arguments += ["--witness", str(witness)]
    if exchange.verify_bundle(arguments):
        raise SystemExit(1)
