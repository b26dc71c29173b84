"""What notices about signing say: locks, delegations, acts of two people, signatures that stand no more."""

from __future__ import annotations

import datetime as dt

from core import anomalies, ledger, signing
from core.kit import Refusal
from handlers import text
from handlers.chat import cards
from handlers.chat.actions import Action
from handlers.chat.cards import Reader
from handlers.chat.renders import TooEarlyError, renders
from handlers.chat.vocabulary import Outgoing
from handlers.text import mark


@renders("signing:locked")
async def _locked(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("🔒 Signing of {name} is locked for {minutes} minutes").format(
            name=facts.get("name", ""), minutes=facts.get("minutes", "")
        ),
        body=_(
            "Wrong codes were entered several times. If it was not {name}, suspend the authenticator at once."
        ).format(name=facts.get("name", "")),
    )


@renders("signing:suspended")
async def _suspended(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("🔒 The authenticator of {name} is suspended").format(name=facts.get("name", "")),
        body=_("Nobody can sign with it. An administrator can send a new enrolment link."),
    )


@renders("signing:passkey")
async def _passkey(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    head = {
        "added": _("🔏 {name} has a new passkey: {passkey}"),
        "ended": _("🔏 A passkey of {name} was ended: {passkey}"),
        "copied": _("🚨 A passkey of {name} may have been copied"),
    }[str(facts["what"])]
    body = {
        "added": _(
            "It signs weighty acts. If {name} did not add it, send /lost at once and tell the quality manager."
        ),
        "ended": _("It signs nothing any more; what it signed stays good."),
        "copied": _(
            "Its counter went backwards, so nothing was signed. Please end it and find out who holds it."
        ),
    }[str(facts["what"])]
    words = {key: str(value) for key, value in facts.items()}
    return Outgoing(head=head.format_map(words), body=body.format_map(words))


@renders("signing:enrolled")
async def _enrolled(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    by = str(facts.get("by") or "") or _("the server's command line")
    return Outgoing(
        head=_("🔐 {name} has a new authenticator").format(name=facts.get("name", "")),
        body=_(
            "{by} vouched for the person and made the link. If you did not expect this, suspend it at once (/lost, or "
            "the administrator) and tell the quality manager."
        ).format(by=by),
    )


@renders("signing:signed")
async def _signed(reader: Reader, facts: dict[str, object]) -> Outgoing:
    receipt = await ledger.receipt(int(str(facts["entry_id"])))
    if receipt is None:  # "signed" is said once nothing can take it back unseen
        raise TooEarlyError
    signature = await signing.signature(reader.actor, int(str(facts["signature_id"])))
    return await cards.signed(reader, signature, receipt)


@renders("signing:delegation")
async def _delegation(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    until = text.moment(dt.datetime.fromisoformat(str(facts["until"])), reader.actor.timezone)
    head = {
        "given": _("✍ {by} lets you sign for them until {time}"),
        "ended": _("✍ {by} has ended the delegation"),
    }[str(facts["what"])]
    return Outgoing(
        head=head.format_map({"by": facts.get("by", ""), "time": until}),
        body=_("/delegations shows what stands and for what."),
    )


@renders("signing:on_behalf")
async def _on_behalf(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("✍ {by} signed for you: {number}").format(
            by=facts.get("by", ""), number=facts.get("number", "")
        ),
        body=_(str(facts.get("title", ""))),
    )


AGAIN: dict[str, str] = {
    "anomalies:grade:confirm": mark(
        "Open the case and read it; the grade as it is now waits for a signature."
    ),
    "anomalies:grade:lower": mark("Open the case and read it; the grade as it is now waits for a signature."),
    "anomalies:containment:complete": mark(
        "Open the case: hold what is affected now, then containment is signed again."
    ),
    "capa:plan:approve": mark("Open the case and read the plan; once it is settled, it is approved again."),
}
"""What to do when a signature of an act was voided."""


@renders("signing:voided")
async def _voided(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    number = str(facts.get("number", ""))
    head = (
        _("✍ Your signature on {number} stands no more")
        if facts.get("own", True)
        else _("✍ The signature that {signer} gave for you on {number} stands no more")
    )
    case = await _case_seen(reader, facts.get("case"))
    then = AGAIN.get(str(facts.get("act", ""))) if case is not None else None
    return Outgoing(
        head=head.format_map({"number": number, "signer": str(facts.get("signer", ""))}),
        body=_(then)
        if then
        else _("The signature stays on the record, struck through. Nothing is asked of you."),
        facts=(
            (_("Content"), _(str(facts.get("title", "")))),
            (_("Changed by"), str(facts.get("by", ""))),
            (_("Reason"), str(facts.get("reason", ""))),
        ),
        buttons=() if case is None else ((reader.button(_("Open the case"), Action.CASE, case.id),),),
    )


async def _case_seen(reader: Reader, number: object) -> anomalies.AnomalyFacts | None:
    """The case of a notice, where there is one that its reader may still see and that has not ended."""
    if not number:
        return None
    try:
        case = await anomalies.get(reader.actor, str(number))
    except Refusal:
        return None
    return None if case.state in anomalies.ENDED else case


@renders("signing:proposal")
async def _proposal(reader: Reader, facts: dict[str, object]) -> Outgoing:
    _ = reader.translate
    return Outgoing(
        head=_("👥 {number}: a second person must sign").format(number=facts.get("number", "")),
        body=_("{by} asks: {title}. Read it, and sign if you agree.").format(
            by=facts.get("by", ""), title=_(str(facts.get("title", "")))
        ),
        buttons=((reader.button(_("Read and sign"), Action.PROPOSAL_SIGN, int(str(facts["proposal_id"]))),),),
    )
