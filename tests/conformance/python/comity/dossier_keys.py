"""The documents of a dossier, and the states and keys that are known by them (dossier §3, §4)."""

from __future__ import annotations

from hashlib import sha256
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from . import cose
from .certificate import PAYLOAD, TYP, Certificate, verify_certificate
from .charter import Charter, verify_charter
from .dossier_file import Dossier
from .dossier_steps import Stop, not_done, or_fail
from .known_keys import Known, know
from .notes import TYPE_COSIGNATURE, TYPE_NOTE, Verifier
from .signed_document import CONFIRMATION, ISSUER, read_document, read_payload


class Signer(NamedTuple):
    """A key that signs notes under a name, and whose it is."""

    verifier: Verifier
    certificate: Certificate  # one of its key


Signers = Dict[Tuple[str, bytes], List[Signer]]
"""Keys by the name and key id of the lines that they sign."""


class KnownStates:
    """What the documents of a dossier make known to a verifier with these anchors (dossier 4.1 to 4.4)."""

    def __init__(self, dossier: Dossier, states: Sequence[str], given: Sequence[Charter]) -> None:
        self.anchors = {*states, *(charter.state for charter in given)}
        self.reports: List[Dict[str, object]] = []
        self.charters = {charter.state: charter for charter in given}
        for document in dossier.charters:
            self.add_charter(document)
        self.counting: Dict[bytes, Certificate] = {}  # by payload: other signatures make no other certificate
        for document in dossier.certificates:
            self.add_certificate(document)
        trusted = [charter for state, charter in self.charters.items() if state in self.anchors]
        self.told: Dict[str, object] = {"status": "done"}
        self.known = Known({}, {})
        try:
            self.known = or_fail("documents-contradict", lambda: know(trusted, list(self.counting.values())))
        except Stop as stop:
            self.told = stop.told
        self.keys: Dict[Tuple[str, str], List[Certificate]] = {}  # one certificate of each key, by state and use
        for certificate, *_ in self.known.certificates.values():
            self.keys.setdefault((certificate.issuer, certificate.usage), []).append(certificate)

    def add_charter(self, document: bytes) -> None:
        """Judges a charter (dossier 4.1)."""
        try:
            charter = or_fail("charter-refused", lambda: verify_charter(document))
        except Stop as stop:
            self.reports.append({"document": "charter", **stop.told})
            return
        self.charters.setdefault(charter.state, charter)
        self.reports.append({"document": "charter", **self.standing(charter.state), "state": charter.state})

    def add_certificate(self, document: bytes) -> None:
        """Judges a certificate (dossier 4.2)."""
        try:
            issuer, payload = or_fail("certificate-refused", lambda: named_issuer(document))
            if issuer not in self.charters:
                raise not_done("no-charter")
            certificate = or_fail("certificate-refused", lambda: verify_certificate(document, self.charters[issuer]))
        except Stop as stop:
            self.reports.append({"document": "certificate", **stop.told})
            return
        if issuer in self.anchors:
            self.counting.setdefault(payload, certificate)
        shown = {"state": issuer, "usage": certificate.usage}
        self.reports.append({"document": "certificate", **self.standing(issuer), **shown})

    def standing(self, state: str) -> Dict[str, object]:
        """What is said of a verified document of a state."""
        return {"status": "done"} if state in self.anchors else not_done("no-anchor").told

    def require(self, state: str) -> None:
        """Whether a state is known (dossier 4.4)."""
        if state not in self.anchors:
            raise not_done("no-anchor")
        if self.told["status"] == "failed":
            raise not_done("contradiction")
        if state not in self.known.charters:
            raise not_done("no-charter")

    def signers(self, usage: str, name: str, state: Optional[str] = None) -> Signers:
        """The keys for a use, of one state or of all, by the names and key ids of their lines. In the name, `{}` stands
        for the id of the state (log 5.5)."""
        kind = TYPE_NOTE if usage == "log" else TYPE_COSIGNATURE
        found: Signers = {}
        for of_state in [state] if state is not None else sorted(self.anchors):
            under = name.format(of_state)
            for certificate in self.keys.get((of_state, usage), []):
                key_id = sha256(under.encode() + b"\n" + bytes((kind,)) + certificate.public_key).digest()[:4]
                signer = Signer(Verifier(under, key_id, kind, certificate.public_key), certificate)
                found.setdefault((under, key_id), []).append(signer)
        return found

    def holds(self, certificate: Certificate, at_seconds: int) -> bool:
        """Whether a certificate that counts is valid at a time, and the charter of its issuer has not ended."""
        ends = self.known.charters[certificate.issuer].expires_at_seconds
        begun = certificate.not_before_seconds <= at_seconds < certificate.not_after_seconds
        return begun and (ends is None or at_seconds < ends)

    def is_valid(self, key: Certificate, at_seconds: int) -> bool:
        """Whether the key of a certificate is valid at a time, by whichever of its certificates (dossier 3.8)."""
        return any(self.holds(one, at_seconds) for one in self.known.certificates[key.key_id])


def named_issuer(document: bytes) -> Tuple[str, bytes]:
    """Whom a certificate names as its issuer, and its payload. Its form is that of its grammar, with a key that is a
    COSE_Key (dossier 4.2)."""
    message = read_document(document, TYP)
    payload = read_payload(message, PAYLOAD)
    cose.public_key_of(payload[CONFIRMATION][1])
    return payload[ISSUER], message.payload
