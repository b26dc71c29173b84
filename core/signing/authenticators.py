"""Speaking WebAuthn: what a browser is asked, and what its answer is worth. No table, no clock."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_authentication_credential_json,
    parse_authenticator_data,
    verify_signature,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core.signing.errors_passkeys import NotVerifiedByDevice, OtherAddress, OtherContent, PasskeyUnreadable
from core.signing.passkey_policy import Site

NAME = "Bihuan 闭环"
LONGEST = 16_000
"""Characters of an answer that are read at all."""
ALGORITHMS = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
GET, CREATE = "webauthn.get", "webauthn.create"
_WRONG = (
    WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError,
)  # fmt: skip
"""What the parsers of the package raise at bytes that are none of theirs."""
text_of = bytes_to_base64url
bytes_of = base64url_to_bytes


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """What a registration brought."""

    credential_id: str
    public_key: str
    algorithm: int
    sign_count: int
    aaguid: str
    backed_up: bool
    transports: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer to be signed with, in base64url; nothing of it is proven yet."""

    credential_id: str
    authenticator_data: str
    client_data: str
    signature: str


def _descriptors(credentials: Sequence[tuple[str, Sequence[str]]]) -> list[PublicKeyCredentialDescriptor]:
    known = {one.value: one for one in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=bytes_of(credential_id),
            transports=[known[name] for name in transports if name in known] or None,
        )
        for credential_id, transports in credentials
    ]


def creation(
    site: Site, challenge: bytes, handle: bytes, name: str, known: Sequence[tuple[str, Sequence[str]]]
) -> str:
    """Answer the options of ``navigator.credentials.create`` as JSON; ``known`` ones are not made twice."""
    return options_to_json(
        generate_registration_options(
            rp_id=site.rp_id,
            rp_name=NAME,
            user_name=name,
            user_id=handle,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_descriptors(known),
            supported_pub_key_algs=ALGORITHMS,
        )
    )


def request(site: Site, challenge: bytes, known: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Answer the options of ``navigator.credentials.get`` as JSON, for the signer's own passkeys only."""
    return options_to_json(
        generate_authentication_options(
            rp_id=site.rp_id,
            challenge=challenge,
            allow_credentials=_descriptors(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def _client(raw: bytes, kind: str, origin: str, challenge: bytes) -> None:
    """Hold what the browser vouches for to what was asked.

    Raises:
        PasskeyUnreadable, OtherAddress, OtherContent: see there.
    """
    said = json.loads(raw)
    if not isinstance(said, dict) or said.get("type") != kind:
        raise PasskeyUnreadable
    if said.get("origin") != origin or said.get("crossOrigin") not in (None, False):
        raise OtherAddress
    if not hmac.compare_digest(bytes_of(str(said.get("challenge"))), challenge):
        raise OtherContent


def registered(answer: str, site: Site, challenge: bytes) -> NewKey:
    """Read the answer of ``navigator.credentials.create``.

    Raises:
        PasskeyUnreadable, OtherAddress, OtherContent, NotVerifiedByDevice: it is none that can be kept.
    """
    try:
        said: Any = json.loads(answer[:LONGEST])
        _client(bytes_of(said["response"]["clientDataJSON"]), CREATE, site.origin, challenge)
        made = verify_registration_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            supported_pub_key_algs=ALGORITHMS,
        )
        kind = decode_credential_public_key(made.credential_public_key)
        decoded_public_key_to_cryptography(kind)
        told = said["response"].get("transports")
    except (*_WRONG, InvalidSignature):
        raise PasskeyUnreadable from None
    if not made.user_verified:
        raise NotVerifiedByDevice
    names = {one.value for one in AuthenticatorTransport}
    return NewKey(
        credential_id=text_of(made.credential_id),
        public_key=text_of(made.credential_public_key),
        algorithm=int(kind.alg),
        sign_count=made.sign_count,
        aaguid=made.aaguid,
        backed_up=made.credential_backed_up,
        transports=tuple(one for one in told if one in names) if isinstance(told, list) else (),
    )


def read(answer: str) -> Given:
    """Read the answer of ``navigator.credentials.get``, unproven.

    Raises:
        PasskeyUnreadable: it is none.
    """
    try:
        said = parse_authentication_credential_json(answer[:LONGEST])
    except _WRONG:
        raise PasskeyUnreadable from None
    return Given(
        credential_id=text_of(said.raw_id),
        authenticator_data=text_of(said.response.authenticator_data),
        client_data=text_of(said.response.client_data_json),
        signature=text_of(said.response.signature),
    )


def proven(given: Given, *, rp_id: str, origin: str, challenge: bytes, public_key: str) -> int:
    """Prove an answer, now or years later; answers the device's counter.

    Raises:
        PasskeyUnreadable: no such answer, another relying party, or the signature is not the key's.
        OtherAddress, OtherContent, NotVerifiedByDevice: see there.
    """
    try:
        client, authenticator = bytes_of(given.client_data), bytes_of(given.authenticator_data)
        _client(client, GET, origin, challenge)
        said = parse_authenticator_data(authenticator)
        if not hmac.compare_digest(said.rp_id_hash, _sha256(rp_id.encode())):
            raise PasskeyUnreadable
        if not (said.flags.up and said.flags.uv):
            raise NotVerifiedByDevice
        key = decode_credential_public_key(bytes_of(public_key))
        verify_signature(
            public_key=decoded_public_key_to_cryptography(key),
            signature_alg=key.alg,
            signature=bytes_of(given.signature),
            data=authenticator + _sha256(client),
        )
    except (*_WRONG, InvalidSignature):
        raise PasskeyUnreadable from None
    return said.sign_count


def _sha256(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()
