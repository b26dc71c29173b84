"""Sites and responsibilities by forms: who answers for what, from tier 1 to tier 4."""

from __future__ import annotations

from core import people, sop
from core.kit import Level, Malformed, Module, Permission
from handlers.text import mark
from handlers.tiers import TIERS
from handlers.web.acts.filled import Act, Filled, Input

_ADMINISTER = Permission(Module.PEOPLE, Level.ADMINISTER)
PAGE = "/admin/people"


async def _houses(filled: Filled) -> tuple[tuple[str, str], ...]:
    found = await people.organisations_for(filled.actor)
    return tuple((str(one.id), one.name(filled.actor.locale)) for one in found if one.active)


async def _site_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    houses = await _houses(filled)
    return [
        Input(name="organisation", label=_("Organisation"), kind="choice", choices=houses),
        Input(name="code", label=_("Code"), limit=24),
        Input(name="name_zh", label=_("Chinese name")),
        Input(name="name_en", label=_("English name")),
    ]


async def _site(filled: Filled) -> str:
    await people.add_site(
        filled.actor,
        filled.key("organisation") or 0,
        filled.text("code"),
        filled.text("name_zh"),
        filled.text("name_en"),
    )
    return PAGE


async def _set_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    persons = [one for one in await people.everyone(filled.actor) if one.active]
    partners = [one for one in await _houses(filled) if one[0] != str(filled.actor.plant_id)]
    tiers = tuple((str(tier), f"{tier} · {_(says)}") for tier, says in TIERS.items())
    codes = await sop.categories(filled.actor.plant_id)
    return [
        Input(
            name="person",
            label=_("Person"),
            kind="choice",
            choices=tuple((str(one.id), one.printed_name) for one in persons),
        ),
        Input(name="tier", label=_("Tier"), kind="choice", choices=tiers),
        Input(
            name="category",
            label=_("Category"),
            kind="choice",
            required=False,
            choices=tuple((one.code, one.code) for one in codes),
            hint=_("Empty: every one."),
        ),
        Input(
            name="partner",
            label=_("Partner"),
            kind="choice",
            required=False,
            choices=tuple(partners),
            hint=_("Empty: every one."),
        ),
    ]


async def _set(filled: Filled) -> str:
    tier = filled.key("tier")
    if tier is None:
        raise Malformed(field="tier", why=filled.text("tier")[:20])
    await people.set_responsible(
        filled.actor,
        filled.key("person") or 0,
        tier=tier,
        category=filled.text("category") or None,
        partner_id=filled.key("partner"),
    )
    return PAGE


async def _end_inputs(filled: Filled) -> list[Input]:
    _ = filled.translate
    names = {one.id: one.printed_name for one in await people.everyone(filled.actor)}
    houses = dict(await _houses(filled))
    lines = tuple(
        (
            str(one.id),
            " · ".join(
                [
                    names.get(one.person_id, "–"),
                    _(TIERS[one.tier]),
                    *([one.category] if one.category else []),
                    *([houses.get(str(one.partner_id), "–")] if one.partner_id else []),
                ]
            ),
        )
        for one in await people.matrix(filled.actor)
    )
    return [
        Input(name="line", label=_("Who answers for what"), kind="choice", choices=lines),
        Input(name="reason", label=_("Reason"), limit=300),
    ]


async def _end(filled: Filled) -> str:
    await people.end_responsibility(filled.actor, filled.key("line") or 0, filled.text("reason"))
    return PAGE


ACTS = (
    Act(name="site-add", title=mark("Add a site"), needs=_ADMINISTER, inputs=_site_inputs, do=_site),
    Act(
        name="responsible-set",
        title=mark("Make somebody responsible"),
        needs=_ADMINISTER,
        inputs=_set_inputs,
        do=_set,
    ),
    Act(
        name="responsible-end",
        title=mark("End a responsibility"),
        needs=_ADMINISTER,
        inputs=_end_inputs,
        do=_end,
        sure=mark("From now on others are told of what this line covered."),
    ),
)
