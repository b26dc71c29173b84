"""Making the demo plant in an empty database, through front-door verbs only; a second time changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyotp

from core import anomalies, evidence, ledger, lots, people, products, signing, sop
from core.evidence import Darkroom
from core.kit import Actor, clock, system, unit_of_work
from handlers.demo import chain, content, duties, goods, measured, photos

Progress = Callable[[str], None]


@dataclass(kw_only=True)
class DemoFacts:
    """What was made: ids by key, and the authenticator secrets that are printed."""

    plant_id: int
    persons: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def keep(self, path: Path) -> None:
        """Remember for the next start; the file is readable by its owner only."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(json.dumps(self.__dict__, ensure_ascii=False, indent=1), encoding="utf-8")

    @staticmethod
    def kept(path: Path) -> DemoFacts | None:
        """What an earlier load made, if this is a demo installation."""
        return DemoFacts(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


async def load(darkroom: Darkroom, path: Path, say: Progress) -> DemoFacts:
    """Make the plant unless it was made before."""
    known = DemoFacts.kept(path)
    if known is not None:
        return known
    say("people and partners …")
    demo = await _people()
    root = system(demo.plant_id, channel="cli")
    say("templates, products, about 200 lots …")
    await sop.publish_builtin(root)
    organisations = {one.code: one.id for one in await people.organisations(demo.plant_id)}
    await products.record_products(
        root,
        [
            products.NewProduct(
                code=code,
                name_zh=zh,
                name_en=en,
                unit=unit,
                sterile=sterile,
                implant=implant,
                label_critical=label,
            )
            for code, zh, en, unit, sterile, implant, label in content.PRODUCTS
        ],
    )
    made = goods.make(organisations)
    await lots.record_lots(root, made.lots)
    await lots.record_links(root, made.links)
    say("an outsourcing order under way …")
    await chain.plan(root, organisations)
    say("sensors, a certificate …")
    await measured.plan(root)
    say("duty plan …")
    await duties.plan(root, demo.persons)
    say("example cases …")
    await _cases(demo, darkroom)
    async with unit_of_work():
        await ledger.append(
            ledger.Kind.DEMO_LOAD, root, facts={"lots": len(made.lots), "links": len(made.links)}
        )
    demo.keep(path)
    return demo


async def _people() -> DemoFacts:
    code, zh, en = content.PLANT
    demo = DemoFacts(plant_id=await people.found_plant(code, zh, en))
    root = system(demo.plant_id, channel="cli")
    organisations = {code: demo.plant_id}
    for partner, kind, name_zh, name_en in content.PARTNERS:
        organisations[partner] = await people.add_organisation(root, partner, name_zh, name_en, kind)
    for key, organisation, name, roles, locale in content.PEOPLE:
        demo.persons[key] = await people.add_person(
            root, organisations[organisation], name, list(roles), locale=locale
        )
        if "operator" not in roles:
            demo.secrets[key] = pyotp.random_base32(32)
            await signing.load_demo_factor(root, demo.persons[key], demo.secrets[key], content.PIN)
    now = clock.now()
    await people.engage(
        root,
        demo.persons["auditor"],
        opens_at=now,
        closes_at=now + people.LONGEST_ENGAGEMENT,
        reason="年度内部审核计划",
    )
    await signing.set_level(root, "capa:close", "S3")
    for tier, key in content.TIERS:
        await people.set_responsible(root, demo.persons[key], tier=tier)
    return demo


async def _report(
    demo: DemoFacts, darkroom: Darkroom, by: str, category: str, changes: dict[str, str], photo: bytes
) -> anomalies.AnomalyFacts:
    actor = await people.actor_of(demo.persons[by], "browser")
    received = await darkroom.receive(
        actor,
        photo,
        source_ref=f"demo-{category}",
        name="demo.jpg",
        must_be_picture=True,
    )
    shown = await evidence.keep(actor, received)
    template = await sop.current_template(demo.plant_id, category)
    answers: dict[str, object] = {
        "occurred_at": (clock.now() - dt.timedelta(minutes=35)).isoformat(),
        "detection": "visual",
        "risk": "none",
    }
    for one in template.fields:
        if one.key not in answers and one.required and one.asked_if is None:
            if one.options:
                answers[one.key] = one.options[0].value
            elif one.type == "text":
                answers[one.key] = "见照片"
    keys = {one.key for one in template.fields}
    answers.update({key: value for key, value in changes.items() if key in keys})
    return await anomalies.report(
        actor, template_id=template.id, answers=answers, evidence_ids=[shown.id], channel="browser"
    )


async def _cases(demo: DemoFacts, darkroom: Darkroom) -> None:
    """One fresh alert, one that is being graded, one graded and contained with real signatures."""
    first = await _report(
        demo,
        darkroom,
        "coater",
        "P",
        {
            "lot": "CT-042",
            "quantity": "36",
            "place": "晨光 涂层二线",
            "interface_from": "coating",
            "interface_to": "receipt",
            "parameter": "涂层厚度 17 μm，要求 25–35 μm",
            "description": "涂层偏薄，局部起皮，约 36 件",
        },
        photos.screw(41),
    )
    owner = await people.actor_of(demo.persons["responsible"], "browser")
    await anomalies.acknowledge(owner, first.id)
    await _sign(
        demo,
        owner,
        "responsible",
        "anomalies:grade:confirm",
        {
            "id": first.id,
            "s": first.s,
            "o": first.o,
            "d": first.d,
            "grade": first.proposed_grade or "B",
            "reason": "",
        },
    )
    await anomalies.hold_affected(owner, first.id)
    second = await _report(
        demo,
        darkroom,
        "operator",
        "K",
        {
            "lot": "PK-0311",
            "quantity": "4",
            "place": "包装间 1",
            "interface_from": "packing",
            "interface_to": "inspection",
            "description": "4 盒标签位移，批号压线",
        },
        photos.labels(42),
    )
    await anomalies.acknowledge(await people.actor_of(demo.persons["engineer"], "browser"), second.id)
    await _report(
        demo,
        darkroom,
        "machinist",
        "E",
        {
            "place": "精工 3 号线",
            "interface_from": "machining",
            "interface_to": "machining",
            "equipment": "CNC-07",
            "description": "主轴振动报警，已停机",
        },
        photos.gauge(43),
    )


async def _sign(demo: DemoFacts, actor: Actor, key: str, act: str, args: dict[str, object]) -> None:
    """A real ceremony with the demo person's own authenticator."""
    ceremony = await signing.begin(actor, act, args, "browser", f"p{demo.persons[key]}")
    code = pyotp.TOTP(demo.secrets[key]).at(clock.now())
    await signing.complete(
        actor,
        ceremony.id,
        f"{code} {ceremony.check_word}",
        channel="browser",
        chat_ref=f"p{demo.persons[key]}",
    )
