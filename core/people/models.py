"""Tables of organisations, people, their roles, chats, links, sessions and views."""

from __future__ import annotations

from tortoise import fields

from core.kit.regulated import Regulated


class Organisation(Regulated):
    """The registrant itself or one of its partners. The registrant's own ``plant_id`` is its id."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    code = fields.CharField(max_length=24, unique=True)
    name_zh = fields.CharField(max_length=120)
    name_en = fields.CharField(max_length=120)
    kind = fields.CharField(max_length=12)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "people_organisation"


class Site(Regulated):
    """A place of an organisation."""

    id = fields.BigIntField(primary_key=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", on_delete=fields.RESTRICT
    )
    organisation_id: int
    code = fields.CharField(max_length=24)
    name_zh = fields.CharField(max_length=120)
    name_en = fields.CharField(max_length=120)

    class Meta:
        table = "people_site"
        unique_together = (("organisation_id", "code"),)


class Person(Regulated):
    """A person, for ever: ids are never reused."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField(db_index=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "core.Organisation", on_delete=fields.RESTRICT
    )
    organisation_id: int
    printed_name = fields.CharField(max_length=80)
    locale = fields.CharField(max_length=8)
    timezone = fields.CharField(max_length=40)
    active = fields.BooleanField(default=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "people_person"


class RoleAssignment(Regulated):
    """A role from a moment on; withdrawing sets its end, so that any past date can be answered (G-46a)."""

    id = fields.BigIntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", on_delete=fields.RESTRICT, related_name="assignments"
    )
    person_id: int
    role = fields.CharField(max_length=16)
    site_id = fields.BigIntField(null=True)
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "people_role"


class ChatIdentity(Regulated):
    """A messenger account bound to a person: the key is (channel, tenant, account)."""

    unvouched = frozenset({"last_used_at"})

    id = fields.BigIntField(primary_key=True)
    channel = fields.CharField(max_length=20)
    tenant = fields.CharField(max_length=40, default="")
    account = fields.CharField(max_length=80)
    chat_ref = fields.CharField(max_length=80)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", on_delete=fields.RESTRICT
    )
    person_id: int
    bound_at = fields.DatetimeField()
    active = fields.BooleanField(default=True)
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "people_identity"
        unique_together = (("channel", "tenant", "account"),)


class ContactWish(Regulated):
    """How a person wants to be reached (``contact.Contact``); without a row it is as by default."""

    id = fields.BigIntField(primary_key=True)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField("core.Person", on_delete=fields.RESTRICT)
    person_id: int
    rules: list[dict[str, object]] = fields.JSONField(default=list)
    quiet_begins = fields.SmallIntField(null=True)
    quiet_ends = fields.SmallIntField(null=True)
    digest = fields.BooleanField(default=True)
    prove_minutes = fields.SmallIntField(null=True)

    class Meta:
        table = "people_contact"


class Responsibility(Regulated):
    """Who answers for what: None in a column means any. Tier 1 owner … tier 4 site head."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    category = fields.CharField(max_length=4, null=True)
    site_id = fields.BigIntField(null=True)
    partner_id = fields.BigIntField(null=True)
    tier = fields.IntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", on_delete=fields.RESTRICT
    )
    person_id: int
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "people_responsibility"
        indexes = (("plant_id", "tier"),)


class Engagement(Regulated):
    """From when to when an auditor may look, and at what: None (or no case) in a bound means any."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "core.Person", on_delete=fields.RESTRICT
    )
    person_id: int
    opens_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()
    partner_id = fields.BigIntField(null=True)
    cases: list[str] = fields.JSONField(default=list)
    reported_since = fields.DatetimeField(null=True)
    reported_until = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=500)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "people_engagement"
        indexes = (("plant_id", "id"),)


class Invite(Regulated):
    """A one-time invitation, hashed; vouched for, so that nobody lets themselves in through the database."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person_id = fields.BigIntField()
    channel = fields.CharField(max_length=20, null=True)
    made_by = fields.BigIntField(null=True)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "people_invite"


class OneTimeLink(Regulated):
    """A one-time link into a page, hashed."""

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person_id = fields.BigIntField()
    purpose = fields.CharField(max_length=8)
    made_by = fields.BigIntField(null=True)
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "people_link"


class Session(Regulated):
    """A session of a page; only the token's hash is kept."""

    unvouched = frozenset({"csrf", "seen_at"})

    id = fields.BigIntField(primary_key=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    person_id = fields.BigIntField(db_index=True)
    door = fields.CharField(max_length=8)
    csrf = fields.CharField(max_length=64)
    second_factor = fields.BooleanField(default=False)
    started_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "people_session"


class AccessLog(Regulated):
    """One view of a record or one export."""

    append_only = True

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    at = fields.DatetimeField()
    person_id = fields.BigIntField(null=True)
    door = fields.CharField(max_length=12)
    subject = fields.CharField(max_length=120)
    case_number = fields.CharField(max_length=40, null=True)
    detail = fields.CharField(max_length=200, default="")

    class Meta:
        table = "people_access_log"
        indexes = (("plant_id", "id"), ("case_number",), ("person_id", "at"))
