"""A signer with files of its own, known to the witness room."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import witness
from core.ledger import Signer, keys
from tests.core.ledger.logs import ORIGIN


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    made = keys.create(tmp_path / "ledger.key", ORIGIN)
    witness.use_keys(made.verifiers)
    return made
