"""The operations on charters and key documents (charter §10)."""

from __future__ import annotations

from typing import Callable, Dict

from .certificate import USAGES, shown_scope, verify_certificate
from .charter import fingerprint, verify_chain, verify_charter
from .inputs import bad_input, hex_bytes, integer_from, list_of, members, one_of
from .known_keys import know_documents, resolve, verify_card
from .recognition import agree, verify_recognition
from .shapes import MAX_SECONDS


def charter_verify(value: Dict[str, object]) -> object:
    """`charter.verify` (charter 10.1)."""
    charter = verify_charter(members(value, {"charter": hex_bytes})["charter"])
    contacts = [{"role": one[1], "address": one[2], "languages": one[3]} for one in charter.contacts]
    out: Dict[str, object] = {
        "state": charter.state,
        "fingerprint": fingerprint(charter.state),
        "code": charter.code,
        "names": charter.names,
        "keys": [key.hex() for key in charter.root_keys],
        "threshold": charter.threshold,
        "nextKeyIds": [key_id.hex() for key_id in charter.next_key_ids],
        "nextThreshold": charter.next_threshold,
        "schemeId": charter.scheme.id,
        "legal": charter.legal,
        "contacts": contacts,
        "issuedAtSeconds": charter.issued_at_seconds,
    }
    if charter.expires_at_seconds is not None:
        out["expiresAtSeconds"] = charter.expires_at_seconds
    return out


def certificate_verify(value: Dict[str, object]) -> object:
    """`certificate.verify` (charter 10.2)."""
    read = members(value, {"certificate": hex_bytes, "charter": hex_bytes})
    certificate = verify_certificate(read["certificate"], verify_charter(read["charter"]))
    out: Dict[str, object] = {
        "issuer": certificate.issuer,
        "subject": certificate.subject,
        "usage": certificate.usage,
        "publicKey": certificate.public_key.hex(),
        "keyId": certificate.key_id.hex(),
        "certificateId": certificate.certificate_id.hex(),
        "issuedAtSeconds": certificate.issued_at_seconds,
        "notBeforeSeconds": certificate.not_before_seconds,
        "notAfterSeconds": certificate.not_after_seconds,
        "scope": shown_scope(certificate),
    }
    if certificate.addresses is not None:
        out["addresses"] = certificate.addresses
    if certificate.depth > 0:
        out["depth"] = certificate.depth
    if certificate.delegators:
        out["delegatorIds"] = [one.certificate_id.hex() for one in certificate.delegators]
    return out


def recognition_verify(value: Dict[str, object]) -> object:
    """`recognition.verify` (charter 10.3)."""
    read = members(value, {"recognition": hex_bytes, "issuer": hex_bytes, "subject?": hex_bytes})
    subject = verify_charter(read["subject"]) if "subject" in read else None
    recognition = verify_recognition(read["recognition"], verify_charter(read["issuer"]), subject)
    out: Dict[str, object] = {
        "issuer": recognition.issuer,
        "subject": recognition.subject,
        "code": recognition.code,
        "charterDigest": recognition.charter_digest.hex(),
        "ceiling": recognition.ceiling,
        "categories": [{"set": entry[1], "values": entry[2]} for entry in recognition.categories],
        "community": recognition.community,
        "issuedAtSeconds": recognition.issued_at_seconds,
        "notBeforeSeconds": recognition.not_before_seconds,
        "notAfterSeconds": recognition.not_after_seconds,
    }
    if subject is not None:
        out["outbound"] = recognition.outbound.levels
        out["inbound"] = recognition.inbound.levels
    return out


def equivalence_agree(value: Dict[str, object]) -> object:
    """`equivalence.agree` (charter 10.4)."""
    forms = {"own": hex_bytes, "other?": hex_bytes, "issuer": hex_bytes, "subject": hex_bytes}
    read = members(value, forms)
    issuer, subject = verify_charter(read["issuer"]), verify_charter(read["subject"])
    own = verify_recognition(read["own"], issuer, subject)
    other = verify_recognition(read["other"], subject, None) if "other" in read else None
    equivalence = agree(own, other, issuer.scheme, subject.scheme)
    return {
        "outbound": equivalence.outbound,
        "inbound": equivalence.inbound,
        "disputed": sorted(equivalence.disputed),
    }


def card_verify(value: Dict[str, object]) -> object:
    """`card.verify` (charter 10.5)."""
    card = verify_card(members(value, {"card": hex_bytes})["card"])
    ids = [certificate.certificate_id.hex() for certificate in card.certificates]
    out: Dict[str, object] = {"state": card.charter.state, "certificateIds": ids}
    if card.key_state is not None:
        out["keyStateVersion"] = card.key_state.version
    if card.charter.version > 1:
        out["charterVersion"] = card.charter.version
    return out


def key_resolve(value: Dict[str, object]) -> object:
    """`key.resolve` (charter 10.6)."""
    forms = {
        "charters": list_of(hex_bytes),
        "certificates": list_of(hex_bytes),
        "keyId": hex_bytes,
        "usage": one_of(*USAGES),
        "atSeconds": integer_from(0, MAX_SECONDS),
    }
    read = members(value, forms)
    known = know_documents(read["charters"], read["certificates"])
    certificate = resolve(known, read["keyId"], read["usage"], read["atSeconds"])
    return {
        "state": certificate.issuer,
        "publicKey": certificate.public_key.hex(),
        "certificateId": certificate.certificate_id.hex(),
        "scope": shown_scope(certificate),
    }


def charter_chain(value: Dict[str, object]) -> object:
    """`charter.chain` (charter 10.7)."""
    charters = members(value, {"charters": list_of(hex_bytes)})["charters"]
    if not charters:
        bad_input()
    charter = verify_chain(charters)
    return {
        "state": charter.state,
        "version": charter.version,
        "digest": charter.digest.hex(),
        "keys": [key.hex() for key in charter.root_keys],
        "threshold": charter.threshold,
        "nextKeyIds": [key_id.hex() for key_id in charter.next_key_ids],
        "nextThreshold": charter.next_threshold,
    }


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "charter.verify": charter_verify,
    "charter.chain": charter_chain,
    "certificate.verify": certificate_verify,
    "recognition.verify": recognition_verify,
    "equivalence.agree": equivalence_agree,
    "card.verify": card_verify,
    "key.resolve": key_resolve,
}
