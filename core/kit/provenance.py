"""Where a fact came from and how far it can be trusted: columns and words that facts of all rooms share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tortoise import fields

from core.kit import plain_text
from core.kit.columns import CheckedText, among
from core.kit.refusal import Malformed
from core.kit.regulated import Regulated
from core.kit.said import Said

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Source(Said):
    """How a fact came in."""

    PERSON = "person", "entered by a person"
    FILE = "file", "read from a file"
    API = "api", "sent by a partner's program"
    EPCIS = "epcis", "told by an EPCIS event"
    CERTIFICATE = "certificate", "read from a certificate"
    INSTRUMENT = "instrument", "sent by an instrument"
    SENSOR = "sensor", "sent by a sensor"
    IMPORT = "import", "brought in from older records"


class Flag(Said):
    """What is doubtful about a fact (data quality); none of them makes it disappear."""

    LATE = "late", "came in late"
    DUPLICATE = "duplicate", "came in more than once"
    UNIT = "unit", "unit is doubtful"
    CLOCK = "clock", "time or time zone is doubtful"
    IMPLAUSIBLE = "implausible", "value is implausible"
    GAPS = "gaps", "parts are missing"
    ESTIMATED = "estimated", "estimated, not measured"
    UNCALIBRATED = "uncalibrated", "instrument out of calibration"
    COUNT = "count", "quantity differs from what was sent"
    CLAIM = "claim", "the sender's judgement differs from ours"


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Source, what it is called there (file name, document or message number), digest of the file, and doubts."""

    source: Source = Source.PERSON
    ref: str = ""
    sha256: str = ""
    flags: tuple[Flag, ...] = ()

    def columns(self, *more: Flag) -> dict[str, Any]:
        """Answer the columns of ``Provenanced``, with further doubts.

        Raises:
            Malformed: the digest is not a SHA-256 in lower-case hex.
            TooLong: the reference is longer than 200 characters.
        """
        if self.sha256 and not _SHA256.fullmatch(self.sha256):
            raise Malformed(field="sha256", why=self.sha256[:20])
        return {
            "source": self.source.value,
            "source_ref": plain_text.checked(self.ref, limit=200, required=False),
            "file_sha256": self.sha256,
            "flags": flag_codes((*self.flags, *more)),
        }


BY_HAND = Provenance()


def flag_codes(flags: Iterable[Flag]) -> list[str]:
    """Answer flags as they are stored: each once, in the order of the list."""
    given = set(flags)
    return [one.value for one in Flag if one in given]


class Provenanced(Regulated):
    """Base of tables whose rows say where they came from."""

    source = CheckedText(max_length=12, check=among(Source))
    source_ref = fields.CharField(max_length=200, default="")
    file_sha256 = fields.CharField(max_length=64, default="")
    flags: list[str] = fields.JSONField(default=list)

    class Meta:
        abstract = True

    def provenance(self) -> Provenance:
        """Give the columns as a frozen value."""
        return Provenance(
            source=Source(self.source),
            ref=self.source_ref,
            sha256=self.file_sha256,
            flags=tuple(Flag(one) for one in self.flags),
        )
