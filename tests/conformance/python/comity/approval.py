"""Approvals: what officers have decided, and whose word counts (approval §4, §5)."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, NoReturn

from . import cbor, cose
from .forms import DOCUMENTS, TIME, bytes_32
from .inputs import hex_bytes, list_of, members, object_of
from .known_keys import know_documents
from .officer import Standing, check_in_force, officers_of, read_statement, verify_officer
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, literal, misshapen, seconds
from .texts import identifier, shown_text

MEDIA_TYPE = "application/comity-approval+cose"
MAX_BYTES = 32768  # approval 1.1
MAX_VALIDITY_SECONDS = 31536000  # approval 4.3
MAX_AHEAD_SECONDS = 300  # approval 4.5

# Approval 4.1: a rule by its name (disclosure 6.2), or an entry of a list by its place.
RULE = re.compile(r"[a-z][a-z0-9-]{0,63}|(limits|reciprocity)\[(0|[1-9][0-9]{0,2})\]")

STATE, OFFICER, DECISION, RECORD, PARTS, RECIPIENT, MODE, PURPOSE, NAME, DIGEST, SIGNED, END, REASON, TO = range(1, 15)


def rule_shape(value: Any) -> Any:
    if type(value) is not str or RULE.fullmatch(value) is None:
        misshapen()
    return value


PAYLOAD: Shape = closed_map(
    {
        STATE: byte_string(32),
        OFFICER: identifier,
        DECISION: literal("approve", "reject"),
        RECORD: byte_string(32),
        PARTS: array(byte_string(32), 1, 512),
        RECIPIENT: byte_string(32),
        MODE: literal("push", "query", "relay", "letter"),
        PURPOSE: identifier,
        NAME: rule_shape,
        DIGEST: byte_string(32),
        SIGNED: seconds,
        END: seconds,
    },
    {REASON: shown_text(1, 1000), TO: identifier},
)


def refuse(name: str) -> NoReturn:
    raise Refusal("approval." + name)


def officer_verify(value: Dict[str, object]) -> object:
    """`officer.verify` (approval 5.1)."""
    read = members(value, {"officer": hex_bytes, "charters": DOCUMENTS, "certificates": DOCUMENTS})
    officer = verify_officer(read["officer"], know_documents(read["charters"], read["certificates"]))
    out: Dict[str, object] = {
        "state": officer.state,
        "id": officer.id,
        "name": officer.name,
        "roles": officer.roles,
        "publicKey": officer.public_key.hex(),
        "keyId": officer.key_id.hex(),
        "certificateId": officer.certificate_id.hex(),
        "issuedAtSeconds": officer.issued_at_seconds,
        "notBeforeSeconds": officer.not_before_seconds,
        "notAfterSeconds": officer.not_after_seconds,
    }
    if officer.seal_key is not None:
        out["sealKey"] = officer.seal_key.hex()
    return out


def approval_verify(value: Dict[str, object]) -> object:
    """`approval.verify` (approval 5.2)."""
    forms = {
        "approval": hex_bytes,
        "charters": DOCUMENTS,
        "certificates": DOCUMENTS,
        "state": bytes_32,
        "officers": list_of(object_of({"certificate": hex_bytes, "endedAtSeconds?": TIME})),
        "atSeconds": TIME,
    }
    read = members(value, forms)
    known = know_documents(read["charters"], read["certificates"])
    listed = [(verify_officer(each["certificate"], known), each.get("endedAtSeconds")) for each in read["officers"]]
    officers = officers_of(read["state"].hex(), listed)
    return shown(read["approval"], officers, read["atSeconds"])


def shown(data: bytes, officers: Dict[bytes, Standing], at_seconds: int) -> object:
    """Verifies an approval by one of these officers, and shows it (approval §4)."""
    message = read_statement(data, MEDIA_TYPE, MAX_BYTES, "approval.wrong-document")
    payload = PAYLOAD(cbor.decode(message.payload))
    parts = payload[PARTS]
    if any(before >= after for before, after in zip(parts, parts[1:])):
        refuse("parts-order")
    if (payload[MODE] == "letter") != (TO in payload):
        refuse("addressee")
    standing = officers.get(message.key_id)
    if standing is None:
        refuse("unknown-officer")
    officer = standing.officer
    if payload[STATE].hex() != officer.state or payload[OFFICER] != officer.id:
        refuse("wrong-officer")
    cose.verify_sign1(message, officer.public_key)
    check_times(payload[SIGNED], payload[END], at_seconds)
    check_in_force(standing, payload[SIGNED])
    # Approval 4.5: what an officer has rejected stays rejected after he is none any more.
    if payload[DECISION] == "approve":
        check_in_force(standing, at_seconds)
    out: Dict[str, object] = {
        "id": cose.document_id(message).hex(),
        "officer": officer.id,
        "roles": officer.roles,
        "decision": payload[DECISION],
        "recordId": payload[RECORD].hex(),
        "parts": [part.hex() for part in parts],
        "recipient": payload[RECIPIENT].hex(),
        "mode": payload[MODE],
        "purpose": payload[PURPOSE],
        "rule": payload[NAME],
        "ruleDigest": payload[DIGEST].hex(),
        "issuedAtSeconds": payload[SIGNED],
        "notAfterSeconds": payload[END],
    }
    if REASON in payload:
        out["reason"] = payload[REASON]
    if TO in payload:
        out["addressee"] = payload[TO]
    return out


def check_times(signed: int, end: int, at_seconds: int) -> None:
    """How long an approval counts (approval 4.3, 4.5)."""
    if end <= signed:
        refuse("bad-validity")
    if end - signed > MAX_VALIDITY_SECONDS:
        refuse("validity-too-long")
    if signed > at_seconds + MAX_AHEAD_SECONDS:
        refuse("issued-in-future")
    if at_seconds >= end:
        refuse("expired")


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "officer.verify": officer_verify,
    "approval.verify": approval_verify,
}
