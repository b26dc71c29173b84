"""An outsourcing order as a picture: its stages from top to bottom, who carries them out, planned and in fact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from core.orders import Flow, OrderFacts, StageFacts, StageKind, StageState
from core.sop import STAGES
from handlers import text
from handlers.charts import lettering
from handlers.charts.spec import MARGIN, TEXT, WIDTH, Box, ChartSpec, Disc, Path, Shape, Words

_ROW = 92
_HEAD = 58
_X = MARGIN + 12
_LEFT = MARGIN + 34
_INK, _QUIET, _RULE, _CARD = "#1b2530", "#4a5763", "#c9d1d9", "#f6f8fa"
_MARKS = {
    StageState.DONE: "#1b6b36",
    StageState.RUNNING: "#144e8c",
    StageState.PLANNED: "#8a96a3",
    StageState.SKIPPED: "#8a96a3",
}
_LATE = "#a4262c"


def name_of(stage: StageFacts, locale: str) -> str:
    """What a stage is called: a process by its name in the list of stages, the others by their kind."""
    if stage.kind is StageKind.PROCESS:
        for one in STAGES:
            if one.value == stage.process:
                return one.label["zh" if locale.startswith("zh") else "en"]
    return text.translator(locale)(stage.kind.says)


def state_line(stage: StageFacts, now: dt.datetime, zone: str, locale: str) -> str:
    """State and times of a stage as a sentence."""
    _ = text.translator(locale)
    parts = [_(stage.state.says)]
    if stage.ended_at is not None:
        parts.append(text.moment(stage.ended_at, zone))
    elif stage.started_at is not None:
        parts.append(_("from {time} on").format(time=text.moment(stage.started_at, zone)))
    elif stage.planned_start is not None:
        parts.append(_("planned for {time}").format(time=text.moment(stage.planned_start, zone)))
    if stage.late(now):
        parts.append(_("late"))
    return " · ".join(parts)


def lots_line(stage: StageFacts, locale: str) -> str:
    """Which lots went in and came out, in short."""
    _ = text.translator(locale)
    parts = []
    for flow, arrow in ((Flow.IN, "→"), (Flow.OUT, "⇒")):
        numbers = [one.lot_number for one in stage.lots if one.flow is flow]
        if numbers:
            shown = ", ".join(numbers[:2])
            more = f" +{len(numbers) - 2}" if len(numbers) > 2 else ""  # noqa: PLR2004  two fit on a phone
            parts.append(f"{arrow} {shown}{more}")
    return "   ".join(parts) or _("no lots yet")


def chart(
    order: OrderFacts, names: Mapping[int, str], locale: str, *, now: dt.datetime, zone: str
) -> ChartSpec:
    """Lay out an order; ``names`` says who the organisations are."""
    _ = text.translator(locale)
    title = _("Stages of order {number}").format(number=order.number)
    shapes: list[Shape] = [
        Words(x=MARGIN, y=26, text=lettering.fit(title, 17, WIDTH - 2 * MARGIN), size=17, bold=True),
        Words(x=MARGIN, y=47, text=f"{order.product.name(locale)} · {_(order.state.says)}", fill=_QUIET),
    ]
    sentences = [f"{title}: {_(order.state.says)}"]
    room = WIDTH - _LEFT - MARGIN - 12
    for place, stage in enumerate(order.stages):
        top = _HEAD + place * _ROW
        late = stage.late(now)
        mark = _LATE if late else _MARKS[stage.state]
        if place + 1 < len(order.stages):
            shapes.append(Path(points=((_X, top + 24), (_X, top + _ROW + 24)), stroke=_RULE))
        shapes.append(Disc(x=_X, y=top + 24, radius=9, fill=mark))
        if stage.state is StageState.DONE:
            tick = ((_X - 4, top + 24), (_X - 1, top + 27.5), (_X + 4.5, top + 20.5))
            shapes.append(Path(points=tick, stroke="#ffffff"))
        elif stage.state is not StageState.RUNNING:
            shapes.append(Disc(x=_X, y=top + 24, radius=5.5, fill="#ffffff"))
        shapes.append(
            Box(
                x=_LEFT, y=top, width=WIDTH - _LEFT - MARGIN, height=_ROW - 10, radius=10, fill=_CARD,
                stroke=mark if late or stage.state is StageState.RUNNING else _RULE,
                dashed=stage.state is StageState.SKIPPED,
            )
        )  # fmt: skip
        who = names.get(stage.partner_id or order.plant_id, "")
        head = f"{stage.position}. {name_of(stage, locale)}" + (f" · {who}" if who else "")
        state, moved = state_line(stage, now, zone, locale), lots_line(stage, locale)
        shapes += [
            Words(x=_LEFT + 12, y=top + 24, text=lettering.fit(head, 15, room), size=15, bold=True),
            Words(
                x=_LEFT + 12, y=top + 46, text=lettering.fit(state, TEXT, room), fill=_LATE if late else _INK
            ),
            Words(x=_LEFT + 12, y=top + 68, text=lettering.fit(moved, TEXT, room), fill=_QUIET),
        ]
        sentences.append(f"{head}: {state}; {moved}")
    return ChartSpec(
        height=_HEAD + max(1, len(order.stages)) * _ROW + MARGIN,
        title=title,
        description="\n".join(sentences),
        shapes=tuple(shapes),
        locale=locale,
    )
