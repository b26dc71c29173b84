"""Keeping what a passkey signed beside its signature, whole, so that others verify it without us."""

from __future__ import annotations

from dataclasses import dataclass

from core.kit.regulated import Regulated
from core.signing.models import Assertion, Ceremony, Signature
from core.signing.passkey_policy import Site
from core.signing.passkeys import Proven


@dataclass(frozen=True, kw_only=True)
class Asserted:
    """A proven answer with all that went into its challenge."""

    proven: Proven
    site: Site
    record_leaf: str
    ceremony: Ceremony

    @property
    def facts(self) -> dict[str, object]:
        """What the entry of the signature says of it; a verifier needs nothing else."""
        given, passkey = self.proven.given, self.proven.passkey
        return {
            "id": passkey.id,
            "credential_id": given.credential_id,
            "public_key": passkey.public_key,
            "algorithm": passkey.algorithm,
            "rp_id": self.site.rp_id,
            "origin": self.site.origin,
            "record_leaf": self.record_leaf,
            "nonce": self.ceremony.nonce,
            "authenticator_data": given.authenticator_data,
            "client_data": given.client_data,
            "signed": given.signature,
        }

    async def kept(self, signature: Signature) -> list[Regulated]:
        """Write it down beside the signature and the passkey's counter on; the rows go into the signature's entry."""
        given, passkey = self.proven.given, self.proven.passkey
        row = await Assertion.create(
            plant_id=signature.plant_id,
            case_number=signature.case_number,
            signature_id=signature.id,
            passkey_id=passkey.id,
            credential_id=given.credential_id,
            public_key=passkey.public_key,
            algorithm=passkey.algorithm,
            rp_id=self.site.rp_id,
            origin=self.site.origin,
            record_leaf=self.record_leaf,
            entry_id=self.ceremony.entry_id,
            shown_digest=signature.shown_digest,
            nonce=self.ceremony.nonce,
            authenticator_data=given.authenticator_data,
            client_data=given.client_data,
            signed=given.signature,
            sign_count=self.proven.count,
        )
        return [row, await self.proven.used()]
