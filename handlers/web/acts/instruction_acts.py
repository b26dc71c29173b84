"""Instructions by forms: the next version of a report's template, and of the rules that propose grades."""

from __future__ import annotations

import json
from dataclasses import replace

from core import anomalies, sop
from core.kit import Level, Malformed, Module, Permission
from core.sop import Field
from handlers.text import mark
from handlers.web.acts.filled import Act, Filled, Input

_SETS = Permission(Module.SOP, Level.CONFIGURE)
_SEVERITY = mark("category; severity from 1 to 5")
_THRESHOLDS = ("a_severity", "a_severity_occurrence", "a_rpn", "b_severity_occurrence", "b_rpn")
_LONGEST = 60_000
_DEEP = 2


async def _template_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    category = filled.text("category")
    known = {one.category: one for one in reversed(await sop.templates(filled.actor.plant_id))}
    choices = tuple(
        (code, f"{code} · {anomalies.category_name(code, filled.actor.locale)}") for code in known
    )
    present = ""
    if category in known:
        listed = [one.to_json() for one in known[category].fields]
        present = json.dumps(listed, ensure_ascii=False, indent=1)
    return [
        Input(name="category", label=_("Category"), kind="choice", choices=choices),
        Input(
            name="fields",
            label=_("Questions (JSON)"),
            kind="lines",
            limit=_LONGEST,
            value=present,
            hint=_("Take the present version, change it, and publish it as the next one."),
        ),
        Input(name="reason", label=_("Reason"), limit=300),
    ]


async def _template(filled: Filled) -> str:
    try:
        listed = json.loads(filled.text("fields"))
        content = tuple(Field.from_json(dict(one)) for one in listed)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as broken:
        raise Malformed(field="fields", why=str(broken)[:120]) from None
    await sop.publish(filled.actor, filled.text("category"), content, reason=filled.text("reason"))
    return "/admin/templates"


async def _rule_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    rules = await anomalies.rules_for(filled.actor.plant_id)
    labels = {
        "a_severity": "A: S ≥",
        "a_severity_occurrence": "A: S×O ≥",
        "a_rpn": "A: S×O×D ≥",
        "b_severity_occurrence": "B: S×O ≥",
        "b_rpn": "B: S×O×D ≥",
    }
    found = [
        Input(name=name, label=labels[name], kind="number", value=str(getattr(rules, name)))
        for name in _THRESHOLDS
    ]
    listed = "\n".join(f"{code}; {severity}" for code, severity in rules.severity_by_category)
    return [
        *found,
        Input(
            name="severities", label=_("Severity by category"), kind="lines", value=listed, hint=_(_SEVERITY)
        ),
        Input(name="reason", label=_("Reason"), limit=300),
    ]


async def _rules(filled: Filled) -> str:
    def number(said: str, where: str) -> int:
        if not (said.isascii() and said.isdecimal() and len(said) <= _DEEP + 1):
            raise Malformed(field=where, why=said[:20])
        return int(said)

    present = await anomalies.rules_for(filled.actor.plant_id)
    rows = filled.lines("severities", filled.translate(_SEVERITY), _DEEP, _DEEP)
    known = {code for code, _severity in present.severity_by_category}
    if {code for code, _said in rows} != known or len(rows) != len(known):
        raise Malformed(field="severities", why=", ".join(sorted(known)))
    await anomalies.set_rules(
        filled.actor,
        replace(
            present,
            severity_by_category=tuple((code, number(said, code)) for code, said in rows),
            **{name: number(filled.text(name), name) for name in _THRESHOLDS},  # type: ignore[arg-type]
        ),
        reason=filled.text("reason"),
    )
    return "/admin/policies"


ACTS = (
    Act(
        name="template-publish",
        title=mark("Publish a template of reports"),
        needs=_SETS,
        inputs=_template_inputs,
        do=_template,
        sure=mark("New reports are asked by it; those made before keep theirs."),
    ),
    Act(
        name="rules-set",
        title=mark("Set the grading rules"),
        needs=_SETS,
        inputs=_rule_inputs,
        do=_rules,
        sure=mark("Grades are proposed by them from now on; those given stay as they are."),
    ),
)
