"""The second factor at a page's sign-in: the same codes, used up and counted like those of a signature."""

from __future__ import annotations

from core import people
from core.kit.actor import Actor
from core.kit.verb import verb
from core.ledger import Kind
from core.signing import policy, queries
from core.signing.errors import NotEnrolled, UnreadableCode, WrongLoginCode
from core.signing.proving import prove, refused


async def verify_login(person_id: int, code: str, *, channel: str = "admin") -> None:
    """Prove a person by a code of their authenticator; returns when proven.

    Raises:
        NotEnrolled, UnreadableCode, WrongLoginCode, UsedCode, Locked, Suspended: not proven; failures are counted.
    """
    await prove_login(await people.actor_of(person_id, channel), code)


@verb(None, None, Kind.SIGN_REFUSE, Kind.SIGN_LOCK, Kind.SIGN_SUSPEND)
async def prove_login(actor: Actor, code: str) -> None:
    """Prove an actor by a code of their authenticator.

    Raises:
        NotEnrolled, UnreadableCode, WrongLoginCode, UsedCode, Locked, Suspended: not proven; failures are counted.
    """
    factor = await queries.active_factor(actor.identity, lock=True)
    if factor is None:
        raise await refused(actor, NotEnrolled())
    read = policy.read_code(code)
    if read is None:
        raise UnreadableCode
    await prove(actor, factor, read, wrong=WrongLoginCode)
