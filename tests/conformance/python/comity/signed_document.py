"""What charter, key certificate and recognition have in common (charter §1)."""

from __future__ import annotations

from typing import Any, Dict, Sequence

from . import cbor, cose
from .refusal import Refusal
from .shapes import Shape

ISSUER = 1  # the integer keys of the payloads
SUBJECT = 2
END = 4
BEGIN = 5
ISSUED = 6
ID = 7
CONFIRMATION = 8


def read_document(document: bytes, typ: str) -> cose.Sign:
    """Reads a COSE_Sign whose protected header is exactly {16: typ} (charter 1.1).

    Refuses with `identity.wrong-document` and the `cose.*` and `cbor.*` codes.
    """
    message = cose.read_sign(document)
    if message.protected_header != {cose.TYP: typ}:
        raise Refusal("identity.wrong-document")
    return message


def read_payload(message: cose.Sign, shape: Shape) -> Dict[Any, Any]:
    """The payload, as an input of its own (charter 1.1), in the shape of its grammar."""
    payload: Dict[Any, Any] = shape(cbor.decode(message.payload))
    return payload


def verify_signatures(message: cose.Sign, root_keys: Sequence[bytes], threshold: int) -> None:
    """Verifies against root keys and threshold of a charter (charter 1.2).

    Refuses with `identity.forged` and the `cose.*` codes of keys §10.
    """
    try:
        cose.verify_sign(message, root_keys, threshold)
    except Refusal as refusal:
        if refusal.code.startswith("ed25519."):
            raise Refusal("identity.forged") from None
        raise


def refuse_duplicate_entries(entries: Sequence[str]) -> None:
    """No entry stands twice. Refuses with `identity.duplicate-entry` (charter 2.5, 3.5, 3.6)."""
    if len(set(entries)) < len(entries):
        raise Refusal("identity.duplicate-entry")


def check_validity(begin_seconds: int, end_seconds: int) -> None:
    """The end is after the begin. Refuses with `identity.bad-validity` (charter 2.1, 3.4, 4.2)."""
    if end_seconds <= begin_seconds:
        raise Refusal("identity.bad-validity")
