"""Orders of an originator about what it has shared, and the bars that are in force by them (ledger §7)."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Sequence

from . import cbor
from .cose import KID, TYP, read_sign1, verify_sign1
from .forms import DOCUMENTS, TIME
from .inputs import hex_bytes, members
from .known_keys import Known, resolve
from .ladder import MAX_AHEAD_SECONDS, known_states
from .refusal import Refusal
from .scheme import text_map
from .shapes import Shape, array, byte_string, closed_map, literal, pattern, seconds

MAX_BYTES = 24576  # ledger 7.1
MEDIA_TYPE = "application/comity-order+cose"

RECORD, PARTS, STATE, NOTE = 5, 6, 7, 9  # the keys of 7.3 that not every order has

PAYLOAD: Shape = closed_map(
    {
        1: byte_string(32),
        2: literal("recall", "narrow", "bar", "lift"),
        3: seconds,
        4: byte_string(16),
        8: pattern("[a-z0-9][a-z0-9.-]{0,63}"),
    },
    {
        RECORD: byte_string(32),
        PARTS: array(byte_string(32), 1, 512),
        STATE: byte_string(32),
        NOTE: text_map,
    },
)

ABOUT = {"recall": {RECORD}, "narrow": {RECORD, PARTS}, "bar": {STATE}, "lift": {STATE}}  # ledger 7.4


class Order(NamedTuple):
    """An order that was verified."""

    id: bytes
    issuer: bytes
    kind: str
    issued_at: int
    record: Optional[bytes]
    parts: Optional[List[bytes]]
    state: Optional[bytes]
    reason: str
    note: Optional[Dict[str, str]]


def refuse(name: str) -> NoReturn:
    raise Refusal("order." + name)


def check_members(payload: Dict[int, Any]) -> None:
    """What an order of its kind is about, and nothing else (ledger 7.4)."""
    if payload.keys() & {RECORD, PARTS, STATE} != ABOUT[payload[2]]:
        refuse("wrong-members")
    if payload.get(STATE) == payload[1]:
        refuse("wrong-members")
    parts = payload.get(PARTS, [])
    if any(after <= before for before, after in zip(parts, parts[1:])):
        refuse("digests-not-ascending")


def verify_order(data: bytes, known: Known, now_seconds: int) -> Order:
    """Verifies an order (ledger §7). Refuses with `order.*`, `identity.*`, `cose.*`, `ed25519.*` and `cbor.*`."""
    message = read_sign1(data, MAX_BYTES)
    header = message.protected_header
    if header.keys() != {1, KID, TYP} or header[TYP] != MEDIA_TYPE or message.unprotected_header:
        refuse("wrong-document")
    payload = PAYLOAD(cbor.decode(message.payload, MAX_BYTES))
    check_members(payload)
    certificate = resolve(known, message.key_id, "record", payload[3])
    verify_sign1(message, certificate.public_key)
    if certificate.issuer != payload[1].hex():
        refuse("wrong-issuer")
    if payload[3] > now_seconds + MAX_AHEAD_SECONDS:
        refuse("issued-in-future")
    return Order(
        id=hashlib.sha256(data).digest(),
        issuer=payload[1],
        kind=payload[2],
        issued_at=payload[3],
        record=payload.get(RECORD),
        parts=payload.get(PARTS),
        state=payload.get(STATE),
        reason=payload[8],
        note=payload.get(NOTE),
    )


def shown_order(order: Order) -> Dict[str, object]:
    """An order as an answer shows it (ledger 9.3)."""
    out: Dict[str, object] = {
        "id": order.id.hex(),
        "issuer": order.issuer.hex(),
        "kind": order.kind,
        "issuedAtSeconds": order.issued_at,
        "reason": order.reason,
    }
    if order.record is not None:
        out["recordId"] = order.record.hex()
    if order.parts is not None:
        out["digests"] = [part.hex() for part in order.parts]
    if order.state is not None:
        out["state"] = order.state.hex()
    if order.note is not None:
        out["note"] = order.note
    return out


def bars_in_force(orders: Sequence[Order]) -> Dict[bytes, List[bytes]]:
    """The states that each originator bars (ledger 7.11)."""
    bars: Dict[bytes, List[bytes]] = {}
    about = {(order.issuer, order.state) for order in orders if order.state is not None}
    for issuer, state in sorted(about):
        rivals = [order for order in orders if (order.issuer, order.state) == (issuer, state)]
        newest = max(order.issued_at for order in rivals)
        if any(order.kind == "bar" for order in rivals if order.issued_at == newest):
            bars.setdefault(issuer, []).append(state)
    return bars


def order_operation(value: Dict[str, object]) -> object:
    """`ledger.order` (ledger 9.3)."""
    given = members(
        value, {"order": hex_bytes, "charters": DOCUMENTS, "certificates": DOCUMENTS, "atSeconds": TIME}
    )
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    return shown_order(verify_order(given["order"], known, given["atSeconds"]))


def bars_operation(value: Dict[str, object]) -> object:
    """`ledger.bars` (ledger 9.4)."""
    given = members(
        value, {"orders": DOCUMENTS, "charters": DOCUMENTS, "certificates": DOCUMENTS, "atSeconds": TIME}
    )
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    bars = bars_in_force([verify_order(order, known, given["atSeconds"]) for order in given["orders"]])
    return {
        "bars": [
            {"issuer": issuer.hex(), "states": [state.hex() for state in states]} for issuer, states in bars.items()
        ]
    }
