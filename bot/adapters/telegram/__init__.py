"""Telegram: python-telegram-bot's Bot and types behind our own receiver, which acknowledges after the commit."""

from bot.adapters.telegram.adapter import LIMITS, TelegramMessenger
from bot.adapters.telegram.checking import checked

__all__ = ["LIMITS", "TelegramMessenger", "checked"]
