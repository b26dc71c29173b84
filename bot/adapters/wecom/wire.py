"""The XML of callbacks: read safely, kept as plain fields that every database stores."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import BaseModel, ConfigDict, Field, ValidationError

Words = Annotated[str, Field(max_length=8_192)]
Id = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[str, Field(pattern=r"^\d{1,19}$")]
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ECHO = re.compile(r"[0-9A-Za-z_-]{1,64}")
GREETING = 600
COMING_IN = ("enter_agent", "subscribe")


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Message(_Part):
    """What we read of a message or event; names are WeCom's, in our letters."""

    to: Id = Field(alias="ToUserName")
    sender: Id = Field(alias="FromUserName")
    created: Number = Field(alias="CreateTime")
    kind: Id = Field(alias="MsgType")
    agent: Words = Field(default="", alias="AgentID")
    message_id: Annotated[str, Field(max_length=64)] = Field(default="", alias="MsgId")
    content: Words = Field(default="", alias="Content")
    media: Annotated[str, Field(max_length=512)] = Field(default="", alias="MediaId")
    event: Annotated[str, Field(max_length=64)] = Field(default="", alias="Event")
    key: Annotated[str, Field(max_length=1_024)] = Field(default="", alias="EventKey")
    task: Annotated[str, Field(max_length=128)] = Field(default="", alias="TaskId")
    code: Annotated[str, Field(max_length=1_024)] = Field(default="", alias="ResponseCode")
    scanned: Words = ""
    chosen: tuple[tuple[str, ...], ...] = ()
    """The chosen options of each question of a card."""


def encrypted_in(body: bytes) -> str | None:
    """The sealed text in the envelope of a callback, or None when it is no such envelope."""
    root = _parsed(body)
    return None if root is None else (root.findtext("Encrypt") or "").strip() or None


def message_in(plain: bytes) -> Message | None:
    """The message in an opened text; None for what is no message of WeCom."""
    root = _parsed(plain)
    if root is None:
        return None
    fields: dict[str, object] = {
        one.tag: _UNSTORABLE.sub(
            "\ufffd", (one.text or "").strip() if one.tag != "Content" else one.text or ""
        )
        for one in root
        if not len(one)
    }
    fields["scanned"] = _UNSTORABLE.sub("\ufffd", root.findtext("ScanCodeInfo/ScanResult") or "")
    fields["chosen"] = tuple(
        tuple(_UNSTORABLE.sub("\ufffd", one.text or "") for one in item.findall("OptionIds/OptionId"))
        for item in root.findall("SelectedItems/SelectedItem")
    )
    try:
        return Message.model_validate(fields)
    except ValidationError:
        return None


def echo_in(plain: bytes) -> str | None:
    """What the check of the address wants back. Nothing longer is given out: it would open others' messages."""
    try:
        said = plain.decode()
    except UnicodeDecodeError:
        return None
    return said if _ECHO.fullmatch(said) else None


def number_of(message: Message) -> str:
    """What makes an update the same update: the message's own id; of events, all that tells them apart.

    A member who opens the app again and again is greeted once in ten minutes.
    """
    if message.message_id:
        return f"m{message.message_id}"
    when, event = message.created, message.event
    if event in COMING_IN:
        when, event = str(int(when) // GREETING), COMING_IN[0]
    parts = (message.sender, when, message.kind, event, message.key, message.task, message.code)
    digest = hashlib.sha256("\x1f".join((*parts, message.scanned)).encode()).hexdigest()
    return f"e{when}-{digest[:40]}"


def _parsed(body: bytes) -> Element | None:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    return root if root.tag == "xml" and len(root) <= 64 else None  # noqa: PLR2004  messages have about ten parts
