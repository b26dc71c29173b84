"""The impact picture: totals and places that agree with the list."""

from __future__ import annotations

from handlers.charts import impact
from handlers.charts.spec import Words
from tests.handlers.charts.families import every_status, fan, reached


def test_totals_and_places_stand_above_the_way() -> None:
    """Lots reached, lots held, and one line per place come before the first card."""
    found = reached(every_status())
    spec = impact.chart(found, "en")
    shown = [shape.text for shape in spec.shapes if isinstance(shape, Words)]
    assert shown[0] == "Impact of lot LS-C-260918-01"
    assert shown.index(str(found.lots)) < shown.index("Where it is now") < shown.index("Traced lot")
    assert "Still there: 90 pcs" in shown
    assert "8 lots · 80 pcs" in shown
    assert "1 lot · 10 pcs" in shown
    assert "TI-2026-0412" not in shown


def test_the_picture_counts_what_it_folds() -> None:
    """Sixty lots reached, twelve drawn, forty-eight counted; the words for the ear say the same."""
    spec = impact.chart(reached(fan(60)), "zh_CN", most=12)
    shown = [shape.text for shape in spec.shapes if isinstance(shape, Words)]
    assert "61" in shown
    assert "+48 批" in shown
    assert "61 受影响批" in spec.description
    assert "+48 批" in spec.description
