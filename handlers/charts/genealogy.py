"""The genealogy of a lot as a picture: what went in above, the lot itself, what was made of it below."""

from __future__ import annotations

from collections.abc import Mapping

from core.lots import Direction, Genealogy
from handlers import text
from handlers.charts import cards, lettering, marks, tree
from handlers.charts.cards import Card
from handlers.charts.spec import MARGIN, WIDTH, Box, ChartSpec, Path, Shape, Words
from handlers.text import Translate

STEP = 18
GAP = 9
PICTURE_LOTS = 12
"""Lots on a picture for a chat: messengers shrink long pictures until nobody can read them."""


class Sheet:
    """A page under construction: shapes so far, the words for them, and the next free height."""

    def __init__(self, locale: str, _: Translate) -> None:
        """Begin at the top."""
        self.locale, self._ = locale, _
        self.told: Mapping[tuple[Direction, int], tuple[str, ...]] = {}
        self.shapes: list[Shape] = []
        self.sentences: list[str] = []
        self.y: float = MARGIN

    def heading(self, title: str, lines: list[str]) -> None:
        """Write the title and quiet lines below it."""
        self.y += 18
        self.shapes.append(
            Words(
                x=MARGIN,
                y=self.y,
                text=lettering.fit(title, 18, WIDTH - 2 * MARGIN, bold=True),
                size=18,
                bold=True,
                fill=marks.ROOT,
            )
        )
        for line in lines:
            self.y += 22
            self.shapes.append(
                Words(x=MARGIN, y=self.y, text=lettering.fit(line, 14, WIDTH - 2 * MARGIN), fill=marks.QUIET)
            )
        self.y += 14

    def caption(self, words: str) -> None:
        """Write the name of a section."""
        self.y += 20
        self.shapes.append(Words(x=MARGIN, y=self.y, text=words, size=15, bold=True, fill=marks.QUIET))
        self.y += 10
        self.sentences.append(words)

    def done(self, title: str) -> ChartSpec:
        """Close the page."""
        height = self.y + MARGIN
        paper = Box(x=0, y=0, width=WIDTH, height=height, fill=marks.PAGE)
        return ChartSpec(
            height=height,
            title=title,
            description="\n".join(self.sentences),
            shapes=(paper, *self.shapes),
            locale=self.locale,
        )


def chart(
    genealogy: Genealogy, locale: str, *, most: int = tree.MOST_LOTS, zone: str = "Asia/Shanghai"
) -> ChartSpec:
    """Lay out a genealogy of one or both directions with at most ``most`` lots besides the traced one.

    Give ``most=PICTURE_LOTS`` for a picture that goes to a chat. What is not drawn is counted where it hangs.
    """
    _ = text.translator(locale)
    ups, downs = genealogy.side(Direction.UP), genealogy.side(Direction.DOWN)
    share = min(len(ups), max(most // 2, most - len(downs)))
    sheet = Sheet(locale, _)
    sheet.told = genealogy.told
    title = _("Genealogy of lot {number}").format(number=genealogy.root.lot.number)
    lines = [
        _("{up} lots went into it · {down} lots came of it").format(
            up=genealogy.count(Direction.UP), down=genealogy.count(Direction.DOWN)
        )
    ]
    if genealogy.as_of is not None:
        lines.append(_("As of {time}").format(time=text.moment(genealogy.as_of, zone)))
    if genealogy.stopped:
        lines.append(_("Stopped at {n} held lots").format(n=len(genealogy.stopped)))
    sheet.heading(title, lines)
    above = tree.grow(genealogy, Direction.UP, share)
    if ups:
        sheet.caption(_("What went into it"))
        draw_above(sheet, above)
    draw_root(sheet, genealogy)
    below = tree.grow(genealogy, Direction.DOWN, most - share)
    if downs:
        draw_below(sheet, below)
    return sheet.done(title)


def draw_root(sheet: Sheet, genealogy: Genealogy) -> None:
    """Draw the traced lot, ringed."""
    card = Card(genealogy.root, [], MARGIN + 4, WIDTH - MARGIN - 4, sheet.locale, sheet._)
    sheet.y += 18  # the ring and its tag
    sheet.shapes += card.draw(sheet.y, root=True)
    sheet.sentences.append(card.sentence())
    sheet.y += card.height + 4


def _indent(depth: int) -> float:
    return MARGIN + 4 + STEP * depth


def draw_below(sheet: Sheet, root: tree.Twig) -> None:
    """Draw what came of the lot, each lot below its input, wires pointing the way of the material."""
    bottoms: dict[int, float] = {0: sheet.y}
    wires: list[Shape] = []
    drawn: list[Shape] = []
    sheet.y += GAP
    for twig, depth, folded in tree.rows(root):
        x = _indent(depth)
        height, shapes = _row(sheet, twig, folded, x)
        wires += cards.elbow(_indent(depth - 1) + 8, bottoms[depth - 1], sheet.y + height / 2, x, arrow=True)
        drawn += shapes
        if folded is None:
            bottoms[depth] = sheet.y + height
        sheet.y += height + GAP
    sheet.shapes += wires + drawn
    sheet.y -= GAP


def draw_above(sheet: Sheet, root: tree.Twig) -> None:
    """Draw what went into the lot, farthest first, each lot above the one it went into."""
    rows = list(tree.rows(root))
    rows.reverse()
    middles: list[tuple[int, float]] = []
    wires: list[Shape] = []
    drawn: list[Shape] = []
    for twig, depth, folded in rows:
        x = _indent(depth)
        height, shapes = _row(sheet, twig, folded, x)
        drawn += shapes
        if folded is None:
            wires += _inward(x + 8, [middle for deep, middle in middles if deep == depth + 1], sheet.y)
            middles = [(deep, middle) for deep, middle in middles if deep <= depth]
        middles.append((depth, sheet.y + height / 2))
        sheet.y += height + GAP
    wires += _inward(_indent(0) + 8, [middle for deep, middle in middles if deep == 1], sheet.y + 14)
    sheet.shapes += wires + drawn


def _inward(x: float, middles: list[float], top: float) -> list[Shape]:
    """Draw wires from the cards at those heights down into the card whose upper edge is at ``top``."""
    shapes: list[Shape] = []
    for middle in middles:
        shapes += cards.elbow(x, top - 5, middle, x - 8 + STEP, arrow=False)
    if middles:
        shapes.append(Path(points=((x, top), (x - 4.5, top - 7), (x + 4.5, top - 7)), fill=marks.WIRE))
    return shapes


def _row(sheet: Sheet, twig: tree.Twig, folded: tree.Twig | None, x: float) -> tuple[float, list[Shape]]:
    right = WIDTH - MARGIN - 4
    if folded is not None:
        sheet.sentences.append(cards.fold_text(folded.folded, sheet._))
        return cards.FOLD_HEIGHT, cards.fold(folded.folded, folded.folded_held, x, sheet.y, right, sheet._)
    told = sheet.told.get((twig.node.direction, twig.node.lot.id), ())
    card = Card(twig.node, twig.also, x, right, sheet.locale, sheet._, told)
    sheet.sentences.append(card.sentence())
    return card.height, card.draw(sheet.y, root=False)
