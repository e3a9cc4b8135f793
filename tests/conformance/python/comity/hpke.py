"""HPKE in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM (RFC 9180).

X25519 and AES-GCM are computed by OpenSSL through `cryptography`; everything that RFC 9180 adds is here.
"""

from __future__ import annotations

import hmac
from typing import Tuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEM_SUITE = b"KEM\x00\x20"
SUITE = b"HPKE\x00\x20\x00\x01\x00\x01"
BASE_MODE = b"\x00"


class NotOpened(Exception):
    """The ciphertext is not one that was sealed for this key and with this info."""


def labeled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    """LabeledExtract (RFC 9180 §4); HKDF takes an empty salt for one of zeros."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")


def labeled_expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand (RFC 9180 §4), of at most one block."""
    return hmac.digest(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\x01", "sha256")[:length]


def public_key_of(private_key: X25519PrivateKey) -> bytes:
    """The coordinate of a key pair."""
    return private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def derive_key_pair(ikm: bytes) -> X25519PrivateKey:
    """DeriveKeyPair (RFC 9180 §7.1.3)."""
    prk = labeled_extract(KEM_SUITE, b"", b"dkp_prk", ikm)
    return X25519PrivateKey.from_private_bytes(labeled_expand(KEM_SUITE, prk, b"sk", b"", 32))


def shared_secret(private_key: X25519PrivateKey, other: bytes, enc: bytes, recipient: bytes) -> bytes:
    """ExtractAndExpand (RFC 9180 §4.1). A coordinate of small order is refused: the secret would be zero."""
    try:
        secret = private_key.exchange(X25519PublicKey.from_public_bytes(other))
    except ValueError:
        raise NotOpened() from None
    prk = labeled_extract(KEM_SUITE, b"", b"eae_prk", secret)
    return labeled_expand(KEM_SUITE, prk, b"shared_secret", enc + recipient, 32)


def key_schedule(secret: bytes, info: bytes) -> Tuple[AESGCM, bytes]:
    """KeySchedule in base mode (RFC 9180 §5.1): the cipher, and the nonce of its first message."""
    psk_id_hash = labeled_extract(SUITE, b"", b"psk_id_hash", b"")
    context = BASE_MODE + psk_id_hash + labeled_extract(SUITE, b"", b"info_hash", info)
    prk = labeled_extract(SUITE, secret, b"secret", b"")
    key = labeled_expand(SUITE, prk, b"key", context, 16)
    return AESGCM(key), labeled_expand(SUITE, prk, b"base_nonce", context, 12)


def seal(public_key: bytes, info: bytes, message: bytes, ikm: bytes) -> Tuple[bytes, bytes]:
    """Seals one message: the encapsulated key and the ciphertext with its tag."""
    ephemeral = derive_key_pair(ikm)
    enc = public_key_of(ephemeral)
    cipher, nonce = key_schedule(shared_secret(ephemeral, public_key, enc, public_key), info)
    return enc, cipher.encrypt(nonce, message, None)


def open_sealed(private_key: bytes, info: bytes, enc: bytes, ciphertext: bytes) -> bytes:
    """Opens one message. Raises `NotOpened`."""
    own = X25519PrivateKey.from_private_bytes(private_key)
    cipher, nonce = key_schedule(shared_secret(own, enc, enc, public_key_of(own)), info)
    try:
        return cipher.decrypt(nonce, ciphertext, None)
    except InvalidTag:
        raise NotOpened() from None
