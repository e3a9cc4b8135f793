"""Letters to one officer: what is sealed, how it is opened and verified (letter §2, §3)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Callable, Dict, NoReturn

from . import cbor, hpke
from .exchange_messages import read_bytes
from .forms import DOCUMENTS, TIME, bytes_32
from .inputs import hex_bytes, members, object_of, text
from .ladder import climb, known_states, open_view
from .letter_form import SIZES, read_sealed
from .officer import Officer, Standing, check_in_force, verify_officer
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, misshapen, seconds
from .texts import identifier, shown_text

RECORD, DISCLOSURES, SEALED_AT, PURPOSE, NOTE = 1, 2, 3, 4, 5  # keys of the content: letter 2.1
MAX_DEPTH, MAX_ITEMS = 2, 528  # letter 2.1
MARK = 0x80  # letter 2.2

PIECE = byte_string(1, 65536)
CONTENT: Shape = closed_map(
    {RECORD: PIECE, DISCLOSURES: array(PIECE, 0, 512), SEALED_AT: seconds, PURPOSE: identifier},
    {NOTE: shown_text(1, 1000)},
)


def refuse(name: str) -> NoReturn:
    raise Refusal("letter." + name)


def info_of(sender: bytes, recipient: bytes, officer: str, key_id: bytes) -> bytes:
    """What a letter is bound to (letter 2.4)."""
    return cbor.encode(["comity-letter/1", sender, recipient, identifier(officer), key_id])


def pad(content: bytes) -> bytes:
    """Fills a content up to the smallest size with room for the mark behind it (letter 2.2, 2.3)."""
    for size in SIZES:
        if len(content) < size:
            return content + bytes((MARK,)) + bytes(size - len(content) - 1)
    refuse("too-large")


def unpad(padded: bytes) -> bytes:
    """The content of what was filled up (letter 3.2)."""
    content = padded.rstrip(b"\0")
    if content[-1:] != bytes((MARK,)):
        refuse("bad-padding")
    content = content[:-1]
    if any(len(content) < size < len(padded) for size in SIZES):
        refuse("bad-padding")
    return content


def read_content(data: bytes) -> Dict[int, Any]:
    """Reads a content (letter 2.1)."""
    content: Dict[int, Any] = CONTENT(cbor.decode(data, SIZES[-1] - 1, MAX_DEPTH, MAX_ITEMS))
    return content


def open_operation(value: Dict[str, object]) -> object:
    """`letter.open` (letter 5.1)."""
    given = members(
        value,
        {
            "letter": read_bytes,
            "privateKey": bytes_32,
            "sender": bytes_32,
            "recipient": bytes_32,
            "officer": text,
            "keyId": bytes_32,
            "charters": DOCUMENTS,
            "certificates": DOCUMENTS,
            "atSeconds": TIME,
        },
    )
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    sealed = read_sealed(given["letter"])
    info = info_of(given["sender"], given["recipient"], given["officer"], given["keyId"])
    try:
        padded = hpke.open_sealed(given["privateKey"], info, sealed.enc, sealed.ciphertext)
    except hpke.NotOpened:
        refuse("not-opened")
    content = read_content(unpad(padded))
    view = open_view(climb(content[RECORD], known, given["atSeconds"]), content[DISCLOSURES])
    if view.record.issuer != given["sender"]:
        refuse("wrong-issuer")
    out: Dict[str, object] = {
        "id": sha256(given["letter"]).hexdigest(),
        "size": sealed.size,
        "recordId": view.record.id.hex(),
        "digests": [digest.hex() for digest in sorted(view.disclosures)],
        "sealedAtSeconds": content[SEALED_AT],
        "purpose": content[PURPOSE],
    }
    if NOTE in content:
        out["note"] = content[NOTE]
    return out


def seal_operation(value: Dict[str, object]) -> object:
    """`letter.seal` (letter 5.2)."""
    given = members(
        value,
        {
            "record": hex_bytes,
            "disclosures": DOCUMENTS,
            "atSeconds": TIME,
            "purpose": text,
            "note?": text,
            "sender": bytes_32,
            "officer": object_of({"certificate": hex_bytes, "endedAtSeconds?": TIME}),
            "random": bytes_32,
            "charters": DOCUMENTS,
            "certificates": DOCUMENTS,
        },
    )
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    officer = verify_officer(given["officer"]["certificate"], known)
    check_in_force(Standing(officer, given["officer"].get("endedAtSeconds")), given["atSeconds"])
    content: Dict[int, object] = {
        RECORD: given["record"],
        DISCLOSURES: given["disclosures"],
        SEALED_AT: given["atSeconds"],
        PURPOSE: given["purpose"],
    }
    if "note" in given:
        content[NOTE] = given["note"]
    letter = seal(CONTENT(content), given["sender"], officer, given["random"])
    return {"letter": letter.hex(), "id": sha256(letter).hexdigest()}


def seal(content: Dict[int, object], sender: bytes, officer: Officer, random: bytes) -> bytes:
    """Seals a content for an officer (letter 2.4, 2.5)."""
    if officer.seal_key is None:
        refuse("no-seal-key")
    info = info_of(sender, bytes.fromhex(officer.state), officer.id, officer.key_id)
    try:
        enc, ciphertext = hpke.seal(officer.seal_key, info, pad(cbor.encode(content)), random)
    except hpke.NotOpened:
        misshapen()
    return cbor.encode([enc, ciphertext])


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "letter.open": open_operation,
    "letter.seal": seal_operation,
}
