"""COSE receipts for leaves of a log (log §14)."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

from . import cbor, cose
from .ed25519 import key_id
from .inputs import hex_bytes, members, text
from .merkle import leaf_hash, root_from
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, integer, literal
from .shapes import text as text_of

LIMITS = (4096, 5, 256)  # log 14.2
MAX_SIZE = 2**53 - 1
CLAIMS, STRUCTURE, PROOFS, INCLUSION = 15, 395, 396, -1

PROTECTED: Shape = closed_map(
    {
        1: literal(-19),
        4: byte_string(32),
        CLAIMS: closed_map({1: text_of(1, 255)}),
        STRUCTURE: literal(1),
        "tree-size": integer(0, MAX_SIZE),
    }
)
UNPROTECTED: Shape = closed_map({PROOFS: closed_map({INCLUSION: array(byte_string(0, LIMITS[0]), 1, 1)})})
NUMBER: Shape = integer(0, MAX_SIZE)
PATH: Shape = array(byte_string(32), 1, 63)


def refuse_form() -> Refusal:
    return Refusal("log.receipt-form")


def read(receipt: bytes) -> Tuple[Dict[Any, Any], Any, bytes, bytes]:
    """The protected header, the inclusion proof, the bytes of that header, and the signature (log 14.2 to 14.4)."""
    value = cbor.decode(receipt, *LIMITS)
    if not isinstance(value, cbor.Tagged) or value.tag != cbor.TAG_SIGN1:
        raise refuse_form()
    if not isinstance(value.value, list) or len(value.value) != 4 or value.value[2] is not None:
        raise refuse_form()
    protected, unprotected, _, signature = value.value
    if not isinstance(protected, bytes):
        raise refuse_form()
    head = PROTECTED(cbor.decode(protected, *LIMITS))
    proof = cbor.decode(UNPROTECTED(unprotected)[PROOFS][INCLUSION][0], *LIMITS)
    if type(proof) is not list or len(proof) != 3:
        raise refuse_form()
    NUMBER(proof[0])
    NUMBER(proof[1])
    PATH(proof[2])
    return head, proof, protected, cose.read_signature(signature)


def verify_operation(value: Dict[str, object]) -> object:
    """`receipt.verify` (log 14.7)."""
    given = members(value, {"receipt": hex_bytes, "leaf": hex_bytes, "origin": text, "publicKey": hex_bytes})
    if len(given["publicKey"]) != 32:
        raise Refusal("ed25519.public-key-length")
    try:
        head, (size, index, path), protected, signature = read(given["receipt"])
    except Refusal:
        raise refuse_form() from None
    if head[CLAIMS][1] != given["origin"]:
        raise Refusal("log.wrong-origin")
    if head[4] != key_id(given["publicKey"]):
        raise Refusal("log.no-known-signature")
    if size != head["tree-size"]:
        raise Refusal("log.receipt-size")
    root = root_from(leaf_hash(given["leaf"]), index, size, path)
    try:
        cose.verify_sign1(cose.Sign1(protected, head, {}, root, signature, head[4]), given["publicKey"])
    except Refusal:
        raise Refusal("log.bad-signature") from None
    return {"origin": given["origin"], "index": index, "size": size, "root": root.hex()}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"receipt.verify": verify_operation}
