"""WeCom (企业微信): a self-built app behind its callback address; answers go out by the API after the commit."""

from bot.adapters.wecom.adapter import LIMITS, WecomMessenger
from bot.adapters.wecom.checking import checked
from bot.adapters.wecom.setting_up import app_of, wecom_from
from bot.adapters.wecom.signing_in import WecomSignIn

__all__ = ["LIMITS", "WecomMessenger", "WecomSignIn", "app_of", "checked", "wecom_from"]
