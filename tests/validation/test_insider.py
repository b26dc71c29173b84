"""Each attack of an insider is caught by exactly the layers that the table of docs/validation names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validation import insider


@pytest.mark.parametrize("attack", insider.ATTACKS, ids=lambda attack: attack.do.__name__)
@pytest.mark.req("G-46b")
async def test_what_catches_an_insider(database: str, tmp_path: Path, attack: insider.Attack) -> None:
    """Neither fewer layers, nor more: the table promises nothing that does not hold."""
    scene = await insider.scene(tmp_path)
    await attack.do(scene)
    assert await insider.caught(scene) == attack.caught


def test_every_attack_but_none_is_caught() -> None:
    """The control alone is quiet, and every layer is needed by some attack."""
    assert [attack.says for attack in insider.ATTACKS if not attack.caught] == ["nothing (control)"]
    assert set().union(*(attack.caught for attack in insider.ATTACKS)) == set(insider.LAYERS)


def test_the_table_is_up_to_date() -> None:
    """Run make docs."""
    assert insider.PAGE.read_text(encoding="utf-8") == insider.page()
