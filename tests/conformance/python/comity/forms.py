"""Forms of `in` that several chapters have: documents, times, ids, and states with their certificates."""

from __future__ import annotations

from .inputs import Form, bad_input, hex_bytes, integer_from, list_of, object_of
from .shapes import MAX_SECONDS

DOCUMENTS: Form = list_of(hex_bytes)
TIME: Form = integer_from(0, MAX_SECONDS)  # conformance 2.2
STATE: Form = object_of({"charter": hex_bytes, "certificates": DOCUMENTS})  # ledger 9.5


def bytes_32(value: object) -> bytes:
    """The id of a state or record, or a hash: 32 bytes."""
    read = hex_bytes(value)
    if len(read) != 32:
        bad_input()
    return read
