"""Schemathesis against a served house: the document that is served is held to what is answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

SEED = 20261201


@dataclass
class Found:
    """What a run came to."""

    cases: int = 0
    operations: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    checks: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)


def config(address: str, token: str, *, examples: int, stateful: bool) -> SchemathesisConfig:
    """Every check; accepted data may be refused by a rule of a room (422), never as malformed (400)."""
    fine = ["2xx", "401", "403", "404", "409", "413", "415", "422", "429"]
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "base-url": address,
            "headers": {"Authorization": f"Bearer {token}"},
            "continue-on-failure": True,
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "checks": {"positive_data_acceptance": {"expected-statuses": fine}},
            "phases": {"stateful": {"enabled": stateful}},
            "reports": {},
        }
    )


def run(address: str, token: str, *, examples: int, stateful: bool = False) -> Found:
    """Run the engine to its end; called in a thread, for the server answers in the test's own loop."""
    schema = schemathesis.openapi.from_url(
        f"{address}/api/v1/openapi.json", config=config(address, token, examples=examples, stateful=stateful)
    )
    found = Found()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _heard(found, event)
        elif isinstance(event, events.NonFatalError):
            found.errors.append(f"{event.label}: {event.value}"[:2000])
        elif isinstance(event, events.FatalError):
            raise event.exception
    return found


def _heard(found: Found, event: Any) -> None:
    recorder = event.recorder
    found.operations[recorder.label] += len(recorder.cases)
    found.cases += len(recorder.cases)
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
    for checks in recorder.checks.values():
        for one in checks:
            found.checks[one.name] += 1
            if one.failure_info is not None:
                info = one.failure_info
                found.failures.append(
                    f"{recorder.label} [{one.name}] {info.failure.title}\n{info.failure.message}\n{info.code_sample}"[
                        :3000
                    ]
                )
