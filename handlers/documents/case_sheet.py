"""One case as a document: what was found, who reacted, what was done, who signed, when what happened. Pure."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from core import anomalies, signing
from core.anomalies import Stage
from core.anomalies.terms import Proposal
from core.capa import ActionKind, CapaState, CauseCategory, EffectKind, EffectResult
from core.exchange import CaseFile, Gathered
from core.signing import SignatureFacts
from core.sop import DETECTIONS
from handlers import text
from handlers.charts import genealogy
from handlers.documents import blocks
from handlers.documents.blocks import Block, Pair
from handlers.reporters import PROGRAM
from handlers.web import words

if TYPE_CHECKING:
    from core.evidence.models import Evidence

_CAPA_WORDS = {
    one.value: one.says
    for family in (CapaState, CauseCategory, ActionKind, EffectKind, EffectResult)
    for one in family
}
GENEALOGY = "genealogy.svg"
"""What the drawing is called that the sheet shows."""
_DETAIL = 600
_DIGEST = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{28,}\b")
_TECHNICAL = {
    "shown_digest",
    "factor",
    "time_step",
    "renderer",
    "chat",
    "meaning_text",
    "put_aside",
    "locale",
}
"""Facts of entries that only a program reads; they are in the JSON."""
_TONES = {"A": "bad", "B": "warn", "C": "plain"}


class CaseSheet:
    """Everything a sheet needs to know of its reader: language, clock, names."""

    def __init__(self, gathered: Gathered, file: CaseFile, locale: str, pictures: Mapping[int, str]) -> None:
        """Take the facts; ``pictures`` are file names by evidence id."""
        self.gathered, self.file, self.case, self.locale = gathered, file, file.case, locale
        self.pictures = pictures
        self.translate = text.translator(locale)

    def name(self, person_id: int | None) -> str:
        """A person's printed name."""
        return (
            "–" if person_id is None or person_id < 1 else self.gathered.names.get(person_id, f"#{person_id}")
        )

    def _reporter(self) -> str:
        if client := self.case.reporter_client:
            name = self.gathered.programs.get(client, "–")
            return self.translate(PROGRAM).format(name=name, client=client)
        return self.name(self.case.reporter_id)

    def word(self, family: str, code: str | None) -> str:
        """A code's word in the reader's language."""
        return "–" if code is None else self.translate(words.of(family, code))

    def at(self, value: dt.datetime | None) -> str:
        """An instant with its zone; a dash for none."""
        return "–" if value is None else text.exact(value, self.gathered.timezone)

    @property
    def category(self) -> str:
        """What kind of anomaly it is, with its sub-code."""
        return " · ".join(
            filter(None, (anomalies.category_name(self.case.category, self.locale), self.case.subcode))
        )

    def short(self, value: dt.datetime | None) -> str:
        """An instant with its offset, for narrow columns."""
        return "–" if value is None else text.offset(value, self.gathered.timezone)

    def chips(self) -> list[Block]:
        """Grade, state and cycle."""
        _ = self.translate
        case, made = self.case, []
        if case.grade is not None:
            made.append(
                blocks.chip(_("Grade {grade}").format(grade=case.grade), _TONES.get(case.grade, "plain"))
            )
        tone = "good" if case.state == "closed" else "plain"
        made.append(blocks.chip(self.word("state", case.state), tone))
        if case.cycle > 1:
            made.append(blocks.chip(_("cycle {n}").format(n=case.cycle), "warn"))
        return made

    def stages(self) -> list[Block]:
        """The six stages and where the case stands."""
        stage, closed = anomalies.stage_of(self.case.state), self.case.state == "closed"
        return [
            {
                "text": self.translate(one.says),
                "done": closed or one.position < stage.position,
                "now": not closed and one is stage,
            }
            for one in Stage
        ]

    def blocks(self) -> list[Block]:
        """The whole body."""
        return [
            *self._found(),
            *self._graded(),
            *self._alerted(),
            *self._corrected(),
            *self._held(),
            *self._traced(),
            *self._signed(),
            *self._timeline(),
        ]

    def _found(self) -> list[Block]:
        _ = self.translate
        case = self.case
        interface = anomalies.interface_name(case.interface_from, case.interface_to, self.locale)
        rows: list[Pair | None] = [
            (_("Category"), self.category),
            (_("Lot"), case.lot_number or "–"),
            (_("Quantity"), text.quantity(case.quantity, case.unit, _)),
            (_("Found between"), interface),
            (_("Detected by"), self._detection()),
            (_("Where"), case.place),
            None if self.file.partner is None else (_("Partner"), self.file.partner.name(self.locale)),
            (_("Happened"), self.at(case.occurred_at)),
            (
                _("Reported at"),
                f"{self.at(case.reported_at)} · {self._reporter()} · {self.word('channel', case.channel)}",
            ),
            (_("Responsible"), self.name(case.owner_id)),
            None if case.closed_at is None else (_("Closed at"), self.at(case.closed_at)),
            (_("Revision"), str(case.revision)),
        ]
        made = [blocks.section(_("What was found")), blocks.text(case.description), blocks.facts(rows)]
        if case.reused_photo_of:
            cases = ", ".join(case.reused_photo_of)
            made.append(blocks.soft(_("A photo was used before in: {cases}").format(cases=cases)))
        made.append(blocks.section(_("Evidence")))
        if not self.file.photos:
            return [*made, blocks.soft(_("No photo or file was sent."))]
        items = [self._photo(number, one) for number, one in enumerate(self.file.photos, 1)]
        return [*made, {"kind": "photos", "items": items}]

    def _photo(self, number: int, one: Evidence) -> Block:
        _ = self.translate
        received = text.moment(one.received_at, self.gathered.timezone)
        return {
            "file": self.pictures.get(one.id),
            "alt": _("Photo {n}, received {time}").format(n=number, time=received)
            if one.id in self.pictures
            else f"{one.original_name or _('File {n}').format(n=number)} ({one.kind})",
            "captions": [
                f"{number} · {received} · {self.name(one.person_id)}",
                f"SHA-256 {one.sha256[:24]}…",
            ],
        }

    def _detection(self) -> str:
        found = next((one for one in DETECTIONS if one.value == self.case.detection), None)
        return (
            self.case.detection
            if found is None
            else found.label["zh" if self.locale.startswith("zh") else "en"]
        )

    def _graded(self) -> list[Block]:
        _ = self.translate
        rows = [
            (
                f"{one.proposal.grade.value}",
                _product(one.proposal),
                self.word("step", one.step),
                "–" if one.by_id is None else self.name(one.by_id),
                self.short(one.at),
                one.reason or "–",
            )
            for one in self.file.gradings
        ]
        head = (_("Grade"), "S × O × D", _("Step"), _("By"), _("When"), _("Reason"))
        made = [blocks.section(_("Grading")), blocks.table(head, (6, 15, 15, 10, 26, 28), rows)]
        if self.case.reasons:
            reasons = "; ".join(_(one) for one in self.case.reasons)
            made.append(blocks.soft(f"{_('Why this grade was proposed:')} {reasons}"))
        return made

    def _alerted(self) -> list[Block]:
        _ = self.translate
        made = [blocks.section(_("Alerts and who reacted"))]
        if not self.file.runs:
            return [*made, blocks.soft(_("Nobody was alerted."))]
        notices = {one.id: one for one in self.file.told}
        for run in self.file.runs:
            rows = []
            for tell in run.tells:
                notice = notices.get(tell.notice_id)
                way = (
                    "–"
                    if notice is None
                    else f"{self.word('channel', notice.channel)} · {self.word('way', notice.state)}"
                )
                rows.append(
                    (
                        str(tell.tier),
                        self.name(tell.person_id),
                        self.word("because", tell.why),
                        self.short(tell.at),
                        way,
                    )
                )
            head = (_("Tier"), _("Person"), _("Because"), _("When"), _("How"))
            made.append(blocks.table(head, (6, 14, 22, 26, 32), rows))
            if run.acknowledged_at is None:
                made.append(blocks.soft(_("not acknowledged")))
            else:
                waited = text.duration(run.acknowledged_at - run.started_at, _)
                said = _("acknowledged by {name} at {time}").format(
                    name=self.name(run.acknowledged_by), time=self.at(run.acknowledged_at)
                )
                made.append(blocks.text(f"✓ {said} · {_('reacted after {time}').format(time=waited)}"))
            ladder = _("Ladder version {version}, grade {grade}").format(
                version=run.policy.version, grade=run.grade
            )
            made.append(blocks.soft(f"{ladder} · {_('as it was when the alert began')}"))
        vouched = _(
            "The ledger vouches for whom an alert was left for and when; how it was delivered is the messenger's word."
        )
        return [*made, blocks.soft(vouched)]

    def _corrected(self) -> list[Block]:
        _ = self.translate
        capa = self.file.capa
        if capa is None:
            return []
        rows: list[Pair | None] = [
            (_("State"), _(_CAPA_WORDS[capa.state])),
            (_("Responsible"), self.name(capa.owner_id)),
            None if capa.waiver_reason is None else (_("Waived because"), capa.waiver_reason),
            (_("Why it happened"), self._cause(capa.occurrence_category, capa.occurrence)),
            (_("Why it was not caught"), self._cause(capa.escape_category, capa.escape)),
            (_("Criterion"), capa.effect_criterion or "–"),
            (
                _("Outcome"),
                " · ".join(filter(None, (_(_CAPA_WORDS[capa.effect_result]), capa.effect_note)))
                if capa.effect_result
                else "–",
            ),
        ]
        made = [blocks.section(f"CAPA {capa.number}"), blocks.facts(rows)]
        if self.file.actions:
            head = (_("Actions"), _("Responsible"), _("Due"), _("Done"))
            lines = [
                (
                    f"{_(_CAPA_WORDS[one.kind])} · {_('cycle {n}').format(n=one.cycle)}: {one.text}",
                    self.name(one.owner_id),
                    one.due.isoformat(),
                    _("open")
                    if one.done_at is None
                    else f"{self.short(one.done_at)} · {self.name(one.done_by)}: {one.done_note or ''}",
                )
                for one in self.file.actions
            ]
            made.append(blocks.table(head, (40, 11, 13, 36), lines))
        return made

    def _cause(self, category: str | None, words_of_it: str | None) -> str:
        return (
            "–"
            if not words_of_it
            else f"{self.translate(_CAPA_WORDS[category or 'management'])}: {words_of_it}"
        )

    def _held(self) -> list[Block]:
        _ = self.translate
        if not self.file.holds:
            return []
        rows = [
            (
                one.lot_number,
                f"{self.short(one.placed_at)} · {self.name(one.placed_by)}",
                _("undecided") if one.decision is None else _(one.decision.says),
                "–"
                if one.decided_at is None
                else f"{self.short(one.decided_at)} · {self.name(one.decided_by)}: {one.decision_reason}",
            )
            for one in self.file.holds
        ]
        head = (_("Lot"), _("Held"), _("Decision"), _("Decided"))
        return [blocks.section(_("Holds")), blocks.table(head, (14, 30, 14, 42), rows)]

    def _traced(self) -> list[Block]:
        _ = self.translate
        if self.file.genealogy is None:
            return []
        chart = genealogy.chart(self.file.genealogy, self.locale, most=genealogy.PICTURE_LOTS)
        told = _("As the database had it at the export; all lots and quantities are in genealogy.json.")
        return [
            blocks.section(_("Genealogy")),
            {
                "kind": "drawing",
                "file": GENEALOGY,
                "alt": f"{chart.title}\n{chart.description}",
                "ratio": chart.height / chart.width,
            },
            blocks.soft(told),
        ]

    def _signed(self) -> list[Block]:
        _ = self.translate
        made = [blocks.section(f"{_('Signatures')} ({len(self.file.signatures)})")]
        if not self.file.signatures:
            return [*made, blocks.soft(_("Nothing is signed yet."))]
        return [*made, *(self._signature(one) for one in self.file.signatures)]

    def _signature(self, one: SignatureFacts) -> Block:
        _ = self.translate
        revision = _("revision {n}").format(n=one.shown.revision)
        above = {_("Meaning of the signature"), _("Signer"), _("Signed at"), _("Void since")}
        voided = None
        if one.voided_at is not None:
            voided = f"{_('voided')} {text.exact(one.voided_at, one.timezone)}: {one.voided_reason}"
        return {
            "kind": "signature",
            "name": one.printed_name,
            "meaning": _(one.meaning_text),
            "at": text.exact(one.signed_at, one.timezone),
            "what": f"{_(one.shown.title)} · {one.shown.subject_number} · {revision}",
            "lines": [list(pair) for pair in signing.render(one, _)[2:] if pair[0] not in above],
            "voided": voided,
            "digest_label": _("Digest"),
            "digest": one.shown_digest,
            "word_label": _("check word"),
            "word": one.check_word,
            "number": one.ceremony_number,
        }

    def _timeline(self) -> list[Block]:
        _ = self.translate
        rows = []
        for line in self.file.lines:
            details = [f"{_('Reason')}: {line.reason}"] if line.reason else []
            if line.before:
                details.append(f"{_('before')} {_said(line.before)}")
            details.append(_said(line.facts))
            rows.append(
                (
                    "–" if line.position is None else str(line.position),
                    self.short(line.at),
                    f"{line.actor_name} · {self.word('channel', line.channel)}",
                    " — ".join((_(line.kind.says), *filter(None, details))),
                )
            )
        head = (_("Position"), _("When"), _("Who"), _("What"))
        return [blocks.section(f"{_('Timeline')} ({len(rows)})"), blocks.table(head, (8, 26, 15, 51), rows)]


def _product(proposal: Proposal) -> str:
    s, o, d = proposal.s, proposal.o, proposal.d
    return f"{s} × {o} × {d} = {s * o * d}"


def _said(facts: Mapping[str, object]) -> str:
    """Facts of an entry in one line; what is long is in the JSON."""
    told = {key: value for key, value in facts.items() if key not in _TECHNICAL}
    said = json.dumps(told, ensure_ascii=False, sort_keys=True)[1:-1].replace('"', "")
    said = _DIGEST.sub(r"\1…", said)
    return said if len(said) <= _DETAIL else f"{said[:_DETAIL]}…"
