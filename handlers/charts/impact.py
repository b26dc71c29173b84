"""What a suspect lot reached, as a picture: totals and places first, then the way it went."""

from __future__ import annotations

from core.lots import Direction, Impact, LotStatus, Total
from handlers import text
from handlers.charts import cards, lettering, marks, tree
from handlers.charts.genealogy import Sheet, draw_below, draw_root
from handlers.charts.spec import MARGIN, TEXT, WIDTH, Anchor, Box, ChartSpec, Shape, Words

PLACES = 6
_RIGHT = WIDTH - MARGIN


def chart(impact: Impact, locale: str, *, most: int = tree.MOST_LOTS) -> ChartSpec:
    """Lay out an impact list with at most ``most`` lots besides the suspect one; all are counted."""
    _ = text.translator(locale)
    sheet = Sheet(locale, _)
    title = _("Impact of lot {number}").format(number=impact.genealogy.root.lot.number)
    lines = (
        [_("Still there: {quantities}").format(quantities=cards.listed(impact.quantities, _))]
        if (impact.quantities)
        else []
    )
    if impact.used_up:
        lines.append(_("Used up in later lots: {count}").format(count=impact.used_up))
    sheet.heading(title, lines)
    sheet.sentences += lines
    _figures(sheet, impact)
    _places(sheet, impact)
    sheet.caption(_("Where it went"))
    draw_root(sheet, impact.genealogy)
    if impact.genealogy.side(Direction.DOWN):
        draw_below(sheet, tree.grow(impact.genealogy, Direction.DOWN, most))
    return sheet.done(title)


def _figures(sheet: Sheet, impact: Impact) -> None:
    """Two large numbers: lots reached, and how many of them are held."""
    _ = sheet._
    half = (WIDTH - 2 * MARGIN - 10) / 2
    every = impact.held == impact.lots
    figures = (
        (impact.lots, _("lots reached"), marks.CARD, marks.ROOT, marks.RULE),
        (
            impact.held,
            _("of them on hold"),
            marks.HELD_CARD if impact.held else marks.CARD,
            marks.HELD,
            marks.HELD if every else marks.RULE,
        ),
    )
    for index, (number, words, fill, ink, stroke) in enumerate(figures):
        x = MARGIN + index * (half + 10)
        sheet.shapes += [
            Box(x=x, y=sheet.y, width=half, height=66, radius=10, fill=fill, stroke=stroke),
            Words(x=x + 14, y=sheet.y + 34, text=str(number), size=28, bold=True, fill=ink),
            Words(x=x + 14, y=sheet.y + 55, text=lettering.fit(words, TEXT, half - 20), fill=marks.QUIET),
        ]
        sheet.sentences.append(f"{number} {words}")
    sheet.shapes += marks.icon(LotStatus.ON_HOLD, MARGIN + half + 10 + half - 22, sheet.y + 24, turned=True)
    sheet.y += 66


def _places(sheet: Sheet, impact: Impact) -> None:
    """One row per place: lots there, what is left, and a bar whose red part is held."""
    if not impact.by_place:
        return
    _ = sheet._
    sheet.y += 6
    sheet.caption(_("Where it is now"))
    longest = max(total.lots for total in impact.by_place)
    for total in impact.by_place[:PLACES]:
        _place(sheet, total, longest)
    rest = impact.by_place[PLACES:]
    if rest:
        sheet.y += 18
        words = _("+{count} more places").format(count=len(rest))
        sheet.shapes.append(Words(x=MARGIN, y=sheet.y, text=words, bold=True, fill=marks.QUIET))
        sheet.sentences.append(words)
        sheet.y += 6


def _place(sheet: Sheet, total: Total, longest: int) -> None:
    _ = sheet._
    name, count = total.name or _("Place not recorded"), _("{count} lots").format(count=total.lots)
    if total.lots == 1:
        count = _("1 lot")
    amount = cards.listed(total.quantities, _)
    shown = f"{count} · {amount}"
    wide = WIDTH - 2 * MARGIN
    name_room = wide - 10 - min(lettering.width(shown, TEXT, bold=True), wide * 0.62)
    bar = wide * total.lots / longest
    shapes: list[Shape] = [
        Words(x=MARGIN, y=sheet.y + 15, text=lettering.fit(name, TEXT, name_room), fill=marks.INK),
        Words(
            x=_RIGHT,
            y=sheet.y + 15,
            text=lettering.fit(shown, TEXT, wide * 0.62, bold=True),
            bold=True,
            fill=marks.INK,
            anchor=Anchor.END,
        ),
        Box(x=MARGIN, y=sheet.y + 22, width=wide, height=6, radius=3, fill="#e1e7ed"),
        Box(x=MARGIN, y=sheet.y + 22, width=bar, height=6, radius=3, fill=marks.WIRE),
    ]
    if total.held:
        shapes.append(
            Box(
                x=MARGIN,
                y=sheet.y + 22,
                width=bar * total.held / total.lots,
                height=6,
                radius=3,
                fill=marks.HELD,
            )
        )
    sheet.shapes += shapes
    sheet.sentences.append(f"{name} · {shown}")
    sheet.y += 38
