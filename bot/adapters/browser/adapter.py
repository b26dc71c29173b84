"""The phone page as a messenger: what is sent becomes an event of the page, what people do becomes an update."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.adapters.browser.routes import PageRoutes
from bot.adapters.browser.streams import Listeners
from core import notices, people
from core.evidence import Darkroom
from core.inbox import Arrived
from core.kit import Actor, Refusal, unit_of_work
from core.notices import Outcome, What
from handlers.chat.buttons import ButtonPress
from handlers.chat.vocabulary import (
    Came,
    Capabilities,
    Delivered,
    FetchFailed,
    Incoming,
    Intake,
    Media,
    Outgoing,
    Pictures,
)

FILE_MAX = 20_000_000
Load = Callable[[str, Actor], Awaitable[bytes | None]]


class BrowserMessenger:
    """One chat per person: chat ``p<person id>``, account the person's id, proven by the page's session."""

    channel = "browser"
    capabilities = Capabilities(
        buttons_max=100,
        text_max=20_000,
        edits=True,
        removes_incoming=True,
        file_max=FILE_MAX,
        pictures_max=10,
    )

    def __init__(
        self, *, darkroom: Darkroom, load: Load, press: ButtonPress, secure: bool, locale: str
    ) -> None:
        """Keep what the page needs; nothing listens yet."""
        self.darkroom = darkroom
        self.load = load
        self.press = press
        self.listeners = Listeners()
        self._intake: Intake | None = None
        self._routes = PageRoutes(self, secure=secure, locale=locale)

    def routes(self) -> list[web.RouteDef]:
        """The page and everything it calls."""
        return self._routes.table()

    async def start(self, intake: Intake) -> None:
        """Take updates from now on."""
        self._intake = intake

    async def stop(self) -> None:
        """Take no more, and let open event streams end."""
        self._intake = None
        self.listeners.end_all()

    async def close(self) -> None:
        """Nothing is held open: pages ask us."""

    def messages(self, outgoing: Outgoing) -> int:
        """One: pages have no limits."""
        return 1

    async def arrived(self, person_id: int, update_id: str, body: dict[str, object]) -> bool:
        """Store what a person did, and show it on their page, in one commit; False while nothing is taken.

        The answer to the page follows the commit, so the page may forget what it sent. What comes a second
        time (the page did not hear the answer) changes nothing.
        """
        if self._intake is None:
            return False
        raw = {**body, "update_id": update_id, "person": person_id}
        async with unit_of_work():
            if await self._intake([Arrived(update_id=update_id, chat_ref=f"p{person_id}", raw=raw)], None):
                await self._event(person_id, What.MINE, {"update": update_id, **_echo(body)})
        return True

    async def _event(
        self, person_id: int, what: What, payload: dict[str, object] | None, *, message: int | None = None
    ) -> int:
        async with unit_of_work() as work:
            made = await notices.page_event(person_id, what, payload, message=message)
            work.after_commit(functools.partial(self.listeners.wake, person_id))
        return made.message

    def read(self, raw: dict[str, object]) -> Incoming | None:
        """Understand a stored update."""
        person, text = str(raw["person"]), str(raw.get("text", ""))
        media = raw.get("media")
        came = Came(str(raw["came"]))
        if came is Came.TEXT and text.startswith("/"):
            came = Came.COMMAND
        return Incoming(
            channel=self.channel,
            update_id=str(raw["update_id"]),
            chat_ref=f"p{person}",
            account=person,
            came=came,
            text=text,
            data=str(raw.get("button", "")),
            media=Media(ref=str(media), name=str(raw["name"]) if raw.get("name") else None)
            if media
            else None,
            message_ref={"update": raw["update_id"]},
        )

    async def acknowledge(self, incoming: Incoming) -> None:
        """The page was answered when the update was stored; there is nothing left to stop turning."""

    async def send(self, chat_ref: str, outgoing: Outgoing, pictures: Pictures) -> Delivered:
        """Show a message on the page; pictures are fetched by the page when it shows them."""
        person_id = await self._person(chat_ref)
        if person_id is None:
            return Delivered(outcome=Outcome.GONE, error="no such person")
        message = await self._event(person_id, What.SHOW, outgoing.to_payload())
        return Delivered(outcome=Outcome.SENT, message_ref={"id": message})

    async def edit(self, chat_ref: str, message_ref: dict[str, object], outgoing: Outgoing) -> Delivered:
        """Change a message in place."""
        person_id = await self._person(chat_ref)
        if person_id is None:
            return Delivered(outcome=Outcome.GONE, error="no such person")
        message = int(str(message_ref.get("id", 0)))
        if not await notices.page_has(person_id, message):
            return Delivered(outcome=Outcome.GONE, error="no such message")
        await self._event(person_id, What.EDIT, outgoing.to_payload(), message=message)
        return Delivered(outcome=Outcome.SENT, message_ref=message_ref)

    async def remove(self, chat_ref: str, message_ref: dict[str, object]) -> Delivered:
        """Take what a person wrote off the page."""
        person_id = await self._person(chat_ref)
        if person_id is None:
            return Delivered(outcome=Outcome.GONE, error="no such person")
        async with unit_of_work():
            await notices.page_forget(person_id, str(message_ref.get("update", "")))
            await self._event(person_id, What.REMOVE, {"update": message_ref.get("update")})
        return Delivered(outcome=Outcome.SENT)

    async def _person(self, chat_ref: str) -> int | None:
        number = chat_ref.removeprefix("p")
        if not number.isdecimal():
            return None
        try:
            found = await people.person(int(number))
        except Refusal:
            return None
        return found.id if found.active else None

    async def fetch(self, media: Media) -> bytes:
        """Give an upload: it was sealed when it arrived.

        Raises:
            FetchFailed: it is not there.
        """
        organisation, _sep, digest = media.ref.partition("/")
        try:
            return await self.darkroom.unreceived(int(organisation), digest)
        except (Refusal, ValueError) as gone:
            raise FetchFailed(str(gone), for_good=True) from gone


def _echo(body: dict[str, object]) -> dict[str, object]:
    """What the page shows of the person's own doing; a tapped button shows its words."""
    return {key: body[key] for key in ("came", "text", "label", "name") if key in body}
