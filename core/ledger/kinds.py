"""The closed list of what can be recorded: ``room:subject:verb``. Sentences are made when reading."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """A kind of ledger entry; the member's text is the English sentence that a timeline shows."""

    says: str

    def __new__(cls, value: str, says: str = "") -> Self:
        """Make a member of its code and its sentence."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member

    ANOMALY_REPORT = "anomalies:anomaly:report", "Anomaly reported"
    ANOMALY_SUPPLEMENT = "anomalies:anomaly:supplement", "Facts added or corrected"
    ANOMALY_ACKNOWLEDGE = "anomalies:anomaly:acknowledge", "Acknowledged by the responsible person"
    ANOMALY_REASSIGN = "anomalies:anomaly:reassign", "Reassigned to another person"
    ANOMALY_REJECT = "anomalies:anomaly:reject", "Report rejected as no anomaly"
    ANOMALY_CANCEL = "anomalies:anomaly:cancel", "Report withdrawn by the reporter"
    ANOMALY_HELP = "anomalies:anomaly:help", "Help asked for"
    ANOMALY_STAGE = "anomalies:anomaly:stage", "Moved to the next stage"
    ANOMALY_CLOSE = "anomalies:anomaly:close", "Case closed"
    ANOMALY_REOPEN = "anomalies:anomaly:reopen", "Case reopened"
    ANOMALY_OVERDUE = "anomalies:anomaly:overdue", "Stage overdue: told to those responsible"
    GRADE_PROPOSE = "anomalies:grade:propose", "Grade proposed by the rule table"
    GRADE_CONFIRM = "anomalies:grade:confirm", "Grade confirmed"
    GRADE_RAISE = "anomalies:grade:raise", "Grade raised"
    GRADE_LOWER_ASK = "anomalies:grade:lower_ask", "Lower grade asked for, waiting for a second person"
    GRADE_LOWER = "anomalies:grade:lower", "Lower grade approved by a second person"
    CONTAINMENT_COMPLETE = "anomalies:containment:complete", "Containment confirmed"
    CAPA_OPEN = "capa:capa:open", "CAPA opened"
    CAPA_REGRADE = "capa:capa:regrade", "CAPA follows the changed grade"
    CAPA_WAIVE = "capa:capa:waive", "CAPA waived with a reason"
    CAPA_ROOT_CAUSE = "capa:cause:record", "Root cause recorded (occurrence and escape)"
    CAPA_ACTION_ADD = "capa:action:add", "Action planned"
    CAPA_ACTION_DONE = "capa:action:done", "Action carried out, evidence attached"
    CAPA_EFFECT_PLAN = "capa:effectiveness:plan", "Effectiveness criterion fixed"
    CAPA_PLAN_SUBMIT = "capa:plan:submit", "Plan submitted for approval"
    CAPA_PLAN_APPROVE = "capa:plan:approve", "Plan approved"
    CAPA_PLAN_RETURN = "capa:plan:return", "Plan returned for rework"
    CAPA_IMPLEMENTED = "capa:implementation:confirm", "Implementation confirmed"
    CAPA_EFFECT_RESULT = "capa:effectiveness:result", "Effectiveness judged"
    CAPA_CLOSE = "capa:capa:close", "CAPA closed"
    LOT_IMPORT = "lots:lot:import", "Lots recorded"
    LOT_MAKE = "lots:lot:make", "Lot recorded"
    LOT_LINK = "lots:link:record", "Genealogy link recorded"
    LOT_MOVE = "lots:lot:move", "Lot moved"
    LOT_HOLD = "lots:hold:place", "Lot put on hold"
    LOT_DISPOSE = "lots:hold:decide", "Hold decided"
    PRODUCT_RECORD = "products:product:record", "Product recorded"
    TEMPLATE_PUBLISH = "sop:template:publish", "SOP template published"
    EVIDENCE_KEEP = "evidence:evidence:keep", "Evidence kept"
    SIGN_CEREMONY = "signing:ceremony:show", "Content shown for signature"
    SIGN_APPLY = "signing:signature:apply", "Signed"
    SIGN_REFUSE = "signing:ceremony:refuse", "Signature attempt refused"
    SIGN_LOCK = "signing:factor:lock", "Signing locked after wrong codes"
    SIGN_VOID = "signing:signature:void", "Signature voided because the signed content changed"
    SIGN_OFFER = "signing:factor:offer", "Authenticator offered after proof of identity"
    SIGN_ENROL = "signing:factor:enrol", "Authenticator enrolled"
    SIGN_SUSPEND = "signing:factor:suspend", "Authenticator suspended"
    ORGANISATION_ADD = "people:organisation:add", "Organisation recorded"
    SITE_ADD = "people:site:add", "Site recorded"
    PERSON_ADD = "people:person:add", "Person recorded"
    PERSON_REVOKE = "people:person:revoke", "Person's access revoked"
    ROLE_GRANT = "people:role:grant", "Role granted"
    ROLE_WITHDRAW = "people:role:withdraw", "Role withdrawn"
    PERSON_INVITE = "people:person:invite", "Invitation made"
    PERSON_LOCALE = "people:person:locale", "Language chosen"
    LINK_MAKE = "people:link:make", "One-time link made"
    LINK_OPEN = "people:link:open", "One-time link opened"
    ACCESS_VIEW = "records:access:view", "Record viewed"
    IDENTITY_BIND = "people:identity:bind", "Chat account bound to the person"
    RESPONSIBILITY_SET = "people:responsibility:set", "Responsibility assigned"
    RESPONSIBILITY_END = "people:responsibility:end", "Responsibility ended"
    POLICY_SET = "escalation:policy:set", "Escalation policy set"
    ESCALATION_START = "escalation:run:start", "Alert started"
    ESCALATION_TELL = "escalation:run:tell", "Alert sent to a tier"
    ESCALATION_ACK = "escalation:run:acknowledge", "Alert acknowledged"
    ESCALATION_REGRADE = "escalation:run:regrade", "Alert goes on by the ladder of the raised grade"
    ESCALATION_END = "escalation:run:end", "Alert ended"
    GRADE_RULES_SET = "anomalies:rules:set", "Grading rules set"
    DEMO_LOAD = "people:demo:load", "Demo plant loaded"
