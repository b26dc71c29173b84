"""One lot as a card: number, product, quantity, place and state. Also the folded rest of a branch."""

from __future__ import annotations

from core.kit.provenance import Source
from core.kit.quantity import Quantity
from core.lots import Direction, LotStatus, TraceNode
from handlers import text as words
from handlers.charts import lettering, marks
from handlers.charts.spec import TEXT, Anchor, Box, Path, Shape, Words
from handlers.text import Translate

LINE = 21
PAD = 10
NUMBER = 16
FOLD_HEIGHT = 34


def written(quantity: Quantity, _: Translate) -> str:
    """Write a quantity with thousands commas and its unit in the reader's words: ``1,200 pcs``."""
    return words.quantity(quantity.amount, quantity.unit, _)


def listed(quantities: tuple[Quantity, ...], _: Translate) -> str:
    """Write several quantities side by side."""
    return " + ".join(written(quantity, _) for quantity in quantities)


def pill_width(status: LotStatus, _: Translate) -> float:
    """Answer how wide the pill with a status' icon and word is."""
    return 32 + lettering.width(_(status.says), TEXT, bold=True)


def pill(status: LotStatus, right: float, middle: float, _: Translate) -> list[Shape]:
    """Draw the state as icon and word, ending at ``right``, around the height ``middle``."""
    look, width = marks.LOOKS[status], pill_width(status, _)
    return [
        Box(x=right - width, y=middle - 12, width=width, height=24, radius=12, fill=look.ground),
        *marks.icon(status, right - width + 13, middle),
        Words(x=right - width + 25, y=middle + 5, text=_(status.says), bold=True, fill=look.ink),
    ]


class Card:
    """A lot's card at an x and a width; its height follows from what has to be said."""

    def __init__(
        self,
        node: TraceNode,
        also: list[str],
        x: float,
        right: float,
        locale: str,
        _: Translate,
        told: tuple[str, ...] = (),
    ) -> None:
        """Lay the lines out; nothing is drawn yet. ``told`` are the sources of its links that no person recorded."""
        self.node, self.x, self.right, self._ = node, x, right, _
        self.left = x + PAD + 6
        self.room = right - PAD - self.left
        self.lines = self._lines(locale, also)
        if told:
            sources = " · ".join(_(Source(one).says) for one in told)
            self.lines.append([(sources, False, marks.QUIET)])
        number = lettering.width(node.lot.number, NUMBER, bold=True)
        self.apart = number + 8 + pill_width(node.lot.status, _) > self.room
        self.height = (
            2 * PAD
            + 24
            + (28 if self.apart else 0)
            + LINE * len(self.lines)
            - 1
            + (4 if node.direction is Direction.ROOT else 0)
        )

    def _lines(self, locale: str, also: list[str]) -> list[list[tuple[str, bool, str]]]:
        """Answer the lines below the number, each as parts of text, weight and colour."""
        _, lot = self._, self.node.lot
        amount = written(Quantity(amount=lot.quantity, unit=lot.unit), _)
        where = lot.place or lot.maker(locale)
        lines = [
            [(lot.product.name(locale), False, marks.INK)],
            [(amount, True, marks.INK), (where, False, marks.QUIET)]
            if where
            else [(amount, True, marks.INK)],
        ]
        carried = self.node.carried
        if carried is not None and self.node.direction is not Direction.ROOT:
            said = (
                _("{quantity} of the traced lot in it")
                if self.node.direction is Direction.DOWN
                else _("{quantity} of it in the traced lot")
            )
            amount = words.quantity(carried.rounded, carried.unit, _)
            lines.append(
                [(said.format(quantity=("" if carried.exact else "≈ ") + amount), False, marks.FLOW)]
            )
        whole = (Quantity(amount=lot.quantity, unit=lot.unit),)
        if self.node.contributed not in ((), whole) and self.node.direction is not Direction.ROOT:
            took = (
                _("{quantity} went in")
                if self.node.direction is Direction.DOWN
                else _("{quantity} taken from it")
            )
            lines.append([(took.format(quantity=listed(self.node.contributed, _)), False, marks.FLOW)])
        if also:
            text = _("also from {lots}") if self.node.direction is Direction.DOWN else _("also into {lots}")
            lines.append([(text.format(lots=", ".join(also)), False, marks.FLOW)])
        return lines

    def draw(self, y: float, *, root: bool) -> list[Shape]:
        """Draw the card with its top at ``y``."""
        status = self.node.lot.status
        held = status is LotStatus.ON_HOLD
        fill = marks.HELD_CARD if held else marks.ROOT_CARD if root else marks.CARD
        width = self.right - self.x
        shapes: list[Shape] = []
        if root:
            shapes.append(
                Box(
                    x=self.x - 4,
                    y=y - 4,
                    width=width + 8,
                    height=self.height + 8,
                    radius=14,
                    fill=marks.PAGE,
                    stroke=marks.ROOT,
                    stroke_width=2.5,
                )
            )
        shapes.append(
            Box(
                x=self.x,
                y=y,
                width=width,
                height=self.height,
                radius=10,
                fill=fill,
                stroke=marks.HELD if held else marks.RULE,
                stroke_width=2 if held else 1,
            )
        )
        shapes.append(
            Box(
                x=self.x + 6,
                y=y + 8,
                width=4,
                height=self.height - 16,
                radius=2,
                fill=marks.LOOKS[status].stripe,
            )
        )
        if root:
            tag = self._("Traced lot")
            shapes += [
                Box(
                    x=self.left + 12,
                    y=y - 17,
                    width=lettering.width(tag, TEXT, bold=True) + 20,
                    height=24,
                    radius=12,
                    fill=marks.ROOT,
                ),
                Words(x=self.left + 22, y=y, text=tag, bold=True, fill="#ffffff"),
            ]
        middle = y + PAD + 12 + (4 if root else 0)
        number = lettering.fit_middle(
            self.node.lot.number,
            NUMBER,
            self.room if self.apart else self.room - 8 - pill_width(status, self._),
            bold=True,
        )
        ink = marks.HELD if held else marks.ROOT if root else marks.INK
        shapes.append(Words(x=self.left, y=middle + 6, text=number, size=NUMBER, bold=True, fill=ink))
        if self.apart:
            middle += 28
            shapes += pill(status, self.left + pill_width(status, self._), middle, self._)
        else:
            shapes += pill(status, self.right - PAD + 2, middle, self._)
        baseline = middle + 12 + 16
        for line in self.lines:
            shapes += self._line(line, baseline)
            baseline += LINE
        return shapes

    def _line(self, parts: list[tuple[str, bool, str]], baseline: float) -> list[Shape]:
        x, drawn = self.left, []
        for text, bold, fill in parts:
            shown = lettering.fit(text, TEXT, self.left + self.room - x, bold=bold)
            drawn.append(Words(x=x, y=baseline, text=shown, bold=bold, fill=fill))
            x += lettering.width(shown, TEXT, bold=bold) + 8
        return list(drawn)

    def sentence(self) -> str:
        """Say the card in words, for those who do not see it."""
        words = [self.node.lot.number, self._(self.node.lot.status.says)]
        return " · ".join([*words, *("  ".join(text for text, _bold, _fill in line) for line in self.lines)])


def fold_text(count: int, _: Translate) -> str:
    """Say how many lots a folded branch holds."""
    return _("+1 lot") if count == 1 else _("+{count} lots").format(count=count)


def fold(count: int, held: int, x: float, y: float, right: float, _: Translate) -> list[Shape]:
    """Draw the folded rest of a branch; held lots inside it are named in red."""
    text = fold_text(count, _)
    shapes: list[Shape] = [
        Box(
            x=x,
            y=y,
            width=right - x,
            height=FOLD_HEIGHT,
            radius=10,
            fill=marks.PAGE,
            stroke=marks.HELD if held else marks.WIRE,
            stroke_width=1.2,
            dashed=True,
        ),
        Words(x=x + PAD + 6, y=y + 22, text=text, bold=True, fill=marks.QUIET),
    ]
    if held:
        note = _("{count} on hold").format(count=held)
        end = right - PAD
        shapes += marks.icon(
            LotStatus.ON_HOLD, end - lettering.width(note, TEXT, bold=True) - 14, y + 17, turned=True
        )
        shapes.append(Words(x=end, y=y + 22, text=note, bold=True, fill=marks.HELD, anchor=Anchor.END))
    return shapes


def elbow(x: float, top: float, middle: float, to: float, *, arrow: bool) -> list[Shape]:
    """Draw the wire from a card's edge to the middle of a further card; ``arrow`` points at that card."""
    end = to - 5 if arrow else to
    shapes: list[Shape] = [Path(points=((x, top), (x, middle), (end, middle)), stroke=marks.WIRE)]
    if arrow:
        shapes.append(
            Path(points=((to, middle), (to - 7, middle - 4.5), (to - 7, middle + 4.5)), fill=marks.WIRE)
        )
    return shapes
