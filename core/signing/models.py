"""Tables of the signing room. Signatures and voidings are written once and never change."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from tortoise import fields

from core.kit.regulated import Regulated

if TYPE_CHECKING:
    from core.people.models import Person


class Factor(Regulated):
    """An authenticator of one person. The secret is sealed; counters of use stay outside the digest."""

    unvouched = frozenset({"last_step", "failures", "locked_until"})

    id = fields.UUIDField(primary_key=True, default=uuid.uuid4)
    plant_id = fields.BigIntField()
    organisation_id = fields.BigIntField(description="Whose key seals the secret")
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", related_name="factors", on_delete=fields.RESTRICT
    )
    person_id: int
    sealed_secret = fields.BinaryField()
    key_id = fields.CharField(max_length=80)
    proofed_by = fields.BigIntField(null=True, description="The person who proved the owner's identity")
    offered_at = fields.DatetimeField()
    enrolled_at = fields.DatetimeField(null=True)
    suspended_at = fields.DatetimeField(null=True)
    last_step = fields.BigIntField(default=-1, description="Time step of the last accepted code")
    failures = fields.IntField(default=0, description="Wrong answers in a row")
    locked_until = fields.DatetimeField(null=True)
    pin = fields.CharField(max_length=200, null=True, description="Salt and slow hash of the owner's PIN")

    class Meta:
        table = "signing_factor"
        indexes = (("person_id", "enrolled_at"),)


class Ceremony(Regulated):
    """One showing of content for signature, and what became of it."""

    unvouched = frozenset({"entry_id"})

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=40)
    plant_id = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", related_name="ceremonies", on_delete=fields.RESTRICT
    )
    person_id: int
    act = fields.CharField(max_length=60)
    args: dict[str, object] = fields.JSONField()
    case_number = fields.CharField(max_length=40, null=True)
    subject_kind = fields.CharField(max_length=40)
    subject_number = fields.CharField(max_length=60)
    revision = fields.BigIntField()
    meaning = fields.CharField(max_length=20)
    shown: dict[str, object] = fields.JSONField(description="The content exactly as digested")
    locale = fields.CharField(max_length=10)
    timezone = fields.CharField(max_length=40)
    renderer = fields.IntField()
    shown_digest = fields.CharField(max_length=64)
    check_word = fields.CharField(max_length=4)
    level = fields.CharField(max_length=4)
    delegation_id = fields.BigIntField(null=True, description="Shown to somebody who signs for another")
    state = fields.CharField(max_length=12)
    channel = fields.CharField(max_length=20)
    chat_ref = fields.CharField(max_length=80)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    page_hash = fields.CharField(
        max_length=64,
        null=True,
        db_index=True,
        description="Of the token that opens the page of this ceremony",
    )
    nonce = fields.CharField(
        max_length=64, null=True, description="Makes the challenge to a passkey unlike any other"
    )
    entry_id = fields.BigIntField(
        null=True, description="The ledger entry of the showing; its leaf is signed too"
    )

    class Meta:
        table = "signing_ceremony"
        unique_together = (("plant_id", "number"),)
        indexes = (("person_id", "channel", "chat_ref", "state"),)


class SigningSession(Regulated):
    """Ten minutes in which a person who gave PIN and code signs by code alone."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", related_name="signing_sessions", on_delete=fields.RESTRICT
    )
    person_id: int
    factor_id = fields.UUIDField()
    time_step = fields.BigIntField()
    opened_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "signing_session"
        indexes = (("person_id", "expires_at"),)


class SigningPolicy(Regulated):
    """Which level each act takes at a plant; the newest version holds."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    version = fields.IntField()
    levels: list[list[str]] = fields.JSONField(description="Pairs of act and level")
    signature_id = fields.BigIntField(null=True)
    effective_from = fields.DatetimeField()

    class Meta:
        table = "signing_policy"
        unique_together = (("plant_id", "version"),)


class Proposal(Regulated):
    """What one person asked for and a second one must sign."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=40)
    plant_id = fields.BigIntField()
    act = fields.CharField(max_length=60)
    args: dict[str, object] = fields.JSONField()
    reason = fields.CharField(max_length=500)
    state = fields.CharField(max_length=12)
    asked_by = fields.BigIntField()
    asked_at = fields.DatetimeField()
    decided_by = fields.BigIntField(null=True)
    decided_at = fields.DatetimeField(null=True)
    signature_id = fields.BigIntField(null=True)
    used_at = fields.DatetimeField(null=True, description="When what was allowed once was done")

    class Meta:
        table = "signing_proposal"
        unique_together = (("plant_id", "number"),)
        indexes = (("plant_id", "act", "state"),)


class Delegation(Regulated):
    """One person lets another sign for them: which acts and cases, until when. Behind the delegator's signature."""

    id = fields.BigIntField(primary_key=True)
    number = fields.CharField(max_length=40)
    plant_id = fields.BigIntField()
    delegator_id = fields.BigIntField()
    delegate_id = fields.BigIntField()
    acts: list[str] = fields.JSONField(description="Codes of acts; empty means all that may be delegated")
    categories: list[str] = fields.JSONField(description="Categories of cases; empty means all")
    worst_grade = fields.CharField(max_length=1, null=True, description="The gravest grade that is covered")
    since = fields.DatetimeField()
    until = fields.DatetimeField()
    reason = fields.CharField(max_length=500)
    signature_id = fields.BigIntField()
    ended_at = fields.DatetimeField(null=True)
    ended_by = fields.BigIntField(null=True)
    ended_reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "signing_delegation"
        unique_together = (("plant_id", "number"),)
        indexes = (("delegate_id", "until"), ("delegator_id", "until"))


class Signature(Regulated):
    """A person's signature, bound to the digest of what was shown. The code itself is nowhere kept."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    case_number = fields.CharField(max_length=40, null=True)
    subject_kind = fields.CharField(max_length=40)
    subject_number = fields.CharField(max_length=60)
    revision = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", related_name="signatures", on_delete=fields.RESTRICT
    )
    person_id: int
    printed_name = fields.CharField(max_length=200)
    delegation_id = fields.BigIntField(null=True, description="Signed for the delegator of this record")
    on_behalf_of = fields.BigIntField(null=True, description="The person signed for")
    roles: list[str] = fields.JSONField()
    meaning = fields.CharField(max_length=20)
    meaning_text = fields.CharField(max_length=60)
    shown_digest = fields.CharField(max_length=64)
    shown: dict[str, object] = fields.JSONField()
    locale = fields.CharField(max_length=10)
    renderer = fields.IntField()
    method = fields.CharField(max_length=20)
    factor: fields.ForeignKeyRelation[Factor] = fields.ForeignKeyField(
        "core.Factor", related_name="signatures", on_delete=fields.RESTRICT
    )
    factor_id: uuid.UUID
    time_step = fields.BigIntField(null=True, description="Of the code; a passkey has none")
    session_id = fields.BigIntField(null=True, description="The signing session of level S3")
    ceremony: fields.OneToOneRelation[Ceremony] = fields.OneToOneField(
        "core.Ceremony", related_name="signature", on_delete=fields.RESTRICT
    )
    ceremony_id: int
    channel = fields.CharField(max_length=20)
    signed_at = fields.DatetimeField()
    timezone = fields.CharField(max_length=40)

    class Meta:
        table = "signing_signature"
        unique_together = (("factor_id", "time_step"),)
        indexes = (("plant_id", "case_number"), ("plant_id", "subject_kind", "subject_number"))


class Passkey(Regulated):
    """A WebAuthn credential of one person, alive as long as the authenticator under which it was added."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", related_name="passkeys", on_delete=fields.RESTRICT
    )
    person_id: int
    factor_id = fields.UUIDField()
    name = fields.CharField(max_length=60)
    credential_hash = fields.CharField(
        max_length=64, unique=True, description="SHA-256 of the credential's id"
    )
    credential_id = fields.TextField(description="Like all WebAuthn bytes here in base64url")
    public_key = fields.TextField(description="COSE key")
    algorithm = fields.IntField(description="COSE algorithm: -7 ES256, -8 EdDSA, -257 RS256")
    sign_count = fields.BigIntField()
    aaguid = fields.CharField(max_length=36, description="Kind of device, as it says of itself")
    backed_up = fields.BooleanField(description="Copied by its maker's cloud")
    transports: list[str] = fields.JSONField()
    rp_id = fields.CharField(max_length=255)
    confirmed_by = fields.BigIntField(null=True, description="The passkey that confirmed this one")
    added_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    ended_by = fields.BigIntField(null=True)
    ended_reason = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "signing_passkey"
        indexes = (("person_id", "ended_at"),)


class Assertion(Regulated):
    """What a passkey signed, whole: whoever has this row verifies the person's own signature without us."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    case_number = fields.CharField(max_length=40, null=True)
    signature: fields.OneToOneRelation[Signature] = fields.OneToOneField(
        "core.Signature", related_name="assertion", on_delete=fields.RESTRICT
    )
    signature_id: int
    passkey: fields.ForeignKeyRelation[Passkey] = fields.ForeignKeyField(
        "core.Passkey", related_name="assertions", on_delete=fields.RESTRICT
    )
    passkey_id: int
    credential_id = fields.TextField()
    public_key = fields.TextField()
    algorithm = fields.IntField()
    rp_id = fields.CharField(max_length=255)
    origin = fields.CharField(max_length=300)
    record_leaf = fields.CharField(
        max_length=64, description="Leaf of the entry by which the content was shown"
    )
    entry_id = fields.BigIntField()
    shown_digest = fields.CharField(max_length=64)
    nonce = fields.CharField(max_length=64)
    authenticator_data = fields.TextField()
    client_data = fields.TextField()
    signed = fields.TextField(description="The device's signature")
    sign_count = fields.BigIntField()

    class Meta:
        table = "signing_assertion"


class Voiding(Regulated):
    """The signed content changed later: the signature stays on the record and stands no more."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    signature: fields.OneToOneRelation[Signature] = fields.OneToOneField(
        "core.Signature", related_name="voiding", on_delete=fields.RESTRICT
    )
    signature_id: int
    reason = fields.CharField(max_length=500)
    at = fields.DatetimeField()

    class Meta:
        table = "signing_voiding"
