"""Cards: a record as a person sees it in the chat, with the buttons that are theirs to press now."""

from __future__ import annotations

import contextlib
import dataclasses

from core import anomalies, capa, imports, lots, people, signing
from core.anomalies import AnomalyFacts
from core.kit import Level, Module, Refusal
from core.ledger import Receipt
from core.signing import SignatureFacts
from handlers import text
from handlers.chat.actions import Action
from handlers.chat.card_clocks import clock_buttons, clock_lines
from handlers.chat.reader import Reader as Reader
from handlers.chat.vocabulary import Button, Outgoing, Picture
from handlers.reporters import reported_by

GRADE_MARKS = {"A": "🔴", "B": "🟠", "C": "🟡", None: "⚪"}


def grade_line(grade: str | None, _: text.Translate) -> str:
    """A grade with its colour mark and word; never colour alone."""
    names = {"A": _("A Critical"), "B": _("B Major"), "C": _("C Minor")}
    return f"{GRADE_MARKS[grade]} {names[grade] if grade else _('not graded yet')}"


def stage_line(facts: AnomalyFacts, _: text.Translate) -> str:
    """The six stages as a progress line with the present one named."""
    stage = anomalies.stage_of(facts.state)
    done = "●" * stage.position + "○" * (6 - stage.position)
    return f"{done} {stage.position}/6 {_(stage.says)}"


def home(reader: Reader, *, draft: bool, waiting: int) -> Outgoing:
    """The first screen: what this person can do here."""
    _ = reader.translate
    rows: list[tuple[Button, ...]] = []
    if draft:
        rows.append((reader.button(_("▶ Continue where I was"), Action.CONTINUE, 0),))
    if reader.may(Module.ANOMALIES, Level.REPORT):
        rows.append((reader.button(_("📷 Report an anomaly"), Action.REPORT, 0),))
    if reader.may(Module.ANOMALIES, Level.WORK) or reader.may(Module.CAPA, Level.WORK):
        label = _("📋 My tasks ({n})").format(n=waiting) if waiting else _("📋 My tasks")
        row = [reader.button(label, Action.TASKS, 0)]
        if reader.may(Module.ESCALATION, Level.READ):
            row.append(reader.button(_("🗓 Duty"), Action.DUTY, 0))
        rows.append(tuple(row))
    second = (
        [reader.button(_("🔎 Trace a lot"), Action.TRACE, 0)] if reader.may(Module.LOTS, Level.READ) else []
    )
    if reader.may(Module.ANOMALIES, Level.REPORT):
        second.append(reader.button(_("🗂 My reports"), Action.MY_REPORTS, 0))
    rows.append(tuple(second))
    if reader.may(Module.LOTS, Level.REPORT):
        rows.append((reader.button(_("🏭 Stages of orders"), Action.STAGES, 0),))
    files = (
        [reader.button(_("📄 Send a file"), Action.TEMPLATES, 0)]
        if imports.subjects_for(reader.actor)
        else []
    )
    if reader.may(Module.LOTS, Level.READ):
        files.append(reader.button(_("🌡 Sensors"), Action.SENSORS, 0))
    rows.append(tuple(files))
    last = [reader.button("中文 / English", Action.LANGUAGE, 0)]
    if reader.may(Module.SIGNING, Level.WORK):
        last.append(reader.button(_("🔐 Signing code"), Action.ENROL, 0))
    if reader.may(Module.RECORDS, Level.READ):
        last.append(reader.button(_("🖥 Admin page"), Action.ADMIN_DOOR, 0))
    rows += [tuple(last[1:]), (last[0], reader.button(_("🔔 How I am told"), Action.NOTIFY, 0))]
    return Outgoing(
        head=_("Bihuan · closed loop"),
        body=_("Hello {name}. What would you like to do?").format(name=reader.actor.name),
        buttons=tuple(row for row in rows if row),
    )


async def signed(reader: Reader, signature: SignatureFacts, receipt: Receipt) -> Outgoing:
    """A signature as every readable form prints it: name, meaning, instant with zone; then the way to the case.

    The receipt is what the signer can hold the ledger to (/verify), whatever becomes of it later.
    """
    _ = reader.translate
    onward: tuple[tuple[Button, ...], ...] = ()
    if signature.case_number is not None:
        with contextlib.suppress(Refusal):
            case = await anomalies.get(reader.actor, signature.case_number)
            onward = ((reader.button(_("Open the case"), Action.CASE, case.id),),)
    return Outgoing(
        head=_("✔ Signed: {number}").format(number=signature.shown.subject_number),
        facts=(
            (_("Content"), _(signature.shown.title)),
            (_("Name"), signature.printed_name),
            (_("Meaning"), _(signature.meaning_text)),
            (_("Time"), text.exact(signature.signed_at, signature.timezone)),
            (_("Digest"), signature.shown_digest[:16]),
            (_("Ledger entry"), f"{receipt.position} · {receipt.leaf[:16]}"),
            (_("Checkpoint"), f"{receipt.size}:{receipt.root[:16]}"),
        ),
        buttons=onward,
    )


async def case_facts(reader: Reader, facts: AnomalyFacts) -> list[tuple[str, str]]:
    """The lines of a case that everyone who may see it reads."""
    _ = reader.translate
    owner = await people.person(facts.owner_id)
    lines = [
        (_("Stage"), stage_line(facts, _)),
        (
            _("Grade"),
            grade_line(facts.grade, _)
            if facts.grade
            else _("proposed: {grade}").format(grade=grade_line(facts.proposed_grade, _)),
        ),
        (_("Category"), anomalies.category_name(facts.category, reader.actor.locale)),
        (_("Lot"), facts.lot_number or "–"),
        (_("Quantity"), text.quantity(facts.quantity, facts.unit, _)),
        (
            _("Found between"),
            anomalies.interface_name(facts.interface_from, facts.interface_to, reader.actor.locale),
        ),
        (_("Happened"), text.moment(facts.occurred_at, reader.actor.timezone)),
        (_("Responsible"), owner.printed_name),
    ]
    if reader.may(Module.ANOMALIES, Level.WORK):
        lines.append((_("Reported by"), await reported_by(reader.actor, facts, _)))
    if facts.reasons:
        lines.insert(2, (_("Because"), " · ".join(_(one) for one in facts.reasons)))
    if facts.reused_photo_of and reader.may(Module.ANOMALIES, Level.WORK):
        lines.append((_("⚠ Photo used before in"), ", ".join(facts.reused_photo_of)))
    lines += await clock_lines(reader, facts)
    return lines


async def case_card(reader: Reader, facts: AnomalyFacts, *, head: str = "", photos: bool = False) -> Outgoing:
    """A case with its buttons; with ``photos`` the first picture comes along."""
    _ = reader.translate
    pictures: tuple[Picture, ...] = ()
    if photos and facts.evidence_ids:
        pictures = (Picture(source=f"evidence:{facts.evidence_ids[0]}", alt=_("Photo of the anomaly")),)
    return Outgoing(
        head=head or f"{facts.number}",
        body=facts.description,
        facts=tuple(await case_facts(reader, facts)),
        buttons=await case_buttons(reader, facts),
        pictures=pictures,
    )


async def case_buttons(reader: Reader, facts: AnomalyFacts) -> tuple[tuple[Button, ...], ...]:
    """What this reader can do with the case in its present state, the likeliest first."""
    if (
        not reader.may(Module.ANOMALIES, Level.WORK)
        and not reader.may(Module.CAPA, Level.WORK)
        and not reader.may(Module.ANOMALIES, Level.APPROVE)
    ):
        return await _reporter_buttons(reader, facts)
    reader = dataclasses.replace(reader, actor=await signing.with_lent_rights(reader.actor))
    rows = [*_alert_buttons(reader, facts), *await _grading_buttons(reader, facts)]
    if facts.state in (
        "contained",
        "investigating",
        "action_planned",
        "implementing",
        "verifying",
        "verified",
    ):
        rows += await _capa_buttons(reader, facts)
    _ = reader.translate
    if anomalies.may_hand_over(reader.actor, facts) and facts.state != "reported":
        label = _("↪ Hand the case over")
        rows.append((reader.button(label, Action.REASSIGN, facts.id, revision=facts.revision),))
    if facts.lot_id is not None:
        rows.append((reader.button(_("🗺 Impact list"), Action.IMPACT, facts.id),))
    return (*rows, *await clock_buttons(reader, facts))


async def _reporter_buttons(reader: Reader, facts: AnomalyFacts) -> tuple[tuple[Button, ...], ...]:
    _ = reader.translate
    if facts.reporter_id == reader.actor.person_id and facts.state == "reported":
        return (
            (reader.button(_("Withdraw this report"), Action.CANCEL, facts.id, revision=facts.revision),),
        )
    return ()


def _alert_buttons(reader: Reader, facts: AnomalyFacts) -> list[tuple[Button, ...]]:
    _ = reader.translate
    if facts.state == "reported" and reader.may(Module.ANOMALIES, Level.WORK):
        return [
            (reader.button(_("✅ Acknowledge"), Action.ACKNOWLEDGE, facts.id, revision=facts.revision),),
            (
                reader.button(_("↪ Reassign"), Action.REASSIGN, facts.id, revision=facts.revision),
                reader.button(_("🆘 Help"), Action.HELP, facts.id, revision=facts.revision),
            ),
        ]
    return []


async def _grading_buttons(reader: Reader, facts: AnomalyFacts) -> list[tuple[Button, ...]]:
    _ = reader.translate
    rows: list[tuple[Button, ...]] = []
    work = reader.may(Module.ANOMALIES, Level.WORK)
    held = await lots.undecided(facts.number, plant_id=facts.plant_id) if work else 0
    hold = _("⛔ {n} lots held: check again").format(n=held) if held else _("⛔ Hold the affected lots")
    if facts.state == "collecting" and work:
        rows.append(
            (
                reader.button(
                    _("Confirm grade {grade} and sign").format(grade=facts.proposed_grade),
                    Action.GRADE_AS_PROPOSED,
                    facts.id,
                    revision=facts.revision,
                ),
            )
        )
        rows.append(
            (
                reader.button(_("Grade anew"), Action.GRADE, facts.id, revision=facts.revision),
                reader.button(_("Add facts"), Action.SUPPLEMENT, facts.id, revision=facts.revision),
            )
        )
        rows.append(
            (
                reader.button(hold, Action.HOLD, facts.id, revision=facts.revision),
                reader.button(_("No anomaly"), Action.REJECT, facts.id, revision=facts.revision),
            )
        )
    if facts.state == "graded" and work:
        rows.append((reader.button(hold, Action.HOLD, facts.id, revision=facts.revision),))
        rows.append(
            (reader.button(_("Containment done: sign"), Action.CONTAINED, facts.id, revision=facts.revision),)
        )
    rows += await _unsigned_buttons(reader, facts)
    if facts.state in ("graded", "contained") and work and facts.grade != "A":
        rows.append((reader.button(_("Raise the grade"), Action.RAISE, facts.id, revision=facts.revision),))
    if await anomalies.lower_asked(facts.id) and reader.may(Module.ANOMALIES, Level.APPROVE):
        rows.append(
            (
                reader.button(
                    _("Approve the lower grade: sign"),
                    Action.LOWER_APPROVE,
                    facts.id,
                    revision=facts.revision,
                ),
            )
        )
    return rows


async def _unsigned_buttons(reader: Reader, facts: AnomalyFacts) -> list[tuple[Button, ...]]:
    """What was signed, changed since, and waits for a signature again."""
    _ = reader.translate
    if not reader.may(Module.ANOMALIES, Level.WORK):
        return []
    rows: list[tuple[Button, ...]] = []
    if await anomalies.grade_unsigned(facts):
        label = _("Sign grade {grade} as it is now").format(grade=facts.grade)
        rows.append((reader.button(label, Action.GRADE_SIGN, facts.id, revision=facts.revision),))
    if await anomalies.contains_again(facts):
        hold = reader.button(_("⛔ Hold the affected lots"), Action.HOLD, facts.id, revision=facts.revision)
        label = _("Containment as it is now: sign")
        rows.append((hold,))
        rows.append((reader.button(label, Action.CONTAINED, facts.id, revision=facts.revision),))
    return rows


async def _capa_buttons(reader: Reader, facts: AnomalyFacts) -> list[tuple[Button, ...]]:  # noqa: C901  one branch per step
    _ = reader.translate
    found = await capa.of_anomaly(reader.actor, facts.id)
    work, approve = reader.may(Module.CAPA, Level.WORK), reader.may(Module.CAPA, Level.APPROVE)
    rows: list[tuple[Button, ...]] = []
    if found is None:
        if work:
            rows.append(
                (reader.button(_("Open a CAPA"), Action.CAPA_OPEN, facts.id, revision=facts.revision),)
            )
        if facts.grade == "C" and approve:
            rows.append(
                (
                    reader.button(
                        _("Waive the CAPA: sign"), Action.CAPA_WAIVE, facts.id, revision=facts.revision
                    ),
                )
            )
        return rows
    own = found.owner_id == reader.actor.person_id

    def step(label: str, action: Action) -> tuple[Button, ...]:
        return (reader.button(label, action, found.id, revision=found.revision),)

    if found.state == "open" and work:
        rows.append(
            step(_("① Root cause"), Action.CAUSE)
            if not found.has_cause
            else step(_("① Root cause ✓ (change)"), Action.CAUSE)
        )
        rows.append(step(_("② Add an action ({n})").format(n=found.action_count), Action.ACTION_ADD))
        rows.append(
            step(
                _("③ How will we know it works?")
                if not found.has_effect_plan
                else _("③ Effectiveness criterion ✓"),
                Action.EFFECT_PLAN,
            )
        )
        rows.append(step(_("④ Submit the plan"), Action.PLAN_SUBMIT))
    if found.state == "planned" and approve and not own:
        rows.append(step(_("Approve the plan: sign"), Action.PLAN_APPROVE))
        rows.append(step(_("Return the plan"), Action.PLAN_RETURN))
    if approve and not own and await capa.approves_again(found):
        rows.append(step(_("Approve the plan as it is now: sign"), Action.PLAN_APPROVE))
    if found.state == "implementing":
        rows += [
            (reader.button(_("Done: {text}").format(text=one.text[:24]), Action.ACTION_DONE, one.id),)
            for one in await capa.actions(found.id)
            if one.done_at is None and one.owner_id == reader.actor.person_id
        ]
        if await capa.movable_actions(reader.actor, found.id):
            rows.append(step(_("↪ Hand an action over"), Action.ACTION_HAND_OVER))
        if own and found.open_action_count == 0:
            rows.append(step(_("Implementation complete: sign"), Action.IMPLEMENTED))
    if found.state == "verifying" and approve and not own:
        rows.append(step(_("Judge the effectiveness: sign"), Action.EFFECT_RESULT))
    if found.state in ("verified", "waived") and approve and not own:
        if await lots.undecided(facts.number, plant_id=facts.plant_id):
            rows.append((reader.button(_("Decide the held lots"), Action.DISPOSE, facts.id),))
        rows.append(step(_("Close the case: sign"), Action.CAPA_CLOSE))
    return rows
