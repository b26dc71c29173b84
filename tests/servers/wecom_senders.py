"""What a member of the corporation can send: words, pictures, places, and events that the client makes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from tests.servers.wecom_courier import Callback
from tests.servers.wecom_screen import Account, Shown
from tests.servers.wecom_state import App, State

_message_ids = itertools.count(7_300_000_000_000_000_001)


@dataclass(repr=False)
class Sender:
    """One member with the app open, as far as sending goes."""

    state: State
    account: Account
    app: App

    def __repr__(self) -> str:
        """Short: a failing test prints it."""
        return f"Member({self.userid})"

    @property
    def userid(self) -> str:
        """The member's id in the corporation."""
        return self.account.userid

    # writing

    async def says(self, text: str) -> Shown:
        """Writes text."""
        return self._posts("text", {"Content": text}, text=text)

    async def sends_photo(self, picture: bytes) -> Shown:
        """Sends a picture; WeCom tells its address and a media_id that lives three days."""
        kept = self.state.media.keep("image", picture, "photo.jpg")
        address = f"http://127.0.0.1/wwpic/{kept.media_id}"
        return self._posts("image", {"PicUrl": address, "MediaId": kept.media_id}, media=kept)

    async def sends_file(self, content: bytes, name: str) -> Shown:
        """Sends a file; WeCom tells a media_id that lives three days, and no name."""
        kept = self.state.media.keep("file", content, name)
        return self._posts("file", {"MediaId": kept.media_id}, media=kept)

    async def sends_album(self, pictures: list[bytes]) -> list[Shown]:
        """Sends several pictures at once: each comes by itself, nothing says that they belong together."""
        return [await self.sends_photo(one) for one in pictures]

    async def sends_voice(self, content: bytes = b"#!AMR\n" + bytes(32)) -> Shown:
        """Sends a voice message."""
        kept = self.state.media.keep("voice", content, "voice.amr")
        return self._posts("voice", {"MediaId": kept.media_id, "Format": "amr"}, media=kept)

    async def shares_location(self, lat: float, lon: float, label: str = "涂层车间") -> Shown:
        """Sends a place in degrees."""
        place = {"Location_X": lat, "Location_Y": lon, "Scale": 20, "Label": label, "AppType": "wxwork"}
        return self._posts("location", place, text=label)

    async def sends_unknown(self, kind: str = "hologram", **fields: Any) -> Shown:
        """Sends something of a kind that no description knows yet."""
        return self._posts(kind, fields or {"Beam": "1"}, text=kind)

    # events that are no message

    async def enters(self) -> Callback:
        """Opens the app."""
        return self.tells_event("enter_agent", EventKey="")

    async def subscribes(self) -> Callback:
        """Comes within the app's visible range."""
        self.account.sees_app = True
        return self.tells_event("subscribe", EventKey="")

    async def unsubscribes(self) -> Callback:
        """Leaves the app's visible range: messages to this member are refused from now on."""
        self.account.sees_app = False
        return self.tells_event("unsubscribe", EventKey="")

    async def reports_location(self, lat: float, lon: float) -> Callback:
        """The client reports where it is, which it does by itself."""
        return self.tells_event("LOCATION", Latitude=lat, Longitude=lon, Precision=65)

    async def clicks_menu(self, key: str) -> Callback:
        """Taps a key of the app's menu."""
        return self.tells_event("click", EventKey=key)

    async def taps_menu(self, name: str) -> Callback:
        """Taps the key of this name below the chat; a key that scans wants ``scans`` instead.

        Raises:
            AssertionError: the menu has no such key.
        """
        keys = self.state.menus.get(self.app.agent, [])
        found = next((one for one in keys if one["name"] == name), None)
        assert found is not None, f"no key {name!r} below the chat: {[one['name'] for one in keys]}"
        return self.tells_event(found["type"], EventKey=found["value"])

    async def scans(self, content: str, kind: str = "qrcode", key: str = "scan") -> Callback:
        """Scans a code from the menu."""
        info = {"ScanType": kind, "ScanResult": content}
        return self.tells_event("scancode_waitmsg", EventKey=key, ScanCodeInfo=info)

    def tells_event(self, event: str, **fields: Any) -> Callback:
        """Any event of this member."""
        return self._tells("event", {"Event": event, **fields})

    # inside

    def _posts(self, kind: str, fields: dict[str, Any], **content: Any) -> Shown:
        shown = self.state.world.show(self.userid, self.state.wall(), kind, **content)
        self._tells(kind, {**fields, "MsgId": next(_message_ids)})
        return shown

    def _tells(self, kind: str, fields: dict[str, Any]) -> Callback:
        head = {
            "ToUserName": self.state.corp_id,
            "FromUserName": self.userid,
            "CreateTime": int(self.state.wall()),
            "MsgType": kind,
        }
        return self.state.courier.put(
            self.userid, self.app.agent, {**head, **fields, "AgentID": self.app.agent}
        )
