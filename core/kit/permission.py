"""Rights: six levels times the modules a person works in. Roles map to sets of these."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Level(IntEnum):
    """What a person may do inside one module. READ to APPROVE build on one another."""

    READ = 1
    """See records inside the own scope."""
    REPORT = 2
    """Bring in new facts: an anomaly, a photo, an answer."""
    WORK = 3
    """Handle records: acknowledge, grade, hold, plan, carry out."""
    APPROVE = 4
    """Sign decisions on other people's work."""
    CONFIGURE = 5
    """Change templates, policies and master data. Includes READ only."""
    ADMINISTER = 6
    """Change people, roles and keys. Includes READ only and excludes APPROVE (NMPA D-22a)."""

    def includes(self, other: Level) -> bool:
        """Answer whether holding this level also gives the other one."""
        if other in (Level.CONFIGURE, Level.ADMINISTER) or self in (Level.CONFIGURE, Level.ADMINISTER):
            return self is other or other is Level.READ
        return self >= other


class Module(StrEnum):
    """The modules that rights are given for."""

    ANOMALIES = "anomalies"
    CAPA = "capa"
    LOTS = "lots"
    SUPPLIERS = "suppliers"
    SOP = "sop"
    PEOPLE = "people"
    RECORDS = "records"
    SIGNING = "signing"
    ESCALATION = "escalation"


class Permission(NamedTuple):
    """One right: a level in a module."""

    module: Module
    level: Level

    @property
    def code(self) -> str:
        """Written form for tables and documents, e.g. ``anomalies:report``."""
        return f"{self.module}:{self.level.name.lower()}"


def parse(code: str) -> Permission:
    """Read the written form back.

    Raises:
        ValueError: the module or the level is unknown.
    """
    module, _, level = code.partition(":")
    try:
        return Permission(Module(module), Level[level.upper()])
    except KeyError as unknown:
        msg = f"unknown level in {code!r}"
        raise ValueError(msg) from unknown
