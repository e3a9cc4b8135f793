"""A record as it is decoded, and its envelope: the first two rungs of the ladder (record §1 to §3, 6.1, 6.2)."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Sequence

from . import cbor
from .cose import KID, TYP, Sign1, read_sign1
from .label import Label, read_label
from .record_body import Site, scan_root
from .refusal import Refusal
from .registries import registry
from .shapes import MAX_SECONDS
from .texts import RECORD_TYPE, STATE_ID

MAX_BYTES = 65536  # record 1.2: with an empty unprotected header
MAX_DISCLOSURES = 512  # record 5.8
MAX_DISCLOSED_BYTES = 262144
MAX_VIEW_BYTES = MAX_BYTES + MAX_DISCLOSED_BYTES

CWT_CLAIMS = 15  # header parameters
SD_CLAIMS = 17
SD_ALG = 170

MEDIA_TYPE = "application/comity-record+cose"
SHA_256 = -16

SUBJECT_ID = "[A-Za-z0-9][A-Za-z0-9._:-]{0,127}"  # record 2.7
EXERCISE_ID = re.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII)  # record 3.3
SUBJECT = re.compile(f"({RECORD_TYPE})/{SUBJECT_ID}", re.ASCII)
ISSUER = re.compile(STATE_ID, re.ASCII)

MAX_LINKS = 64


def refuse(name: str) -> NoReturn:
    raise Refusal("record." + name)


class Decoded(NamedTuple):
    """A record on the first rung: everything in it is attacker-controlled."""

    message: Sign1
    id: bytes
    payload: Dict[Any, Any]
    disclosures: List[bytes]  # entry 17, in the order of the message


class Record(NamedTuple):
    """A record on the second rung: names, numbers and labels have their form."""

    message: Sign1
    id: bytes
    disclosures: List[bytes]
    issuer: bytes
    subject: str
    type: str
    issued_at: int
    label: Label
    exercise: Optional[str]
    supersedes: List[bytes]
    retracts: Optional[bytes]
    expires_at: Optional[int]
    unknown_claims: Dict[int, Any]
    fields: Dict[Any, Any]  # the fields in the clear, and the digests under REDACTED
    sites: List[Site]  # of the digests in the payload


def decode(data: bytes) -> Decoded:
    """The first rung (record §1, keys §4)."""
    if len(data) > MAX_VIEW_BYTES:
        refuse("too-large")
    message = read_message(data)
    disclosures = read_disclosures(message.unprotected_header)
    bare = with_disclosures(message, ())
    if len(bare) > MAX_BYTES:
        refuse("too-large")
    payload = cbor.decode(message.payload)
    if type(payload) is not dict:
        refuse("payload-not-map")
    return Decoded(message, hashlib.sha256(bare).digest(), payload, disclosures)


def read_message(data: bytes) -> Sign1:
    """The COSE part of the first rung (keys §4). What is wrong with header 4 has codes of its own (record 2.1, 2.2)."""
    try:
        return read_sign1(data, MAX_VIEW_BYTES)
    except Refusal as refusal:
        if refusal.code != "cose.key-id":
            raise
        protected = cbor.decode(data, MAX_VIEW_BYTES).value[0]
        refuse("bad-key-id" if KID in cbor.decode(protected, MAX_VIEW_BYTES) else "protected-header")


def read_disclosures(header: Dict[Any, Any]) -> List[bytes]:
    """The disclosures in the unprotected header (record 1.5)."""
    if not header:
        return []
    if header.keys() != {SD_CLAIMS}:
        refuse("unprotected-header")
    listed = header[SD_CLAIMS]
    if type(listed) is not list or not listed or any(type(one) is not bytes for one in listed):
        refuse("disclosure-header")
    if len(listed) > MAX_DISCLOSURES:
        refuse("too-many-disclosures")
    return listed


def with_disclosures(message: Sign1, disclosures: Sequence[bytes]) -> bytes:
    """The bytes of a record with these disclosures in entry 17, or with an empty unprotected header (record 7.6)."""
    header = {SD_CLAIMS: list(disclosures)} if disclosures else {}
    array = [message.protected, header, message.payload, message.signature]
    return cbor.encode(cbor.Tagged(cbor.TAG_SIGN1, array))


def well_formed(decoded: Decoded) -> Record:
    """The second rung (record §2 to §4), of the payload alone."""
    header = decoded.message.protected_header
    if header.keys() != {1, KID, CWT_CLAIMS, TYP, SD_ALG}:
        refuse("protected-header")
    if header[TYP] != MEDIA_TYPE:
        refuse("media-type")
    if header[SD_ALG] != SHA_256:
        refuse("digest-algorithm")
    claims = header[CWT_CLAIMS]
    if type(claims) is not dict or len(claims) != 4:
        refuse("cwt-claims")
    issuer, subject, issued_at, nonce = (claims.get(key) for key in (1, 2, 6, 7))
    if type(issuer) is not str or ISSUER.fullmatch(issuer) is None:
        refuse("bad-issuer")
    named = SUBJECT.fullmatch(subject) if type(subject) is str else None
    if named is None:
        refuse("bad-subject")
    if not is_time(issued_at):
        refuse("bad-issue-time")
    if type(nonce) is not bytes or len(nonce) != 16:
        refuse("bad-nonce")
    payload = decoded.payload
    record_type = named[1]
    return Record(
        message=decoded.message,
        id=decoded.id,
        disclosures=decoded.disclosures,
        issuer=bytes.fromhex(issuer),
        subject=subject,
        type=record_type,
        issued_at=issued_at,
        **read_envelope(payload, record_type),
        fields={key: value for key, value in payload.items() if type(key) is not int},
        sites=scan_root(payload),
    )


def is_time(value: Any) -> bool:
    """Whether a value is a time (record 2.8)."""
    return type(value) is int and 0 <= value <= MAX_SECONDS


def read_envelope(payload: Dict[Any, Any], record_type: str) -> Dict[str, Any]:
    """The claims about the record as a whole (record §3)."""
    version = payload.get(1)
    if type(version) is not int or version != 1:
        refuse("unsupported-version")
    if 2 not in payload:
        refuse("no-label")
    exercise = payload.get(3)
    if 3 in payload and (type(exercise) is not str or EXERCISE_ID.fullmatch(exercise) is None):
        refuse("bad-exercise")
    if 4 in payload:
        check_supersedes(payload[4])
    if 5 in payload and not is_record_id(payload[5]):
        refuse("bad-links")
    check_retracts(record_type, 5 in payload)
    if 6 in payload and not is_time(payload[6]):
        refuse("bad-expiry")
    unknown = {key: value for key, value in payload.items() if type(key) is int and not 1 <= key <= 6}
    for value in unknown.values():
        check_unredacted(value)
    return {
        "label": label_in_record(payload[2]),
        "exercise": exercise,
        "supersedes": payload.get(4, []),
        "retracts": payload.get(5),
        "expires_at": payload.get(6),
        "unknown_claims": unknown,
    }


def label_in_record(item: Any) -> Label:
    """A label that a record carries (record 3.2, 5.3)."""
    try:
        return read_label(item)
    except Refusal:
        refuse("label-malformed")


def is_record_id(value: Any) -> bool:
    return type(value) is bytes and len(value) == 32


def check_supersedes(links: Any) -> None:
    """Claim 4 (record 3.4)."""
    if type(links) is not list or not 1 <= len(links) <= MAX_LINKS or not all(map(is_record_id, links)):
        refuse("bad-links")
    if any(after <= before for before, after in zip(links, links[1:])):
        refuse("bad-links")


def check_retracts(record_type: str, present: bool) -> None:
    """Whether claim 5 stands where it has to (record 3.5)."""
    for known in registry("record-types")["types"]:
        if known["id"] == record_type:
            if ("retracts" in known["links"]) != present:
                refuse("retracts-unexpected" if present else "retracts-missing")


def check_unredacted(value: Any) -> None:
    """No redaction stands below an integer key that is not known (record 3.8)."""
    if type(value) is cbor.Tagged:
        refuse("claim-redacted")
    if type(value) is list:
        for element in value:
            check_unredacted(element)
    elif type(value) is dict:
        if cbor.REDACTED in value:
            refuse("claim-redacted")
        for member in value.values():
            check_unredacted(member)
