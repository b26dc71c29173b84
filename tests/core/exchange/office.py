"""A plant with cases that really happened, real photos and signatures, and the exporter of its records."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import anomalies, capa, evidence, ledger, sop, witness
from core.anomalies import AnomalyFacts
from core.evidence import Darkroom
from core.exchange import Exporter, Made, Wanted
from core.exchange.container import Writer
from core.kit import Actor, canonical, clock, system
from core.ledger import Signer, WitnessLine, cosignature
from core.ledger.keys import load_or_create
from core.lots import Disposition
from handlers.documents import DocumentSeal, SheetPrinter
from tests.core.anomalies.cases import confirmed, contained
from tests.core.capa.story import judged, submitted
from tests.core.evidence.photos import jpeg, scene
from tests.core.witness.authorities import Desk
from tests.fakes.blobs import MemoryBlobs, ThreadBench
from tests.plants import Plant, answers, small_plant


@dataclass
class Office:
    """The plant and what exports need."""

    plant: Plant
    blobs: MemoryBlobs
    darkroom: Darkroom
    signer: Signer
    printer: SheetPrinter
    exporter: Exporter
    sealer: ledger.Sealer
    authority: Desk
    numbers: list[int] = field(default_factory=list)

    async def photo(self, who: str) -> int:
        """A photo that nobody sent before."""
        self.numbers.append(len(self.numbers))
        actor = await self.plant.actor(who)
        picture = jpeg(scene(len(self.numbers), (320, 240)))
        received = await self.darkroom.receive(actor, picture, source_ref=f"m{len(self.numbers)}")
        return (await evidence.keep(actor, received)).id

    async def reported(self, who: str = "operator", *, photos: int = 1, **changes: str) -> AnomalyFacts:
        """A case with photos."""
        template = await sop.current_template(self.plant.id, "P")
        return await anomalies.report(
            await self.plant.actor(who),
            template_id=template.id,
            answers=answers("P", **changes),
            evidence_ids=[await self.photo(who) for _ in range(photos)],
            channel="telegram",
        )

    async def closed(self) -> AnomalyFacts:
        """A case of grade A that went the whole way, with every signature on it."""
        plant = self.plant
        owner = await plant.actor("responsible")
        case = await self.reported(photos=2, risk="implant")
        case = await anomalies.acknowledge(owner, case.id)
        case = await contained(plant, await confirmed(plant, case))
        found = await capa.of_anomaly(owner, case.id)
        assert found is not None
        found = await submitted(plant, found)
        await plant.sign("manager", "capa:plan:approve", {"id": found.id})
        hand = await plant.actor("supplier")
        for one in await capa.actions(found.id):
            await capa.complete_action(
                hand, one.id, note="已装浓度计", evidence_ids=[await self.photo("supplier")]
            )
        await plant.sign("responsible", "capa:implementation:confirm", {"id": found.id})
        await judged(plant, found, "effective")
        await self.decided(case.number)
        await plant.sign("manager", "capa:close", {"id": found.id})
        return await anomalies.get(owner, case.id)

    async def decided(self, number: str) -> None:
        """Every hold of a case decided by somebody who did not place it."""
        from core import lots

        holds = await lots.holds_of(await self.plant.actor("manager"), number)
        args = {
            "hold_ids": [one.id for one in holds],
            "disposition": Disposition.REWORK.value,
            "reason": "返工后复检",
        }
        await self.plant.sign("manager", "lots:hold:decide", args)

    async def witnessed(self) -> None:
        """The present log cosigned by the carrier's script, acknowledged by a person and stamped by an authority."""
        root = await self.plant.actor("administrator")
        carrier = await self.plant.actor("carrier")
        key = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
        line = WitnessLine("witness.example/carrier", key.public_key().public_bytes_raw())
        await witness.register_key(root, carrier.organisation_id, str(line))
        await witness.name_person(root, self.plant.persons["auditor"])
        await self.sealer.seal_now()
        stated = await ledger.latest_checkpoint()
        assert stated is not None
        second = int(clock.now().timestamp())
        text = stated.note.partition("\n\n")[0] + "\n"
        raw = line.hash + second.to_bytes(8, "big") + key.sign(cosignature.message(text, second))
        signed = f"{stated.note}— {line.name} {base64.b64encode(raw).decode()}\n"
        await witness.cosign(system(self.plant.id, channel="api"), signed)
        auditor = await self.plant.actor("auditor")
        await witness.acknowledge(auditor, stated.size, stated.root[:8])
        assert await witness.stamp_due(self.authority, "https://tsa.example", [self.authority.root])

    async def bundle(self, *cases: str, who: str = "auditor", **more: object) -> bytes:
        """The bytes of a bundle."""
        return (await self.made(*cases, who=who, **more))[1]

    async def made(self, *cases: str, who: str = "auditor", **more: object) -> tuple[Made, bytes]:
        """A bundle and what is said of it."""
        actor: Actor = await self.plant.actor(who, "admin")
        file = io.BytesIO()
        made = await self.exporter.export(actor, Wanted(cases=cases, **more), file)  # type: ignore[arg-type]
        return made, file.getvalue()


@dataclass
class Kept:
    """A finished bundle and who signed it."""

    raw: bytes
    signer: Signer
    case: str
    printer: SheetPrinter

    @property
    def files(self) -> dict[str, bytes]:
        """Its files."""
        with zipfile.ZipFile(io.BytesIO(self.raw)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def signed(self, files: dict[str, bytes], signer: Signer) -> bytes:
        """Files as a bundle with a manifest of this signer: what somebody could make who holds the key."""
        manifest = json.loads(files["manifest.json"])
        target = io.BytesIO()
        writer = Writer(target)
        for path in sorted(files.keys() - {"manifest.json", "manifest.note"}):
            writer.add(path, [files[path]])
        manifest["files"] = writer.listed[:]
        raw = canonical.encode(manifest)
        writer.add("manifest.json", [raw])
        text = f"bihuan/bundle/v1\n{hashlib.sha256(raw).hexdigest()}\n"
        writer.add("manifest.note", [ledger.checkpoint.sign(text, signer.keys).encode()])
        writer.close()
        return target.getvalue()


async def office(folder: Path) -> Office:
    """Open the office in the open database."""
    plant = await small_plant()
    blobs = MemoryBlobs()
    darkroom = Darkroom(blobs, plant.ring, ThreadBench())
    signer = load_or_create(folder / "ledger.key", "plant.example/bihuan")
    sealer = ledger.Sealer(signer)
    witness.use_keys(signer.verifiers)
    authority = Desk()
    printer = SheetPrinter(DocumentSeal(plant.ring, "康固 Kanggu"))
    return Office(
        plant=plant,
        blobs=blobs,
        darkroom=darkroom,
        signer=signer,
        printer=printer,
        exporter=Exporter(darkroom, signer, printer, sealer.seal_now, stamp_roots=lambda: authority.roots),
        sealer=sealer,
        authority=authority,
    )
