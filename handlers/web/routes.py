"""The flat table of views: path, what it shows, its right, what the access log says; a test repeats it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from core import people
from core.kit import Actor, Level, Module, NotPermitted, Permission
from core.people import Role
from handlers.web.asking import IMPORTS, WATCHERS, Asked
from handlers.web.pages import (
    acting,
    audits,
    calendar,
    cases,
    chain,
    duty,
    exporting,
    importing,
    keys,
    ladders,
    lots,
    notifying,
    overview,
    persons,
    places,
    records,
    sensing,
    sessions,
    two_people,
    witnessing,
)

Call = Callable[[Asked, dict[str, str]], Awaitable[web.StreamResponse]]
CaseOf = Callable[[Asked], Awaitable[str | None]]
READ = Permission(Module.RECORDS, Level.READ)
PEOPLE = Permission(Module.PEOPLE, Level.READ)
BRINGERS = frozenset(Role) - {Role.AUDITOR}
"""Who may bring some kind of file in; which kinds, the import checks."""
DECIDERS = frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.SITE_HEAD})
ADMINISTER = Permission(Module.PEOPLE, Level.ADMINISTER)
PLANS = Permission(Module.ESCALATION, Level.CONFIGURE)


@dataclass(frozen=True, kw_only=True)
class View:
    """One page."""

    path: str
    call: Call
    subject: str
    needs: Permission = READ
    method: str = "GET"
    case_of: CaseOf | None = None
    """Which case the access log names; None for pages of no single case."""
    only: frozenset[Role] | None = None
    """Roles that may open it besides holding the right; None means any."""
    most: int = 0
    """How large the file of its form may be; 0 for a form without one."""
    logs_itself: bool = False
    """Whether its verb writes the access log, with more than an address tells."""

    def admit(self, actor: Actor) -> None:
        """Let the actor pass.

        Raises:
            NotEngaged: an auditor whose engagement is not open.
        NotPermitted: the right or the role is missing.
        """
        people.must_be_let_in(actor)
        actor.must(self.needs)
        if self.only is not None and not self.only & actor.roles:
            raise NotPermitted


VIEWS: tuple[View, ...] = (
    View(path="/admin", call=overview.overview, subject="overview"),
    View(path="/admin/cases", call=cases.listed, subject="cases"),
    View(path="/admin/cases/{number}", call=cases.case, subject="case {number}", case_of=cases.number_of),
    View(
        path="/admin/evidence/{id:\\d+}/{part:preview|thumb|original}",
        call=cases.evidence_part,
        subject="evidence {id} {part}",
        case_of=cases.case_of_evidence,
    ),
    View(path="/admin/lots", call=lots.listed, subject="lots"),
    View(path="/admin/lots/{number}", call=lots.lot, subject="lot {number}"),
    View(path="/admin/lots/{number}/trace.csv", call=lots.trace_csv, subject="lot {number} as CSV"),
    View(path="/admin/orders", call=chain.listed, subject="orders"),
    View(path="/admin/orders/{number}", call=chain.order, subject="order {number}"),
    View(path="/admin/act/{act}", call=acting.shown, subject="form {act}"),
    View(path="/admin/act/{act}", call=acting.done, subject="form sent {act}", method="POST"),
    View(path="/admin/import", call=importing.shown, subject="imports", only=BRINGERS),
    View(
        path="/admin/import/{template:[a-z]+\\.[a-z]+}",
        call=importing.blank,
        subject="template {template}",
        only=BRINGERS,
    ),
    View(
        path="/admin/import",
        call=importing.bring_in,
        subject="import of a file",
        only=BRINGERS,
        method="POST",
        most=importing.FILE_MAX,
    ),
    View(
        path="/admin/import/undo",
        call=importing.undo,
        subject="import undone",
        needs=IMPORTS,
        method="POST",
    ),
    View(path="/admin/products", call=chain.goods, subject="products"),
    View(path="/admin/products/{code}", call=chain.product, subject="product {code}"),
    View(path="/admin/sensors", call=sensing.listed, subject="sensors"),
    View(path="/admin/sensors/{code}", call=sensing.sensor, subject="sensor {code}"),
    View(path="/admin/sensors/change", call=sensing.change, subject="sensor change", method="POST"),
    View(path="/admin/access", call=records.access, subject="access log", only=WATCHERS),
    View(path="/admin/ledger", call=records.ledger_page, subject="ledger"),
    View(path="/admin/witness", call=witnessing.listed, subject="witnesses"),
    View(
        path="/admin/witness/compare",
        call=witnessing.compare,
        subject="checkpoint comparison",
        method="POST",
    ),
    View(
        path="/admin/witness/acknowledge",
        call=witnessing.acknowledge,
        subject="checkpoint acknowledgement",
        method="POST",
    ),
    View(
        path="/admin/witness/name",
        call=witnessing.name,
        subject="witness naming",
        needs=ADMINISTER,
        method="POST",
    ),
    View(
        path="/admin/witness/end",
        call=witnessing.end,
        subject="witness relieving",
        needs=ADMINISTER,
        method="POST",
    ),
    View(
        path="/admin/witness/key",
        call=witnessing.key,
        subject="witness key",
        needs=ADMINISTER,
        method="POST",
    ),
    View(path="/admin/export", call=exporting.form_page, subject="export", only=WATCHERS),
    View(
        path="/admin/export/bundle",
        call=exporting.bundle,
        subject="export bundle",
        only=WATCHERS,
        method="POST",
        logs_itself=True,
    ),
    View(path="/admin/templates", call=records.templates, subject="templates"),
    View(path="/admin/policies", call=records.policies, subject="policies"),
    View(
        path="/admin/policies/change",
        call=ladders.change,
        subject="ladder change",
        needs=PLANS,
        method="POST",
    ),
    View(path="/admin/duty", call=duty.shown, subject="duty"),
    View(path="/admin/duty/change", call=duty.change, subject="duty change", needs=PLANS, method="POST"),
    View(path="/admin/calendar", call=calendar.shown, subject="calendar"),
    View(
        path="/admin/calendar/change",
        call=calendar.change,
        subject="calendar change",
        needs=PLANS,
        method="POST",
    ),
    View(path="/admin/people", call=persons.listed, subject="people", needs=PEOPLE),
    View(
        path="/admin/people/link", call=persons.link, subject="person link", needs=ADMINISTER, method="POST"
    ),
    View(
        path="/admin/people/revoke",
        call=persons.revoke,
        subject="person revoke",
        needs=ADMINISTER,
        method="POST",
    ),
    View(path="/admin/sessions", call=sessions.listed, subject="sessions"),
    View(path="/admin/sessions/end", call=sessions.end, subject="session ending", method="POST"),
    View(path="/admin/notify", call=notifying.shown, subject="notification settings"),
    View(path="/admin/notify/set", call=notifying.put, subject="notification setting", method="POST"),
    View(path="/admin/audits", call=audits.listed, subject="engagements", needs=PEOPLE),
    View(
        path="/admin/audits/open",
        call=audits.engage,
        subject="engagement opening",
        needs=ADMINISTER,
        method="POST",
    ),
    View(
        path="/admin/audits/end",
        call=audits.end,
        subject="engagement ending",
        needs=ADMINISTER,
        method="POST",
    ),
    View(path="/admin/places", call=places.listed, subject="places", needs=IMPORTS),
    View(path="/admin/keys", call=keys.shown, subject="keys of programs", needs=ADMINISTER),
    View(
        path="/admin/keys/change",
        call=keys.change,
        subject="key of a program changed",
        needs=ADMINISTER,
        method="POST",
    ),
    View(path="/admin/two-people", call=two_people.listed, subject="acts of two people", needs=PEOPLE),
    View(
        path="/admin/two-people/ask",
        call=two_people.ask,
        subject="act of two people asked for",
        needs=ADMINISTER,
        method="POST",
    ),
    View(
        path="/admin/two-people/aside",
        call=two_people.put_aside,
        subject="act of two people put aside",
        needs=PEOPLE,
        method="POST",
        only=DECIDERS,
    ),
    View(path="/admin/signing", call=two_people.signatures, subject="levels and delegations", only=WATCHERS),
    View(path="/admin/language", call=overview.language, subject="language", method="POST"),
)
