"""Tools of every room: time, permission, actor, refusal, unit of work, canonical records, quantities."""

from core.kit import canonical, clock, measures, plain_text, quantity
from core.kit.actor import Actor, system
from core.kit.hooks import Hook
from core.kit.page import Page
from core.kit.permission import Level, Module, Permission
from core.kit.refusal import Malformed, NotFound, NotPermitted, Refusal, Stale
from core.kit.regulated import REGULATED, Refused, Regulated
from core.kit.unit_of_work import current, dialect, each_alone, is_open, unit_of_work
from core.kit.verb import REGISTERED, verb

__all__ = [
    "REGISTERED",
    "REGULATED",
    "Actor",
    "Hook",
    "Level",
    "Malformed",
    "Module",
    "NotFound",
    "NotPermitted",
    "Page",
    "Permission",
    "Refusal",
    "Refused",
    "Regulated",
    "Stale",
    "canonical",
    "clock",
    "current",
    "dialect",
    "each_alone",
    "is_open",
    "measures",
    "plain_text",
    "quantity",
    "system",
    "unit_of_work",
    "verb",
]
