"""Names that WeCom and we share: the channel, members, cards."""

from __future__ import annotations

CHANNEL = "wecom"


def account_of(member: str) -> str:
    """A member as an account: WeCom does not tell upper from lower case in userids."""
    return member.lower()


def root_of(task: str) -> str:
    """The name that a card keeps through all its changes."""
    return task.partition("@")[0]
