"""The operation on CBOR (cbor §6)."""

from __future__ import annotations

from typing import Callable, Dict

from . import cbor
from .inputs import hex_bytes, integer_from, members, object_of

LIMIT = integer_from(0, cbor.MAX_INTEGER)
LIMITS = object_of({"bytes?": LIMIT, "depth?": LIMIT, "items?": LIMIT})


def decode_operation(value: Dict[str, object]) -> object:
    """`cbor.decode` (cbor 6.1, 6.2)."""
    read = members(value, {"hex": hex_bytes, "limits?": LIMITS})
    limits = read.get("limits", {})
    decoded = cbor.decode(
        read["hex"],
        limits.get("bytes", cbor.MAX_BYTES),
        min(limits.get("depth", cbor.MAX_DEPTH), cbor.LARGEST_DEPTH),
        limits.get("items", cbor.MAX_ITEMS),
    )
    return {"reencoded": cbor.encode(decoded).hex()}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"cbor.decode": decode_operation}
