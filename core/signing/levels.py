"""What a signer must bring for an act: the plant's own policy, or the default of the table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core import ledger
from core.kit import clock
from core.kit.actor import Actor
from core.kit.numbering import in_line
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import acts, proposals
from core.signing.errors import UnknownLevel
from core.signing.models import Signature, SigningPolicy
from core.signing.passkeys import must_have_site
from core.signing.table import TABLE
from core.signing.terms import Args, Fact, Level2, Meaning, Signed

SET = "signing:policy:set"
CHOICES = (Level2.S2, Level2.S3, Level2.S4)
"""What a plant may choose; an act that is signed never falls back to the account alone."""


async def _newest(plant_id: int) -> SigningPolicy | None:
    return await SigningPolicy.filter(plant_id=plant_id).order_by("-version").first()


def _chosen(row: SigningPolicy | None) -> dict[str, str]:
    return {} if row is None else {one[0]: one[1] for one in row.levels}


async def level_of(plant_id: int, code: str) -> Level2:
    """Answer the level that a plant asks for at an act now."""
    default = acts.named(code).level
    if default is Level2.S1:
        return default
    return Level2(_chosen(await _newest(plant_id)).get(code, default))


async def levels(plant_id: int) -> dict[str, Level2]:
    """Answer every act of the table with the level that holds at a plant."""
    return {code: await level_of(plant_id, code) for code in TABLE if code in acts.ACTS}


@dataclass(frozen=True, kw_only=True)
class LevelLine:
    """How an act is signed at a plant: its level, and since when and by whose signature it is not the default."""

    act: str
    meaning: Meaning
    level: Level2
    default: Level2
    two_person: bool
    since: dt.datetime | None = None
    signature_id: int | None = None
    signed_by: str = ""


async def level_lines(plant_id: int) -> list[LevelLine]:
    """Answer every act of the table with its level now and where that comes from."""
    since: dict[str, SigningPolicy] = {}
    before: dict[str, str] = {}
    for row in await SigningPolicy.filter(plant_id=plant_id).order_by("version"):
        chosen = _chosen(row)
        since.update({code: row for code, level in chosen.items() if before.get(code) != level})
        before = chosen
    signatures = [row.signature_id for row in since.values() if row.signature_id is not None]
    names = dict(await Signature.filter(id__in=signatures or [0]).values_list("id", "printed_name"))
    lines = []
    for code, rule in TABLE.items():
        if code not in acts.ACTS:
            continue
        chosen_by = since.get(code)
        lines.append(
            LevelLine(
                act=code,
                meaning=rule.meaning,
                level=Level2(before.get(code, rule.level)),
                default=rule.level,
                two_person=rule.two_person,
                since=None if chosen_by is None else clock.utc(chosen_by.effective_from),
                signature_id=None if chosen_by is None else chosen_by.signature_id,
                signed_by="" if chosen_by is None else names.get(chosen_by.signature_id, ""),
            )
        )
    return lines


def _read(args: Args) -> tuple[str, Level2]:
    code, said = str(args.get("act", "")), str(args.get("level", ""))
    if code not in TABLE or said not in set(CHOICES):
        raise UnknownLevel(act=code[:60], level=said[:10])
    if said == Level2.S4:
        must_have_site()
    return code, Level2(said)


async def _lines(actor: Actor, args: Args) -> tuple[Fact, ...]:
    code, level = _read(args)
    present = await level_of(actor.plant_id, code)
    return (Fact("Signed act", code), Fact("Present level", present.value), Fact("New level", level.value))


@verb(None, None, Kind.SIGN_POLICY)
async def set_level(actor: Actor, code: str, level: str, signed: Signed | None = None) -> int:
    """Write the plant's next signing policy; answers its version.

    A person changes it by the signed act of two people only; the system itself may at the set-up of a plant.

    Raises:
        UnknownLevel: no such act or level.
        NoPasskeysHere: S4 where passkeys cannot work, so that nobody could sign the act any more.
        NotPermitted: a person without the signature of two people.
    """
    proposals.must_be_signed(actor, signed)
    act, wanted = _read({"act": code, "level": level})
    await in_line(actor.plant_id, "signing-levels")
    before = await _newest(actor.plant_id)
    row = await SigningPolicy.create(
        plant_id=actor.plant_id,
        version=1 if before is None else before.version + 1,
        levels=[list(one) for one in sorted({**_chosen(before), act: wanted.value}.items())],
        signature_id=None if signed is None else signed.signature_id,
        effective_from=current().now,
    )
    await ledger.append(
        Kind.SIGN_POLICY,
        actor,
        rows=[row],
        facts={"version": row.version, "act": act, "level": wanted.value, "signature": row.signature_id},
        before={"levels": [] if before is None else before.levels},
    )
    return row.version


async def _perform(actor: Actor, args: Args, signed: Signed) -> object:
    code, level = _read(args)
    return await set_level(actor, code, level.value, signed)


proposals.proposable(SET, lines=_lines, perform=_perform)
