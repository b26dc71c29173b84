"""Tables of duty; every row keeps what it was when it ends."""

from __future__ import annotations

import datetime as dt

from tortoise import fields

from core.duty.terms import AbsenceFacts, OverrideFacts, RotationFacts, SwapFacts
from core.kit.regulated import Regulated


class Rotation(Regulated):
    """Who takes turns at a tier, in which order."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    tier = fields.IntField()
    category = fields.CharField(max_length=4, null=True)
    site_id = fields.BigIntField(null=True)
    partner_id = fields.BigIntField(null=True)
    shift_id = fields.BigIntField(null=True)
    every = fields.CharField(max_length=4)
    order: list[int] = fields.JSONField()
    starts_on = fields.DateField()
    hand_over_minute = fields.IntField()
    zone = fields.CharField(max_length=40)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "duty_rotation"
        indexes = (("plant_id", "ended_at", "tier"),)

    def facts(self) -> RotationFacts:
        """The rotation as policy sees it."""
        day = self.starts_on
        return RotationFacts(
            id=self.id,
            tier=self.tier,
            category=self.category,
            site_id=self.site_id,
            partner_id=self.partner_id,
            shift_id=self.shift_id,
            every=self.every,
            order=tuple(self.order),
            starts_on=day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day)),
            hand_over=dt.time(*divmod(self.hand_over_minute, 60)),
            zone=self.zone,
        )


class Override(Regulated):
    """One person takes the duty of a rotation for a while."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    rotation_id = fields.BigIntField()
    person_id = fields.BigIntField()
    since = fields.DatetimeField()
    until = fields.DatetimeField()
    swap_id = fields.BigIntField(null=True)
    reason = fields.CharField(max_length=300)
    set_by = fields.BigIntField(null=True)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "duty_override"
        indexes = (("plant_id", "ended_at", "until"),)

    def facts(self) -> OverrideFacts:
        """The override as policy sees it."""
        return OverrideFacts(
            id=self.id,
            rotation_id=self.rotation_id,
            person_id=self.person_id,
            since=self.since,
            until=self.until,
            swap=self.swap_id is not None,
            reason=self.reason,
        )


class Absence(Regulated):
    """A person is away; ending it early moves ``until``, before ``since`` when it never began."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    person_id = fields.BigIntField()
    deputy_id = fields.BigIntField(null=True)
    since = fields.DatetimeField()
    until = fields.DatetimeField()
    reason = fields.CharField(max_length=300)
    set_by = fields.BigIntField(null=True)

    class Meta:
        table = "duty_absence"
        indexes = (("plant_id", "until"),)

    def facts(self) -> AbsenceFacts:
        """The absence as policy sees it."""
        return AbsenceFacts(
            id=self.id,
            person_id=self.person_id,
            deputy_id=self.deputy_id,
            since=self.since,
            until=self.until,
            reason=self.reason,
        )


class Swap(Regulated):
    """One person asks another to take a turn."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    rotation_id = fields.BigIntField()
    asker_id = fields.BigIntField()
    other_id = fields.BigIntField()
    since = fields.DatetimeField()
    until = fields.DatetimeField()
    return_rotation_id = fields.BigIntField(null=True)
    return_since = fields.DatetimeField(null=True)
    return_until = fields.DatetimeField(null=True)
    state = fields.CharField(max_length=10)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "duty_swap"
        indexes = (("state", "expires_at"),)

    def facts(self) -> SwapFacts:
        """The swap as policy sees it."""
        return SwapFacts(
            id=self.id,
            rotation_id=self.rotation_id,
            asker_id=self.asker_id,
            other_id=self.other_id,
            since=self.since,
            until=self.until,
            return_rotation_id=self.return_rotation_id,
            return_since=self.return_since,
            return_until=self.return_until,
            state=self.state,
            expires_at=self.expires_at,
        )


class Watch(Regulated):
    """Who has the duty of a rotation, as last noted; a change of hands is noticed by comparing with the plan."""

    id = fields.BigIntField(primary_key=True)
    plant_id = fields.BigIntField()
    rotation_id = fields.BigIntField(unique=True)
    person_id = fields.BigIntField(null=True)
    since = fields.DatetimeField()

    class Meta:
        table = "duty_watch"
