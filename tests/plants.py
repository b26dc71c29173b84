"""A small plant for tests: maker, coater, laboratory, carrier, one person per role, lots with a genealogy."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, field
from decimal import Decimal

import pyotp

from core import lots, people, products, signing, sop
from core.kit import Actor, clock, system
from core.kit.keys import KeyRing
from core.lots import NewLink, NewLot
from tests.kept import kept

MAKER_PEOPLE = {
    "operator": "张伟",
    "responsible": "王芳",
    "second": "陈静",
    "supervisor": "李强",
    "manager": "刘洋",
    "manager2": "赵敏",
    "site_head": "孙磊",
    "auditor": "周洁",
    "administrator": "吴昊",
}
ROLE_OF = {"second": "responsible", "manager2": "manager"}


def _ring_from_file() -> KeyRing:
    import tempfile
    from pathlib import Path

    return KeyRing.load_or_create(Path(tempfile.mkdtemp()) / "master.key")


@dataclass
class Plant:
    """Ids of what was made, and actors by the names of ``MAKER_PEOPLE`` plus coater_operator, supplier, carrier."""

    id: int
    partners: dict[str, int] = field(default_factory=dict)
    sites: dict[str, int] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    """Every code that was read off an authenticator."""
    lots: dict[str, int] = field(default_factory=dict)
    ring: KeyRing = field(default_factory=_ring_from_file)

    async def actor(self, name: str, channel: str = "telegram") -> Actor:
        """The actor of a person now."""
        return await people.actor_of(self.persons[name], channel)

    def code(self, name: str) -> str:
        """The code that this person's authenticator shows now."""
        code = pyotp.TOTP(self.secrets[name]).at(clock.now())
        self.codes.append(code)
        return code

    async def sign(self, name: str, act: str, args: dict[str, object]) -> signing.Completed:
        """Go through a whole ceremony as this person; the clock moves on so that every code is fresh."""
        clock.shift(dt.timedelta(seconds=61))
        actor = await self.actor(name)
        ceremony = await signing.begin(actor, act, args, "telegram", "1")
        answer = f"{self.code(name)} {ceremony.check_word}"
        return await signing.complete(actor, ceremony.id, answer, channel="telegram", chat_ref="1")


async def small_plant(
    *, code: str = "KG", enrolled: bool = True, anew: bool = False, goods: bool = True
) -> Plant:
    """The plant in the open database; with ``enrolled`` everyone who signs has an authenticator.

    ``anew`` has the verbs make it here and now, where it is their work that is proven; without ``goods`` it has no lot.
    """
    if anew or not goods:
        return await _made(code, enrolled=enrolled, goods=goods)
    plant = await kept(("small plant", code, enrolled), lambda: _made(code, enrolled=enrolled))
    signing.use_keys(plant.ring)
    return plant


async def _made(code: str, *, enrolled: bool, goods: bool = True) -> Plant:
    plant = Plant(id=await people.found_plant(code, "康固骨科", "Kanggu Ortho"))
    signing.use_keys(plant.ring)
    root = system(plant.id, channel="cli")
    for kind, zh, en in (
        ("supplier", "晨光涂层", "Chenguang Coating"),
        ("laboratory", "精测实验室", "Jingce Laboratory"),
        ("carrier", "速达冷链", "Suda Cold Chain"),
    ):
        plant.partners[kind] = await people.add_organisation(root, f"{code}-{kind}", zh, en, kind)
    for name, owner, zh, en in (
        ("machining", plant.id, "机加工车间", "Machining shop"),
        ("packing", plant.id, "包装车间", "Packing shop"),
        ("coating", plant.partners["supplier"], "涂层车间", "Coating shop"),
    ):
        plant.sites[name] = await people.add_site(root, owner, name, zh, en)
    for name, printed in MAKER_PEOPLE.items():
        plant.persons[name] = await people.add_person(root, plant.id, printed, [ROLE_OF.get(name, name)])
    for name, printed, partner, role in (
        ("coater_operator", "何军", "supplier", "operator"),
        ("supplier", "郑丽", "supplier", "supplier"),
        ("laboratory", "许晨", "laboratory", "laboratory"),
        ("carrier", "冯涛", "carrier", "carrier"),
    ):
        plant.persons[name] = await people.add_person(root, plant.partners[partner], printed, [role])
    for tier, name in ((1, "responsible"), (2, "supervisor"), (3, "manager"), (4, "site_head")):
        await people.set_responsible(root, plant.persons[name], tier=tier)
    await people.engage(
        root,
        plant.persons["auditor"],
        opens_at=clock.now(),
        closes_at=clock.now() + dt.timedelta(days=300),
        reason="internal audit programme",
    )
    if enrolled:
        for name, person_id in plant.persons.items():
            if name not in ("operator", "coater_operator"):
                plant.secrets[name] = pyotp.random_base32(32)
                await signing.load_demo_factor(root, person_id, plant.secrets[name])
    await sop.publish_builtin(root)
    if goods:
        await _goods(root, plant)
    return plant


async def _goods(root: Actor, plant: Plant) -> None:
    """One bar lot, two machined lots, a coated one at the coater, two packed ones, one of them shipped."""
    await products.record_products(
        root,
        [
            products.NewProduct(
                code="SCREW-35",
                name_zh="钛合金骨螺钉 3.5",
                name_en="Titanium bone screw 3.5",
                unit="pcs",
                sterile=False,
                implant=False,
                label_critical=False,
            )
        ],
    )
    made = clock.now() - dt.timedelta(days=10)
    maker, coater = plant.id, plant.partners["supplier"]
    rows = (
        ("TI-001", maker, None, "原料库", "40", "kg"),
        ("MC-001", maker, None, "机加工一线", "1000", "pcs"),
        ("MC-002", maker, None, "机加工一线", "800", "pcs"),
        ("CT-001", coater, coater, "涂层二线", "1000", "pcs"),
        ("PK-001", maker, None, "成品库", "600", "pcs"),
        ("PK-002", maker, None, "成品库", "400", "pcs"),
    )
    recorded = await lots.record_lots(
        root,
        [
            NewLot(
                number=number,
                product="SCREW-35",
                organisation_id=owner,
                partner_id=partner,
                place=place,
                quantity=Decimal(quantity),
                unit=unit,
                made_at=made,
            )
            for number, owner, partner, place, quantity, unit in rows
        ],
    )
    plant.lots = {one.number: one.id for one in recorded}
    links = (
        ("TI-001", "MC-001", "22", "kg"),
        ("TI-001", "MC-002", "18", "kg"),
        ("MC-001", "CT-001", "1000", "pcs"),
        ("CT-001", "PK-001", "600", "pcs"),
        ("CT-001", "PK-002", "400", "pcs"),
    )
    await lots.record_links(
        root,
        [
            NewLink(parent=parent, child=child, quantity=Decimal(amount), unit=unit, at=made)
            for parent, child, amount, unit in links
        ],
    )


def answers(category: str = "P", *, lot: str | None = "CT-001", **changes: str) -> dict[str, object]:
    """Believable answers to a built-in template."""
    given: dict[str, object] = {
        "occurred_at": (clock.now() - dt.timedelta(minutes=20)).isoformat(),
        "place": "涂层二线",
        "interface_from": "coating",
        "interface_to": "receipt",
        "detection": "visual",
        "risk": "none",
        "description": "涂层表面有剥落,约 12 件",
        "quantity": "12",
    }
    if lot is not None:
        given["lot"] = lot
    for one in sop.BUILTIN[category]:
        if one.key not in given and one.required and one.type == "choice":
            given[one.key] = one.options[0].value
        elif one.key not in given and one.required and one.type == "text":
            given[one.key] = "厚度"
    known = {one.key for one in sop.BUILTIN[category]}
    return {key: value for key, value in given.items() if key in known} | changes


def token() -> str:
    """A fresh reference, for messages of tests."""
    return secrets.token_hex(8)
