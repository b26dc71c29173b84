"""One file per dialogue; importing this package registers them all."""

from handlers.chat.dialogues import (
    capa_decisions,
    capa_handover,
    capa_plan,
    clocks,
    containing,
    delegating,
    duty,
    grading,
    home,
    passkeys,
    reporting,
    responding,
    sessions,
    signing_codes,
    tracing,
    witnessing,
)

__all__ = [
    "capa_decisions",
    "capa_handover",
    "capa_plan",
    "clocks",
    "containing",
    "delegating",
    "duty",
    "grading",
    "home",
    "passkeys",
    "reporting",
    "responding",
    "sessions",
    "signing_codes",
    "tracing",
    "witnessing",
]
