"""Making a bundle: permitted and logged, gathered at one instant, written file by file."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import itertools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from core import evidence, ledger
from core.exchange import contents, granting, joining
from core.exchange.container import LIMIT, Writer
from core.exchange.errors import NotAsRecorded, StillSealing, TooLarge
from core.exchange.gathering import gather
from core.exchange.terms import CaseFile, Gathered, Granted, Made, Wanted
from core.exchange.verifier import bundle
from core.kit import canonical
from core.kit.actor import Actor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from core.evidence import Darkroom
    from core.exchange.ports import Printer
    from core.ledger import Signer, Stated, Verifier

    Producer = Callable[[], Awaitable[Iterable[bytes]]]

_README: Final = Path(__file__).with_name("readme.txt")
_TRIES: Final = 3
_LARGE: Final = 24
"""So many pictures are printed in full size; of more, each is printed small."""


class Exporter:
    """Made once by the assembly and given to the doors."""

    def __init__(
        self,
        darkroom: Darkroom,
        signer: Signer,
        printer: Printer,
        seal: Callable[[], Awaitable[object]],
        stamp_roots: Callable[[], bytes] = bytes,
    ) -> None:
        """Take files from the darkroom, sign with the ledger's keys; ``seal`` seals what waits.

        ``stamp_roots`` gives the certificates (PEM) that time stamps lead to, where stamps are asked for.
        """
        self._darkroom = darkroom
        self._signer = signer
        self._printer = printer
        self._seal = seal
        self._stamp_roots = stamp_roots
        self._turn = asyncio.Lock()  # one at a time: printing takes a processor

    async def export(self, actor: Actor, wanted: Wanted, target: BinaryIO) -> Made:
        """Write a bundle into an empty, seekable file. What a failure leaves in it is of no use.

        Raises:
            NotPermitted, NotFound: the actor may not export, or not this case.
            NothingAsked, DatesReversed, NothingThere, TooManyCases, TooLarge: it cannot be exported so.
            StillSealing, NotAsRecorded, Unavailable: the records are not ready, or not sound.
            OSError: the file cannot be written.
        """
        granted = await granting.grant(actor, wanted)
        async with self._turn:
            try:
                gathered = await self._gathered(actor, granted)
                return await self._written(actor, gathered, target)
            except (ledger.LogCut, ledger.NoKeyInForce, ledger.Unreadable, ledger.merkle.Unproven) as wrong:
                raise NotAsRecorded(case=", ".join(granted.cases[:3]), record=f"ledger: {wrong}") from wrong

    async def _gathered(self, actor: Actor, granted: Granted) -> Gathered:
        """What belongs to the bundle, all of it sealed."""
        for _attempt in range(_TRIES - 1):
            await self._seal()
            try:
                return await gather(actor, granted)
            except StillSealing:
                continue
        await self._seal()
        return await gather(actor, granted)

    async def _written(self, actor: Actor, gathered: Gathered, target: BinaryIO) -> Made:
        if sum(photo.size for file in gathered.files for photo in file.photos) > LIMIT:
            raise TooLarge(limit=4)
        writer = Writer(target)
        keys = await ledger.trusted(self._signer.verifiers)
        gathered = _vouched(gathered, keys)
        plan = self._plan(actor, gathered, keys)
        for path in sorted(plan):
            await asyncio.to_thread(writer.add, path, await plan[path]())
        listed = contents.manifest(gathered, writer.listed, self._signer.origin)
        note = f"{bundle.NOTE}\n{hashlib.sha256(listed).hexdigest()}\n"
        await asyncio.to_thread(writer.add, bundle.MANIFEST, [listed])
        signed = ledger.checkpoint.sign(note, await ledger.signing_now(self._signer)).encode()
        await asyncio.to_thread(writer.add, bundle.SEALED, [signed])
        return Made(
            cases=gathered.granted.cases,
            files=len(writer.listed),
            size=await asyncio.to_thread(writer.close),
            log_size=gathered.checkpoint.size,
            root=gathered.checkpoint.root,
            name=_name(gathered),
        )

    def _plan(self, actor: Actor, gathered: Gathered, keys: tuple[Verifier, ...]) -> dict[str, Producer]:
        """Every file but the manifest by its path, made only when its turn comes."""
        notes = gathered.checkpoints
        plan: dict[str, Producer] = {
            "README.txt": _ready(_README.read_bytes),
            "verify.py": _ready(joining.verifier),
            bundle.KEYS: _ready(lambda: "".join(f"{one}\n" for one in keys).encode()),
            "seal.pem": _ready(lambda: self._printer.certificate),
            bundle.PLANT: _ready(lambda: contents.records(gathered.records)),
            bundle.REPORT: _ready(lambda: contents.access(gathered)),
            bundle.ENTRIES: _lines(lambda: (one.body for one in gathered.extracts)),
            bundle.PROOFS: lambda: _proofs(gathered),
            bundle.STEPS: lambda: _steps(notes),
            bundle.OUTSIDE: _ready(lambda: contents.witnesses(gathered)),
        }
        for one in notes:
            lines = "".join(f"{by.line}\n" for by in gathered.vouchers.cosignatures if by.size == one.size)
            plan[f"ledger/checkpoints/{one.size:012d}.note"] = _ready((one.note + lines).encode)
        for stamp in gathered.vouchers.stamps:
            plan[contents.stamp_path(stamp.size)] = _ready(functools.partial(bytes, stamp.answer))
        if gathered.vouchers.stamps and (roots := self._stamp_roots()):
            plan["tsa.pem"] = _ready(functools.partial(bytes, roots))
        for locale in gathered.granted.wanted.locales:
            plan[f"access/access.{locale}.pdf"] = _printed(self._printer.access, gathered, locale)
        for file in gathered.files:
            plan.update(self._case(actor, gathered, file))
        return plan

    def _case(self, actor: Actor, gathered: Gathered, file: CaseFile) -> dict[str, Producer]:
        number = file.case.number
        folder = f"cases/{number}"
        plan: dict[str, Producer] = {
            f"{folder}/records.json": _ready(lambda: contents.records(file.records, case=number)),
            f"{folder}/signatures.json": _ready(lambda: contents.signatures(file, gathered)),
            f"{folder}/genealogy.json": _ready(lambda: contents.genealogy(file)),
        }
        for locale in gathered.granted.wanted.locales:
            drawn = self._printer.genealogy(file, locale)
            if drawn is not None:
                plan[f"{folder}/genealogy.{locale}.svg"] = _ready(functools.partial(bytes, drawn))

            async def printed(locale: str = locale) -> Iterable[bytes]:
                pictures = await self._pictures(actor, file)
                return [await asyncio.to_thread(self._printer.case, gathered, file, locale, pictures)]

            plan[f"{folder}/{number}.{locale}.pdf"] = printed
        for photo in file.photos:

            async def original(key: int = photo.id) -> Iterable[bytes]:
                return [(await self._darkroom.open_original(actor, key)).data]

            suffix = contents.EXTENSIONS[evidence.MediaKind(photo.kind)]
            plan[f"{folder}/evidence/{photo.id}.{suffix}"] = original
        return plan

    async def _pictures(self, actor: Actor, file: CaseFile) -> dict[int, bytes]:
        shown = [one.id for one in file.photos if one.preview_key is not None]
        opening = self._darkroom.open_preview if len(shown) <= _LARGE else self._darkroom.open_thumbnail
        return {key: (await opening(actor, key)).data for key in shown}


def _notes(gathered: Gathered, keys: tuple[Verifier, ...]) -> list[Stated]:
    """The checkpoints that the keys of this log vouch for; those of a key that was lost are left out."""
    notes = []
    for one in gathered.checkpoints:
        try:
            ledger.checkpoint.verify(one.note, keys)
        except ledger.Unreadable:
            if one is gathered.checkpoint:
                raise
            continue
        notes.append(one)
    return notes


def _vouched(gathered: Gathered, keys: tuple[Verifier, ...]) -> Gathered:
    """What was gathered, without the checkpoints that only a lost key of the log signed."""
    notes, kept = _notes(gathered, keys), gathered.vouchers
    sizes = {one.size for one in notes}
    vouchers = replace(kept, stamps=[one for one in kept.stamps if one.size in sizes])
    return replace(gathered, checkpoints=notes, vouchers=vouchers)


def _name(gathered: Gathered) -> str:
    """A file name that says what is inside."""
    cases = gathered.granted.cases
    what = cases[0] if len(cases) == 1 else f"{len(cases)}-cases"
    return f"bihuan-{what}-{gathered.granted.at:%Y%m%d-%H%M%S}.zip"


def _ready(make: Callable[[], bytes]) -> Producer:
    async def made() -> Iterable[bytes]:
        return [make()]

    return made


def _printed(make: Callable[[Gathered, str], bytes], gathered: Gathered, locale: str) -> Producer:
    async def made() -> Iterable[bytes]:
        return [await asyncio.to_thread(make, gathered, locale)]

    return made


def _lines(make: Callable[[], Iterable[bytes]]) -> Producer:
    async def made() -> Iterable[bytes]:
        return (line + b"\n" for line in make())

    return made


async def _proofs(gathered: Gathered) -> Iterable[bytes]:
    """The inclusion proof of every entry under the checkpoint, a line each."""
    prover, lines = ledger.Prover(gathered.checkpoint), []
    for one in gathered.extracts:
        leaf = bytes.fromhex(ledger.leaf_hash(one.body))
        position = one.position or 0
        proof = [value.hex() for value in await prover.inclusion(position, leaf)]
        lines.append(canonical.encode({"position": position, "leaf": leaf.hex(), "proof": proof}) + b"\n")
    return lines


async def _steps(notes: Sequence[Stated]) -> Iterable[bytes]:
    """The proof from each checkpoint to the next."""
    prover, steps = ledger.Prover(notes[-1]), []
    for first, second in itertools.pairwise(notes):
        proof = await prover.consistency(first.size, second.size)
        steps.append({"first": first.size, "second": second.size, "proof": [one.hex() for one in proof]})
    return [canonical.encode(steps)]
