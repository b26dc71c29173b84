"""What is asked for, what was gathered for it, and what was made."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.anomalies import AnomalyFacts
    from core.anomalies.queries import GradingLine
    from core.capa import ActionFacts, CapaFacts
    from core.escalation import RunFacts
    from core.evidence.models import Evidence
    from core.ledger import Extract, Line, Recorded, Stated
    from core.lots import Genealogy, HoldFacts
    from core.notices import Told
    from core.people import AccessFacts, EngagementFacts, OrganisationFacts, RoleLine
    from core.signing import SignatureFacts
    from core.witness import Vouchers

MOST_CASES = 200
MOST_DAYS = 400
"""How many daily checkpoints a bundle carries at most."""
MOST_LOTS = 10_000
"""How many lots of a case's genealogy a bundle lists, nearest first."""
LOCALES = ("zh_CN", "en")

CASE_TABLES = (
    "anomalies_anomaly",
    "anomalies_extension",
    "anomalies_grading",
    "anomalies_supplement",
    "anomalies_supplier_clock",
    "capa_action",
    "capa_capa",
    "escalation_acknowledgement",
    "escalation_run",
    "escalation_tell",
    "evidence_evidence",
    "evidence_link",
    "lots_hold",
    "signing_assertion",
    "signing_signature",
    "signing_voiding",
)
"""Tables whose rows belong to one case: every change of them is an entry of that case."""

PLANT_TABLES = (
    "people_access_log",
    "people_engagement",
    "people_role",
    "sop_template",
    "witness_acknowledgement",
    "witness_cosignature",
    "witness_key",
    "witness_stamp",
)
"""Tables of the plant whose rows explain the cases: roles, engagements, views, the templates that were filled in,
and who stands for the log from outside."""

LEFT_OUT = {
    "anomalies_clocks": "the clocks of the plant; each due date is in its case",
    "calendars_day": "the calendar of the plant; each due date is in its case",
    "calendars_rule": "the calendar of the plant; each due date is in its case",
    "calendars_shift": "the calendar of the plant; who was told is in the alerts",
    "calendars_warned": "a reminder to administrators belongs to no case",
    "clients_client": "ways in are no business of a reader of cases",
    "clients_sandbox": "what is tried out belongs to no case",
    "clients_secret": "ways in are no business of a reader of cases",
    "clients_token": "ways in are no business of a reader of cases",
    "duty_absence": "absences are no business of a reader of cases; who was told is in the alerts",
    "duty_override": "who was told is in the alerts",
    "duty_rotation": "who was told is in the alerts",
    "duty_swap": "who was told is in the alerts",
    "duty_watch": "who was told is in the alerts",
    "anomalies_rules": "the rule table of the plant; each grading names its version",
    "escalation_policy": "each alert carries its snapshot",
    "ledger_checkpoint": "is in the bundle as a signed note",
    "ledger_entry": "is in the bundle as canonical bytes",
    "ledger_key": "is in the bundle as a line of keys.txt and as the entry of its adoption",
    "ledger_leaf": "is in the bundle as proofs",
    "epcis_capture": "belongs to many cases; a case names its lots",
    "epcis_deed": "belongs to many cases; a case names its lots",
    "epcis_event": "belongs to many cases; a case names its lots",
    "epcis_concern": "belongs to many cases; a case names its lots",
    "epcis_held": "belongs to many cases; a case names its lots",
    "epcis_mention": "belongs to many cases; a case names its lots",
    "epcis_location": "master data of many cases",
    "imports_run": "belongs to the plant's data, not to a case",
    "lots_link_void": "belongs to many cases; the genealogy of a case is in the bundle as it was read",
    "lots_link": "belongs to many cases; the genealogy of a case is in the bundle as it was read",
    "lots_lot": "belongs to many cases; the genealogy of a case is in the bundle as it was read",
    "lots_operation": "belongs to many cases; the genealogy of a case is in the bundle as it was read",
    "lots_rehearsal": "belongs to no case",
    "lots_serial": "belongs to many cases; a case names its lots",
    "lots_shipment": "belongs to many cases; a case names its lots",
    "conditions_chunk": "belongs to many cases; a case names its lot and stages",
    "conditions_reading": "belongs to many cases; a case names its lot and stages",
    "conditions_series": "belongs to many cases; a case names its lot and stages",
    "inspections_characteristic": "belongs to many cases; a case names its lot and stages",
    "inspections_finding": "belongs to many cases; a case names its lot and stages",
    "inspections_report": "belongs to many cases; a case names its lot and stages",
    "inspections_method": "belongs to many cases; a case names its lot and stages",
    "inspections_result": "belongs to many cases; a case names its lot and stages",
    "inspections_sample": "belongs to many cases; a case names its lot and stages",
    "inspections_value": "belongs to many cases; a case names its lot and stages",
    "orders_handover": "belongs to many cases; a case names its stages",
    "orders_leg": "belongs to many cases; a case names its stages",
    "orders_order": "belongs to many cases; a case names its stages",
    "orders_stage": "belongs to many cases; a case names its stages",
    "orders_stage_lot": "belongs to many cases; a case names its stages",
    "people_contact": "how people want to be told is no business of a reader of cases",
    "people_identity": "accounts of people are no business of a reader of cases",
    "people_invite": "ways in are no business of a reader of cases",
    "people_link": "ways in are no business of a reader of cases",
    "people_organisation": "named in the reports",
    "people_person": "named in signatures and reports",
    "people_responsibility": "who was told is in the alerts",
    "people_session": "ways in are no business of a reader of cases",
    "people_site": "named in the reports",
    "products_bom": "master data of many cases",
    "products_bom_line": "master data of many cases",
    "products_factor": "master data of many cases",
    "products_identifier": "master data of many cases",
    "products_parameter": "master data of many cases",
    "products_product": "master data of many cases",
    "sensors_chunk": "belongs to many cases; a case tells its episodes",
    "sensors_episode": "belongs to many cases; a case tells its episodes",
    "sensors_rule": "belongs to many cases; a case tells its episodes",
    "sensors_sensor": "belongs to many cases; a case tells its episodes",
    "sensors_standing": "belongs to many cases; a case tells its episodes",
    "signing_ceremony": "what came of it is the signature; a showing that was put aside may belong to another case",
    "signing_delegation": "each signature names who signed for whom; a delegation covers many cases",
    "signing_factor": "holds a sealed secret",
    "signing_passkey": "each assertion carries the public key that it is verified with",
    "signing_policy": "each signature names the method that proved it",
    "signing_proposal": "changes of people and policies belong to no case",
    "signing_session": "each signature names the session that it was given in",
    "webhooks_subscription": "where programs are told is no business of a reader of cases",
    "witness_witness": "what a witness did is in the bundle; chats and people that may become one belong to no case",
}
"""Regulated tables that no bundle holds, with the reason."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked for: cases by number, or all cases reported from one day to another (both included)."""

    cases: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    locales: tuple[str, ...] = ("zh_CN",)


@dataclass(frozen=True, kw_only=True)
class Granted:
    """An export that was permitted and logged."""

    id: uuid.UUID
    at: dt.datetime
    wanted: Wanted
    cases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """Everything of one case that a reader sees, and its records as the ledger digests them."""

    case: AnomalyFacts
    partner: OrganisationFacts | None
    photos: Sequence[Evidence]
    lines: Sequence[Line]
    gradings: Sequence[GradingLine]
    runs: Sequence[RunFacts]
    told: Sequence[Told]
    capa: CapaFacts | None
    actions: Sequence[ActionFacts]
    holds: Sequence[HoldFacts]
    signatures: Sequence[SignatureFacts]
    records: Sequence[Recorded]
    genealogy: Genealogy | None
    """The case's lot with its relatives; None without a lot, or when the reader may not trace it."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What was read at one instant for a bundle."""

    granted: Granted
    made_by: str
    timezone: str
    plant: OrganisationFacts
    organisations: Sequence[OrganisationFacts]
    names: dict[int, str]
    programs: dict[str, str]
    """What programs are called, by the ids that cases and the ledger name them by."""
    files: Sequence[CaseFile]
    records: Sequence[Recorded]
    roles: Sequence[RoleLine]
    engagements: Sequence[EngagementFacts]
    views: Sequence[AccessFacts]
    extracts: Sequence[Extract]
    checkpoints: Sequence[Stated]
    vouchers: Vouchers

    @property
    def checkpoint(self) -> Stated:
        """The checkpoint that everything is proven under."""
        return self.checkpoints[-1]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished bundle: how many files and bytes, of which cases, under which checkpoint."""

    cases: tuple[str, ...]
    files: int
    size: int
    log_size: int
    root: str
    name: str = field(default="")
