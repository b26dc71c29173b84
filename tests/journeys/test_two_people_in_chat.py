"""What waits for a second person is found again in the chat and signed there by a head."""

from __future__ import annotations

from core import people, signing
from handlers import text
from tests.journeys import acts

_ = text.translator("zh_CN")


async def test_a_head_finds_what_waits_and_signs_it(database: str) -> None:
    """The command lists it to whoever works here, gives the button to heads only, and is empty afterwards."""
    house, (manager, owner) = await acts.house_with("manager", "responsible")
    plant = house.plant
    await manager.says("/twopeople")
    manager.sees(_("Nothing waits for a second person."))
    found = await signing.propose(
        await plant.actor("administrator"),
        "people:role:grant",
        {"person_id": plant.persons["operator"], "role": "responsible"},
        "换岗",
    )
    await owner.says("双人事项")
    owner.sees(found.number)
    owner.sees(_("A head signs it here in the chat."))
    label = _("Read and sign: {number}").format(number=found.number)
    assert owner.chat[-1].button(label) is None
    await manager.says("/twopeople")
    await manager.taps(label)
    await manager.signs()
    manager.sees(_("✔ Signed: {number}").format(number=found.number))
    await manager.says("/twopeople")
    manager.sees(_("Nothing waits for a second person."))


async def test_a_new_authenticator_is_asked_for_once_and_the_link_comes_after_the_signature(
    database: str,
) -> None:
    """/enrol asks the heads; sent again it says what waits; once a head has signed it gives the link."""
    house, (admin, manager) = await acts.house_with("administrator", "manager")
    name = (await people.person(house.plant.persons["responsible"])).printed_name
    for _time in range(2):
        await admin.says(f"/enrol {name}")
    [asked] = await signing.waiting_proposals(house.plant.id)
    admin.sees(
        _("{number} waits for a head's signature already. Once one has signed, send /enrol again.").format(
            number=asked.number
        )
    )
    await manager.taps(_("Read and sign"))
    await manager.signs()
    await admin.says(f"/enrol {name}")
    assert admin.chat[-1].button(_("Enrolment page")) is not None
