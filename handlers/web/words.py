"""Words for the codes that records carry: channels, ways of a notice, reasons of an alert, states of a case."""

from __future__ import annotations

from core.signing.table import TABLE
from handlers.text import Translate, mark
from handlers.tiers import TIERS as TIERS

CHANNELS = {
    "telegram": mark("Telegram"),
    "wecom": mark("WeCom"),
    "browser": mark("phone page"),
    "admin": mark("admin page"),
    "chat": mark("phone page"),
    "code": mark("phone page, waiting for the code"),
    "sign": mark("signing page"),
    "page": mark("signing page"),
    "api": mark("program (API)"),
    "cli": mark("command line"),
    "rule": mark("rule"),
    "job": mark("timer"),
    "system": mark("system"),
}
TOLD_BECAUSE = {
    "start": mark("new case"),
    "unacknowledged": mark("nobody had reacted"),
    "help": mark("help was asked for"),
    "reassigned": mark("handed over"),
    "left": mark("owner left"),
    "regraded": mark("the grade changed"),
    "overdue": mark("a stage was overdue"),
    "given_back": mark("given back"),
    "expired": mark("taken up without progress"),
    "snoozed": mark("put off, then again"),
    "also": mark("has to acknowledge as well"),
    "shift": mark("came on duty"),
}
NOTICE_STATES = {
    "pending": mark("waiting"),
    "sending": mark("being sent"),
    "sent": mark("delivered to the messenger"),
    "delivered": mark("certainly arrived"),
    "failed-temporary": mark("failed, will be tried again"),
    "failed-permanent": mark("could not be delivered"),
    "unknown": mark("perhaps delivered"),
    "superseded": mark("no longer needed"),
}
NOTICES = {
    "anomalies:lower_wanted": mark("Lower grade waits for a signature"),
    "anomalies:more_time": mark("More time waits for a decision"),
    "anomalies:more_time_decided": mark("More time decided"),
    "anomalies:partner_asked": mark("Put to the partner"),
    "anomalies:partner_late": mark("Partner's step overdue"),
    "anomalies:news": mark("News of the case"),
    "signing:voided": mark("Signature stands no more"),
    "capa:action_assigned": mark("Action assigned"),
    "capa:action_moved": mark("Action handed over"),
    "capa:action_left": mark("Action without an owner"),
    "capa:taken_over": mark("CAPA handed over"),
    "capa:all_done": mark("All actions done"),
    "capa:approval_wanted": mark("Plan waits for approval"),
    "capa:ask": mark("Is a CAPA needed?"),
    "capa:closed": mark("Case closed"),
    "capa:closure_wanted": mark("Closure waits for a signature"),
    "capa:judged": mark("Effect judged"),
    "capa:may_waive": mark("CAPA may be waived"),
    "capa:opened": mark("CAPA opened"),
    "capa:reopened": mark("Reopened"),
    "capa:returned": mark("Plan returned"),
    "capa:verify_wanted": mark("Effect waits for a judgement"),
    "escalation:alert": mark("Alert"),
    "escalation:handled": mark("Somebody has taken it"),
    "escalation:help": mark("Help wanted"),
    "escalation:nobody": mark("Nobody on this tier"),
    "escalation:over": mark("Alert is over"),
    "escalation:overdue": mark("Stage overdue"),
    "webhooks:off": mark("Webhook switched off"),
    "signing:locked": mark("Authenticator locked"),
    "signing:suspended": mark("Authenticator suspended"),
    "signing:enrolled": mark("New authenticator"),
    "signing:passkey": mark("Passkey added or ended"),
    "signing:signed": mark("Receipt of a signature"),
    "people:link": mark("Sign-in link made by somebody else"),
    "signing:delegation": mark("Delegation"),
    "signing:on_behalf": mark("Signed on your behalf"),
    "signing:proposal": mark("A second person must sign"),
}
CASE_STATES = {
    "reported": mark("reported, waiting for a reaction"),
    "collecting": mark("facts are being collected"),
    "graded": mark("graded, containment is due"),
    "contained": mark("contained"),
    "investigating": mark("cause and plan in work"),
    "action_planned": mark("plan waits for approval"),
    "implementing": mark("actions in work"),
    "verifying": mark("effect is watched"),
    "verified": mark("effective, waits for closure"),
    "closed": mark("closed"),
    "rejected": mark("judged to be no anomaly"),
    "cancelled": mark("withdrawn"),
}
GRADING_STEPS = {
    "proposed": mark("proposed by the rules"),
    "confirmed": mark("confirmed"),
    "raised": mark("raised"),
    "lower_asked": mark("lower grade asked for"),
    "lowered": mark("lowered"),
}
STAGES = (
    mark("Detection"),
    mark("Data collection"),
    mark("Grading"),
    mark("Corrective action"),
    mark("Effectiveness verification"),
    mark("Closed loop"),
)
FIELD_TYPES = {
    "choice": mark("choice"),
    "text": mark("text"),
    "number": mark("number"),
    "datetime": mark("date and time"),
    "lot": mark("lot number"),
    "partner": mark("partner"),
    "stage": mark("process stage"),
    "photos": mark("photos"),
    "quantity": mark("quantity"),
    "person": mark("person"),
}
ACTS: dict[str, str] = {code: rule.says for code, rule in TABLE.items()}
PROPOSAL_STATES = {
    "waiting": mark("waits for a second person"),
    "done": mark("signed and done"),
    "withdrawn": mark("put aside"),
    "expired": mark("expired"),
}
VIEWED = {
    "access log": mark("Access log"),
    "act of two people asked for": mark("Act of two people: asked for"),
    "act of two people put aside": mark("Act of two people: put aside"),
    "acts of two people": mark("Acts of two people"),
    "calendar change": mark("Calendar: a change"),
    "calendar": mark("Calendar"),
    "case": mark("Case"),
    "cases": mark("Cases"),
    "checkpoint acknowledgement": mark("Checkpoint: acknowledged"),
    "checkpoint comparison": mark("Checkpoint: compared"),
    "duty change": mark("Duty: a change"),
    "duty": mark("Duty"),
    "engagement ending": mark("Audit access: ended"),
    "engagement opening": mark("Audit access: opened"),
    "engagements": mark("Audit access"),
    "evidence": mark("Evidence"),
    "picture": mark("Picture"),
    "export bundle": mark("Export bundle"),
    "export": mark("Export"),
    "bundle": mark("Export bundle"),
    "imports": mark("Imports"),
    "import of a file": mark("Import of a file"),
    "import undone": mark("Import taken back"),
    "label of lot": mark("Label of lot"),
    "recall rehearsal": mark("Recall rehearsal"),
    "ladder change": mark("Ladder: a change"),
    "sensors": mark("Sensors"),
    "sensor": mark("Sensor"),
    "sensor change": mark("Sensor: a change"),
    "keys of programs": mark("Keys of programs"),
    "key of a program changed": mark("Key of a program: a change"),
    "form": mark("Form"),
    "form sent": mark("Form sent"),
    "language": mark("Language"),
    "ledger": mark("Ledger"),
    "levels and delegations": mark("Levels and delegations"),
    "lot": mark("Lot"),
    "lots": mark("Lots"),
    "order": mark("Outsourcing order"),
    "orders": mark("Outsourcing orders"),
    "product": mark("Product"),
    "products": mark("Products"),
    "notification setting": mark("Notification settings: a change"),
    "notification settings": mark("Notification settings"),
    "overview": mark("Overview"),
    "people": mark("People"),
    "places": mark("Places"),
    "person link": mark("Sign-in link for a person"),
    "person revoke": mark("End of a person's access"),
    "policies": mark("Rules"),
    "session ending": mark("Sign-ins: one ended"),
    "sessions": mark("Sign-ins"),
    "template": mark("Template"),
    "templates": mark("Templates"),
    "own tasks": mark("Own tasks"),
    "impact of": mark("Impact of"),
    "own reports": mark("Own reports"),
    "own stages": mark("Own stages of orders"),
    "witness key": mark("Witness: a key"),
    "witness naming": mark("Witness: named"),
    "witness relieving": mark("Witness: relieved"),
    "witnesses": mark("Witnesses"),
}
"""What the access log says was viewed; a number or a name may follow."""
FAMILIES = {
    "act": ACTS,
    "proposal": PROPOSAL_STATES,
    "channel": CHANNELS,
    "because": TOLD_BECAUSE,
    "way": NOTICE_STATES,
    "notice": NOTICES,
    "state": CASE_STATES,
    "step": GRADING_STEPS,
    "field": FIELD_TYPES,
}


def of(family: str, code: str) -> str:
    """The msgid for a code; a code without words stands for itself."""
    return FAMILIES[family].get(code, code)


def viewed(subject: str, translate: Translate) -> str:
    """What was viewed, in words: "case AN-2026-000123" begins with what kind of thing it is."""
    if subject in VIEWED:
        return translate(VIEWED[subject])
    kind = max((one for one in VIEWED if subject.startswith(f"{one} ")), key=len, default="")
    return f"{translate(VIEWED[kind])}{subject.removeprefix(kind)}" if kind else subject
