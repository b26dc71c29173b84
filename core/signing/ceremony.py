"""Beginning a ceremony: what would be signed is described, digested and kept exactly as it is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from core import ledger, people
from core.kit import canonical
from core.kit.actor import Actor
from core.kit.numbering import next_number
from core.kit.permission import Level, Module
from core.kit.refusal import NotFound
from core.kit.unit_of_work import current
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import acts, lending, levels, pages, policy, queries, standing
from core.signing.errors import NotEnrolled
from core.signing.models import Ceremony
from core.signing.terms import RENDERER, CeremonyFacts, Level2, State


async def present(actor: Actor) -> Actor:
    """Answer the same person with the roles and rights of this moment.

    Raises:
        Refusal: the person is not active any more, or is no person.
    """
    return await people.actor_of(actor.identity, actor.channel, correlation=actor.correlation)


@verb(Module.SIGNING, Level.WORK, Kind.SIGN_CEREMONY)
async def begin(
    actor: Actor, act: str, args: dict[str, object], channel: str, chat_ref: str
) -> CeremonyFacts:
    """Show an act for signature; what was shown before in this chat and not answered is put aside.

    ``args`` are plain values (decimals and dates become text) that the act gets again at completion.

    Raises:
        NotPermitted: the person's roles sign nothing.
        NotEnrolled, Locked: the person cannot sign now.
        NeedsPasskey, NoPasskeysHere: the act takes a passkey and there is none.
        Apart: segregation of duties keeps the person from signing this.
        Refusal: whatever the act itself refuses early.
    """
    work = current()
    signer = await present(actor)
    known = acts.named(act)
    level = await levels.level_of(signer.plant_id, act)
    if level is not Level2.S1:
        factor = await queries.active_factor(signer.identity)
        if factor is None:
            raise NotEnrolled
        policy.refuse_locked(factor.locked_until, work.now)
    page = await pages.page_wanted(signer.identity, level)
    plain_args = cast("dict[str, object]", canonical.plain(args))
    stands, shown = await lending.described(signer, known, plain_args)
    await standing.refuse_too_close(known, signer, shown, on_behalf_of=stands.on_behalf_of)
    content = policy.content(
        shown,
        meaning=known.meaning,
        signer=stands.actor.name,
        roles=sorted(signer.roles),
        locale=signer.locale,
    )
    digest = policy.digest(content)
    earlier = await _put_aside(signer.identity, channel, chat_ref)
    ceremony = await Ceremony.create(
        number=await next_number(signer.plant_id, "SG"),
        plant_id=signer.plant_id,
        person_id=signer.identity,
        act=act,
        args=plain_args,
        case_number=shown.case_number,
        subject_kind=shown.subject_kind,
        subject_number=shown.subject_number,
        revision=shown.revision,
        meaning=known.meaning.value,
        shown=cast("dict[str, object]", canonical.plain(content)),
        locale=signer.locale,
        timezone=signer.timezone,
        renderer=RENDERER,
        shown_digest=digest,
        check_word=policy.check_word(digest),
        level=level.value,
        delegation_id=None if stands.given is None else stands.given.id,
        state=State.DISPLAYED.value,
        channel=channel,
        chat_ref=chat_ref,
        created_at=work.now,
        expires_at=work.now + policy.LIFETIME,
        page_hash=None if page is None else page.hashed,
        nonce=None if page is None else page.nonce,
    )
    appended = await ledger.append(
        Kind.SIGN_CEREMONY,
        signer,
        rows=[ceremony, *earlier],
        facts={
            "ceremony": ceremony.number,
            "act": act,
            "subject": shown.subject_kind,
            "number": shown.subject_number,
            "revision": shown.revision,
            "meaning": known.meaning.value,
            "level": level.value,
            "shown_digest": digest,
            "nonce": ceremony.nonce,
            "delegation": None if stands.given is None else stands.given.number,
            "put_aside": [row.number for row in earlier],
        },
        case=shown.case_number,
    )
    if page is None:
        return queries.ceremony_facts(ceremony)
    ceremony.entry_id = appended.entry_id
    await ceremony.save(update_fields=["entry_id"])
    return replace(queries.ceremony_facts(ceremony), page_token=page.token)


async def _put_aside(person_id: int, channel: str, chat_ref: str) -> list[Ceremony]:
    rows = (
        await Ceremony.filter(
            person_id=person_id, channel=channel, chat_ref=chat_ref, state=State.DISPLAYED.value
        )
        .order_by("id")
        .select_for_update()
    )
    for row in rows:
        row.state = State.SUPERSEDED.value
        await row.save(update_fields=["state"])
    return rows


@verb(None, None, Kind.SIGN_REFUSE)
async def drop(actor: Actor, ceremony_id: int) -> None:
    """Let the signer decline: the ceremony ends unsigned. One that has ended already stays as it is.

    Raises:
        NotFound: it is not the actor's own.
    """
    ceremony = await Ceremony.select_for_update().get_or_none(id=ceremony_id, person_id=actor.identity)
    if ceremony is None:
        raise NotFound(what=f"#{ceremony_id}")
    if ceremony.state != State.DISPLAYED.value:
        return
    ceremony.state = State.REFUSED.value
    await ceremony.save(update_fields=["state"])
    await ledger.append(
        Kind.SIGN_REFUSE,
        actor,
        rows=[ceremony],
        facts={"why": "declined", "ceremony": ceremony.number},
        case=ceremony.case_number,
    )
