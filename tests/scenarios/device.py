"""Somebody's phone: what they tap, write and photograph, and what they expect to see after it.

``await owner.taps("✅ 接手").expects("已归您").expects("AN-", offers="确认等级")``: steps are done one after the other.
Whatever appears on any phone must be expected by somebody before anybody goes on; what nobody expected fails.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, Self

from core.kit import clock
from handlers.chat.vocabulary import Came
from tests.fakes.messenger import Shown
from tests.scenarios.pictures import photo
from tests.scenarios.pocket import PocketMessenger, Post, button

if TYPE_CHECKING:
    from tests.scenarios.scene import Scene

Step = Callable[[], Awaitable[None]]
Words = str | tuple[str, ...]


def _each(words: Words) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else words


class Phone:
    """One account of a person in one messenger."""

    def __init__(self, scene: Scene, name: str, account: str, messenger: PocketMessenger) -> None:
        self.scene = scene
        self.name = name
        self.account = account
        self.messenger = messenger

    @property
    def chat(self) -> list[Shown]:
        return self.messenger.chats.get(self.account, [])

    def unread(self) -> list[Post]:
        return self.messenger.unread(self.account)

    def check_word(self) -> str:
        """The word of the newest ceremony on the screen."""
        return next(one.outgoing.code for one in reversed(self.chat) if one.outgoing.code)

    def taken_out(self) -> int:
        """How many own messages the house took out of the chats."""
        return len(self.messenger.removed)

    def transcript(self, last: int = 3) -> str:
        return "\n".join(one.in_words() for one in self.messenger.posts[self.account][-last:])

    async def arrives(self, came: Came, **more: object) -> None:
        await self.messenger.arrives(self.account, came, **more)

    def find_button(self, label: str, on: str = "") -> dict[str, object]:
        """A tap on the newest button with this label, on a message with these words if any are given."""
        for shown in reversed(self.chat):
            found = button(shown, label) if on in shown.text else None
            if found is not None:
                return {"data": found.data, "on": shown.id}
        raise AssertionError(f"{self.name} has no button {label!r}:\n{self.transcript()}")


class Device:
    """A phone and the steps that are still to be done on it."""

    def __init__(self, phone: Phone, steps: tuple[Step, ...] = ()) -> None:
        self.phone = phone
        self._steps = steps

    @property
    def scene(self) -> Scene:
        return self.phone.scene

    def __await__(self) -> Generator[Any, None, Self]:
        return self._run().__await__()

    async def _run(self) -> Self:
        self.scene.begun.discard(self)
        for step in self._steps:
            await step()
        return self

    def _then(self, step: Step) -> Device:
        self.scene.begun.discard(self)
        longer = Device(self.phone, (*self._steps, step))
        self.scene.begun.add(longer)
        return longer

    # what a person does

    def _does(self, act: Step) -> Device:
        async def step() -> None:
            self.scene.everything_is_read(f"before {self.phone.name} goes on")
            await act()
            await self.scene.passes(self.scene.pace)

        return self._then(step)

    def says(self, *texts: str) -> Device:
        """Writes; several texts are several messages, sent without waiting for an answer."""

        async def act() -> None:
            for text in texts:
                came = Came.COMMAND if text.startswith("/") else Came.TEXT
                await self.phone.arrives(came, text=text)

        return self._does(act)

    def taps(self, label: str, *, on: str = "") -> Device:
        """Taps the newest button with this label; ``on`` names the message by some of its words."""

        async def act() -> None:
            await self.phone.arrives(Came.BUTTON, **self.phone.find_button(label, on))

        return self._does(act)

    def taps_twice(self, label: str) -> Device:
        """A nervous thumb: the same button twice before anything happened."""

        async def act() -> None:
            tap = self.phone.find_button(label)
            await self.phone.arrives(Came.BUTTON, **tap)
            await self.phone.arrives(Came.BUTTON, **tap)

        return self._does(act)

    def taps_on_the_screen_of(self, other: Device, label: str) -> Device:
        """Presses a button that was made for somebody else, as a forwarded message would show it."""

        async def act() -> None:
            await self.phone.arrives(Came.BUTTON, data=other.phone.find_button(label)["data"])

        return self._does(act)

    def photographs(self, *colours: str) -> Device:
        """Sends photos, each an update of its own, as albums come."""

        async def act() -> None:
            for colour in colours or ("silver",):
                ref = f"file-{self.phone.account}-{len(self.phone.messenger.files)}"
                self.phone.messenger.files[ref] = photo(colour)
                await self.phone.arrives(Came.PHOTO, media=ref)

        return self._does(act)

    def sends(self, came: Came, data: bytes | None = None) -> Device:
        """Sends something else: a file of these bytes, a voice note, a place."""

        async def act() -> None:
            more: dict[str, object] = {}
            if data is not None:
                more["media"] = f"file-{self.phone.account}-{len(self.phone.messenger.files)}"
                self.phone.messenger.files[str(more["media"])] = data
            await self.phone.arrives(came, **more)

        return self._does(act)

    def signs(self, *, code: str = "", word: str = "") -> Device:
        """Answers the newest ceremony with a fresh code of the own authenticator and its check word."""

        async def act() -> None:
            clock.shift(dt.timedelta(seconds=31))
            given = code or self.scene.plant.code(self.phone.name)
            before = self.phone.taken_out()
            await self.phone.arrives(Came.TEXT, text=f"{given} {word or self.phone.check_word()}")
            await self.scene.settle()
            if self.phone.messenger.capabilities.removes_incoming:
                assert self.phone.taken_out() == before + 1, "a code stays in no chat"

        return self._does(act)

    def blocks_the_bot(self) -> Device:
        """From now on nothing reaches this chat."""

        async def act() -> None:
            self.phone.messenger.blocked.add(self.phone.account)

        return self._does(act)

    # what a person sees

    def expects(
        self,
        *words: str,
        offers: Words = (),
        lacks: Words = (),
        changed: bool = False,
        pictures: int | None = None,
    ) -> Device:
        """A message came with all these words, with these buttons and without those; it is read now.

        ``changed``: not a new message, but one that stood there and says this now.
        """

        async def step() -> None:
            self._read(words, _each(offers), _each(lacks), changed=changed, pictures=pictures)

        return self._then(step)

    def _read(
        self,
        words: tuple[str, ...],
        offers: tuple[str, ...],
        lacks: tuple[str, ...],
        *,
        changed: bool,
        pictures: int | None,
    ) -> Post:
        unread = self.phone.unread()
        for post in unread:
            if post.changed == changed and all(one in post.text for one in words):
                for label in offers:
                    assert any(label in one for one in post.buttons), (
                        f"no button {label!r}: {post.in_words()}"
                    )
                for label in lacks:
                    there = any(label in one for one in post.buttons) or label in post.text
                    assert not there, f"{label!r} should not be there: {post.in_words()}"
                if pictures is not None:
                    assert len(post.shown.pictures) == pictures, post.in_words()
                post.read = True
                return post
        waiting = "\n".join(one.in_words() for one in unread) or "nothing new"
        raise AssertionError(
            f"{self.phone.name} expected {'a change to ' if changed else ''}{words!r}; unread:\n{waiting}\n"
            f"the screen before:\n{self.phone.transcript()}"
        )

    def expects_nothing(self) -> Device:
        """Nothing came."""

        async def step() -> None:
            unread = self.phone.unread()
            assert not unread, f"{self.phone.name} expected nothing:\n" + "\n".join(
                one.in_words() for one in unread
            )

        return self._then(step)

    def clears(self, count: int | None = None) -> Device:
        """Reads whatever came, where a scenario is about something else; ``count`` says how many messages."""

        async def step() -> None:
            unread = self.phone.unread()
            if count is not None:
                assert len(unread) == count, "\n".join(one.in_words() for one in unread)
            for one in unread:
                one.read = True

        return self._then(step)
