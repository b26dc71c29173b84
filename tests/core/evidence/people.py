"""Who acts in these tests, and the keys of their organisations."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.kit import Actor, Level, Module, Permission

PLANT, SUPPLIER, OTHER_PLANT, STRANGER = 1, 2, 3, 4
REPORT = Permission(Module.ANOMALIES, Level.REPORT)
RECORDS = Permission(Module.RECORDS, Level.READ)


def actor(
    organisation: int = PLANT,
    *rights: Permission,
    plant: int = PLANT,
    person: int = 11,
    channel: str = "telegram",
) -> Actor:
    """A person of an organisation; one that is not the plant is a partner of it."""
    return Actor(
        person_id=person,
        name="Li",
        organisation_id=organisation,
        plant_id=plant,
        partner_id=None if organisation == plant else organisation,
        permissions=frozenset(rights or (REPORT,)),
        channel=channel,
    )


@dataclass(frozen=True)
class Key:
    """AES-256-GCM with the nonce in front."""

    secret: bytes

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(self.secret).encrypt(nonce, plain, aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        return AESGCM(self.secret).decrypt(sealed[:12], sealed[12:], aad)


@dataclass(frozen=True)
class Ring:
    """A key for each organisation, made from one master."""

    master: bytes = b"master"

    def for_organisation(self, organisation_id: int) -> Key:
        return Key(hashlib.sha256(self.master + str(organisation_id).encode()).digest())
