"""Content as lines to read. The same content, renderer and language always give the same lines."""

from __future__ import annotations

from collections.abc import Callable

from core.kit import clock
from core.people import Role
from core.signing.terms import CeremonyFacts, SignatureFacts

Translate = Callable[[str], str]
SHORT_HASH = 8
LABELS = {
    "subject": "Record",
    "revision": "Revision",
    "attachments": "Attachments",
    "meaning": "Meaning of the signature",
    "signer": "Signer",
    "roles": "Acting as",
    "signed_at": "Signed at",
    "voided": "Void since",
    "reason": "Reason",
}
"""Labels of the fixed lines; each is a msgid."""


def render(item: CeremonyFacts | SignatureFacts, translate: Translate) -> tuple[tuple[str, str], ...]:
    """Answer all lines of a ceremony or a signature as ``(label, value)``, the record's first.

    ``translate`` gives a msgid's text in ``item.locale`` (or, for a signature, in its reader's language). A
    signature ends with its instant on the signer's clock and in UTC, as 21 CFR 11.50 wants.
    """
    shown = item.shown
    lines = [
        (translate(LABELS["subject"]), f"{shown.subject_number} · {translate(shown.title)}"),
        (translate(LABELS["revision"]), str(shown.revision)),
    ]
    lines += [
        (translate(fact.label), translate(fact.value) if fact.translated else fact.value)
        for fact in shown.facts
    ]
    if shown.attachments:
        short = ", ".join(digest[:SHORT_HASH] for digest in shown.attachments)
        lines.append((translate(LABELS["attachments"]), f"{len(shown.attachments)} ({short})"))
    signer = item.signer if isinstance(item, CeremonyFacts) else item.printed_name
    lines += [
        (translate(LABELS["meaning"]), translate(item.meaning.says)),
        (translate(LABELS["signer"]), signer),
        (translate(LABELS["roles"]), ", ".join(translate(Role(role).says) for role in item.roles)),
    ]
    if isinstance(item, SignatureFacts):
        local = clock.in_zone(item.signed_at, item.timezone)
        at = f"{local:%Y-%m-%d %H:%M:%S} {item.timezone} · {clock.utc(item.signed_at):%Y-%m-%d %H:%M:%S} UTC"
        lines.append((translate(LABELS["signed_at"]), at))
        if item.voided_at is not None:
            gone = clock.in_zone(item.voided_at, item.timezone)
            lines.append((translate(LABELS["voided"]), f"{gone:%Y-%m-%d %H:%M:%S} {item.timezone}"))
            lines.append((translate(LABELS["reason"]), item.voided_reason or ""))
    return tuple(lines)
