"""/passkeys: the own passkeys, and the way to the page where one is added or ended."""

from __future__ import annotations

from core import signing
from core.kit import Level, Module, Permission
from core.signing import NoPasskeysHere
from handlers.chat.dialogues.signing_codes import signing_page
from handlers.chat.router import commands
from handlers.chat.talk import Talk
from handlers.chat.vocabulary import Button, Outgoing


@commands("passkeys", "通行密钥")
async def passkeys(talk: Talk, _said: str) -> None:
    """/passkeys: what the person signs weighty acts with, and a link to the page."""
    _ = talk.translate
    talk.actor.must(Permission(Module.SIGNING, Level.WORK))
    if signing.site() is None:
        raise NoPasskeysHere
    rows = [one for one in await signing.passkeys_of(talk.actor, talk.actor.identity) if one.ended_at is None]
    await talk.reply(
        Outgoing(
            head=_("🔏 Your passkeys ({n})").format(n=len(rows)),
            facts=tuple((one.name, _("added {time}").format(time=talk.moment(one.added_at))) for one in rows),
            body=_(
                "A passkey is a key in your phone, computer or security key. It signs what no code is enough for."
            ),
            hint=_(
                "Open the page in your phone's own browser, give PIN and code, then add or end one there. "
                "The link works once."
            ),
            buttons=((Button(text=_("🔑 Signing page"), url=await signing_page(talk)),),),
        )
    )
