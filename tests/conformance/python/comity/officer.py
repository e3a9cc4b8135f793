"""Certificates of officers, and the officers of a state (approval §1 to §3)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Tuple

from . import cbor, cose, ed25519
from .certificate import Certificate
from .charter import anything
from .cose import KID, TYP, Sign1
from .known_keys import Known, resolve
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, literal, seconds
from .signed_document import BEGIN, CONFIRMATION, END, ID, ISSUED, ISSUER, SUBJECT
from .texts import identifier, line, state_id_text

MEDIA_TYPE = "application/comity-officer+cose"
MAX_BYTES = 4096  # approval 1.1
MAX_VALIDITY_SECONDS = 34560000  # approval 2.3
ROLES = ("officer", "release-authority", "administrator")  # registries/officer-roles.json

PRIME = (1 << 255) - 19
# Approval 2.6: coordinates of order 1, 2, 4 and 8, on the curve and on its twist.
SMALL_ORDER = {
    0,
    1,
    PRIME - 1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
}

PAYLOAD: Shape = closed_map(
    {
        ISSUER: state_id_text,
        SUBJECT: identifier,
        END: seconds,
        BEGIN: seconds,
        ISSUED: seconds,
        ID: byte_string(16),
        CONFIRMATION: closed_map({1: anything}),
        "name": line(1, 256),
        "roles": array(literal(*ROLES), 1, len(ROLES)),
    },
    {"seal": byte_string(32)},
)


class Officer(NamedTuple):
    """A certificate of an officer that is verified."""

    document: bytes
    state: str
    id: str
    name: str
    roles: List[str]
    public_key: bytes
    key_id: bytes
    certificate_id: bytes
    issued_at_seconds: int
    not_before_seconds: int
    not_after_seconds: int
    seal_key: Optional[bytes]


def refuse(name: str) -> NoReturn:
    raise Refusal("officer." + name)


def read_statement(data: bytes, media_type: str, max_bytes: int, wrong: str) -> Sign1:
    """Reads a statement of one key (approval 1.1 to 1.3). Refuses with `wrong` a header that is another's."""
    message = cose.read_sign1(data, max_bytes)
    header = message.protected_header
    if header.keys() != {1, KID, TYP} or header[TYP] != media_type:
        raise Refusal(wrong)
    if message.unprotected_header:
        raise Refusal("cose.unprotected-header")
    return message


def verify_officer(data: bytes, known: Known) -> Officer:
    """Verifies the certificate of an officer with the keys that are known (approval §2)."""
    message = read_statement(data, MEDIA_TYPE, MAX_BYTES, "officer.wrong-document")
    payload = PAYLOAD(cbor.decode(message.payload))
    certificate = key_of_state(known, message.key_id, payload[ISSUED], payload[ISSUER])
    if certificate.types is not None:
        refuse("key-out-of-scope")
    cose.verify_sign1(message, certificate.public_key)
    public_key = cose.public_key_of(payload[CONFIRMATION][1])
    ed25519.enrol(public_key)
    key_id = ed25519.key_id(public_key)
    check_content(payload)
    if is_taken(known, public_key, key_id):
        refuse("key-reused")
    return Officer(
        document=data,
        state=payload[ISSUER],
        id=payload[SUBJECT],
        name=payload["name"],
        roles=payload["roles"],
        public_key=public_key,
        key_id=key_id,
        certificate_id=payload[ID],
        issued_at_seconds=payload[ISSUED],
        not_before_seconds=payload[BEGIN],
        not_after_seconds=payload[END],
        seal_key=payload.get("seal"),
    )


def key_of_state(known: Known, key_id: bytes, at_seconds: int, state: str) -> Certificate:
    """The record key of a state that is valid at a time; that of another state is unknown (approval 2.2)."""
    certificates = known.certificates.get(key_id, [])
    if not certificates or certificates[0].issuer != state:
        raise Refusal("identity.unknown-key")
    return resolve(known, key_id, "record", at_seconds)


def check_content(payload: Dict[Any, Any]) -> None:
    """Period, roles and the key for letters (approval 2.3, 2.4, 2.6)."""
    if payload[END] <= payload[BEGIN]:
        refuse("bad-validity")
    if payload[END] - payload[BEGIN] > MAX_VALIDITY_SECONDS:
        refuse("validity-too-long")
    if len(set(payload["roles"])) < len(payload["roles"]):
        refuse("duplicate-role")
    if "seal" in payload:
        number = int.from_bytes(payload["seal"], "little")
        if number >= PRIME or number in SMALL_ORDER:
            refuse("bad-seal-key")


def is_taken(known: Known, public_key: bytes, key_id: bytes) -> bool:
    """Whether a key is one of a state that is known: certified, or a root key of now or of the next charter (2.5)."""
    if key_id in known.certificates:
        return True
    states = known.charters.values()
    return any(public_key in charter.root_keys or key_id in charter.next_key_ids for charter in states)


class Standing(NamedTuple):
    """An officer, and since when he is none."""

    officer: Officer
    ended_at_seconds: Optional[int]


def officers_of(state: str, listed: List[Tuple[Officer, Optional[int]]]) -> Dict[bytes, Standing]:
    """The officers of a state by their key ids (approval 3.2). Of a certificate that comes again, the last time counts."""
    officers: Dict[bytes, Standing] = {}
    for officer, ended_at_seconds in listed:
        if officer.state != state:
            refuse("wrong-state")
        other = officers.get(officer.key_id)
        if other is not None and other.officer.document != officer.document:
            refuse("key-certified-twice")
        officers[officer.key_id] = Standing(officer, ended_at_seconds)
    return officers


def check_in_force(standing: Standing, at_seconds: int) -> None:
    """Refuses a time at which the officer is none (approval 3.3, 3.4)."""
    if standing.ended_at_seconds is not None and at_seconds >= standing.ended_at_seconds:
        refuse("ended")
    if at_seconds < standing.officer.not_before_seconds:
        refuse("not-yet-valid")
    if at_seconds >= standing.officer.not_after_seconds:
        refuse("expired")
