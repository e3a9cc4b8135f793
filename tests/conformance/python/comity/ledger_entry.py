"""Entries of a release ledger, and what an entry is handed over with (ledger §1, §3, 4.5, 4.6)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple

from . import cbor
from .forms import DOCUMENTS, TIME
from .inputs import bad_input, hex_bytes, members, number_out
from .ladder import climb, known_states, open_view
from .record_view import digest_of
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, integer, literal, pattern

MAX_BYTES, MAX_DEPTH, MAX_ITEMS = 32768, 2, 528  # ledger 1.1

ENTRY: Shape = closed_map(
    {
        1: literal("release"),
        2: byte_string(32),
        3: array(byte_string(32), 0, 512),
        4: integer(0, cbor.MAX_INTEGER),
        5: literal("push", "query", "relay"),
        6: pattern("[a-z0-9][a-z0-9.-]{0,63}"),  # ledger 1.7
    }
)


class Entry(NamedTuple):
    """An entry (ledger §1)."""

    kind: str
    record_id: bytes
    disclosures: List[bytes]
    time_seconds: int
    mode: str
    purpose: str


def read_entry(data: bytes) -> Entry:
    """Reads an entry. Refuses with `cbor.*` and `log.entry-disclosures`."""
    item = ENTRY(cbor.decode(data, MAX_BYTES, MAX_DEPTH, MAX_ITEMS))
    digests = item[3]
    if any(after <= before for before, after in zip(digests, digests[1:])):
        raise Refusal("log.entry-disclosures")
    return Entry(item[1], item[2], digests, item[4], item[5], item[6])


def entry_operation(value: Dict[str, object]) -> object:
    """`ledger.entry` (ledger 7.1)."""
    entry = read_entry(members(value, {"entry": hex_bytes})["entry"])
    return {
        "kind": entry.kind,
        "recordId": entry.record_id.hex(),
        "disclosures": [digest.hex() for digest in entry.disclosures],
        "timeSeconds": number_out(entry.time_seconds),
        "mode": entry.mode,
        "purpose": entry.purpose,
    }


def item_operation(value: Dict[str, object]) -> object:
    """`ledger.item` (ledger 7.2)."""
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


def judge_item(given: Dict[str, Any], entry: Entry, known: Any) -> List[bytes]:
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
