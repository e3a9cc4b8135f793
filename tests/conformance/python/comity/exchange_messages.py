"""The messages of the exchange: their grammar and limits (exchange 3.2, 3.3, 3.7, §9; exchange.cddl, query.cddl).

Only form counts here: what an entry, a note, a card, a record or a question holds inside is another document.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Any, Callable, Dict, List, NamedTuple

from . import cbor
from .inputs import bad_input, hex_bytes, integer_from, members, one_of
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, integer, literal, nullable, text

MAX_MESSAGE_BYTES = 4259840  # exchange 3.2
SHORT_BYTES = 64
MAX_INPUT_BYTES = 16777216  # exchange 10.1
MAX_PIECES = 1024
MAX_REPEATS = 8388608

TREE_HASH = byte_string(32)
UINT = integer(0, cbor.MAX_INTEGER)
NOTE = text(1, 16384)  # travelling-note
RECEIPT_LINE = text(1, 1024)
ENTRY_BYTES = byte_string(1, 65536)
RECORD_BYTES = byte_string(1, 65536)
DISCLOSURES = array(byte_string(1, 65536), 0, 512)


CAPABILITY = re.compile(r"[a-z0-9][a-z0-9./-]{0,63}", re.ASCII)


def capability(value: Any) -> Any:
    """The name of a capability: ASCII, of 1 to 64 bytes (exchange 6.1, §9)."""
    if not isinstance(value, str) or not CAPABILITY.fullmatch(value):
        raise Refusal("cbor.shape")
    return value


def item_shape(value: Any) -> Any:
    """`ledger-item`: entry, record or null, disclosures."""
    return row(value, ENTRY_BYTES, nullable(RECORD_BYTES), DISCLOSURES)


def answer_shape(value: Any) -> Any:
    """`query-answer`: record, disclosures."""
    return row(value, RECORD_BYTES, DISCLOSURES)


def row(value: Any, *columns: Shape) -> Any:
    """An array with one element of each shape."""
    if type(value) is not list or len(value) != len(columns):
        raise Refusal("cbor.shape")
    for column, element in zip(columns, value):
        column(element)
    return value


class Rule(NamedTuple):
    """A rule of the grammar with the limits of exchange §9, and the code that refuses what breaks them."""

    shape: Shape
    max_bytes: int = MAX_MESSAGE_BYTES
    max_depth: int = 2
    max_items: int = 520
    code: str = "exchange.message-malformed"


def body(shape: Shape) -> Rule:
    """The body of an END or ERROR (exchange 3.3)."""
    return Rule(shape, 256, 1, 5, "exchange.frame-malformed")


RULES: Dict[str, Rule] = {
    "hello": Rule(
        closed_map(
            {
                1: text(1, 128),
                2: UINT,
                3: byte_string(1, 262144),
                5: UINT,
                6: array(capability, 0, 32),
                7: UINT,
            },
            {4: byte_string(1, 65536)},
        ),
        331776,
        2,
        64,
    ),
    "ledger-request": Rule(
        closed_map({1: literal("head", "pull", "follow"), 2: UINT, 3: TREE_HASH}, {4: RECEIPT_LINE}), 1280, 1, 9
    ),
    "ledger-head": Rule(closed_map({1: UINT, 2: NOTE, 3: array(TREE_HASH, 0, 128)}), 20992, 2, 144),
    "ledger-batch": Rule(
        closed_map({1: UINT, 2: NOTE, 3: array(item_shape, 1, 4096)}), MAX_MESSAGE_BYTES, 4, 262144
    ),
    "ledger-receipt": Rule(closed_map({1: UINT, 2: RECEIPT_LINE}), 1088, 1, 5),
    "return-request": Rule(closed_map({1: UINT}), 16, 1, 3),
    "fetch-request": Rule(closed_map({1: array(UINT, 1, 1024)}), 9232, 2, 1027),
    "fetch-item": Rule(item_shape),
    "end-body": body(closed_map({1: UINT}, {2: literal(True)})),
    "error-body": body(closed_map({1: text(0, 64)})),
    "query-request": Rule(closed_map({1: byte_string(1, 65536)})),
    "query-answer": Rule(answer_shape),
    "witness-request": Rule(
        closed_map({1: literal("add", "compare", "evidence"), 2: array(text(1, 8192), 1, 256)}), 524288, 2, 262
    ),
    "witness-answer": Rule(closed_map({1: UINT, 2: text(0, 8192)}), 8208, 1, 5),
}


def read_message(name: str, data: bytes) -> Any:
    """Reads one message, or the body of a frame (exchange 3.7).

    Refuses with `exchange.message-malformed` or, for a body, `exchange.frame-malformed`.
    """
    rule = RULES[name]
    try:
        return rule.shape(cbor.decode(data, rule.max_bytes, rule.max_depth, rule.max_items))
    except Refusal:
        raise Refusal(rule.code) from None


@lru_cache(maxsize=1024)
def read_short(name: str, data: bytes) -> Any:
    """A short message, which is remembered: a stream has room for a million, which then are mostly alike."""
    return read_message(name, data)


def read_piece(value: object) -> bytes:
    """One piece of `bytes` (exchange 10.1)."""
    if isinstance(value, str):
        return hex_bytes(value)
    piece = members(value, {"hex": hex_bytes, "times": integer_from(1, MAX_REPEATS)})
    if len(piece["hex"]) * piece["times"] > MAX_INPUT_BYTES:
        bad_input()
    return piece["hex"] * piece["times"]


def read_bytes(value: object) -> bytes:
    """The member `bytes`: hex, or a list of pieces (exchange 10.1)."""
    pieces: List[bytes] = []
    size = 0
    if isinstance(value, list) and len(value) > MAX_PIECES:
        bad_input()
    for given in value if isinstance(value, list) else [hex_bytes(value)]:
        piece = given if isinstance(given, bytes) else read_piece(given)
        size += len(piece)
        if size > MAX_INPUT_BYTES:
            bad_input()
        pieces.append(piece)
    return b"".join(pieces)


def message_operation(value: Dict[str, object]) -> object:
    """`exchange.message` (exchange 10.2)."""
    given = members(value, {"message": one_of(*RULES), "bytes": read_bytes})
    encoded = cbor.encode(read_message(given["message"], given["bytes"]))
    if isinstance(value["bytes"], list):
        return {"digest": hashlib.sha256(encoded).hexdigest()}
    return {"reencoded": encoded.hex()}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"exchange.message": message_operation}
