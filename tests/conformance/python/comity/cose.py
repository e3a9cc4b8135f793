"""COSE_Key, COSE_Sign1 and COSE_Sign, as profiled in keys §1, §3, §4 and §5."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List, Mapping, NamedTuple, NoReturn, Sequence, Tuple

from . import cbor, ed25519
from .ed25519 import key_id
from .refusal import Refusal

ALG = 1  # header parameters
CRIT = 2
KID = 4
TYP = 16

ED25519 = -19  # keys 4.2
MAX_SIGNERS = 32  # keys 5.1


def refuse(name: str) -> NoReturn:
    raise Refusal("cose." + name)


class Sign1(NamedTuple):
    """A COSE_Sign1 whose form is good and whose signature is not yet verified."""

    protected: bytes
    protected_header: Dict[Any, Any]
    unprotected_header: Dict[Any, Any]
    payload: bytes
    signature: bytes
    key_id: bytes


class Signer(NamedTuple):
    """One signature of a COSE_Sign."""

    protected: bytes
    key_id: bytes
    signature: bytes


class Sign(NamedTuple):
    """A COSE_Sign whose form is good and whose signatures are not yet verified."""

    protected: bytes
    protected_header: Dict[Any, Any]
    payload: bytes
    signers: List[Signer]


def public_key_of(value: Any) -> bytes:
    """The public key in a COSE_Key of exactly four entries (keys 1.3). Refuses with `cose.bad-key`."""
    if not isinstance(value, dict) or value.keys() != {1, 3, -1, -2}:
        refuse("bad-key")
    # A boolean equals 1 in Python; only integers are meant.
    if any(isinstance(member, bool) for member in value.values()):
        refuse("bad-key")
    if value[1] != 1 or value[3] != ED25519 or value[-1] != 6:
        refuse("bad-key")
    if not isinstance(value[-2], bytes) or len(value[-2]) != 32:
        refuse("bad-key")
    return value[-2]


def read_protected(value: Any, limits: Tuple[int, int, int]) -> Dict[Any, Any]:
    """The map in a protected header, with the one spelling of the empty one (keys 3.2)."""
    if not isinstance(value, bytes):
        refuse("protected-header")
    if value == b"":
        return {}
    if value == b"\xa0":
        refuse("empty-protected-map")
    header = cbor.decode(value, *limits)
    if not isinstance(header, dict):
        refuse("protected-header")
    return header


def read_headers(
    protected: Any, unprotected: Any, limits: Tuple[int, int, int]
) -> Tuple[Dict[Any, Any], Dict[Any, Any]]:
    """Both headers, and what holds between them (keys 3.2 to 3.4)."""
    header = read_protected(protected, limits)
    if not isinstance(unprotected, dict):
        refuse("unprotected-header")
    for labels in (header, unprotected):
        if cbor.REDACTED in labels:
            refuse("header-label")
        if CRIT in labels:
            refuse("critical-header")
    if not header.keys().isdisjoint(unprotected.keys()):
        refuse("duplicate-header")
    return header, unprotected


def read_payload(value: Any) -> bytes:
    """The payload, which stands in the message (keys 3.5)."""
    if value is None:
        refuse("detached-payload")
    if not isinstance(value, bytes):
        refuse("payload-type")
    return value


def read_signature(value: Any) -> bytes:
    """A signature of 64 bytes (keys 3.5)."""
    if not isinstance(value, bytes) or len(value) != 64:
        refuse("signature-form")
    return value


def read_signer_headers(header: Mapping[Any, Any]) -> bytes:
    """Algorithm and key id of a signer in its protected header (keys 4.2, 4.3, 5.2)."""
    if ALG not in header:
        refuse("algorithm-missing")
    if header[ALG] != ED25519:
        refuse("algorithm")
    kid = header.get(KID)
    if not isinstance(kid, bytes) or len(kid) != 32:
        refuse("key-id")
    return kid


def read_sign1(
    message: bytes,
    max_bytes: int = cbor.MAX_BYTES,
    max_depth: int = cbor.MAX_DEPTH,
    max_items: int = cbor.MAX_ITEMS,
) -> Sign1:
    """Reads a COSE_Sign1 (keys §3, 4.1 to 4.3). Which further headers there are, the document says."""
    value = cbor.decode(message, max_bytes, max_depth, max_items)
    if not isinstance(value, cbor.Tagged) or value.tag != cbor.TAG_SIGN1:
        refuse("not-sign1")
    if not isinstance(value.value, list) or len(value.value) != 4:
        refuse("not-sign1")
    protected, unprotected, payload, signature = value.value
    header, outside = read_headers(protected, unprotected, (max_bytes, max_depth, max_items))
    payload = read_payload(payload)
    signature = read_signature(signature)
    return Sign1(protected, header, outside, payload, signature, read_signer_headers(header))


def sign1_input(message: Sign1) -> bytes:
    """What is signed in a COSE_Sign1 (keys 4.4)."""
    return cbor.encode(["Signature1", message.protected, b"", message.payload])


def verify_sign1(message: Sign1, public_key: bytes) -> None:
    """Verifies with the key that was found by key id (keys 4.5). Refuses with `cose.key-mismatch` or `ed25519.*`."""
    if len(public_key) != 32:
        raise Refusal("ed25519.public-key-length")
    if key_id(public_key) != message.key_id:
        refuse("key-mismatch")
    ed25519.verify(public_key, sign1_input(message), message.signature)


def document_id(message: Sign1) -> bytes:
    """SHA-256 of the message with an empty unprotected header (keys 4.6)."""
    array = [message.protected, {}, message.payload, message.signature]
    return hashlib.sha256(cbor.encode(cbor.Tagged(cbor.TAG_SIGN1, array))).digest()


def read_sign(
    message: bytes,
    max_bytes: int = cbor.MAX_BYTES,
    max_depth: int = cbor.MAX_DEPTH,
    max_items: int = cbor.MAX_ITEMS,
) -> Sign:
    """Reads a COSE_Sign (keys §3, 5.1 to 5.3). Which headers the body has, the document says."""
    limits = (max_bytes, max_depth, max_items)
    value = cbor.decode(message, *limits)
    if not isinstance(value, cbor.Tagged) or value.tag != cbor.TAG_SIGN:
        refuse("not-sign")
    if not isinstance(value.value, list) or len(value.value) != 4:
        refuse("not-sign")
    protected, unprotected, payload, signatures = value.value
    if not isinstance(signatures, list):
        refuse("not-sign")
    header, outside = read_headers(protected, unprotected, limits)
    if outside:
        refuse("unprotected-header")
    payload = read_payload(payload)
    if not signatures:
        refuse("no-signers")
    if len(signatures) > MAX_SIGNERS:
        refuse("too-many-signers")
    signers = [read_signer(entry, limits) for entry in signatures]
    for before, signer in zip(signers, signers[1:]):
        if signer.key_id == before.key_id:
            refuse("duplicate-signer")
        if signer.key_id < before.key_id:
            refuse("signer-order")
    return Sign(protected, header, payload, signers)


def read_signer(entry: Any, limits: Tuple[int, int, int]) -> Signer:
    """One entry of the signatures (keys 5.1, 5.2)."""
    if not isinstance(entry, list) or len(entry) != 3:
        refuse("signer-form")
    protected, unprotected, signature = entry
    header, outside = read_headers(protected, unprotected, limits)
    if outside:
        refuse("unprotected-header")
    kid = read_signer_headers(header)
    if len(header) != 2:
        refuse("signer-header")
    return Signer(protected, kid, read_signature(signature))


def verify_sign(message: Sign, public_keys: Sequence[bytes], threshold: int) -> None:
    """Verifies against a set of keys and a threshold (keys 5.4, 5.5).

    Refuses with `cose.bad-threshold`, `cose.unknown-signer`, `cose.below-threshold` or `ed25519.*`.
    """
    for public_key in public_keys:
        if len(public_key) != 32:
            raise Refusal("ed25519.public-key-length")
    keys = {key_id(public_key): public_key for public_key in public_keys}
    if not 1 <= threshold <= len(keys):
        refuse("bad-threshold")
    if any(signer.key_id not in keys for signer in message.signers):
        refuse("unknown-signer")
    if len(message.signers) < threshold:
        refuse("below-threshold")
    for signer in message.signers:
        signed = cbor.encode(["Signature", message.protected, signer.protected, b"", message.payload])
        ed25519.verify(keys[signer.key_id], signed, signer.signature)
