"""An authenticator begins with proof of identity and two codes in a row, and ends at once when lost."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import pathlib
from urllib.parse import parse_qs, urlsplit

import pytest

from core import people, signing
from core.kit import Actor, NotPermitted, clock, system
from core.kit.plain_text import Empty
from core.ledger import Kind
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.signing import EnrolmentOffer, State, totp, undertaking
from core.signing.models import Ceremony, Factor, Signature
from handlers import text
from tests.core.signing.conftest import Cast
from tests.core.signing.signers import Signer, enrolled, next_code

AGREED = signing.undertaking_accepted(str, "en")


def codes(offer: EnrolmentOffer) -> tuple[str, str]:
    """Read one code, wait for the next, read it too."""
    first = totp.code_at(offer.secret, totp.step_of(clock.now()))
    next_code()
    return first, totp.code_at(offer.secret, totp.step_of(clock.now()))


async def offered(person: Actor, by: Actor) -> EnrolmentOffer:
    """The page behind a consumed one-time link that somebody sent."""
    return await signing.enrolment(person.identity, proofed_by=by.identity)


async def test_two_codes_in_a_row_put_the_authenticator_to_work(cast: Cast) -> None:
    """Who proved the identity is on the record; the codes of the enrolment sign nothing."""
    offer = await offered(cast.newcomer, cast.admin)
    assert not await signing.is_enrolled(cast.newcomer.identity)
    first, second = codes(offer)
    await signing.enrol(cast.newcomer.identity, first, second, undertaking=AGREED)
    assert await signing.is_enrolled(cast.newcomer.identity)
    assert (await Factor.get(id=offer.factor_id)).proofed_by == cast.admin.identity
    assert (await LedgerEntry.all().order_by("-id").first()).kind == Kind.SIGN_ENROL  # type: ignore[union-attr]
    signer = Signer(cast.newcomer, offer.secret, "c")
    shown = await signer.begin()
    for used in (first, second):
        with pytest.raises(signing.UsedCode):
            await signer.answer(shown, code=used)
    next_code()
    assert (await signer.answer(shown)).signature is not None


@pytest.mark.req("S-01", "P-200c")
async def test_nobody_signs_without_the_undertaking_and_everybody_concerned_hears_of_it(cast: Cast) -> None:
    """Refused without it or with another version's; on the ledger with its digest; owner and wardens are told by whom."""
    offer = await offered(cast.newcomer, cast.admin)
    both = codes(offer)
    for wrong in (None, dataclasses.replace(AGREED, version=0)):
        with pytest.raises(signing.NotUndertaken):
            await signing.enrol(cast.newcomer.identity, *both, undertaking=wrong)
    assert not await signing.is_enrolled(cast.newcomer.identity)
    assert await Notice.filter(kind="signing:enrolled").count() == 0
    await signing.enrol(cast.newcomer.identity, *both, undertaking=AGREED)
    entry = await LedgerEntry.filter(kind=Kind.SIGN_ENROL.value).order_by("-id").first()
    assert entry is not None
    facts = json.loads(entry.body)["facts"]
    assert facts["undertaking"] == {"version": 1, "locale": "en", "sha256": AGREED.sha256}
    told = await Notice.filter(kind="signing:enrolled")
    assert {one.person_id for one in told} >= {
        cast.newcomer.identity,
        cast.admin.identity,
        cast.wang.actor.identity,
    }
    assert {one.facts["by"] for one in told} == {cast.admin.name}
    zh = signing.undertaking_accepted(text.translator("zh_CN"), "zh_CN")
    assert zh.sha256 != AGREED.sha256, "the text as it was read"


def test_the_page_about_signatures_quotes_the_undertaking_whose_digest_the_ledger_keeps() -> None:
    """Anybody can hash the quoted lines; a text that changes without a new version fails here."""
    page = pathlib.Path("docs/operating/signatures.md").read_text(encoding="utf-8")
    quoted = "\n".join(line[2:] for line in page.splitlines() if line.startswith("> "))
    assert tuple(quoted.split("\n")) == signing.undertaking_text(text.translator("zh_CN"))
    digest = hashlib.sha256(quoted.encode()).hexdigest()
    assert digest == signing.undertaking_accepted(text.translator("zh_CN"), "zh_CN").sha256
    assert {undertaking.VERSION: digest} == {
        1: "d208447fbedc1207df99e55fe4574c1bcca946150e1dea543a8c0c99aa1bf312"
    }, "a changed text is another version"


async def test_the_offer_is_what_an_authenticator_app_reads(cast: Cast) -> None:
    """Same secret in both forms; neither is printed by accident."""
    offer = await offered(cast.newcomer, cast.admin)
    address = urlsplit(offer.uri)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query)["secret"] == [offer.secret]
    assert offer.secret not in repr(offer)


@pytest.mark.req("P-100", "S-01")
async def test_nobody_proves_their_own_identity(cast: Cast) -> None:
    """An administrator needs another person for the own authenticator."""
    with pytest.raises(signing.NeedsSecondPerson):
        await offered(cast.admin, cast.admin)


async def test_codes_that_do_not_follow_one_another_enrol_nothing(cast: Cast) -> None:
    """Twice the same, turned round, or no digits: refused, and the right ones still work."""
    offer = await offered(cast.newcomer, cast.admin)
    first, second = codes(offer)
    for one, two in ((second, second), (second, first), (first, "000000")):
        with pytest.raises(signing.NotConsecutive):
            await signing.enrol(cast.newcomer.identity, one, two, undertaking=AGREED)
    with pytest.raises(signing.UnreadableCode):
        await signing.enrol(cast.newcomer.identity, first, "abc", undertaking=AGREED)
    assert not await signing.is_enrolled(cast.newcomer.identity)
    await signing.enrol(cast.newcomer.identity, first, second, undertaking=AGREED)


async def test_an_offer_is_good_for_ten_minutes_and_once(cast: Cast) -> None:
    """Afterwards a new link is needed; a newer offer replaces an older one."""
    with pytest.raises(signing.NoOffer):
        await signing.enrol(cast.newcomer.identity, "123456", "654321", undertaking=AGREED)
    late = await offered(cast.newcomer, cast.admin)
    clock.shift(dt.timedelta(minutes=10))
    with pytest.raises(signing.NoOffer):
        await signing.enrol(cast.newcomer.identity, *codes(late), undertaking=AGREED)
    older = await offered(cast.newcomer, cast.admin)
    next_code()
    newer = await offered(cast.newcomer, cast.admin)
    with pytest.raises(signing.NotConsecutive):
        await signing.enrol(cast.newcomer.identity, *codes(older), undertaking=AGREED)
    both = codes(newer)
    await signing.enrol(cast.newcomer.identity, *both, undertaking=AGREED)
    with pytest.raises(signing.NoOffer):
        await signing.enrol(cast.newcomer.identity, *both, undertaking=AGREED)


async def renewed(cast: Cast) -> None:
    """The administrator asks, 王芳 signs: 李明 may enrol once more."""
    asked = await signing.propose(
        cast.admin, "signing:factor:renew", {"person_id": cast.li.actor.identity}, "phone lost"
    )
    card = await signing.begin(cast.wang.actor, asked.act, {"id": asked.id}, "telegram", cast.wang.chat)
    await cast.wang.answer(card)


async def test_nobody_renews_the_own_authenticator_and_the_leave_lasts_a_day(cast: Cast) -> None:
    """The person concerned takes neither step; after a day it is void; the old signature stays."""
    await cast.li.answer(await cast.li.begin())
    with pytest.raises(signing.NeedsSecondPerson):
        await signing.propose(cast.admin, "signing:factor:renew", {"person_id": cast.admin.identity}, "mine")
    asked = await signing.propose(
        cast.admin, "signing:factor:renew", {"person_id": cast.li.actor.identity}, "phone lost"
    )
    with pytest.raises(signing.NeedsSecondPerson):
        await signing.begin(cast.li.actor, asked.act, {"id": asked.id}, "telegram", cast.li.chat)
    await renewed(cast)
    clock.shift(dt.timedelta(days=1))
    with pytest.raises(signing.NeedsRenewal):
        await offered(cast.li.actor, cast.admin)
    assert [
        one.voided_at for one in await signing.signatures_on("paper", "P-1", plant_id=cast.admin.plant_id)
    ] == [None]


@pytest.mark.parametrize(("role", "after"), [("supervisor", {"responsible", "supervisor"})])
async def test_a_role_is_given_by_two_people(cast: Cast, role: str, after: set[str]) -> None:
    """Asked for by the administrator, signed by a head; neither door nor person does it alone."""
    args = {"person_id": cast.chen.actor.identity, "role": role}
    asked = await signing.propose(cast.admin, "people:role:grant", args, "leads the line")
    assert (await people.person(cast.chen.actor.identity)).roles == {"responsible"}
    boss = await enrolled(cast.admin)
    with pytest.raises(NotPermitted):
        await signing.begin(boss.actor, asked.act, {"id": asked.id}, "telegram", boss.chat)
    card = await signing.begin(cast.li.actor, asked.act, {"id": asked.id}, "telegram", cast.li.chat)
    await cast.li.answer(card)
    assert (await people.person(cast.chen.actor.identity)).roles == after


def test_no_door_but_the_command_line_changes_roles() -> None:
    """Chat, pages and API have no way around the two people; the command line only while no two can."""
    handlers = pathlib.Path(signing.__file__).parents[2] / "handlers"
    changing = {
        str(path.relative_to(handlers))
        for path in handlers.rglob("*.py")
        if "people.grant_role" in path.read_text() or "people.withdraw_role" in path.read_text()
    }
    assert changing == {"cli/people.py"}


@pytest.mark.req("D-22a")
async def test_the_command_line_changes_roles_only_while_no_two_people_can(cast: Cast) -> None:
    """With an administrator and a head who signs it gives no deciding role and changes none; without either it may."""
    plant = cast.admin.plant_id
    for new in (None, ["manager"], ["operator", "supervisor"], ["administrator"]):
        with pytest.raises(signing.RolesTakeTwo):
            await signing.must_lack_two(plant, new)
    await signing.must_lack_two(plant, ["operator", "responsible"])
    for head in (cast.wang, cast.li):
        await signing.suspend(cast.admin, head.actor.identity, "both phones in the lake")
    await signing.must_lack_two(plant)
    await signing.must_lack_two(plant, ["manager"])


@pytest.mark.req("D-22a", "P-100")
async def test_the_command_line_renews_an_authenticator_only_where_no_two_others_can(cast: Cast) -> None:
    """Whoever runs the server takes over nobody's signature alone; where nobody is left to agree it may help."""
    root, li = system(cast.admin.plant_id), cast.li.actor
    with pytest.raises(signing.RenewalFirst):
        await signing.may_renew(root, await people.person(li.identity))
    with pytest.raises(signing.NeedsRenewal):
        await signing.enrolment(li.identity, proofed_by=None)
    assert await signing.is_enrolled(li.identity), "the present one goes on"
    await signing.may_renew(root, await people.person(cast.newcomer.identity))  # a first one needs no two
    await signing.enrolment(cast.newcomer.identity, proofed_by=None)
    await renewed(cast)
    await signing.may_renew(root, await people.person(li.identity))
    assert await signing.enrolment(li.identity, proofed_by=None), "two people agreed"
    with pytest.raises(signing.NeedsRenewal):
        await signing.enrolment(li.identity, proofed_by=None)
    await signing.suspend(cast.admin, cast.wang.actor.identity, "phone in the lake")
    await signing.may_renew(root, await people.person(li.identity))
    assert await signing.enrolment(li.identity, proofed_by=None), "no other head can sign"


async def test_a_new_authenticator_ends_the_old_one(cast: Cast) -> None:
    """One person, one working authenticator; earlier signatures stay."""
    await cast.li.answer(await cast.li.begin())
    with pytest.raises(signing.NeedsRenewal):
        await offered(cast.li.actor, cast.admin)
    await renewed(cast)
    offer = await offered(cast.li.actor, cast.admin)
    with pytest.raises(signing.NeedsRenewal):
        await offered(cast.li.actor, cast.admin)
    await signing.enrol(cast.li.actor.identity, *codes(offer), undertaking=AGREED)
    next_code()
    shown = await cast.li.begin()
    with pytest.raises(signing.WrongCode):
        await cast.li.answer(shown)
    assert (await Signer(cast.li.actor, offer.secret, cast.li.chat).answer(shown)).signature is not None
    assert await Signature.filter(person_id=cast.li.actor.identity).count() == 2
    assert await Factor.filter(person_id=cast.li.actor.identity, suspended_at__isnull=True).count() == 1


@pytest.mark.req("P-300")
async def test_a_lost_phone_stops_signing_at_once(cast: Cast) -> None:
    """What waits for the code dies, offers too, signatures stay, and owner and wardens are told."""
    await cast.li.answer(await cast.li.begin())
    shown = await cast.li.begin(chat="elsewhere")
    await signing.suspend(cast.li.actor, cast.li.actor.identity, "phone lost on the bus")
    next_code()
    with pytest.raises(signing.Expired):
        await cast.li.answer(shown)
    with pytest.raises(signing.NotEnrolled):
        await cast.li.begin()
    assert (await Ceremony.get(id=shown.id)).state == State.REFUSED
    assert await Signature.all().count() == 1
    told = {notice.person_id for notice in await Notice.filter(kind="signing:suspended")}
    assert told == {cast.li.actor.person_id, cast.wang.actor.person_id, cast.admin.person_id}


async def test_managers_and_administrators_may_suspend_others_may_not(cast: Cast) -> None:
    """A reason is required; people without the office suspend only themselves."""
    with pytest.raises(NotPermitted):
        await signing.suspend(cast.chen.actor, cast.li.actor.identity, "because")
    with pytest.raises(Empty):
        await signing.suspend(cast.wang.actor, cast.chen.actor.identity, " ")
    await signing.suspend(cast.wang.actor, cast.chen.actor.identity, "left the house")
    await signing.suspend(cast.admin, cast.li.actor.identity, "phone stolen")
    assert not await signing.is_enrolled(cast.chen.actor.identity)
    assert not await signing.is_enrolled(cast.li.actor.identity)


async def test_only_the_system_loads_a_known_secret(cast: Cast) -> None:
    """No person can choose an authenticator's secret, for others or themselves."""
    with pytest.raises(NotPermitted):
        await signing.load_demo_factor(cast.admin, cast.newcomer.identity, totp.new_secret())
    await signing.load_demo_factor(system(cast.admin.plant_id), cast.newcomer.identity, totp.new_secret())
    assert await signing.is_enrolled(cast.newcomer.identity)
