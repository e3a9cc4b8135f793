"""The operations on keys, signatures and COSE messages (keys §9)."""

from __future__ import annotations

from typing import Callable, Dict, Sequence

from . import cbor, cose, ed25519
from .inputs import bad_input, hex_bytes, integer, list_of, members


def ed25519_verify(value: Dict[str, object]) -> object:
    """`ed25519.verify` (keys 9.1)."""
    read = members(value, {"publicKey": hex_bytes, "message": hex_bytes, "signature": hex_bytes})
    ed25519.verify(read["publicKey"], read["message"], read["signature"])
    return {}


def ed25519_enrol(value: Dict[str, object]) -> object:
    """`ed25519.enrol` (keys 9.2)."""
    public_key = members(value, {"publicKey": hex_bytes})["publicKey"]
    ed25519.enrol(public_key)
    return {"keyId": ed25519.key_id(public_key).hex()}


def cose_key(value: Dict[str, object]) -> object:
    """`cose.key` (keys 9.3)."""
    public_key = cose.public_key_of(cbor.decode(members(value, {"key": hex_bytes})["key"]))
    return {"publicKey": public_key.hex(), "keyId": ed25519.key_id(public_key).hex()}


def cose_verify(value: Dict[str, object]) -> object:
    """`cose.verify` (keys 9.4): a COSE_Sign with `threshold`, and a COSE_Sign1 without."""
    read = members(value, {"message": hex_bytes, "publicKeys": list_of(hex_bytes), "threshold?": integer})
    keys = read["publicKeys"]
    if "threshold" in read:
        sign = cose.read_sign(read["message"])
        cose.verify_sign(sign, keys, read["threshold"])
        signers = [signer.key_id for signer in sign.signers]
        return shown(sign.payload, sign.protected, signers)
    if len(keys) != 1:
        bad_input()
    sign1 = cose.read_sign1(read["message"])
    cose.verify_sign1(sign1, keys[0])
    return {**shown(sign1.payload, sign1.protected, [sign1.key_id]), "id": cose.document_id(sign1).hex()}


def shown(payload: bytes, protected: bytes, signers: Sequence[bytes]) -> Dict[str, object]:
    """What an answer says of a message of either kind."""
    return {"payload": payload.hex(), "protected": protected.hex(), "signers": [kid.hex() for kid in signers]}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "ed25519.verify": ed25519_verify,
    "ed25519.enrol": ed25519_enrol,
    "cose.key": cose_key,
    "cose.verify": cose_verify,
}
