"""Golden and limit samples: the next version made, then signed by a second person."""

from __future__ import annotations

from core import evidence, ledger, people, products, signing
from core.evidence import SubjectKind
from core.inspections import policy, queries
from core.inspections.errors import PictureWanted
from core.inspections.models import Sample
from core.inspections.terms import NewSample, SampleFacts
from core.kit import (
    Actor,
    Level,
    Malformed,
    Module,
    NotFound,
    NotPermitted,
    Permission,
    clock,
    current,
    plain_text,
    verb,
)
from core.kit.numbering import in_line
from core.ledger import Kind
from core.signing import Fact, Level2, Meaning, Part, Shown, Signed, term

ACT = "inspections:sample:approve"


@verb(Module.LOTS, Level.WORK, Kind.SAMPLE_MAKE)
async def make_sample(actor: Actor, new: NewSample) -> SampleFacts:
    """Make the next version of a golden or limit sample; it is in force once somebody else has signed it.

    Raises:
        NotPermitted: the right is missing, or the actor belongs to a partner.
        ProductUnknown, NotFound: no such product or picture.
        PictureWanted: no picture.
        Empty, TooLong: a text is missing or longer than its field.
    """
    if people.scope(actor).partner_id is not None:
        raise NotPermitted
    known = (await products.by_code(actor.plant_id, [new.product]))[new.product]
    pictures = await evidence.visible(actor, new.evidence_ids)
    if not pictures:
        raise PictureWanted
    code = plain_text.checked(new.code, limit=40)
    await in_line(actor.plant_id, "samples")
    last = await Sample.filter(plant_id=actor.plant_id, code=code).order_by("-version").first()
    row = await Sample.create(
        plant_id=actor.plant_id,
        product_id=known.id,
        code=code,
        version=1 if last is None else last.version + 1,
        kind=new.kind.value,
        title=plain_text.checked(new.title, limit=120),
        shows=plain_text.checked(new.shows, limit=500),
        digests=[one.sha256 for one in pictures],
        evidence_ids=[one.id for one in pictures],
        made_by=actor.person_id,
        made_at=current().now,
        valid_until=None if new.valid_until is None else clock.utc(new.valid_until),
    )
    links = await evidence.attach(actor, new.evidence_ids, subject_kind=SubjectKind.SAMPLE, subject_id=row.id)
    await ledger.append(
        Kind.SAMPLE_MAKE,
        actor,
        rows=[row, *links],
        facts={"code": code, "version": row.version, "kind": row.kind, "pictures": row.digests},
    )
    return row.facts()


@verb(Module.LOTS, Level.APPROVE, Kind.SAMPLE_APPROVE)
async def approve_sample(actor: Actor, sample_id: int, signed: Signed) -> SampleFacts:
    """Put a sample in force, inside the ceremony of the act ``inspections:sample:approve``.

    Raises:
        NotFound: no such sample in the actor's scope.
        NotPermitted: the signature is another person's.
        SampleSigned, SampleOwn: why not.
    """
    if signed.signature_id is None or signed.person_id != actor.identity:
        raise NotPermitted
    row = await Sample.filter(id=sample_id, plant_id=actor.plant_id).select_for_update().first()
    if row is None:
        raise NotFound(what=f"#{sample_id}")
    policy.approve(row.facts(), actor.person_id)
    row.approved_by, row.approved_at = actor.identity, current().now
    row.signature_id = signed.signature_id
    await row.save(update_fields=["approved_by", "approved_at", "signature_id"])
    await ledger.append(
        Kind.SAMPLE_APPROVE,
        actor,
        rows=[row],
        facts={"code": row.code, "version": row.version, "signature": signed.signature_id},
    )
    return row.facts()


def _read(args: dict[str, object]) -> int:
    sample_id = args.get("sample_id")
    if not isinstance(sample_id, int):
        raise Malformed(field="sample_id", why=str(sample_id)[:40])
    return sample_id


async def _describe(actor: Actor, args: dict[str, object]) -> Shown:
    actor.must(Permission(Module.LOTS, Level.APPROVE))
    found = await queries.sample(actor, _read(args))
    policy.approve(found, actor.person_id)
    product = await products.product(found.product_id)
    return Shown(
        subject_kind="sample",
        subject_number=f"{found.code} · {found.version}",
        revision=found.version,
        title="Put the reference sample in force",
        facts=[
            Fact("Product", "–" if product is None else product.code),
            term("Kind", found.kind.says),
            Fact("Title", found.title),
            Fact("Shows", found.shows),
        ],
        attachments=found.digests,
        involved=[(Part.AUTHOR, found.made_by)],
    )


async def _perform(actor: Actor, args: dict[str, object], signed: Signed) -> SampleFacts:
    return await approve_sample(actor, _read(args), signed)


signing.act(ACT, describe=_describe, perform=_perform, meaning=Meaning.APPROVED, level=Level2.S2)
