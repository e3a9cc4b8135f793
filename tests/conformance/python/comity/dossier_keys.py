"""The documents of a dossier, the states that are known by them, and proofs under their keys (dossier §3, §4)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from . import cose
from .certificate import PAYLOAD, TYP, Certificate, verify_certificate
from .charter import Charter, verify_charter
from .checkpoint import Checkpoint, read_checkpoint, read_proof
from .dossier_file import Dossier
from .dossier_steps import Stop, not_done, or_fail
from .known_keys import Known, know, resolve
from .merkle import leaf_hash, verify_inclusion
from .notes import TYPE_COSIGNATURE, TYPE_NOTE, Verifier, open_note, read_signature_line, split_note
from .refusal import Refusal
from .signed_document import CONFIRMATION, ISSUER, read_document, read_payload

EXTRA = "extra "


class Signer(NamedTuple):
    """A key that signs notes under a name, and whose it is."""

    verifier: Verifier
    certificate: Certificate


class KnownStates:
    """What the documents of a dossier make known to a verifier with these anchors (dossier 4.1 to 4.4)."""

    def __init__(self, dossier: Dossier, states: Sequence[str], given: Sequence[Charter]) -> None:
        self.anchors = {*states, *(charter.state for charter in given)}
        self.reports: List[Dict[str, object]] = []
        charters = {charter.state: charter for charter in given}
        for document in dossier.charters:
            self.add_charter(document, charters)
        counting: List[Certificate] = []
        for document in dossier.certificates:
            self.add_certificate(document, charters, counting)
        trusted = [charter for state, charter in charters.items() if state in self.anchors]
        self.told: Dict[str, object] = {"status": "done"}
        self.known = Known({}, {})
        try:
            self.known = or_fail("documents-contradict", lambda: know(trusted, counting))
        except Stop as stop:
            self.told = stop.told

    def add_charter(self, document: bytes, charters: Dict[str, Charter]) -> None:
        """Judges a charter (dossier 4.1)."""
        try:
            charter = or_fail("charter-refused", lambda: verify_charter(document))
        except Stop as stop:
            self.reports.append({"document": "charter", **stop.told})
            return
        charters.setdefault(charter.state, charter)
        self.reports.append({"document": "charter", **self.standing(charter.state), "state": charter.state})

    def add_certificate(self, document: bytes, charters: Dict[str, Charter], counting: List[Certificate]) -> None:
        """Judges a certificate (dossier 4.2)."""
        try:
            issuer = or_fail("certificate-refused", lambda: named_issuer(document))
            if issuer not in charters:
                raise not_done("no-charter")
            certificate = or_fail("certificate-refused", lambda: verify_certificate(document, charters[issuer]))
        except Stop as stop:
            self.reports.append({"document": "certificate", **stop.told})
            return
        if issuer in self.anchors:
            counting.append(certificate)
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

    def signers(self, usage: str, name: str, state: Optional[str] = None) -> List[Signer]:
        """The keys for a use, of one state or of all. In the name, `{}` stands for the id of the state (log 5.5)."""
        kind = TYPE_NOTE if usage == "log" else TYPE_COSIGNATURE
        found = []
        for certificate, *_ in self.known.certificates.values():
            if certificate.usage == usage and state in (None, certificate.issuer):
                under = name.format(certificate.issuer)
                key_id = sha256(under.encode() + b"\n" + bytes((kind,)) + certificate.public_key).digest()[:4]
                found.append(Signer(Verifier(under, key_id, kind, certificate.public_key), certificate))
        return found

    def is_valid(self, certificate: Certificate, at_seconds: int) -> bool:
        """Whether a key is valid at a time (dossier 3.8)."""
        try:
            resolve(self.known, certificate.key_id, certificate.usage, at_seconds)
            return True
        except Refusal:
            return False


def named_issuer(document: bytes) -> str:
    """Whom a certificate names as its issuer. Its form is that of its grammar, with a key that is a COSE_Key."""
    payload = read_payload(read_document(document, TYP), PAYLOAD)
    cose.public_key_of(payload[CONFIRMATION][1])
    issuer: str = payload[ISSUER]
    return issuer


class FiledProof(NamedTuple):
    """A log proof that was read (dossier 3.5)."""

    index: int
    hashes: List[bytes]
    note: str
    text: str
    claimed: List[Tuple[str, bytes]]  # name and key id of each line
    checkpoint: Checkpoint


def read_filed_proof(text: str, origin: str) -> FiledProof:
    """Reads a proof of the log that is meant (dossier 3.5)."""
    proof = read_proof(text)
    signed, lines = split_note(proof.note)
    claimed = [(line.name, line.key_id) for line in map(read_signature_line, lines)]
    checkpoint = read_checkpoint(signed)
    encoded = [line.encode() for line in lines]
    in_order = all(before < after for before, after in zip(encoded, encoded[1:]))
    if text.split("\n")[1].startswith(EXTRA) or checkpoint.origin != origin or not in_order:
        raise Refusal("dossier.proof-malformed")
    return FiledProof(proof.index, proof.hashes, proof.note, signed, claimed, checkpoint)


def included(text: str, origin: str, leaf: bytes, code: str) -> FiledProof:
    """A proof that was read and leads from the leaf to the root (dossier 3.5, 3.6)."""
    proof = or_fail("proof-malformed", lambda: read_filed_proof(text, origin))
    _, size, root = proof.checkpoint
    or_fail(code, lambda: verify_inclusion(leaf_hash(leaf), proof.index, size, proof.hashes, root))
    return proof


class OpenedProof(NamedTuple):
    """The keys of the log that have signed a checkpoint, and cosigners with their times."""

    logs: List[Signer]
    cosigned: List[Tuple[Signer, int]]


def opened(proof: FiledProof, logs: Sequence[Signer], cosigners: Sequence[Signer] = ()) -> OpenedProof:
    """Opens the checkpoint of a proof (dossier 3.7)."""
    signing = [one for one in logs if (one.verifier.name, one.verifier.key_id) in proof.claimed]
    if not signing:
        raise not_done("no-certificate")
    beside = [one for one in cosigners if (one.verifier.name, one.verifier.key_id) in proof.claimed]
    verifiers = [one.verifier for one in (*signing, *beside)]
    note: Any = or_fail("checkpoint-refused", lambda: open_note(proof.note, verifiers))
    return OpenedProof(signing, [(one, note.signed[one.verifier]) for one in beside])
