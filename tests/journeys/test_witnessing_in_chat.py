"""The coater's quality manager witnesses the registrant's ledger in the chat, and would notice a rewritten one."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from core import ledger, witness
from core.kit import clock
from core.ledger import Signer, keys
from core.ledger.models import LedgerEntry
from handlers import text
from handlers.chat.vocabulary import Came
from handlers.jobs import witnessing
from handlers.witness.script import curve, notes
from tests.core.ledger.logs import seal_all
from tests.core.witness import forgers
from tests.core.witness.test_acknowledging import ZONE, at_noon
from tests.journeys import acts
from tests.journeys.memory_house import MemoryHouse, Someone

_ = text.translator("zh_CN")


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    made = keys.create(tmp_path / "ledger.key", "bihuan/ledger")
    witness.use_keys(made.verifiers)
    return made


@pytest.fixture
async def watched(database: str, signer: Signer) -> tuple[MemoryHouse, Someone]:
    """The second organisation's auditor, named as witness; today's checkpoint is in the chat."""
    at_noon()
    house, (auditor,) = await acts.house_with("supplier")
    admin = await house.plant.actor("administrator")
    await witness.name_person(admin, house.plant.persons["supplier"])
    await seal_all(signer)
    assert await witnessing.post(ZONE) == 1
    await house.settle()
    return house, auditor


async def checkpoint() -> ledger.Stated:
    last = await ledger.latest_checkpoint()
    assert last is not None
    return last


async def test_the_auditor_of_a_second_organisation_taps_witness(
    watched: tuple[MemoryHouse, Someone], signer: Signer
) -> None:
    """The message is the bare checkpoint; two taps record it; next time the proof from then to now is shown."""
    _house, auditor = watched
    seen = await checkpoint()
    message = auditor.chat[-1]
    assert message.text == witness.posted(seen.note)
    assert len(message.text) <= 200
    await auditor.taps(_("👁 Witness: {n} entries").format(n=seen.size))
    auditor.sees(_("The log has {n} entries. This would be the first that you witness.").format(n=seen.size))
    await auditor.taps(_("👁 I witness {n} entries").format(n=seen.size))
    auditor.sees(_("✔ Witnessed: {n} entries").format(n=seen.size))
    auditor.sees("晨光涂层")
    await auditor.taps(_("👁 I witness {n} entries").format(n=seen.size))
    auditor.sees(
        _("You have witnessed {size} entries already. There is nothing newer to acknowledge.").format(
            size=seen.size
        )
    )
    assert await LedgerEntry.filter(kind="witness:checkpoint:acknowledge").count() == 1
    await seal_all(signer)
    now = await checkpoint()
    await auditor.says("/witness")
    auditor.sees(
        _("✔ Proven: the {n} entries of now begin with the {old} that you witnessed.").format(
            n=now.size, old=seen.size
        )
    )
    await auditor.taps(_("👁 I witness {n} entries").format(n=now.size))
    await auditor.says("见证")
    auditor.sees(_("✔ Witnessed: {n} entries").format(n=now.size))


async def test_a_kept_message_is_compared_however_it_comes_back(
    watched: tuple[MemoryHouse, Someone], signer: Signer
) -> None:
    """Forwarded, behind /verify, quoted, in short form; even in the middle of a report."""
    house, auditor = watched
    kept = auditor.chat[-1].text
    size = (await checkpoint()).size
    same = _("✔ Consistent: this is the present state of the log, {size} entries.").format(size=size)
    short = ledger.short_form(size, (await checkpoint()).root)
    operator = await house.joins("operator")
    await operator.says("/report")
    question = operator.chat[-1].text
    for said in (kept, f"/verify\n{kept}", f"/verify {kept}", kept.replace("\n", "\r\n"), f"/verify {short}"):
        await operator.says(said)
        assert same in operator.chat[-1].text, said
    await operator.says("/cancel")
    assert operator.chat[-1].text != question
    await operator.says(short)
    assert same in operator.chat[-1].text
    await seal_all(signer)
    await operator.says("\n".join(f"> {line}" for line in kept.split("\n")))
    assert "较早但一致" in operator.chat[-1].text
    for said in (
        "/verify",
        "/verify what",
        f"/verify {short[:-1]}",
        "/verify\n\n\n",
        "/verify " + "9" * 30 + ":00000000",
    ):
        await operator.says(said)
        assert "312:3fa94b21" in operator.chat[-1].text, said


async def test_a_rewritten_ledger_is_caught_by_the_copy_in_the_chat(
    watched: tuple[MemoryHouse, Someone], signer: Signer
) -> None:
    """With the key and the database in hand the forger deceives the verifier, not the phone of the coater."""
    house, auditor = watched
    kept, size = auditor.chat[-1].text, (await checkpoint()).size
    guard = await house.joins("auditor")
    first = await LedgerEntry.all().order_by("id").first()
    assert first is not None
    await forgers.rewrite(signer, first.id, b'"schema":1', b'"schema":2')
    await auditor.says(kept)
    assert "不一致" in auditor.chat[-1].text
    assert _("The signature of this log is on it.") in auditor.chat[-1].text
    guard.sees("账本与它自己签名的检查点不符")
    guard.sees(ledger.short_form(size, ledger.read_pasted(kept).digits))


async def test_whoever_is_no_witness_is_told_so(watched: tuple[MemoryHouse, Someone]) -> None:
    """Another's button, a stranger to witnessing, a code that nobody made: plain sentences, nothing recorded."""
    house, auditor = watched
    operator = await house.joins("operator")
    await operator.says("/witness")
    operator.sees("您不是本账本的见证人")
    stolen = auditor.chat[-1].outgoing.buttons[0][0].data
    await house.messenger.arrives(operator.account, Came.BUTTON, data=stolen)
    await house.settle()
    for said in ("/cosign", "/cosign hello", f"/cosign {auditor.chat[-1].text}"):
        await operator.says(said)
        assert operator.chat[-1].text.startswith("⚠"), said
    assert await LedgerEntry.filter(kind__startswith="witness:checkpoint").count() == 0


async def test_an_administrator_names_witnesses_in_the_chat(watched: tuple[MemoryHouse, Someone]) -> None:
    """A person by name, the very chat by the organisation's code; others may not, and wrong words change nothing."""
    house, auditor = watched
    admin = await house.joins("administrator")
    for said in ("/witnesses", "/witnesses 许晨", "/witnesses here KG-carrier"):
        await admin.says(said)
        assert admin.chat[-1].outgoing.head == _("Witnesses"), said
    found = await witness.witnesses(house.plant.id)
    assert [one.person_id for one in found] == [
        house.plant.persons["supplier"],
        house.plant.persons["laboratory"],
        None,
    ]
    assert (found[2].channel, found[2].chat_ref) == (house.messenger.channel, admin.account)
    for said in (
        "/witnesses 许晨",
        "/witnesses here",
        "/witnesses here XX",
        "/witnesses 没有此人",
        "/witnesses here KG-carrier",
    ):
        await admin.says(said)
        assert admin.chat[-1].text.startswith("⚠"), said
    await auditor.says("/witnesses 何军")
    assert auditor.chat[-1].text.startswith("⚠")
    assert len(await witness.witnesses(house.plant.id)) == 3


async def test_what_the_script_prints_is_kept_when_pasted(
    watched: tuple[MemoryHouse, Someone], signer: Signer
) -> None:
    """Pasted as it is or behind /cosign; the lines of a stranger change nothing."""
    house, auditor = watched
    line = shipped_key(b"c" * 32)
    seen = await checkpoint()
    signed = cosigned(seen.note, b"c" * 32)
    await auditor.says(signed)
    assert "一致" in auditor.chat[-1].text
    assert await LedgerEntry.filter(kind="witness:checkpoint:cosign").count() == 0
    admin = await house.plant.actor("administrator")
    await witness.register_key(admin, house.plant.partners["supplier"], line)
    await auditor.says(f"/cosign {cosigned(seen.note, b'd' * 32)}")
    assert auditor.chat[-1].text.startswith("⚠")
    await auditor.says(signed)
    auditor.sees(_("{n} cosignatures of witnesses kept.").format(n=1))
    await auditor.says(f"/cosign\n{signed}")
    auditor.sees(
        _("✔ Kept under the checkpoint of {n} entries: {count} cosignatures.").format(n=seen.size, count=1)
    )
    assert await LedgerEntry.filter(kind="witness:checkpoint:cosign").count() == 1


def shipped_key(seed: bytes) -> str:
    return notes.key_line("coating.example/w1", notes.WITNESS_KEY, curve.public_key(seed))


def cosigned(note: str, seed: bytes) -> str:
    stamp = int(clock.now().timestamp())
    text = note.partition("\n\n")[0] + "\n"
    raw = notes.key_hash("coating.example/w1", notes.WITNESS_KEY, curve.public_key(seed))
    raw += stamp.to_bytes(8, "big") + curve.sign(seed, f"cosignature/v1\ntime {stamp}\n{text}".encode())
    return f"{note}— coating.example/w1 {base64.b64encode(raw).decode()}\n"
