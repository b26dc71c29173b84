"""The page on which a passkey signs: its address is bound to one ceremony, hence to one person and one content."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from core import ledger
from core.kit import clock
from core.kit.refusal import NotFound
from core.signing import authenticators, passkey_policy, passkeys, policy, queries
from core.signing.errors import Expired, UnknownPage
from core.signing.errors_passkeys import NeedsPasskey
from core.signing.models import Ceremony
from core.signing.terms import Level2, PageShown

BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Page:
    """The way to a page that was not shown yet; only its hash is kept."""

    token: str = field(repr=False)
    nonce: str

    @property
    def hashed(self) -> str:
        """What the ceremony keeps of the token."""
        return hashed(self.token)


def hashed(token: str) -> str:
    """Answer what a page is found by."""
    return sha256(token.encode(errors="replace")).hexdigest()


async def page_wanted(person_id: int, level: Level2) -> Page | None:
    """Answer a fresh page where the level admits a passkey and the person has one; None where a code signs.

    Raises:
        NoPasskeysHere: the level takes a passkey, and they cannot work at this installation.
        NeedsPasskey: the level takes a passkey, and the person has none.
    """
    if not passkey_policy.satisfies(passkey_policy.PASSKEY, level):
        return None
    if level is Level2.S4:
        passkeys.must_have_site()
    if not await passkeys.has_passkey(person_id):
        if level is Level2.S4:
            raise NeedsPasskey
        return None
    return Page(token=secrets.token_urlsafe(BYTES), nonce=secrets.token_hex(BYTES))


async def of_token(token: str) -> Ceremony:
    """Answer the ceremony that a page's address belongs to, whatever became of it.

    Raises:
        UnknownPage: there is none.
    """
    row = await Ceremony.filter(page_hash=hashed(token)).first()
    if row is None:
        raise UnknownPage
    return row


async def of_number(ceremony_id: int) -> Ceremony:
    """Answer a ceremony by its key.

    Raises:
        NotFound: there is none.
    """
    row = await Ceremony.get_or_none(id=ceremony_id)
    if row is None:
        raise NotFound(what=f"#{ceremony_id}")
    return row


async def challenge_of(row: Ceremony) -> tuple[str, bytes]:
    """Answer the leaf of the showing and the challenge that binds a device's answer to it.

    Raises:
        Expired: the ceremony has no page.
    """
    entry = None if row.entry_id is None else await ledger.entry(row.entry_id)
    if entry is None or row.nonce is None:
        raise Expired
    return entry.leaf, passkey_policy.challenge(entry.leaf, row.shown_digest, row.nonce)


async def page(token: str) -> PageShown:
    """Answer what the page of a ceremony shows and asks; looking uses nothing up.

    Raises:
        UnknownPage: no ceremony has this address.
        AlreadySigned, Superseded, Expired: it is over.
        NeedsPasskey, NoPasskeysHere: its signer has no passkey any more.
    """
    row = await of_token(token)
    facts = queries.ceremony_facts(row)
    policy.refuse_ended(facts, row.channel, row.chat_ref, clock.now())
    here, rows = passkeys.must_have_site(), await passkeys.living(row.person_id)
    if not rows:
        raise NeedsPasskey
    _leaf, challenge = await challenge_of(row)
    return PageShown(
        ceremony=facts, options=authenticators.request(here, challenge, passkeys.options_known(rows))
    )
