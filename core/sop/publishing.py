"""Publishing templates, and reading the one in force."""

from __future__ import annotations

import datetime as dt

from core import ledger, people
from core.kit import Actor, Level, Module, NotFound, clock, current, verb
from core.kit.numbering import in_line
from core.ledger import Kind
from core.sop import policy
from core.sop.builtin import BUILTIN
from core.sop.errors import UnknownCategory
from core.sop.models import Template
from core.sop.terms import CATEGORIES, CATEGORY_CODES, Category, Field, FieldType, TemplateFacts


@verb(Module.SOP, Level.CONFIGURE, Kind.TEMPLATE_PUBLISH)
async def publish(
    actor: Actor,
    category: str,
    content: tuple[Field, ...],
    *,
    effective_from: dt.datetime | None = None,
    reason: str | None = None,
) -> TemplateFacts:
    """Publish the next version of a category's template; records made before keep theirs.

    Raises:
        UnknownCategory, TemplateBroken: why not.
    """
    if category not in CATEGORY_CODES:
        raise UnknownCategory(code=category[:10])
    policy.publishable(content)
    await in_line(actor.plant_id, f"template-{category}")
    newest = await Template.filter(plant_id=actor.plant_id, category=category).order_by("-version").first()
    row = await Template.create(
        plant_id=actor.plant_id,
        category=category,
        version=1 if newest is None else newest.version + 1,
        content=[one.to_json() for one in content],
        effective_from=effective_from or current().now,
        published_by=actor.person_id,
    )
    await ledger.append(
        Kind.TEMPLATE_PUBLISH,
        actor,
        rows=[row],
        reason=reason,
        facts={"category": category, "version": row.version, "effective_from": row.effective_from},
    )
    return row.facts()


async def publish_builtin(actor: Actor) -> int:
    """Publish the built-in templates for categories that have none yet; answers how many."""
    published = 0
    for category, content in BUILTIN.items():
        if not await Template.exists(plant_id=actor.plant_id, category=category):
            await publish(actor, category, content)
            published += 1
    return published


async def current_template(plant_id: int, category: str) -> TemplateFacts:
    """The version in force of a category's template.

    Raises:
        UnknownCategory: there is none.
    """
    row = (
        await Template.filter(plant_id=plant_id, category=category, effective_from__lte=clock.now())
        .order_by("-version")
        .first()
    )
    if row is None:
        raise UnknownCategory(code=category[:10])
    return row.facts()


async def template(template_id: int) -> TemplateFacts:
    """A template by id, whatever its version.

    Raises:
        NotFound: there is none.
    """
    row = await Template.get_or_none(id=template_id)
    if row is None:
        raise NotFound(what=f"#{template_id}")
    return row.facts()


async def templates(plant_id: int) -> list[TemplateFacts]:
    """Every version of every template of a plant, newest first within a category."""
    rows = await Template.filter(plant_id=plant_id).order_by("category", "-version")
    return [row.facts() for row in rows]


async def categories(plant_id: int) -> list[Category]:
    """The categories that can be reported now, in the order people know."""
    known: set[object] = set(
        await Template.filter(plant_id=plant_id, effective_from__lte=clock.now()).values_list(
            "category", flat=True
        )
    )
    return [one for one in CATEGORIES if one.code in known]


async def choices_of(actor: Actor, field: Field, locale: str) -> list[tuple[str, str]]:
    """The options of a field as (value, label) in a reader's language.

    Partners come from the plant's list; a partner's own people see only their own organisation there.
    """
    if field.type == FieldType.PARTNER:
        scope = people.scope(actor)
        return [
            (one.code, one.name(locale))
            for one in await people.organisations(actor.plant_id)
            if one.active and one.id != actor.plant_id and scope.partner_id in (None, one.id)
        ]
    language = "zh" if locale.startswith("zh") else "en"
    return [(one.value, one.label[language]) for one in field.options]
