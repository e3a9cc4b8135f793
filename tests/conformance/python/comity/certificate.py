"""Key certificates (charter §3)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Tuple

from . import cose, ed25519
from .charter import Charter, anything, signing_charter
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, integer, literal, misshapen, pattern, seconds
from .signed_document import (
    BEGIN,
    CONFIRMATION,
    END,
    ID,
    ISSUED,
    ISSUER,
    SUBJECT,
    check_validity,
    read_document,
    read_payload,
    refuse_duplicate_entries,
    verify_signatures,
)
from .texts import identifier, line, record_type, state_id_text

TYP = "application/comity-key-certificate+cose"
USAGES = ("record", "log", "witness", "transport")  # keys 7.1
DELEGATE = "delegate"
MAX_VALIDITY_SECONDS = 34560000  # charter 3.4
MAX_DELEGATED_SECONDS = 7776000  # charter 3.12
MAX_DEPTH = 2  # charter 3.7
MAX_ADDRESS_BYTES = 256  # charter 3.1

steps: Shape = pattern("(/[A-Za-z0-9._:%-]+)+")  # charter 3.6


def address(value: Any) -> Any:
    """A multiaddr in the form of charter 3.6."""
    if type(value) is not str or len(value) > MAX_ADDRESS_BYTES:
        misshapen()
    return steps(value)


PAYLOAD: Shape = closed_map(
    {
        ISSUER: state_id_text,
        SUBJECT: line(1, 320),
        END: seconds,
        BEGIN: seconds,
        ISSUED: seconds,
        ID: byte_string(16),
        CONFIRMATION: closed_map({1: anything}),
        "use": literal(*USAGES, DELEGATE),
        "scope": closed_map({}, {"types": array(record_type, 1, 64), "max": identifier}),
    },
    {"addrs": array(address, 1, 16), "depth": integer(1, MAX_DEPTH), "by": byte_string(1, 8192)},
)


class Certificate(NamedTuple):
    """A key certificate that is verified. Of `types` and `max_level`, what is `None` is not limited."""

    document: bytes
    issuer: str
    charter_version: int  # that of the charter whose root keys signed
    subject: str
    usage: str
    public_key: bytes
    key_id: bytes
    certificate_id: bytes
    issued_at_seconds: int
    not_before_seconds: int
    not_after_seconds: int
    types: Optional[List[str]]
    max_level: Optional[str]
    addresses: Optional[List[str]]
    depth: int  # 0 where it is not that of a delegate
    delegators: Tuple["Certificate", ...]  # those above it, the nearest first


def refuse(name: str) -> NoReturn:
    raise Refusal("identity." + name)


def issuer_of(document: bytes) -> str:
    """Whom a certificate names as its issuer. Nothing but its form is checked."""
    issuer: str = read_payload(read_document(document, TYP), PAYLOAD)[ISSUER]
    return issuer


def verify_certificate(document: bytes, charter: Charter, levels: int = MAX_DEPTH) -> Certificate:
    """Verifies a certificate with the charter of its issuer (charter §1, §3). No time is compared with a clock.

    So many certificates as `levels` may still stand above it.

    Refuses with the codes of charter §11, `cbor.shape`, and the codes of keys.md.
    """
    message = read_document(document, TYP)
    payload = read_payload(message, PAYLOAD)
    if payload[ISSUER] != charter.state:
        refuse("wrong-issuer")
    above: Optional[Certificate] = None
    if "by" in payload:
        if levels == 0:
            refuse("delegation-too-deep")
        above = verify_certificate(payload["by"], charter, levels - 1)
        verify_signatures(message, [above.public_key], 1)
        version = above.charter_version
    else:
        signing = signing_charter(message, charter)
        verify_signatures(message, signing.root_keys, signing.threshold)
        version = signing.version
    public_key = cose.public_key_of(payload[CONFIRMATION][1])
    ed25519.enrol(public_key)
    key_id = ed25519.key_id(public_key)
    if any(public_key in one.root_keys for one in charter.all) or key_id in charter.next_key_ids:
        refuse("key-reused")
    check_validity(payload[BEGIN], payload[END])
    if payload[END] - payload[BEGIN] > MAX_VALIDITY_SECONDS:
        refuse("validity-too-long")
    check_scope(payload["use"], payload["scope"], charter)
    if (payload["use"] == DELEGATE) != ("depth" in payload):
        refuse("depth-without-delegate")
    if "addrs" in payload:
        if payload["use"] != "transport":
            refuse("addresses-without-transport")
        refuse_duplicate_entries(payload["addrs"])
    delegators = () if above is None else (above, *above.delegators)
    if above is not None:
        check_delegation(payload, above, charter)
        if any(public_key == one.public_key for one in delegators):
            refuse("key-reused")
    return Certificate(
        document=document,
        issuer=payload[ISSUER],
        charter_version=version,
        subject=payload[SUBJECT],
        usage=payload["use"],
        public_key=public_key,
        key_id=key_id,
        certificate_id=payload[ID],
        issued_at_seconds=payload[ISSUED],
        not_before_seconds=payload[BEGIN],
        not_after_seconds=payload[END],
        types=payload["scope"].get("types"),
        max_level=payload["scope"].get("max"),
        addresses=payload.get("addrs"),
        depth=payload.get("depth", 0),
        delegators=delegators,
    )


def check_delegation(payload: Dict[Any, Any], above: Certificate, charter: Charter) -> None:
    """A certificate reaches no further than that of the delegate that has signed it (charter 3.8 to 3.12)."""
    if above.usage != DELEGATE:
        refuse("wrong-usage")
    if payload["use"] not in ("record", DELEGATE):
        refuse("delegated-usage")
    if payload.get("depth", 0) >= above.depth:
        refuse("delegation-too-deep")
    scope = payload["scope"]
    if above.types is not None and not set(scope.get("types", ["?"])) <= set(above.types):
        refuse("delegation-wider")
    if above.max_level is not None:
        ranks = charter.scheme.ranks
        if "max" not in scope or ranks[scope["max"]] > ranks[above.max_level]:
            refuse("delegation-wider")
    if payload[BEGIN] < above.not_before_seconds or payload[END] > above.not_after_seconds:
        refuse("delegation-outlives")
    if payload[END] - payload[BEGIN] > MAX_DELEGATED_SECONDS:
        refuse("validity-too-long")


def check_scope(usage: str, scope: Dict[str, Any], charter: Charter) -> None:
    """The scope fits the usage, and the scheme of the charter (charter 3.5)."""
    if scope and usage not in ("record", DELEGATE):
        refuse("scope-without-record")
    refuse_duplicate_entries(scope.get("types", []))
    if "max" in scope and scope["max"] not in charter.scheme.ranks:
        refuse("unknown-level")


def shown_scope(certificate: Certificate) -> Dict[str, object]:
    """The scope as an answer shows it (charter 10.2)."""
    scope = {"types": certificate.types, "max": certificate.max_level}
    return {name: value for name, value in scope.items() if value is not None}
