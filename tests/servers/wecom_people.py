"""Members of the corporation: they write, photograph, choose, tap and read like the real ones."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, NoReturn

from tests.servers import wecom_access
from tests.servers.wecom_courier import Callback
from tests.servers.wecom_screen import Shown
from tests.servers.wecom_senders import Sender
from tests.servers.wecom_sending import new_code

PATIENCE = 5.0


@dataclass(repr=False)
class Member(Sender):
    """One member with the app open."""

    _read: int = field(default=0)

    @property
    def chat(self) -> list[Shown]:
        """What the client shows, oldest first."""
        return self.account.chat

    @property
    def history(self) -> list[Shown]:
        """The same with recalled messages."""
        return list(self.account.messages)

    def transcript(self) -> str:
        """The screen in words."""
        return self.account.transcript()

    # cards

    async def taps(self, label: str, *, timeout: float = PATIENCE) -> str:
        """Taps the button of this text, or chooses and submits the option of this text in a card of one question.

        Answers the key of the button, or the address of a link. Waits ``timeout`` seconds for it to appear.

        Raises:
            AssertionError: with the screen, when no visible, unspent card shows it.
        """
        shown, button = await self._shown(label, timeout)
        if button is None:
            found = shown.option(label)
            assert found is not None, label
            self._must(len(shown.questions) == 1, f"{label!r} is one of several questions: use chooses()")
            shown.chosen[found[0]] = [found[1]["id"]]
            button = self._submit_of(shown, label)
        if button.get("type", 0) == 1:
            return str(button["url"])
        self._taps_key(shown, str(button["key"]))
        return str(button["key"])

    async def chooses(self, label: str, *more: str, timeout: float = PATIENCE) -> Shown:
        """Chooses options on the card that shows them, without submitting; check boxes take several."""
        shown, _button = await self._shown(label, timeout, options_only=True)
        for one in (label, *more):
            found = shown.option(one)
            if found is None:
                self._fail(f"no option {one!r} on that card")
            key, option = found
            before = shown.chosen.get(key, []) if self._takes_several(shown) else []
            shown.chosen[key] = [*before, str(option["id"])]
        return shown

    async def submits(self, shown: Shown) -> str:
        """Taps the submit button of a card; answers its key."""
        button = self._submit_of(shown, "submit")
        self._taps_key(shown, str(button["key"]))
        return str(button["key"])

    async def taps_key(self, key: str, shown: Shown) -> Callback:
        """A forged or late tap: any key on any card that ever stood here."""
        return self._taps_key(shown, key)

    async def opens(self, url: str) -> str:
        """Opens a sign-in link in the client; answers where the browser goes then, code and state included.

        Raises:
            RefusedError: the page that shows why not.
        """
        return wecom_access.authorize(self.state, url, self.userid)

    # reading

    async def expects(self, substring: str, timeout: float = PATIENCE) -> Shown:
        """Waits for a message of the app, sent or changed after the last expected one, with the text.

        Raises:
            AssertionError: with the screen, when none comes in time.
        """
        end = asyncio.get_running_loop().time() + timeout
        while True:
            fresh = sorted(
                (one for one in self.chat if one.from_app and one.stamp > self._read),
                key=lambda one: one.stamp,
            )
            found = next((one for one in fresh if substring in one.words), None)
            if found is not None:
                self._read = found.stamp
                return found
            await self._wait(end, f"nothing new with {substring!r} came within {timeout:g} s")

    async def expects_button(self, label: str, timeout: float = PATIENCE) -> Shown:
        """Waits until a card shows a button or an option of this text; answers the newest such card.

        Raises:
            AssertionError: with the screen, when none comes in time.
        """
        return (await self._shown(label, timeout))[0]

    def sees_button(self, label: str) -> bool:
        """Whether a visible card shows the button or option now."""
        return any(one.button(label) or one.option(label) for one in self.chat)

    # inside

    def _taps_key(self, shown: Shown, key: str) -> Callback:
        assert shown.sent is not None, "only a card of the app has buttons"
        card = shown.card or {}
        fields: dict[str, Any] = {
            "EventKey": key,
            "TaskId": card.get("task_id", shown.sent.task_id),
            "CardType": card.get("card_type", "button_interaction"),
            "ResponseCode": new_code(self.state, shown.sent, self.userid),
        }
        chosen = {**_preset(shown), **shown.chosen}
        if chosen:
            fields["SelectedItems"] = {
                "SelectedItem": [
                    {"QuestionKey": question, "OptionIds": {"OptionId": ids}}
                    for question, ids in chosen.items()
                ]
            }
        return self.tells_event("template_card_event", **fields)

    def _submit_of(self, shown: Shown, label: str) -> dict[str, Any]:
        buttons = shown.controls
        self._must(len(buttons) == 1, f"{label!r}: the card has no single submit button")
        return buttons[0]

    def _takes_several(self, shown: Shown) -> bool:
        return bool((shown.card or {}).get("checkbox", {}).get("mode", 0))

    async def _shown(
        self, label: str, timeout: float, *, options_only: bool = False
    ) -> tuple[Shown, dict[str, Any] | None]:
        end = asyncio.get_running_loop().time() + timeout
        while True:
            for one in reversed(self.chat):
                button = None if options_only else one.button(label)
                if button is not None or one.option(label) is not None:
                    return one, button
            await self._wait(end, f"no visible, unspent card shows {label!r}")

    async def _wait(self, end: float, failure: str) -> None:
        left = end - asyncio.get_running_loop().time()
        if left <= 0:
            self._fail(failure)
        await self.state.world.change(left)

    def _must(self, holds: bool, failure: str) -> None:
        if not holds:
            self._fail(failure)

    def _fail(self, failure: str) -> NoReturn:
        raise AssertionError(f"{self.account.name}: {failure}\n{self.transcript()}")


def _preset(shown: Shown) -> dict[str, list[str]]:
    """What a card has chosen before anybody touched it."""
    found: dict[str, list[str]] = {}
    for one in shown.questions:
        ticked = [option["id"] for option in one["option_list"] if option.get("is_checked")]
        first = [one["selected_id"]] if one.get("selected_id") else ticked
        if not first and "title" in one and one["option_list"]:
            first = [one["option_list"][0]["id"]]
        if first:
            found[str(one["question_key"])] = [str(value) for value in first]
    return found
