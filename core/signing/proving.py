"""Proving that the person behind an account is at hand: codes checked, counted and used up exactly once."""

from __future__ import annotations

from core import ledger, notices, people
from core.kit import canonical
from core.kit.actor import Actor
from core.kit.refusal import Refusal
from core.kit.unit_of_work import current, unit_of_work
from core.ledger import Kind
from core.signing import keys, policy, totp
from core.signing.ending import ended_with
from core.signing.errors import Locked, Suspended, UsedCode, WrongCode
from core.signing.models import Ceremony, Factor
from core.signing.terms import State

WHY = "too many wrong codes in a row"


async def refused(
    actor: Actor, refusal: Refusal, *, ceremony: Ceremony | None = None, state: State | None = None
) -> Refusal:
    """Record a refused attempt in a unit of its own, and give the refusal back to be raised.

    It is marked as leaving its trace: units around it keep what was written (the count, the used code).
    """
    async with unit_of_work():
        rows = []
        if ceremony is not None and state is not None:
            ceremony.state = state.value
            await ceremony.save(update_fields=["state"])
            rows.append(ceremony)
        await ledger.append(
            Kind.SIGN_REFUSE,
            actor,
            rows=rows,
            facts={"why": refusal.code, "ceremony": None if ceremony is None else ceremony.number},
            case=None if ceremony is None else ceremony.case_number,
        )
    refusal.keeps = True
    return refusal


async def prove(
    actor: Actor,
    factor: Factor,
    code: str,
    *,
    word_fits: bool = True,
    ceremony: Ceremony | None = None,
    wrong: type[WrongCode] = WrongCode,
) -> int:
    """Use up a code and answer its time step; afterwards no one can use it again, whatever comes of the act.

    ``word_fits`` says whether what was asked for beside the code is right, ``wrong`` how a wrong answer is said.

    Raises:
        Locked: too many wrong answers, now or before.
        Suspended: the tenth wrong answer in a row ended the authenticator.
        WrongCode: code or check word is wrong; counted.
        UsedCode: the code is right and was used.
    """
    now = current().now
    try:
        policy.refuse_locked(factor.locked_until, now)
    except Locked as locked:
        raise await refused(actor, locked, ceremony=ceremony) from None
    step = totp.matched_step(keys.opened(factor), code, now, window=keys.window())
    if step is None or not word_fits:
        raise await _count(actor, factor, ceremony, wrong)
    async with unit_of_work():
        used_up = await Factor.filter(id=factor.id, last_step__lt=step).update(
            last_step=step, failures=0, locked_until=None
        )
    if not used_up:
        raise await refused(actor, UsedCode(), ceremony=ceremony)
    return step


async def _count(actor: Actor, factor: Factor, ceremony: Ceremony | None, wrong: type[WrongCode]) -> Refusal:
    failed = policy.after_failure(factor.failures, current().now)
    factor.failures, factor.locked_until = failed.failures, failed.locked_until
    async with unit_of_work():
        await Factor.filter(id=factor.id).update(failures=failed.failures, locked_until=failed.locked_until)
        if failed.locked_until is None:
            return await refused(actor, wrong(left=failed.left), ceremony=ceremony)
        refusal = await refused(
            actor,
            Suspended() if failed.suspended else Locked(minutes=int(policy.LOCK.total_seconds() // 60)),
            ceremony=ceremony,
            state=State.LOCKED,
        )
        await _lock(actor, factor, failed)
    return refusal


async def _lock(actor: Actor, factor: Factor, failed: policy.Failed) -> None:
    await ledger.append(
        Kind.SIGN_LOCK,
        actor,
        facts={"factor": factor.id, "failures": failed.failures, "locked_until": failed.locked_until},
    )
    if failed.suspended:
        factor.suspended_at = current().now
        await factor.save(update_fields=["suspended_at"])
        await ledger.append(
            Kind.SIGN_SUSPEND,
            actor,
            rows=[factor, *await ended_with([factor], by=None, why=WHY)],
            facts={"factor": factor.id},
            reason=WHY,
        )
    await tell_wardens(
        actor,
        "signing:locked",
        factor.person_id,
        {
            "minutes": int(policy.LOCK.total_seconds() // 60),
            "until": None if failed.locked_until is None else canonical.instant_text(failed.locked_until),
            "suspended": failed.suspended,
        },
    )


async def tell_wardens(
    actor: Actor, kind: str, person_id: int, facts: dict[str, object], *, owner_too: bool = True
) -> None:
    """Alert the owner of an authenticator and, of the plant, all administrators and managers, at once."""
    owner = await people.person(person_id)
    wardens = [
        warden.id
        for role in (people.Role.ADMINISTRATOR, people.Role.MANAGER)
        for warden in await people.persons(actor.plant_id, role=role.value)
    ]
    for told in dict.fromkeys([person_id, *wardens]):
        if told == person_id and not owner_too:
            continue
        await notices.tell(
            actor,
            kind,
            person_id=told,
            facts={"person_id": person_id, "name": owner.printed_name, **facts},
            priority=notices.Priority.CRITICAL,
        )
