"""Keys that are known, their resolution, and state cards (charter §6, §7)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Sequence

from . import cbor
from .certificate import Certificate, issuer_of, verify_certificate
from .charter import MAX_CHARTERS, Charter, verify_chain, verify_charter
from .key_state import KeyState, verify_key_state
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map

MAX_CERTIFICATES = 256  # charter 6.5

MAX_CARD_BYTES = 262144  # charter 7.1

CARD: Shape = closed_map(
    {1: byte_string(1, 65536), 2: array(byte_string(1, 8192), 0, MAX_CERTIFICATES)},
    {3: byte_string(1, 65536), 4: array(byte_string(1, 65536), 1, MAX_CHARTERS - 1)},
)


class Known(NamedTuple):
    """States by their ids, and certificates by the ids of their keys."""

    charters: Dict[str, Charter]
    certificates: Dict[bytes, List[Certificate]]


def refuse(name: str) -> NoReturn:
    raise Refusal("identity." + name)


def know(charters: Sequence[Charter], certificates: Sequence[Certificate]) -> Known:
    """What follows from charters and certificates together, whatever their order (charter 6.1 to 6.5)."""
    states = {charter.state: charter for charter in charters}
    check_states(list(states.values()))
    distinct = list({certificate.document: certificate for certificate in certificates}.values())
    root_keys = {key for charter in states.values() for one in charter.all for key in one.root_keys}
    ids: Dict[str, List[bytes]] = {}
    by_key: Dict[bytes, List[Certificate]] = {}
    for certificate in distinct:
        if certificate.public_key in root_keys:
            refuse("key-reused")
        ids.setdefault(certificate.issuer, []).append(certificate.certificate_id)
        by_key.setdefault(certificate.key_id, []).append(certificate)
    for of_one_key in by_key.values():
        if len({(one.issuer, one.usage, *(above.key_id for above in one.delegators)) for one in of_one_key}) > 1:
            refuse("key-reused")
    for of_one_state in ids.values():
        if len(set(of_one_state)) < len(of_one_state):
            refuse("certificate-id-reused")
        if len(of_one_state) > MAX_CERTIFICATES:
            refuse("too-many-certificates")
    return Known(states, by_key)


def check_states(charters: Sequence[Charter]) -> None:
    """States have codes, schemes and root keys of their own (charter 6.2, 6.3)."""
    if len({charter.code for charter in charters}) < len(charters):
        refuse("code-taken")
    schemes: Dict[str, Dict[int, Any]] = {}
    for charter in charters:
        if schemes.setdefault(charter.scheme.id, charter.scheme.item) != charter.scheme.item:
            refuse("scheme-taken")
    root_keys = [key for charter in charters for one in charter.all for key in one.root_keys]
    if len(set(root_keys)) < len(root_keys):
        refuse("key-reused")


def know_documents(charters: Sequence[bytes], certificates: Sequence[bytes]) -> Known:
    """Verifies charters, and each certificate with the charter of its issuer among them, and knows them together.

    Refuses a certificate of another state with `identity.wrong-issuer` (charter 6.3), and as `know` and verifying do.
    """
    verified = [verify_charter(document) for document in charters]
    states = {charter.state: charter for charter in verified}
    issued: List[Certificate] = []
    for document in certificates:
        issuer = states.get(issuer_of(document))
        if issuer is None:
            refuse("wrong-issuer")
        issued.append(verify_certificate(document, issuer))
    return know(verified, issued)


def resolve(known: Known, key_id: bytes, usage: str, at_seconds: int) -> Certificate:
    """Finds the certificate of a key for a usage and a time (charter 6.6).

    Refuses with `identity.unknown-key`, `identity.wrong-usage`, `identity.not-yet-valid`, `identity.expired` and
    `identity.charter-expired`.
    """
    certificates = known.certificates.get(key_id)
    if not certificates:
        refuse("unknown-key")
    if certificates[0].usage != usage:  # a key has one usage and one state
        refuse("wrong-usage")
    begun = [certificate for certificate in certificates if certificate.not_before_seconds <= at_seconds]
    if not begun:
        refuse("not-yet-valid")
    valid = [certificate for certificate in begun if at_seconds < certificate.not_after_seconds]
    if not valid:
        refuse("expired")
    expires_at_seconds = known.charters[certificates[0].issuer].expires_at_seconds
    if expires_at_seconds is not None and expires_at_seconds <= at_seconds:
        refuse("charter-expired")
    return min(valid, key=lambda certificate: (certificate.not_before_seconds, certificate.certificate_id))


class Card(NamedTuple):
    """A state card in which everything is verified."""

    charter: Charter
    certificates: List[Certificate]
    key_state: Optional[KeyState]


def verify_card(card: bytes) -> Card:
    """Verifies a state card and everything in it (charter §7)."""
    item = CARD(cbor.decode(card, MAX_CARD_BYTES, cbor.MAX_DEPTH, cbor.MAX_ITEMS))
    charter = verify_chain([item[1], *item.get(4, [])])
    certificates = [verify_certificate(document, charter) for document in item[2]]
    key_state = verify_key_state(item[3], charter) if 3 in item else None
    if charter.version > 1 and key_state is None:
        refuse("key-state-missing")
    know([charter], certificates)
    return Card(charter, certificates, key_state)
