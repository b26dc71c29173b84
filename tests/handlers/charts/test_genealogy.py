"""The picture of a genealogy: nothing lost, nothing cut, held lots always in sight."""

from __future__ import annotations

import itertools

import pytest

from core.lots import LotStatus
from handlers.charts import genealogy, impact, lettering, marks, png
from handlers.charts.spec import MARGIN, TEXT, WIDTH, Anchor, Box, ChartSpec, Words
from tests.handlers.charts.families import every_status, family, fan, lot, reached

LOCALES = pytest.mark.parametrize("locale", ["zh_CN", "en"])


def words(spec: ChartSpec) -> list[str]:
    """Answer every line of text on the picture."""
    return [shape.text for shape in spec.shapes if isinstance(shape, Words)]


@LOCALES
def test_every_lot_is_shown_with_number_product_quantity_place_and_state(locale: str) -> None:
    """One card per lot: what it is, how much, where, and its state as a word."""
    shown = words(genealogy.chart(every_status(), locale))
    for status in LotStatus:
        assert f"LS-S-{status.value}" in shown
    joined = "\n".join(shown)
    product = "无菌锁定螺钉 3.5×20" if locale == "zh_CN" else "Sterile locking screw 3.5×20"
    assert product in shown
    assert "1,200" in joined
    assert "Coater, line 2" in shown
    assert shown.count("LS-C-260918-01") == 1


@LOCALES
def test_the_words_are_in_the_readers_language(locale: str) -> None:
    """States, captions and the mark of the traced lot."""
    shown = words(genealogy.chart(every_status(), locale))
    wanted = (
        {"已扣留", "隔离待检", "已报废", "已发运", "所查批", "上游：投入了什么"}
        if locale == "zh_CN"
        else {"On hold", "Quarantined", "Scrapped", "Shipped", "Traced lot", "What went into it"}
    )
    assert wanted <= set(shown)


def test_a_lot_with_two_origins_is_drawn_once_and_names_the_other() -> None:
    """A diamond's last lot has one card, which says where else it came from."""
    shown = words(genealogy.chart(every_status(), "en"))
    merged = [text for text in shown if text.startswith("LS-S-260930")]
    assert len(merged) == 1
    assert sum(text.startswith("also from LS-S-") for text in shown) == 1


def test_more_lots_than_fit_are_folded_and_counted() -> None:
    """Forty cards at most; what is left out is a number on the branch."""
    spec = genealogy.chart(fan(60), "en")
    shown = words(spec)
    assert sum(text.startswith("CHILD-") for text in shown) == 40
    assert "+20 lots" in shown
    assert "+1 lot" in words(genealogy.chart(fan(41), "en"))
    assert "+48 lots" in words(genealogy.chart(fan(60), "en", most=genealogy.PICTURE_LOTS))


def test_held_lots_are_drawn_before_others_and_named_when_folded() -> None:
    """The one held lot at the far end of sixty is on the picture; fifty held ones are counted in red."""
    assert "CHILD-059" in words(genealogy.chart(fan(60, frozenset({59})), "en", most=5))
    crowded = genealogy.chart(fan(60, frozenset(range(50))), "en", most=5)
    note = [shape for shape in crowded.shapes if isinstance(shape, Words) and shape.text == "45 on hold"]
    assert [shape.fill for shape in note] == [marks.HELD]


def test_a_branch_that_goes_too_deep_is_folded_at_its_last_drawn_lot() -> None:
    """Six steps are drawn, the nine beyond are counted there."""
    chain = [lot(f"STEP-{step:02}") for step in range(16)]
    deep = family(
        chain[0],
        list(itertools.pairwise(chain)),
        {one.number: step for step, one in enumerate(chain) if step},
    )
    shown = words(genealogy.chart(deep, "en"))
    assert "STEP-06" in shown
    assert "STEP-07" not in shown
    assert "+9 lots" in shown


def test_a_lot_on_a_loop_is_drawn_and_ends() -> None:
    """A leads to B and B back to A: both sides show B, and the picture ends."""
    first, second = lot("FIRST"), lot("SECOND")
    looped = family(first, [(first, second), (second, first)], {second.number: 1})
    shown = words(genealogy.chart(looped, "en"))
    assert shown.count("SECOND") == 1
    assert shown.count("FIRST") == 1


def test_a_lot_without_relatives_stands_alone() -> None:
    """Only the traced lot and the counts of nothing."""
    shown = words(genealogy.chart(family(lot("ALONE"), [], {}), "en"))
    assert shown.count("ALONE") == 1
    assert "What went into it" not in shown


@LOCALES
def test_text_is_large_enough_and_stays_on_the_picture(locale: str) -> None:
    """No text under 14 logical pixels, none beyond the margins, measured with the real font."""
    specs = (
        genealogy.chart(every_status(), locale),
        genealogy.chart(fan(60, frozenset({3})), locale),
        impact.chart(reached(every_status()), locale),
    )
    for spec in specs:
        for shape in spec.shapes:
            if not isinstance(shape, Words):
                continue
            assert shape.size >= TEXT
            long = png.font(shape.size * png.SCALE, bold=shape.bold).getlength(shape.text) / png.SCALE
            left = shape.x - long if shape.anchor is Anchor.END else shape.x
            assert left >= MARGIN - 1, shape.text
            assert left + long <= WIDTH - MARGIN + 1, shape.text
            assert 0 < shape.y <= spec.height


def test_cards_do_not_cover_one_another() -> None:
    """Rounded cards follow one another without overlap, and the last ends on the picture."""
    spec = genealogy.chart(every_status(), "zh_CN")
    cards = [
        box
        for box in spec.shapes
        if isinstance(box, Box) and box.radius == 10 and box.stroke and box.width < WIDTH - 2 * MARGIN
    ]
    cards.sort(key=lambda box: box.y)
    assert len(cards) == 12
    for upper, lower in itertools.pairwise(cards):
        assert upper.y + upper.height < lower.y
    assert cards[-1].y + cards[-1].height < spec.height


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_text_can_be_read_on_its_ground() -> None:
    """WCAG AA: 4.5 to 1 for pills, cards and the page."""
    pairs = [(look.ink, look.ground) for look in marks.LOOKS.values()]
    pairs += [
        (ink, ground)
        for ink in (marks.INK, marks.QUIET, marks.FLOW, marks.HELD, marks.ROOT)
        for ground in (marks.CARD, marks.PAGE, marks.HELD_CARD, marks.ROOT_CARD)
    ]
    for ink, ground in pairs:
        assert _contrast(ink, ground) >= 4.5, (ink, ground)


def test_no_two_states_look_alike_without_colour() -> None:
    """Each state has its own word and its own sign."""
    signs = set()
    for status in LotStatus:
        shapes = marks.icon(status, 0, 0)
        signs.add(tuple((type(shape).__name__, getattr(shape, "points", ())) for shape in shapes))
    assert len(signs) == len(LotStatus)
    assert len({status.says for status in LotStatus}) == len(LotStatus)


@pytest.mark.parametrize("bold", [False, True])
def test_measured_widths_are_never_below_those_of_the_font(bold: bool) -> None:
    """Whatever a lot is called, the estimate leaves it enough room."""
    font = png.font(300, bold=bold)
    samples = [
        *(chr(code) for code in range(0x20, 0x7F)),
        "批次追溯图",
        "é",
        "Ø",
        "×",
        "—",
        "…",
        "·",
        "Ж",
        "LS-C-260918-01",
        "Titanium bar Ti-6Al-4V ELI",
        "WWW@@@%%%mmm",
        "无菌锁定螺钉 3.5×20",
    ]
    for text in samples:
        assert lettering.width(text, 300, bold=bold) >= font.getlength(text) * 0.995, text


def test_numbers_are_shortened_in_their_middle() -> None:
    """The ends of a number tell it from its neighbours, so they stay."""
    short = lettering.fit_middle("LS-S-260930-REWORK-0001", 16, 120)
    assert short.startswith("LS-")
    assert short.endswith("0001")
    assert lettering.width(short, 16) <= 120
    assert lettering.fit("Sterile locking screw", 14, 60).endswith("…")
    assert lettering.fit("短", 14, 60) == "短"
