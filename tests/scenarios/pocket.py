"""A messenger in memory that keeps the adapter contract, remembers what happened on every screen, and has bad days."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.adapters.telegram import LIMITS as TELEGRAM
from bot.adapters.wecom import LIMITS as WECOM
from bot.adapters.wecom import WecomMessenger
from core.kit import clock
from core.notices import Limits, Outcome, Window
from handlers.chat.vocabulary import Button, Delivered, Incoming, Outgoing, Pictures
from tests.fakes.messenger import FakeMessenger, Shown
from tests.scenarios.virtual import SHANGHAI

SHORT = 70
"""Characters of a message in the report of a failing scenario."""
LIMITS: dict[str, Limits] = {"telegram": TELEGRAM, "wecom": WECOM}


@dataclass
class Post:
    """Something that happened on a screen: a message came, or one that stood there changed."""

    at: dt.datetime
    shown: Shown
    text: str
    buttons: tuple[str, ...]
    changed: bool
    read: bool = False

    def in_words(self) -> str:
        """For the message of a failing scenario."""
        mark = "✎" if self.changed else "✉"
        keys = f"\n    {list(self.buttons)}" if self.buttons else ""
        text = self.text if len(self.text) < SHORT else f"{self.text[:SHORT]} …"
        return f"{mark} {self.at.astimezone(SHANGHAI):%m-%d %H:%M:%S} {text}{keys}"


Bad = Callable[[], Delivered]
"""What the messenger answers instead of doing its work."""


def _lost() -> Delivered:
    return Delivered(outcome=Outcome.RETRY, error="connection refused")


def _flood() -> Delivered:
    return Delivered(outcome=Outcome.RETRY, retry_after=7.0, error="429")


def _refused() -> Delivered:
    return Delivered(outcome=Outcome.REFUSED, error="bad request")


def _unclear() -> Delivered:
    return Delivered(outcome=Outcome.UNKNOWN, error="the answer never came")


LOST, FLOOD, REFUSED, UNCLEAR = _lost, _flood, _refused, _unclear


@dataclass
class PocketMessenger(FakeMessenger):
    """The fake of the contract; ``posts`` is what a person saw, in order."""

    posts: dict[str, list[Post]] = field(default_factory=lambda: defaultdict(list))
    bad: dict[str, deque[Bad]] = field(default_factory=lambda: defaultdict(deque))
    """By chat, what becomes of the next sends."""
    unclear: set[str] = field(default_factory=set)
    """Chats whose next message arrives although the connection breaks before the answer."""
    sends: list[tuple[dt.datetime, str, int]] = field(default_factory=list)
    weather: Callable[[], Bad | None] | None = None
    """On a bad day, what becomes of the next send; ``UNCLEAR`` arrives although nobody learns it."""

    def read(self, raw: dict[str, object]) -> Incoming | None:
        """As every messenger does, a tap names the message that was tapped on."""
        incoming = super().read(raw)
        if incoming is None or "on" not in raw:
            return incoming
        return replace(incoming, message_ref={"id": raw["on"]})

    def messages(self, outgoing: Outgoing) -> int:
        """A picture carries its words, as on Telegram."""
        return max(1, len(outgoing.pictures))

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        self.sends.append((clock.now(), chat_ref, self.messages(outgoing)))
        if chat_ref not in self.blocked and self.bad[chat_ref]:
            return self.bad[chat_ref].popleft()()
        bad = None if self.weather is None else self.weather()
        if bad is UNCLEAR:
            self.unclear.add(chat_ref)
        elif bad is not None:
            return bad()
        done = await super().send(chat_ref, outgoing, pictures)
        if done.outcome is Outcome.SENT:
            self._happened(chat_ref, self.chats[chat_ref][-1], changed=False)
            if chat_ref in self.unclear:
                self.unclear.discard(chat_ref)
                return _unclear()
        return done

    async def edit(self, chat_ref: str, message_ref: dict[str, object], outgoing: Outgoing) -> Delivered:
        self.sends.append((clock.now(), chat_ref, 1))
        done = await super().edit(chat_ref, message_ref, outgoing)
        if done.outcome is Outcome.SENT:
            shown = next(one for one in self.chats[chat_ref] if one.id == message_ref["id"])
            self._happened(chat_ref, shown, changed=True)
        return done

    def _happened(self, chat_ref: str, shown: Shown, *, changed: bool) -> None:
        labels = tuple(one.text for row in shown.outgoing.buttons for one in row)
        self.posts[chat_ref].append(Post(clock.now(), shown, shown.text, labels, changed))

    def unread(self, chat_ref: str) -> list[Post]:
        return [one for one in self.posts[chat_ref] if not one.read]

    def over_the_limit(self) -> list[str]:
        """Every sliding window that held more than the channel's limits allow."""
        limits = LIMITS.get(self.channel)
        if limits is None:
            return []
        found = [f"all: {one}" for one in _broken(self.sends, limits.overall)]
        for chat in {chat for _at, chat, _n in self.sends}:
            own = [one for one in self.sends if one[1] == chat]
            kept = limits.group if chat.startswith("-") else limits.private
            found += [f"{chat}: {one}" for one in _broken(own, kept)]
        return found


def _broken(sends: list[tuple[dt.datetime, str, int]], windows: tuple[Window, ...]) -> list[str]:
    """Where more went out in a window than fits, an album that is larger than the window aside."""
    broken = []
    for window in windows:
        length = dt.timedelta(seconds=window.seconds)
        first = total = 0
        for last, (at, _chat, count) in enumerate(sends):
            total += count
            while sends[first][0] <= at - length:
                total -= sends[first][2]
                first += 1
            if total > window.count and last > first:
                broken.append(f"{total} in {window.seconds:g} s until {at:%H:%M:%S.%f}")
    return broken


def pocket(channel: str) -> PocketMessenger:
    """A phone's messenger; in WeCom nothing that a person wrote is taken out, and a repeat is not shown twice."""
    made = PocketMessenger(channel=channel)
    if channel == "wecom":
        made.capabilities = WecomMessenger.capabilities
    return made


def button(shown: Shown, label: str) -> Button | None:
    """The button of exactly this text, or the only one that contains it."""
    every = [one for row in shown.outgoing.buttons for one in row]
    exact = [one for one in every if one.text == label]
    near = [one for one in every if label in one.text]
    return exact[0] if exact else near[0] if near else None
