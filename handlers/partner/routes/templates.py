"""The templates by which anomalies are reported: the same that the chat asks by."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from core import sop
from core.clients import Scope
from handlers.partner.shapes import Asks, Out
from handlers.partner.table import Asked, Route, Said


class Category(Asks):
    """Which template."""

    category: Annotated[str, Field(min_length=1, max_length=4, pattern="^[A-Z]+$")]


class TemplateLine(Out):
    """A category that can be reported, with its present template."""

    category: str
    version: int
    template: int


class Template(Out):
    """A template in full; the keys of its fields are those of a report's answers."""

    category: str
    version: int
    fields: list[dict[str, Any]]


async def listed(asked: Asked) -> Said:
    """The categories that can be reported, with their template's version."""
    plant = asked.actor.plant_id
    found = [await sop.current_template(plant, one.code) for one in await sop.categories(plant)]
    return Said(
        body=[TemplateLine(category=one.category, version=one.version, template=one.id) for one in found]
    )


async def template(asked: Asked) -> Said:
    """One template in full."""
    found = await sop.current_template(asked.actor.plant_id, asked.path.category)
    fields = [one.to_json() for one in found.fields]
    return Said(body=Template(category=found.category, version=found.version, fields=fields))


ROUTES = (
    Route(
        method="GET",
        path="/api/v1/templates",
        scope=Scope.ANOMALIES_WRITE,
        summary="Categories of anomalies that can be reported",
        call=listed,
        subject="templates",
        answer=TemplateLine,
        many=True,
        people=True,
    ),
    Route(
        method="GET",
        path="/api/v1/templates/{category}",
        scope=Scope.ANOMALIES_WRITE,
        summary="One template with its fields",
        call=template,
        subject="template {category}",
        path_model=Category,
        statuses=(422,),
        answer=Template,
        people=True,
    ),
)
