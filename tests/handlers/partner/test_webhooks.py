"""Webhooks: told in the transaction of the cause, signed, at least once, for three days, to public addresses alone."""

from __future__ import annotations

import datetime as dt
import itertools
import socket
from collections.abc import AsyncIterator

import pytest

from bot import webhooks as wire
from core import clients, lots, orders, webhooks
from core.clients import Scope
from core.kit import clock, system, unit_of_work
from core.ledger.models import LedgerEntry
from core.notices.models import Notice
from core.people.models import Organisation
from core.webhooks.models import Delivery, Subscription
from tests.handlers.partner.program import Program, Programs
from tests.handlers.partner.receiver import Receiver, genuine
from tests.handlers.partner.test_chain import placed


@pytest.fixture
async def receiver(programs: Programs) -> AsyncIterator[Receiver]:
    """A receiver that webhooks may reach."""
    webhooks.use_keys(programs.plant.ring, allow_loopback=True)
    there = Receiver()
    await there.server.start_server()
    yield there
    await there.server.close()
    webhooks.use_keys(programs.plant.ring)


async def subscribed(program: Program, there: Receiver, *events: str) -> tuple[int, str]:
    """A webhook's id and secret."""
    body = {"url": there.url, "events": list(events)}
    made = await program.post("/api/v1/webhooks", body, key=f"hook-{events[0]}")
    assert made.status == 201, made.body
    return made.body["id"], made.body["secret"]


async def test_a_partner_is_told_of_its_own_and_can_verify_it(programs: Programs, receiver: Receiver) -> None:
    """Case, order, hold and decision reach whom they concern, with numbers only; the stranger's check accepts them."""
    supplier, carrier = await programs.program("supplier"), await programs.program("carrier")
    every = [one.value for one in webhooks.EventKind]
    _id, secret = await subscribed(supplier, receiver, *every)
    other = Receiver()
    await other.server.start_server()
    await subscribed(carrier, other, *every)
    case = await programs.reported("supplier", lot="CT-001")
    root = system(programs.plant.id)
    placer = await programs.plant.actor("responsible")
    held = await lots.hold(placer, [programs.plant.lots["CT-001"]], case.number, "粉尘")
    number, _stages = await placed(programs)
    await orders.cancel_order(root, (await orders.get(root, number)).id, "plan changed")
    assert await wire.deliver_due() == 4 + 2
    said = {one["type"]: one["data"] for one in receiver.bodies()}
    assert said == {
        "anomaly.reported": {"anomaly": case.number, "state": "reported", "grade": None},
        "hold.placed": {"anomaly": case.number, "lots": ["CT-001"], "count": 1},
        "order.placed": {"order": number, "state": "placed"},
        "order.changed": {"order": number, "state": "cancelled"},
    }
    assert {one["type"] for one in other.bodies()} == {"order.placed", "order.changed"}
    for headers, body in receiver.heard:
        assert genuine(secret, headers, body, clock.now().timestamp())
        assert not genuine(secret, headers, body + b" ", clock.now().timestamp())
        assert not genuine(secret, headers, body, clock.now().timestamp() + 3600)
        for word in ("粉尘", "郑丽", "supplier"):
            assert word.encode() not in body
    assert await wire.deliver_due() == 0
    decided = {
        "hold_ids": [one.id for one in held],
        "disposition": "release",
        "reason": "inspected, good",
    }
    await programs.plant.sign("manager", lots.ACT, decided)
    await wire.deliver_due()
    assert receiver.bodies()[-1]["data"]["decision"] == "release"
    await other.server.close()


async def test_what_is_undone_tells_nobody(programs: Programs, receiver: Receiver) -> None:
    """The message stands in the transaction of its cause: undone with it, kept with it."""
    await subscribed(await programs.program("plant"), receiver, "hold.placed")
    with pytest.raises(RuntimeError, match="undone"):
        async with unit_of_work():
            await lots.hold(system(programs.plant.id), [programs.plant.lots["PK-001"]], "AN-1", "x")
            assert await Delivery.all().count() == 1
            raise RuntimeError("undone")
    assert await Delivery.all().count() == 0


async def test_a_receiver_that_is_down_is_tried_for_three_days_then_switched_off(
    programs: Programs, receiver: Receiver
) -> None:
    """The same id and body each time, ever longer pauses, Retry-After kept; then off, the administrator told, on again."""
    program = await programs.program("supplier", [Scope.WEBHOOKS])
    hook, secret = await subscribed(program, receiver, "webhook.test", "anomaly.reported")
    receiver.answers = [(500, {}), (503, {"Retry-After": "1200"}), *[(500, {})] * 20]
    begun = clock.now()
    test = await program.post(f"/api/v1/webhooks/{hook}/test")
    assert test.status == 202
    gaps: list[float] = []
    last = clock.now()
    for _ in range(30):
        if not await wire.deliver_due():
            row = await Delivery.get()
            if row.state != "pending":
                break
            clock.shift(row.due_at - clock.now())
            gaps.append((clock.now() - last).total_seconds())
            last = clock.now()
    tries = len(webhooks.PAUSES) + 1
    assert len(receiver.heard) == tries
    assert len({headers["webhook-id"] for headers, _body in receiver.heard}) == 1
    assert len({body for _headers, body in receiver.heard}) == 1
    assert 5 <= gaps[0] < 10
    assert 1200 <= gaps[1] < 1300  # asked for, longer than our own five minutes
    assert all(before <= after for before, after in itertools.pairwise(gaps[1:]))
    assert dt.timedelta(days=3) < clock.now() - begun < dt.timedelta(days=3.5)
    row = await Subscription.get(id=hook)
    assert (row.off_because, (await Delivery.get()).state) == ("500", "failed")
    told = await Notice.filter(kind="webhooks:off", person_id=programs.plant.persons["administrator"])
    assert len(told) == 1
    assert await LedgerEntry.filter(kind="webhooks:subscription:off").count() == 1
    program = await programs.program("supplier", [Scope.WEBHOOKS])
    await programs.reported("supplier")
    assert await Delivery.all().count() == 1  # nothing is kept for who is switched off
    log = await program.get(f"/api/v1/webhooks/{hook}/deliveries")
    assert [(one["state"], one["attempts"], one["last_status"]) for one in log.body["items"]] == [
        ("failed", tries, 500)
    ]
    receiver.answers = []
    assert (await program.post(f"/api/v1/webhooks/{hook}/on")).body["off_at"] is None
    assert (await program.post(f"/api/v1/webhooks/{hook}/on")).status == 422
    await program.post(f"/api/v1/webhooks/{hook}/test")
    await wire.deliver_due()
    headers, body = receiver.heard[-1]
    assert genuine(secret, headers, body, clock.now().timestamp())


async def test_a_crash_between_sending_and_writing_down_sends_again_with_the_same_id(
    programs: Programs, receiver: Receiver
) -> None:
    """At least once: the lease runs out, the message goes again; what a late sender writes down changes nothing."""
    program = await programs.program("supplier", [Scope.WEBHOOKS])
    hook, _secret = await subscribed(program, receiver, "webhook.test")
    message = (await program.post(f"/api/v1/webhooks/{hook}/test")).body["message"]
    [lost] = await webhooks.claim()
    assert await webhooks.claim() == []
    clock.shift(dt.timedelta(seconds=61))
    assert await wire.deliver_due() == 1
    await webhooks.record(lost, webhooks.Outcome(error="late"))
    assert (await Delivery.get()).state == "delivered"
    assert [headers["webhook-id"] for headers, _body in receiver.heard] == [message]


async def test_secrets_change_over_without_a_gap_and_a_deleted_webhook_is_silent(
    programs: Programs, receiver: Receiver
) -> None:
    """For a day both secrets sign; then the new one alone; 410 switches off at once; what waits dies with deletion."""
    program = await programs.program("supplier", [Scope.WEBHOOKS])
    hook, before = await subscribed(program, receiver, "webhook.test")
    after = (await program.post(f"/api/v1/webhooks/{hook}/rotate")).body["secret"]
    for passed, both in ((dt.timedelta(), True), (dt.timedelta(days=1), False)):
        clock.shift(passed)
        program = await programs.program("supplier", [Scope.WEBHOOKS])
        await program.post(f"/api/v1/webhooks/{hook}/test")
        await wire.deliver_due()
        headers, body = receiver.heard[-1]
        assert genuine(after, headers, body, clock.now().timestamp())
        assert genuine(before, headers, body, clock.now().timestamp()) == both
    for entry in await LedgerEntry.filter(kind__startswith="webhooks:"):
        assert after.encode() not in entry.body
        assert before.encode() not in entry.body
    assert bytes((await Subscription.get(id=hook)).secret) != after.encode()
    await program.post(f"/api/v1/webhooks/{hook}/test")
    stranger = await programs.program("carrier", [Scope.WEBHOOKS])
    for method, path in (
        ("DELETE", ""),
        ("POST", "/rotate"),
        ("POST", "/test"),
        ("POST", "/on"),
        ("GET", "/deliveries"),
    ):
        assert (await stranger.ask(method, f"/api/v1/webhooks/{hook}{path}")).status == 404
    assert (await stranger.get("/api/v1/webhooks")).body["items"] == []
    receiver.answers = [(302, {"Location": receiver.url})]
    heard = len(receiver.heard)
    await wire.deliver_due()
    assert len(receiver.heard) == heard + 1  # a redirect leads nowhere
    gone = await program.ask("DELETE", f"/api/v1/webhooks/{hook}")
    assert (gone.status, gone.body) == (204, b"")
    assert (await program.get(f"/api/v1/webhooks/{hook}/deliveries")).status == 404
    clock.shift(dt.timedelta(days=2))
    assert await wire.deliver_due() == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://qa.example.com/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.1.2.3/",
        "https://192.168.0.1:8443/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fe80::1]/",
        "https://[64:ff9b::a00:1]/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://127.1/",
        "https://0/",
        "https://user@qa.example.com/",
        "https://qa.example.com:22/",
        "https://printer.local/",
        "https://db.internal/",
        "https://intranet/",
        "ftp://qa.example.com/",
        "https://qa.example.com/#x",
        "https://qa.example.com:99999/",
        "https://[::1",
        "https://qa example.com/",
        "javascript:alert(1)",
        "https://[fec0::1]/",
        "https://192.0.0.192/opc/v1",
        "https://168.63.129.16:32526/vmSettings",
        "https://0x7f.0x0.0x0.0x1/",
        "https://qa.example.com\\x/",
        "https://xn--a.com/",
        "https://xn--.com/",
        "https://%00.com/",
        "https://127.0.0.1%2f.example.com/",
        "https://qa..example.com/",
        "https://-qa.example.com/",
        "https://qa.example.com/\x7f",
    ],
)
def test_an_address_that_is_not_public_is_not_taken(url: str) -> None:
    """Whatever way a private address is written."""
    from core.webhooks import policy

    with pytest.raises(webhooks.AddressUnfit):
        policy.must_be_address(url)
    assert policy.must_be_address("https://qa.example.com:8443/hook?x=1")


async def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS that answers a private address, also beside a public one, also later than at subscribing: nothing connects."""
    program = await programs.program("supplier", [Scope.WEBHOOKS])
    made = await program.post(
        "/api/v1/webhooks", {"url": "https://rebind.example.com/", "events": ["webhook.test"]}
    )
    assert made.status == 201
    answers = [["10.0.0.7"], ["93.184.216.34", "127.0.0.1"], ["fd00::1"], ["100.64.0.1"], ["0.0.0.0"]]
    resolver = wire.PublicOnly(allow_loopback=False)
    import asyncio

    for found in answers:

        async def looked_up(host: str, port: int, found: list[str] = found, **_more: object) -> list[object]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", looked_up)
        with pytest.raises(wire.NotPublic):
            await resolver.resolve("rebind.example.com", 443)
        await program_test(programs, made.body["id"])
        assert await wire.deliver_due() >= 1
        row = await Delivery.all().order_by("-id").first()
        assert (row.last_status, row.last_error) == (None, "NotPublic")


async def test_an_address_that_nobody_can_read_keeps_no_other_from_being_told(
    programs: Programs, receiver: Receiver
) -> None:
    """A row of an earlier state, or of a hand in the database, costs its own webhook alone."""
    program = await programs.program("supplier", [Scope.WEBHOOKS])
    hook, _secret = await subscribed(program, receiver, "webhook.test")
    broken, _secret = await subscribed(await programs.program("carrier"), receiver, "webhook.test")
    for url in ("https://xn--a.com/", "https://qa.example.com\\x/"):
        await Subscription.filter(id=broken).update(url=url)
        await program_test(programs, broken)
        await program_test(programs, hook)
        assert await wire.deliver_due() == 2
        rows = {one.subscription_id: one for one in await Delivery.all().order_by("id")}
        assert rows[broken].last_error == "the address cannot be read"
        assert rows[hook].state == "delivered"


@pytest.mark.parametrize("over", ["revoked", "expired", "organisation"])
async def test_who_is_shut_out_is_told_no_more(programs: Programs, receiver: Receiver, over: str) -> None:
    """A key that was revoked, has expired or whose organisation has ended: what waits for it is dropped."""
    made = await programs.made("supplier", [Scope.WEBHOOKS])
    given = await clients.issue_token(made.client.client_id, made.secret)
    program = Program(programs.address, given.token)
    hook, _secret = await subscribed(program, receiver, "webhook.test", "anomaly.reported")
    await program.post(f"/api/v1/webhooks/{hook}/test")
    root = await programs.plant.actor("administrator", "admin")
    if over == "revoked":
        await clients.revoke_client(root, made.client.id, "contract ended")
    elif over == "expired":
        clock.shift(dt.timedelta(days=366))
    else:
        await Organisation.filter(id=made.client.organisation_id).update(active=False)
    assert await wire.deliver_due() == 0
    assert receiver.heard == []
    row = await Delivery.get()
    assert (row.state, row.last_error) == ("dropped", "the key of this webhook has ended")


async def test_another_key_takes_a_webhook_over_and_the_plant_s_programs_see_no_partner_s(
    programs: Programs, receiver: Receiver
) -> None:
    """Whose key ends hands its webhooks on by a new secret; the secret of a partner is no business of an ERP."""
    first = await programs.made("supplier", [Scope.WEBHOOKS])
    given = await clients.issue_token(first.client.client_id, first.secret)
    hook, _secret = await subscribed(Program(programs.address, given.token), receiver, "webhook.test")
    erp = await programs.program("plant", [Scope.WEBHOOKS])
    assert (await erp.get("/api/v1/webhooks")).body["items"] == []
    assert (await erp.post(f"/api/v1/webhooks/{hook}/rotate")).status == 404
    second = await programs.program("supplier", [Scope.WEBHOOKS])
    assert (await second.post(f"/api/v1/webhooks/{hook}/rotate")).status == 200
    root = await programs.plant.actor("administrator", "admin")
    await clients.revoke_client(root, first.client.id, "changed over")
    assert [one.id for one in await webhooks.subscriptions(root)] == [hook]
    await second.post(f"/api/v1/webhooks/{hook}/test")
    assert await wire.deliver_due() == 1
    assert len(receiver.heard) == 1


async def program_test(programs: Programs, hook: int) -> None:
    """Leave a test message without a request: names are not looked up rightly now."""
    async with unit_of_work():
        from core.webhooks.telling import message_for

        await message_for(await Subscription.get(id=hook), webhooks.EventKind.TEST, {"webhook": hook})


def test_which_addresses_are_public() -> None:
    """RFC 6890's table from both sides."""
    for address in ("93.184.216.34", "2606:2800:220:1::1", "8.8.8.8", "::ffff:8.8.8.8"):
        assert webhooks.public(address), address
    for address in (
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "172.16.0.1", "192.0.2.1"),
        *("192.168.1.1", "198.18.0.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fc00::1", "fe80::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
        *("192.0.0.192", "192.88.99.1", "168.63.129.16", "fec0::1", "3fff::1", "::ffff:192.0.0.192"),
        *("2002:7f00:1::", "2002:0a00:0001::", "64:ff9b::7f00:1", "fe80::1%eth0", "x", ""),
    ):
        assert not webhooks.public(address), address
