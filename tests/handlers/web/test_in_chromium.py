"""The admin view in a real Chromium: on a phone, with and without JavaScript, light and dark, in both languages."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pyotp
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page

from core import calendars, duty, epcis, people, sensors, witness
from core.kit import clock, system
from core.sensors import Kind, Message, NewRule, NewSensor
from tests.core.capa import story
from tests.handlers.web.doors import Doors
from tests.journeys.chromium import chromium

PATHS = (
    "",
    "/cases",
    "/lots",
    "/lots/CT-001",
    "/people",
    "/templates",
    "/policies",
    "/access",
    "/export",
    "/ledger",
    "/witness",
    "/two-people",
    "/signing",
    "/duty",
    "/calendar",
    "/import",
    "/notify",
    "/keys",
    "/places",
    "/sensors",
    "/sensors/COLD-1",
)


LOOKS = {"sqlite": ("zh_CN", "light"), "postgres": ("en", "dark")}
"""Each language and each scheme once; how a page looks does not depend on the database."""


async def fits_and_reads(page: Page, what: str) -> None:
    """Nothing scrolls sideways, and axe finds nothing."""
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], (what, width)  # type: ignore[index]
    found = await Axe().run(page)
    wrong = [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found.response["violations"]]
    assert not wrong, f"{what}: {wrong}"


async def signed_in(doors: Doors, context: BrowserContext, name: str) -> None:
    """Give a browser the session of a person."""
    made = await people.open_session(doors.plant.persons[name], "admin", second_factor=True)
    await context.add_cookies([{"name": "bihuan_admin", "value": made.token, "url": doors.address}])


async def cold_room(doors: Doors) -> str:
    """A sensor with readings, an alarm, a lot under it and a message put aside; answers its case."""
    worker = await doors.plant.actor("responsible")
    new = NewSensor(code="COLD-1", kind=Kind.TEMPERATURE, unit="°C", topic="cold/1", place="冷库 1")
    made = await sensors.record_sensor(worker, new)
    limits = NewRule(alarm_low=Decimal(2), alarm_high=Decimal(8), warning_high=Decimal(7), missing=3)
    await sensors.set_rule(worker, made.id, limits, reason="2–8 ℃")
    await sensors.stand(worker, made.id, lot="CT-001")
    at = clock.now() + dt.timedelta(seconds=1)
    clock.shift(dt.timedelta(minutes=31))
    rows = [
        {"value": 5 + n % 3 if n < 20 else 9.5, "at": (at + n * dt.timedelta(minutes=1)).isoformat()}
        for n in range(30)
    ]
    bodies = (json.dumps(rows).encode(), b"[" * 300)
    await sensors.receive([Message(topic="cold/1", payload=one) for one in bodies])
    await sensors.take_in()
    episodes = await sensors.episodes_of(worker, made.id)
    return next(one.case_number for one in episodes if one.case_number)


async def test_every_page_on_a_phone(doors: Doors, database: str) -> None:
    """360 px wide: no sideways scrolling, accessible, no complaint in the console; a closed CAPA is among them."""
    locale, scheme = LOOKS[database]
    plant = doors.plant
    found = await story.judged(
        plant,
        await story.carried_out(plant, await story.submitted(plant, await story.opened(plant))),
        "effective",
    )
    pictured = await doors.reported("coater_operator", description="超长批次" * 40)
    for name in ("administrator", "supplier"):
        await witness.name_person(await plant.actor("administrator"), plant.persons[name])
    admin = await plant.actor("administrator")
    night = await calendars.add_shift(admin, "夜班", dt.time(20), dt.time(4), reason="排班")
    await duty.set_rotation(admin, tier=2, order=(plant.persons["second"],), reason="排班", shift_id=night.id)
    cold = await cold_room(doors)
    await epcis.record_place(admin, "urn:epc:id:sgln:690123456.001.0", plant.id, name="成品库 " * 8)
    await doors.house.house.sealer.seal_now()
    await people.choose_locale(await plant.actor("administrator"), locale)
    async with chromium() as browser:
        context = await browser.new_context(
            viewport={"width": 360, "height": 740}, color_scheme="dark" if scheme == "dark" else "light"
        )
        await signed_in(doors, context, "administrator")
        page = await context.new_page()
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
        for path in (*PATHS, f"/cases/{pictured.number}", f"/cases/{cold}", f"/cases/{found.case_number}"):
            answer = await page.goto(f"{doors.address}/admin{path}")
            assert answer is not None
            assert answer.status == 200, path
            for summary in await page.locator("summary").all():
                await summary.click()
            await fits_and_reads(page, f"{path} {locale} {scheme}")
            if path != f"/cases/{found.case_number}":  # the photos of that story have no stored bytes
                assert not said, path
        seal = page.locator(".print-seal")
        assert not await seal.is_visible()
        await page.emulate_media(media="print")
        assert await seal.is_visible(), "size and root on every printed page"


async def test_signing_in_by_a_tapped_link_and_by_a_pasted_one(doors: Doors) -> None:
    """With our script the link is enough; without it, it is pasted; the address keeps no token; filters work too."""
    async with chromium() as browser:
        for scripted in (True, False):
            context = await browser.new_context(
                viewport={"width": 360, "height": 740}, java_script_enabled=scripted
            )
            page = await context.new_page()
            token = await people.one_time_link(
                system(doors.plant.id), doors.plant.persons["auditor"], "admin"
            )
            await page.goto(f"{doors.address}/admin/enter#{token}")
            if not scripted:
                await page.fill("#token", f"{doors.address}/admin/enter#{token}")
                await page.click("button.go")
            await page.wait_for_selector("#code")
            assert token not in page.url
            clock.shift(dt.timedelta(seconds=61))
            await page.fill("#code", doors.plant.code("auditor"))
            await page.click("button.go")
            await page.wait_for_selector(".pulse")
            await page.goto(f"{doors.address}/admin/cases")
            await page.select_option("#grade", "A")
            await page.click("form .go")
            assert "grade=A" in page.url
            await page.click(".who form:last-of-type button")
            await page.wait_for_selector("#token")
            await context.close()


async def test_enrolling_on_a_phone(doors: Doors) -> None:
    """The QR code is a picture with a name and fits; two codes in a row end it; the page is accessible throughout."""
    person = await people.add_person(system(doors.plant.id), doors.plant.id, "新同事", ["responsible"])
    token = await people.one_time_link(await doors.plant.actor("administrator"), person, "enrol")
    async with chromium() as browser:
        context = await browser.new_context(viewport={"width": 360, "height": 740})
        page = await context.new_page()
        await page.goto(f"{doors.address}/enrol#{token}")
        await page.wait_for_selector(".qr svg")
        await fits_and_reads(page, "the offer")
        assert token not in page.url
        totp = pyotp.TOTP(await page.inner_text("code"))
        await page.fill("#code1", totp.at(clock.now()))
        await page.fill("#code2", totp.at(clock.now()))
        await page.fill("#pin", "204816")
        await page.check("#undertaking")
        await page.click("button.go")
        await page.wait_for_selector("[role=alert]")
        await fits_and_reads(page, "two equal codes")
        first = totp.at(clock.now())
        clock.shift(dt.timedelta(seconds=30))
        await page.fill("#code1", first)
        await page.fill("#code2", totp.at(clock.now()))
        await page.fill("#pin", "204816")
        await page.check("#undertaking")
        await page.click("button.go")
        await page.wait_for_selector("[role=status]")
        await fits_and_reads(page, "enrolled")
