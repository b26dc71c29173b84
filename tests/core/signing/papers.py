"""A thing to sign in these tests: papers with a revision, approved by an act that leaves a mark."""

from __future__ import annotations

from dataclasses import dataclass

from core import ledger, notices, signing
from core.kit import Actor, Refusal, verb
from core.ledger import Kind
from core.signing import Level2, Meaning, Shown, Signed

APPROVE = "test:paper:approve"
GLANCE = "test:paper:glance"
BREAK = "test:paper:break"
MARK = "test:approved"


class NoLonger(Refusal):
    """The paper's rules say no at the moment of signing."""

    says = "Not any more."


@dataclass
class Paper:
    """What stands on a paper now, and whether its rules let it be approved."""

    number: str
    text: str = "Replace the coating bath"
    revision: int = 1
    allowed: bool = True


PAPERS: dict[str, Paper] = {}


def paper(number: str = "P-1") -> Paper:
    """Put a fresh paper on the table."""
    PAPERS[number] = Paper(number)
    return PAPERS[number]


async def describe(_actor: Actor, args: dict[str, object]) -> Shown:
    """Everything on the paper."""
    found = PAPERS[str(args["number"])]
    return Shown(
        subject_kind="paper",
        subject_number=found.number,
        case_number="AN-2026-000001",
        revision=found.revision,
        title="Approve the paper",
        facts=[("Text", found.text)],
        attachments=["ab" * 32],
    )


@verb(None, None, Kind.DEMO_LOAD)
async def approve(actor: Actor, args: dict[str, object], signed: Signed) -> str:
    """Leave a mark, then obey the paper's rules: a refusal must take the mark away again."""
    found = PAPERS[str(args["number"])]
    await notices.tell(actor, MARK, person_id=actor.person_id, facts={"number": found.number})
    await ledger.append(Kind.DEMO_LOAD, actor, facts={"signature": signed.signature_id})
    if not found.allowed:
        raise NoLonger
    return f"approved {found.number}"


@verb(None, None, Kind.DEMO_LOAD)
async def collapse(actor: Actor, args: dict[str, object], signed: Signed) -> str:
    """Break down after everything was written."""
    await approve(actor, args, signed)
    msg = "a fault of ours"
    raise RuntimeError(msg)


signing.act(APPROVE, describe=describe, perform=approve, meaning=Meaning.APPROVED)
signing.act(BREAK, describe=describe, perform=collapse, meaning=Meaning.APPROVED)
signing.act(GLANCE, describe=describe, perform=approve, meaning=Meaning.WITNESSED, level=Level2.S1)
