"""The commands that a messenger offers behind its menu key; the dialogues know more words than these."""

from __future__ import annotations

from handlers.text import mark, translator

MENU = (
    ("start", mark("Menu")),
    ("report", mark("Report an anomaly")),
    ("trace", mark("Trace a lot")),
    ("rehearse", mark("Rehearse a recall")),
    ("stages", mark("Stages of orders")),
    ("template", mark("Files to fill in and send")),
    ("sensor", mark("How the sensors stand")),
    ("back", mark("One question back")),
    ("cancel", mark("Stop without recording")),
    ("witness", mark("Witness the ledger")),
    ("duty", mark("Who is on duty, my turns")),
    ("swap", mark("Swap a turn")),
    ("away", mark("I am away")),
    ("verify", mark("Compare a kept checkpoint")),
    ("notify", mark("How you are told")),
    ("sessions", mark("Where I am signed in")),
    ("passkeys", mark("My passkeys")),
    ("lost", mark("My signing phone is lost")),
    ("help", mark("What you can do here")),
)


def offered(locale: str) -> list[tuple[str, str]]:
    """Each command with its words in a language, in the order in which they are shown."""
    _ = translator(locale)
    return [(name, _(words)) for name, words in MENU]
