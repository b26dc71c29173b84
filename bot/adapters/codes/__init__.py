"""Codes in photos, found by zxing-cpp: in a process of their own, within bounds of size and time."""

from __future__ import annotations

from bot.adapters.codes.desk import CodeDesk as CodeDesk
from bot.adapters.codes.finding import find as find
