"""The built-in phone page: a chat in the browser where no messenger is allowed."""

from bot.adapters.browser.adapter import BrowserMessenger

__all__ = ["BrowserMessenger"]
