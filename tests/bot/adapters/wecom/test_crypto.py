"""The cipher agrees with WeCom's own example and three other implementations, and opens nothing that is spoilt."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.adapters.wecom.crypto import BadKey, CallbackSeal, Forged
from tests.paths import SHARED_DATA

VECTORS = json.loads((SHARED_DATA / "wecom_vectors" / "wecom_vectors.json").read_text())
KNOWN = json.loads((SHARED_DATA / "messenger_wecom" / "crypto_kat.json").read_text())
EACH = {one["name"]: one for one in VECTORS["vectors"]}
WORDS = EACH["text_chinese_emoji"]


def seal_of(vector: dict[str, str], **other: str) -> CallbackSeal:
    return CallbackSeal(
        vector["token"], vector["encoding_aes_key"], other.get("receiver", vector["receiveid"])
    )


def opened(vector: dict[str, str], **changed: str) -> str:
    parts = {
        name: changed.get(name, vector[name]) for name in ("msg_signature", "timestamp", "nonce", "encrypt")
    }
    return seal_of(vector).opened(*parts.values()).decode()


@pytest.mark.parametrize("vector", EACH.values(), ids=EACH)
def test_each_vector_opens_and_seals_to_the_same_bytes(vector: dict[str, str]) -> None:
    assert opened(vector) == vector["plaintext"]
    assert (
        seal_of(vector).sealed(vector["plaintext"].encode(), random=vector["random16"].encode())
        == vector["encrypt"]
    )


def test_the_known_answers_of_another_library() -> None:
    seal = CallbackSeal(KNOWN["token"], KNOWN["encoding_aes_key"], KNOWN["corp_id"])
    right, wrong, message = KNOWN["verify_url_ok"], KNOWN["verify_url_must_fail"], KNOWN["decrypt"]
    assert seal.opened(right["signature"], right["timestamp"], right["nonce"], right["echo_str"]).isdigit()
    with pytest.raises(Forged, match="signature"):
        seal.opened(wrong["signature"], wrong["timestamp"], wrong["nonce"], wrong["echo_str"])
    encrypted = message["xml"].partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    plain = seal.opened(message["signature"], message["timestamp"], message["nonce"], encrypted).decode()
    assert message["expected"]["FromUserName"] in plain


def test_what_we_seal_another_library_opens() -> None:
    seal = seal_of(WORDS)
    encrypted = seal.sealed("已受理 😀".encode())
    other = WeChatCrypto(WORDS["token"], WORDS["encoding_aes_key"], WORDS["receiveid"])
    assert other.check_signature(seal.signature("1", "2", encrypted), "1", "2", encrypted) == "已受理 😀"


@pytest.mark.parametrize(
    "changed",
    [
        {"msg_signature": "0" * 40},
        {"msg_signature": ""},
        {"msg_signature": "é\ud800"},
        {"timestamp": "1700000003"},
        {"nonce": "1372623148"},
        {"encrypt": WORDS["encrypt"].replace("+", " ")},
        {"encrypt": ""},
    ],
    ids=str,
)
@pytest.mark.req("P-10h")
def test_a_changed_part_is_refused_by_the_signature(changed: dict[str, str]) -> None:
    with pytest.raises(Forged, match="signature"):
        opened(WORDS, **changed)


def test_a_text_for_another_corporation_is_refused() -> None:
    with pytest.raises(Forged, match="receiver"):
        seal_of(WORDS, receiver="wwOTHER").opened(
            WORDS["msg_signature"], WORDS["timestamp"], WORDS["nonce"], WORDS["encrypt"]
        )


def raw(plain: bytes) -> str:
    key = base64.b64decode(WORDS["encoding_aes_key"] + "=")
    sealing = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(sealing.update(plain) + sealing.finalize()).decode()


@pytest.mark.parametrize(
    "encrypted",
    [
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(bytes(17)).decode(),
        "not base64!",
        "====",
        raw(b"x" * 31 + b"\x00"),
        raw(b"x" * 31 + b"\x21"),
        raw(b"short" + bytes([11]) * 11),
        raw(b"r" * 16 + b"\xff\xff\xff\xff" + b"m" * 10 + bytes([2]) * 2),
        raw(b"r" * 16 + b"\x00\x00\x00\x01" + b"m" + b"wrong-corp" + bytes([1])),
    ],
    ids=[
        "zeros",
        "half a block",
        "no base64",
        "signs",
        "padding 0",
        "padding 33",
        "short",
        "length",
        "receiver",
    ],
)
def test_a_signed_text_that_is_none_is_refused(encrypted: str) -> None:
    """Whoever knew the token still needs the key."""
    seal = seal_of(WORDS)
    with pytest.raises(Forged):
        seal.opened(seal.signature("1", "2", encrypted), "1", "2", encrypted)


@pytest.mark.parametrize("key", ["", "short", "a" * 42, "a" * 44, "ä" * 43, "a b" + "c" * 40])
def test_a_key_that_is_none_is_said(key: str) -> None:
    with pytest.raises(BadKey, match="43"):
        CallbackSeal("token", key, "ww1")
