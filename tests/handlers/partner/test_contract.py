"""Schemathesis finds nothing: every answer is one that the document describes, every malformed request a 4xx."""

from __future__ import annotations

import asyncio
import os

import pytest

from core import clients
from core.clients.pacing import Pace
from tests.handlers.partner import contract
from tests.handlers.partner.program import Programs

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "2"))
STATEFUL = bool(os.environ.get("SCHEMATHESIS_STATEFUL"))
"""By hand: SCHEMATHESIS_EXAMPLES=100 SCHEMATHESIS_STATEFUL=1 pytest -n 0 -s tests/handlers/partner/test_contract.py."""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_schemathesis_finds_nothing(programs: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    """All operations, all checks, positive and negative data, a deterministic seed."""
    monkeypatch.setattr(clients, "REQUESTS", Pace(kind="requests", most=10**9))
    monkeypatch.setattr(clients, "TOKENS", Pace(kind="tokens", most=10**9))
    program = await programs.program("plant")
    token = program.headers["Authorization"].removeprefix("Bearer ")
    found = await asyncio.to_thread(
        contract.run, programs.address, token, examples=EXAMPLES, stateful=STATEFUL
    )
    print(found.cases, dict(found.checks), dict(found.statuses))
    assert not found.errors, "\n\n".join(found.errors[:5])
    assert not found.failures, "\n\n".join([f"{len(found.failures)} failures", *found.failures[:12]])
    assert found.cases > 100
