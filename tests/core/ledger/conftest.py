"""A signer with files of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.ledger import Signer, keys
from tests.core.ledger.logs import ORIGIN


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return keys.create(tmp_path / "ledger.key", ORIGIN)
