"""Entries of a release ledger, and what an entry is handed over with (ledger §1, §3, 4.5, 4.6)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Dict, List, NamedTuple, Optional, Union

from . import cbor
from .forms import DOCUMENTS, TIME
from .inputs import bad_input, hex_bytes, members, number_out
from .ladder import climb, known_states, open_view
from .letter_form import MAX_BYTES as MAX_LETTER_BYTES
from .letter_form import read_sealed
from .order import shown_order, verify_order
from .record_view import digest_of
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, integer, literal, misshapen, pattern
from .texts import identifier

MAX_BYTES, MAX_DEPTH, MAX_ITEMS = 32768, 2, 528  # ledger 1.1

PIECE_BYTES = 65536  # ledger 3.7

WORD = pattern("[a-z0-9][a-z0-9.-]{0,63}")  # ledger 1.7
UINT = integer(0, cbor.MAX_INTEGER)

KINDS: Dict[str, Shape] = {  # ledger 1.1, by key 1
    "release": closed_map(
        {
            1: literal("release"),
            2: byte_string(32),
            3: array(byte_string(32), 0, 512),
            4: UINT,
            5: literal("push", "query", "relay"),
            6: WORD,
        }
    ),
    "order": closed_map({1: literal("order"), 2: byte_string(1, 24576), 4: UINT}),
    "report": closed_map(
        {1: literal("report"), 2: byte_string(32), 4: UINT, 5: literal("acknowledged", "applied", "refused")},
        {6: WORD},
    ),
    "letter": closed_map({1: literal("letter"), 2: identifier, 3: byte_string(32), 4: UINT}),
}


class Release(NamedTuple):
    """An entry that releases parts of a record (ledger 1.3 to 1.7)."""

    record_id: bytes
    disclosures: List[bytes]
    time_seconds: int
    mode: str
    purpose: str


class PassedOn(NamedTuple):
    """An entry that passes an order on (ledger 1.8)."""

    order: bytes
    time_seconds: int


class Report(NamedTuple):
    """An entry that says what was done about an order (ledger 1.9)."""

    order_id: bytes
    time_seconds: int
    outcome: str
    reason: Optional[str]


class Letter(NamedTuple):
    """An entry that says that something was written to an officer (ledger 1.10)."""

    officer: str
    letter_id: bytes
    time_seconds: int


Entry = Union[Release, PassedOn, Report, Letter]


def read_entry(data: bytes) -> Entry:
    """Reads an entry. Refuses with `cbor.*`, `log.entry-disclosures` and `log.entry-reason`."""
    item = cbor.decode(data, MAX_BYTES, MAX_DEPTH, MAX_ITEMS)
    kind = item.get(1) if type(item) is dict else None
    if type(kind) is not str or kind not in KINDS:
        misshapen()
    KINDS[kind](item)
    if kind == "order":
        return PassedOn(item[2], item[4])
    if kind == "report":
        if (item[5] == "refused") != (6 in item):
            raise Refusal("log.entry-reason")
        return Report(item[2], item[4], item[5], item.get(6))
    if kind == "letter":
        return Letter(item[2], item[3], item[4])
    digests = item[3]
    if any(after <= before for before, after in zip(digests, digests[1:])):
        raise Refusal("log.entry-disclosures")
    return Release(item[2], digests, item[4], item[5], item[6])


def shown_entry(entry: Entry) -> Dict[str, object]:
    """An entry as an answer shows it (ledger 9.1)."""
    time = number_out(entry.time_seconds)
    if isinstance(entry, PassedOn):
        return {"kind": "order", "order": entry.order.hex(), "timeSeconds": time}
    if isinstance(entry, Report):
        out = {"kind": "report", "orderId": entry.order_id.hex(), "timeSeconds": time, "outcome": entry.outcome}
        return out if entry.reason is None else {**out, "reason": entry.reason}
    if isinstance(entry, Letter):
        letter_id = entry.letter_id.hex()
        return {"kind": "letter", "officer": entry.officer, "letterId": letter_id, "timeSeconds": time}
    return {
        "kind": "release",
        "recordId": entry.record_id.hex(),
        "disclosures": [digest.hex() for digest in entry.disclosures],
        "timeSeconds": time,
        "mode": entry.mode,
        "purpose": entry.purpose,
    }


def entry_operation(value: Dict[str, object]) -> object:
    """`ledger.entry` (ledger 9.1)."""
    return shown_entry(read_entry(members(value, {"entry": hex_bytes})["entry"]))


def item_operation(value: Dict[str, object]) -> object:
    """`ledger.item` (ledger 9.2)."""
    given = members(
        value,
        {
            "entry": hex_bytes,
            "record?": hex_bytes,
            "disclosures": DOCUMENTS,
            "charters": DOCUMENTS,
            "certificates": DOCUMENTS,
            "atSeconds": TIME,
            "held?": DOCUMENTS,
        },
    )
    if "held" in given and "record" not in given:
        bad_input()
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    entry = read_entry(given["entry"])
    if isinstance(entry, Letter):
        return {"letter": judge_letter(given, entry)}
    if not isinstance(entry, Release):
        if "record" in given or given["disclosures"]:  # ledger 3.6
            raise Refusal("node.item-mismatch")
        if isinstance(entry, Report):
            return {"report": shown_entry(entry)}
        return {"order": shown_order(verify_order(entry.order, known, given["atSeconds"]))}
    digests: List[bytes] = []
    if "record" in given:
        digests = judge_item(given, entry, known)
    elif given["disclosures"]:
        raise Refusal("node.item-mismatch")
    return {
        "recordId": entry.record_id.hex(),
        "bare": "record" not in given,
        "digests": [digest.hex() for digest in digests],
    }


def judge_letter(given: Dict[str, Any], entry: Letter) -> Dict[str, object]:
    """Judges the pieces of a letter (ledger 3.7)."""
    pieces = given["disclosures"]
    shown = shown_entry(entry)
    if "record" in given:
        raise Refusal("node.item-mismatch")
    if not pieces:
        return shown
    is_cut_right = all(len(piece) == PIECE_BYTES for piece in pieces[:-1]) and 0 < len(pieces[-1]) <= PIECE_BYTES
    letter = b"".join(pieces)
    if not is_cut_right or len(letter) > MAX_LETTER_BYTES or sha256(letter).digest() != entry.letter_id:
        raise Refusal("node.item-mismatch")
    return {**shown, "size": read_sealed(letter).size}


def judge_item(given: Dict[str, Any], entry: Release, known: Any) -> List[bytes]:
    """Judges record and disclosures of an item, with what is held of the record (ledger 4.5, 4.6)."""
    authorised = climb(given["record"], known, given["atSeconds"])
    view = open_view(authorised, given["disclosures"])
    if view.record.id != entry.record_id or sorted(view.disclosures) != entry.disclosures:
        raise Refusal("node.item-mismatch")
    return sorted(open_together(authorised, given["disclosures"], given.get("held", [])))


def open_together(authorised: Any, came: List[bytes], held: List[bytes]) -> Dict[bytes, bytes]:
    """The disclosures that came and those that are held, by digest. Each opens by itself, and both open together.

    Refuses with `node.merge-refused` what came and excludes what is held (ledger 4.6).
    """
    open_view(authorised, held)
    united = {digest_of(disclosure): disclosure for disclosure in (*held, *came)}
    try:
        open_view(authorised, list(united.values()))
    except Refusal:
        raise Refusal("node.merge-refused") from None
    return united
