"""WeCom (企业微信): a self-built app behind its callback address; answers go out by the API after the commit."""

from bot.adapters.wecom.adapter import LIMITS, WecomMessenger
from bot.adapters.wecom.setting_up import wecom_from

__all__ = ["LIMITS", "WecomMessenger", "wecom_from"]
