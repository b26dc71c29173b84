"""person add, invite, revoke, roles."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import click

from core import people, signing
from core.kit import Actor, clock, system
from core.people import PersonFacts, Role
from handlers.cli.tools import Refused, Tools, run

DAY = click.DateTime(formats=["%Y-%m-%d"])
DAY_LONG = dt.timedelta(days=1)


@click.group()
def person() -> None:
    """People, their invitations and roles."""


async def root_of(plant: str | None) -> Actor:
    """The system actor of a plant: the only one, or the one named."""
    found = [one for one in await people.plants() if plant is None or one.code == plant]
    if len(found) != 1:
        names = ", ".join(one.code for one in await people.plants()) or "none yet"
        raise Refused(f"which plant? use --plant CODE (there are: {names})")
    return system(found[0].id, channel="cli")


async def _named(root: Actor, name: str) -> PersonFacts:
    return await people.person(int(name)) if name.isdecimal() else await people.named(root, name)


@person.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=click.Choice([one.value for one in Role]))
@click.option("--organisation", help="Code of the organisation; the plant itself by default.")
@click.option("--plant", help="Code of the plant; founded with --found when it is new.")
@click.option("--found", nargs=2, metavar="ZH EN", help="Found the plant of --plant with these names first.")
@click.option("--locale", default="zh_CN", type=click.Choice(["zh_CN", "en"]))
@click.pass_obj
def add(
    tools: Tools,
    *,
    name: str,
    roles: tuple[str, ...],
    organisation: str | None,
    plant: str | None,
    found: tuple[str, str] | None,
    locale: str,
) -> None:
    """Record a person with their roles; prints the id.

    Roles that decide or administer take two people as soon as there are two who can.
    """

    async def work() -> int:
        async with tools.database():
            if found is not None:
                if plant is None:
                    raise Refused("--found needs --plant CODE")
                await people.found_plant(plant, *found)
            root = await root_of(plant)
            codes = {one.code: one.id for one in await people.organisations(root.plant_id)}
            if organisation is not None and organisation not in codes:
                raise Refused(f"no organisation {organisation}; there are: {', '.join(codes)}")
            home = root.plant_id if organisation is None else codes[organisation]
            await signing.must_lack_two(root.plant_id, roles)
            return await people.add_person(root, home, name, list(roles), locale=locale)

    click.echo(run(work()))


@person.command()
@click.argument("name")
@click.option("--plant")
@click.option(
    "--for", "purpose", default="chat", type=click.Choice(["chat", "messenger", "wecom", "enrol", "admin"])
)
@click.pass_obj
def invite(tools: Tools, *, name: str, plant: str | None, purpose: str) -> None:
    """Print a one-time link (phone page, enrolment, admin page) or a messenger invitation for a person."""

    async def work() -> str:
        async with tools.database():
            root = await root_of(plant)
            found = await _named(root, name)
            if purpose == "messenger":
                return f"/start {await people.invite(root, found.id)}"
            if purpose == "wecom":
                return f"{tools.address}/wecom/join#{await people.invite(root, found.id, 'wecom')}"
            if purpose == "enrol":
                await signing.may_renew(root, found)
            token = await people.one_time_link(root, found.id, purpose)
            path = {"chat": "chat", "enrol": "enrol", "admin": "admin/enter"}[purpose]
            return f"{tools.address}/{path}#{token}"

    click.echo(run(work()))


@person.command()
@click.argument("name")
@click.option("--reason", required=True)
@click.option("--plant")
@click.pass_obj
def revoke(tools: Tools, *, name: str, reason: str, plant: str | None) -> None:
    """End a person's access at once."""

    async def work() -> None:
        async with tools.database():
            root = await root_of(plant)
            await people.revoke_person(root, (await _named(root, name)).id, reason)

    run(work())
    click.echo("revoked")


@person.command()
@click.argument("name")
@click.option("--from", "opens", type=DAY, help="First day; today by default.")
@click.option("--to", "closes", type=DAY, required=True, help="Last day, included.")
@click.option("--partner", help="Only what is shared with the organisation of this code.")
@click.option("--case", "cases", multiple=True, help="Only this case; may be given several times.")
@click.option("--since", type=DAY, help="Only cases reported on or after this day.")
@click.option("--until", type=DAY, help="Only cases reported on or before this day.")
@click.option("--reason", required=True)
@click.option("--plant")
@click.pass_obj
def engage(
    tools: Tools,
    *,
    name: str,
    opens: dt.datetime | None,
    closes: dt.datetime,
    partner: str | None,
    cases: tuple[str, ...],
    since: dt.datetime | None,
    until: dt.datetime | None,
    reason: str,
    plant: str | None,
) -> None:
    """Let an auditor in for a time, for a partner, named cases or days of reports; prints the number."""

    async def work() -> int:
        async with tools.database():
            root = await root_of(plant)
            zone = ZoneInfo(root.timezone)
            codes = {one.code: one.id for one in await people.organisations(root.plant_id)}
            if partner is not None and partner not in codes:
                raise Refused(f"no organisation {partner}; there are: {', '.join(codes)}")

            def start(day: dt.datetime) -> dt.datetime:
                return day.replace(tzinfo=zone)

            today = clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
            made = await people.engage(
                root,
                (await _named(root, name)).id,
                opens_at=today if opens is None else start(opens),
                closes_at=start(closes + DAY_LONG),
                reason=reason,
                partner_id=None if partner is None else codes[partner],
                cases=cases,
                reported_since=None if since is None else start(since),
                reported_until=None if until is None else start(until + DAY_LONG),
            )
            return made.id

    click.echo(run(work()))


@person.command()
@click.argument("engagement", type=int)
@click.option("--reason", required=True)
@click.option("--plant")
@click.pass_obj
def disengage(tools: Tools, *, engagement: int, reason: str, plant: str | None) -> None:
    """End an auditor's engagement, by its number, at once."""

    async def work() -> None:
        async with tools.database():
            await people.end_engagement(await root_of(plant), engagement, reason)

    run(work())
    click.echo("ended")


@person.command()
@click.argument("name", required=False)
@click.option("--plant")
@click.option("--grant", type=click.Choice([one.value for one in Role]))
@click.option("--withdraw", type=click.Choice([one.value for one in Role]))
@click.option("--reason", default="")
@click.pass_obj
def roles(
    tools: Tools, *, name: str | None, plant: str | None, grant: str | None, withdraw: str | None, reason: str
) -> None:
    """Show who holds which roles, or change one person's while no two people can."""

    async def work() -> list[PersonFacts]:
        async with tools.database():
            root = await root_of(plant)
            if name is None:
                return await people.everyone(root)
            found = await _named(root, name)
            if grant is not None or withdraw is not None:
                await signing.must_lack_two(root.plant_id)
            if grant is not None:
                found = await people.grant_role(root, found.id, grant, reason=reason)
            if withdraw is not None:
                found = await people.withdraw_role(root, found.id, withdraw, reason=reason)
            return [found]

    for one in run(work()):
        click.echo(
            f"{one.id}\t{one.printed_name}\t{', '.join(sorted(one.roles))}{'' if one.active else ' (revoked)'}"
        )
