"""The ceremony in the chat under bad input: every refusal is a plain sentence, and nothing was signed."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from core import anomalies, ledger, witness
from core.drafts.models import Draft
from core.kit import clock, system
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.signing.models import Signature
from handlers import text
from handlers.chat.vocabulary import Came
from tests.journeys import acts
from tests.journeys.memory_house import MemoryHouse, Someone

_ = text.translator("zh_CN")
WRONG = "000000"


@pytest.fixture
async def shown(database: str) -> tuple[MemoryHouse, Someone, str]:
    """The owner looks at the card that confirms grade A."""
    house, (operator, owner) = await acts.house_with("coater_operator", "responsible")
    number = await acts.report(operator)
    await owner.taps(_("✅ Acknowledge"))
    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    clock.shift(dt.timedelta(seconds=61))
    return house, owner, number


def word(someone: Someone) -> str:
    """The check word of the newest card."""
    return next(str(one.outgoing.code) for one in reversed(someone.chat) if one.outgoing.code)


async def test_three_wrong_codes_lock_for_15_minutes_and_alert_those_who_guard(
    shown: tuple[MemoryHouse, Someone, str],
) -> None:
    """The third wrong code locks; the right one is refused too; manager and administrator hear; then it works."""
    house, owner, number = shown
    administrator, manager = await house.joins("administrator"), await house.joins("manager")
    for _try in range(3):
        await owner.says(f"{WRONG} {word(owner)}")
    owner.sees("15 分钟")
    locked = _("🔒 Signing of {name} is locked for {minutes} minutes").format(name="王芳", minutes=15)
    for guard in (administrator, manager):
        guard.sees(locked)
    await owner.says(number)
    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    assert await Signature.all().count() == 0
    clock.shift(dt.timedelta(minutes=15))
    await owner.says(number)
    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    await owner.signs()
    owner.sees(_("✔ Signed: {number}").format(number=number))


@pytest.mark.req("S-03")
async def test_a_used_code_is_refused_and_the_code_is_taken_out_of_the_chat(
    shown: tuple[MemoryHouse, Someone, str],
) -> None:
    """The same six digits sign once; the message that carried them is gone, accepted or not."""
    house, owner, number = shown
    code = house.plant.code("responsible")
    await owner.says(f"{code} {word(owner)}")
    owner.sees(_("✔ Signed: {number}").format(number=number))
    assert len(house.messenger.removed) == 1
    await owner.says(number)
    await owner.taps(_("⛔ Hold the affected lots"))
    await owner.taps(_("Containment done: sign"))
    await owner.says(f"{code} {word(owner)}")
    owner.sees(_("This code was used already. Please send the next one; it comes within 30 seconds."))
    assert len(house.messenger.removed) == 2, "a refused code is no less a code"
    assert await Signature.all().count() == 1
    await owner.signs()
    assert await Signature.all().count() == 2


async def test_another_persons_button_and_answer_sign_nothing(
    shown: tuple[MemoryHouse, Someone, str],
) -> None:
    """A forwarded button is refused; another's code with this card's word finds no card of theirs."""
    house, owner, _number = shown
    other = await house.joins("second")
    drop = owner.chat[-1].button(_("Do not sign"))
    assert drop is not None
    before = len(other.chat)
    await house.messenger.arrives(other.account, Came.BUTTON, data=drop.data)
    await house.settle()
    assert len(other.chat) > before, "a plain sentence"
    await other.says(f"{house.plant.code('second')} {word(owner)}")
    assert await Signature.all().count() == 0
    await owner.says(f"{house.plant.code('responsible')} {word(owner)}")
    assert await Signature.all().count() == 1, "the owner's card still stands"


async def test_what_changed_meanwhile_is_not_signed(shown: tuple[MemoryHouse, Someone, str]) -> None:
    """A supplement between display and answer: the answer is refused, the case stays ungraded."""
    house, owner, number = shown
    case = await anomalies.get(system(house.plant.id), number)
    reporter = await house.plant.actor("coater_operator")
    await anomalies.supplement(
        reporter, case.id, changes={"quantity": "40"}, reason="又数了一遍", evidence_ids=[]
    )
    await owner.signs()
    owner.sees(
        _("{number} has changed since I showed it to you. Tap the button again to see and sign it.").format(
            number=number
        )
    )
    assert await Signature.all().count() == 0
    assert (await anomalies.get(system(house.plant.id), number)).grade is None


async def test_after_five_minutes_the_card_is_put_aside(shown: tuple[MemoryHouse, Someone, str]) -> None:
    """A late answer gets the way on; the fresh card signs."""
    house, owner, number = shown
    clock.shift(dt.timedelta(minutes=5))
    await owner.says(f"{house.plant.code('responsible')} {word(owner)}")
    assert await Signature.all().count() == 0
    await owner.says(number)
    await owner.taps(_("Confirm grade {grade} and sign").format(grade="A"))
    await owner.signs()
    assert await Signature.all().count() == 1


async def test_a_code_without_its_word_is_taken_out_and_the_word_is_asked_for(
    shown: tuple[MemoryHouse, Someone, str],
) -> None:
    """No failure is counted: nothing was tried. The same code with the word signs."""
    house, owner, number = shown
    code, check = house.plant.code("responsible"), word(owner)
    await owner.says(f"{code[:3]} {code[3:]}")
    owner.sees(
        _("The word {word} is missing. Please send a fresh code with it, like: 739214 {word}").format(
            word=check
        )
    )
    assert len(house.messenger.removed) == 1
    await owner.says(f"{code} {check}")
    owner.sees(_("✔ Signed: {number}").format(number=number))


async def test_a_pin_sent_with_the_code_is_taken_out_and_signs_nothing(
    shown: tuple[MemoryHouse, Someone, str],
) -> None:
    """Who was asked for a PIN on a page may well type it here: it must not stay where others look over a shoulder."""
    house, owner, number = shown
    code, check = house.plant.code("responsible"), word(owner)
    pinned = _(
        "Your PIN belongs on the signing page only, never in the chat. Here, please send a fresh code and the "
        "word, like: 739214 {word}"
    )
    for gone, said in enumerate((f"{code} {check} 204816", f"{code} 204816"), start=1):
        await owner.says(said)
        owner.sees(pinned.format(word=check))
        assert len(house.messenger.removed) == gone
    await owner.says(f"{code} {check}")
    owner.sees(_("✔ Signed: {number}").format(number=number))


async def test_a_code_for_which_nothing_waits_is_taken_out_as_well(
    shown: tuple[MemoryHouse, Someone, str],
) -> None:
    house, owner, number = shown
    code, check = house.plant.code("responsible"), word(owner)
    await owner.says(f"{code} {check}")
    owner.sees(_("✔ Signed: {number}").format(number=number))
    for gone, said in enumerate((f"{code} {check}", code, "９４５６００"), start=2):
        await owner.says(said)
        owner.sees(_("Nothing waits for your signature here, so this code was taken out of the chat."))
        assert len(house.messenger.removed) == gone


@pytest.mark.parametrize("between", ["", ".", "–"])
async def test_a_code_sent_into_a_running_dialogue_never_reaches_its_draft(
    shown: tuple[MemoryHouse, Someone, str], between: str
) -> None:
    """While a card waits, code and code with word are taken out, the word is asked for, the right answer signs."""
    house, owner, number = shown
    check = word(owner)
    for said in ("/report", "工艺偏离"):
        await owner.says(said)
    code = house.plant.code("responsible")
    typed = f"{code[:3]}{between}{code[3:]}"
    await owner.says(typed)
    owner.sees(_("If it was your answer to my question: tap “Do not sign” first, then send it again."))
    assert len(house.messenger.removed) == 1
    await owner.says(f"{typed} {check}")
    owner.sees(_("✔ Signed: {number}").format(number=number))
    assert len(house.messenger.removed) == 2
    [kept] = [json.dumps(one, default=str) for one in await Draft.all().values()]
    assert code not in kept
    assert typed not in kept


async def test_a_number_that_a_question_asks_for_is_no_code(database: str) -> None:
    """Six digits are a quantity where a quantity is asked for."""
    _house, (operator,) = await acts.house_with("coater_operator")
    for said in ("/report", "工艺偏离", "参数超限", "CT-001", "000120"):
        await operator.says(said)
    assert "5/" in operator.chat[-1].outgoing.head


@pytest.mark.req("S-01", "G-46d")
async def test_signed_is_said_after_the_seal_only_and_the_signer_can_hold_us_to_the_receipt(
    shown: tuple[MemoryHouse, Someone, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing is sealed no word of it, however often it is tried; then place, leaf and checkpoint."""
    house, owner, number = shown
    witness.use_keys(house.signer.verifiers)
    signed = _("✔ Signed: {number}").format(number=number)

    async def stuck() -> None:
        """The sealer of a plant whose disk is full."""

    with monkeypatch.context() as full:
        full.setattr(house.sealer, "seal_now", stuck)
        await owner.says(f"{house.plant.code('responsible')} {word(owner)}")
        assert await Signature.all().count() == 1
        for _time in range(12):
            clock.shift(dt.timedelta(seconds=1))
            await house.settle()
            assert not any(signed in one.text for one in owner.chat)
        assert (await Notice.get(kind="signing:signed")).attempts == 0
        before = len(owner.chat)
        await owner.says(number)
        assert len(owner.chat) > before, "other messages go on"
        waits = await Notice.get(kind="signing:signed")
        assert waits.due_at - clock.now() > dt.timedelta(seconds=0.5), "and it is looked for ever more seldom"
    clock.shift(dt.timedelta(seconds=3))
    await house.settle()
    facts = dict(owner.sees(signed).outgoing.facts)
    entry = await LedgerEntry.filter(kind=Kind.SIGN_APPLY.value).order_by("-id").first()
    assert entry is not None
    receipt = await ledger.receipt(entry.id)
    assert receipt is not None
    assert (receipt.leaf, facts[_("Ledger entry")]) == (entry.leaf, f"{receipt.position} · {entry.leaf[:16]}")
    assert receipt.size > receipt.position
    assert facts[_("Checkpoint")] == f"{receipt.size}:{receipt.root[:16]}"
    await owner.says(f"/verify {facts[_('Checkpoint')]}")
    assert "✔" in owner.chat[-1].text
