"""Signatures on the record: bound to their rows, readable, voided but never removed; and no secret kept."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re

import pytest
from tortoise import connections

from core import signing
from core.kit import REGULATED, Regulated, clock
from core.kit.keys import SealBroken
from core.kit.regulated import Refused
from core.ledger.models import LedgerEntry
from core.signing import keys
from core.signing.models import Factor, Signature
from core.signing.rendering import LABELS
from tests.core.ledger.logs import without_guards
from tests.core.signing import people_here
from tests.core.signing.conftest import Cast
from tests.core.signing.signers import enrolled, next_code

CHINESE = {
    "Record": "记录", "Meaning of the signature": "签名含义", "Approved": "批准",
    "Approve the paper": "批准该文件", "Signer": "签名人", "Text": "文本",
}  # fmt: skip


def chinese(msgid: str) -> str:
    """Translate a few msgids and leave others as they are."""
    return CHINESE.get(msgid, msgid)


@pytest.mark.req("S-01")
async def test_a_changed_record_voids_its_signatures_and_keeps_them(cast: Cast) -> None:
    """The reason and the instant stand beside the signature; a later signature stands on its own."""
    await cast.li.answer(await cast.li.begin())
    plant = cast.li.actor.plant_id
    clock.shift(dt.timedelta(hours=1))
    assert await signing.void_for_change(cast.wang.actor, "paper", "P-1", "limits corrected") == 1
    assert await signing.void_for_change(cast.wang.actor, "paper", "P-1", "again") == 0
    assert await signing.void_for_change(cast.wang.actor, "paper", "P-9", "nothing there") == 0
    next_code()
    await cast.li.answer(await cast.li.begin())
    first, second = await signing.signatures_on("paper", "P-1", plant_id=plant)
    assert first.voided_reason == "limits corrected"
    assert first.voided_at is not None
    assert first.voided_at > first.signed_at
    assert second.voided_at is None


@pytest.mark.req("P-70")
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE signing_signature SET shown = replace(CAST(shown AS TEXT), 'P-1', 'P-7'){json}",
        "UPDATE signing_signature SET shown_digest = '{zeros}'",
        "UPDATE signing_ceremony SET shown_digest = '{zeros}'",
    ],
)
async def test_a_signature_by_code_is_held_to_what_was_shown(cast: Cast, database: str, attack: str) -> None:
    """Besides row and entry, which an insider with the key rewrites: content, digest and showing must agree."""
    await cast.li.answer(await cast.li.begin())
    assert [one async for one in signing.check_assertions()] == []
    async with without_guards() as db:
        await db.execute_query(
            attack.format(json="::jsonb" if database == "postgres" else "", zeros="0" * 64)
        )
    (fault,) = [one async for one in signing.check_assertions()]
    assert (fault.where, fault.what) == (
        "signing_signature",
        "what it says was shown is not what was signed",
    )


async def test_another_plant_voids_nothing_here(cast: Cast) -> None:
    """Record numbers of two plants may be equal; their signatures are not."""
    await cast.li.answer(await cast.li.begin())
    stranger = await people_here.hire("外人", "manager", code="OTHER")
    assert await signing.void_for_change(stranger, "paper", "P-1", "mine") == 0
    (signature,) = await signing.signatures_on("paper", "P-1", plant_id=cast.li.actor.plant_id)
    assert signature.voided_at is None


async def test_a_signature_is_never_changed_or_deleted(cast: Cast) -> None:
    """The models refuse; the database's triggers refuse too."""
    await cast.li.answer(await cast.li.begin())
    row = await Signature.all().first()
    assert row is not None
    row.meaning = "reviewed"
    with pytest.raises(Refused):
        await row.save()
    with pytest.raises(Refused):
        await row.delete()


@pytest.mark.req("P-50")
async def test_every_readable_form_has_name_meaning_instant_and_zone(cast: Cast) -> None:
    """21 CFR 11.50, in the reader's language; the same content gives the same lines."""
    shown = await cast.li.begin()
    before = signing.render(shown, chinese)
    assert before[0] == ("记录", "P-1 · 批准该文件")
    assert ("签名含义", "批准") in before
    assert ("签名人", "李明") in before
    assert ("Attachments", "1 (abababab)") in before
    await cast.li.answer(shown)
    (signature,) = await signing.signatures_on("paper", "P-1", plant_id=cast.li.actor.plant_id)
    after = signing.render(signature, chinese)
    assert after[: len(before)] == before
    local = clock.in_zone(signature.signed_at, "Asia/Shanghai")
    label, at = after[-1]
    assert label == LABELS["signed_at"]
    assert at.startswith(f"{local:%Y-%m-%d %H:%M:%S} Asia/Shanghai")
    assert at.endswith(f"{signature.signed_at:%Y-%m-%d %H:%M:%S} UTC")


@pytest.mark.req("P-10e")
async def test_the_ledger_vouches_for_every_row_of_the_room(cast: Cast) -> None:
    """After signing, failing, suspending and voiding, each row's digest is the last one recorded."""
    shown = await cast.li.begin()
    await cast.wang.begin()
    with pytest.raises(signing.WrongCode):
        await cast.li.answer(shown, code=cast.li.wrong_code())
    await cast.li.answer(shown)
    await signing.void_for_change(cast.li.actor, "paper", "P-1", "changed")
    await signing.suspend(cast.wang.actor, cast.wang.actor.identity, "lost")
    await signing.enrolment(cast.operator.identity, proofed_by=cast.admin.identity)
    last: dict[tuple[str, str], str] = {}
    for entry in await LedgerEntry.all().order_by("id"):
        for record in json.loads(bytes(entry.body))["records"]:
            last[record["table"], record["key"]] = record["digest"]
    rooms: list[type[Regulated]] = [
        model for name, model in REGULATED.items() if model.__module__ == "core.signing.models"
    ]
    seen = 0
    for model in rooms:
        table = model.describe()["table"]
        for row in await model.all():
            assert last[table, str(row.pk)] == row.state_digest()
            seen += 1
    assert seen >= 8


@pytest.mark.req("S-01")
async def test_a_sealed_secret_opens_in_its_own_row_only(cast: Cast) -> None:
    """Moved to another person's authenticator it cannot be opened: nobody signs with a borrowed secret."""
    mine = await Factor.get(person_id=cast.li.actor.identity)
    theirs = await Factor.get(person_id=cast.wang.actor.identity)
    assert keys.opened(mine) == cast.li.secret
    assert cast.li.secret.encode() not in mine.sealed_secret
    theirs.sealed_secret = mine.sealed_secret
    with pytest.raises(SealBroken):
        keys.opened(theirs)


async def everything_stored() -> str:
    """Every column of every table as text."""
    db = connections.get("core")
    sqlite = db.capabilities.dialect == "sqlite"
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table'" if sqlite
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )  # fmt: skip
    stored = []
    for table in await db.execute_query_dict(tables):
        for row in await db.execute_query_dict(f'SELECT * FROM "{table["name"]}"'):
            stored += [
                value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row.values()
            ]
    return "\n".join(stored)


@pytest.mark.req("S-03")
async def test_no_code_and_no_secret_is_kept_or_logged_anywhere(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in any table, ledger entry, notice, log line or printed value: codes right and wrong, secrets."""
    caplog.set_level(logging.DEBUG)
    offer = await signing.enrolment(cast.operator.identity, proofed_by=cast.admin.identity)
    newcomer = await enrolled(cast.admin)
    typed, said = [], [repr(offer)]
    shown = await cast.li.begin()
    for code in (cast.li.wrong_code(), cast.li.code()):
        typed.append(code)
        try:
            said.append(repr(await cast.li.answer(shown, code=code)))
        except signing.WrongCode as refusal:
            said += [repr(refusal), str(refusal), repr(refusal.facts)]
    typed.append(newcomer.code())
    await signing.verify_login(newcomer.actor.identity, newcomer.code())
    said += [repr(row) for row in await Factor.all()]
    logged = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("core", "bot"))
    )
    everything = "\n".join([await everything_stored(), logged, *said])
    assert "李明" in everything
    for secret in (offer.secret, newcomer.secret, cast.li.secret, cast.wang.secret):
        assert secret not in everything
        assert secret.encode().hex() not in everything
    for code in typed:
        assert not re.search(rf"(?<![0-9A-Za-z.]){code}(?![0-9A-Za-z.])", everything)
