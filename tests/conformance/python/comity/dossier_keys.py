"""The documents of a dossier, and the states and keys that are known by them (dossier §3, §4)."""

from __future__ import annotations

from hashlib import sha256
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from . import cose
from .certificate import PAYLOAD, TYP, Certificate, verify_certificate
from .charter import Charter, named_place, verify_charter, verify_later_charter
from .dossier_file import Dossier
from .dossier_steps import Stop, fail, not_done, or_fail
from .ed25519 import key_id
from .key_state import KeyState, Standing, named_charter, newer, standing_by, verify_key_state
from .known_keys import Known, know
from .ladder import MAX_AHEAD_SECONDS
from .notes import TYPE_COSIGNATURE, TYPE_NOTE, Verifier
from .refusal import Refusal
from .signed_document import CONFIRMATION, ISSUER, read_document, read_payload


class Signer(NamedTuple):
    """A key that signs notes under a name, and whose it is."""

    verifier: Verifier
    certificate: Certificate  # one of its key


BEYOND_DELEGATE = {
    "identity.delegated-usage": "delegation-refused",
    "identity.delegation-too-deep": "delegation-too-deep",
    "identity.delegation-wider": "delegation-wider",
    "identity.delegation-outlives": "delegation-outlives",
}
"""Codes of certificates that go beyond their delegates (dossier 4.2)."""

Signers = Dict[Tuple[str, bytes], List[Signer]]
"""Keys by the name and key id of the lines that they sign."""


class KnownStates:
    """What the documents of a dossier make known to a verifier with these anchors (dossier 4.1 to 4.4)."""

    def __init__(
        self,
        dossier: Dossier,
        states: Sequence[str],
        given: Sequence[Charter],
        given_key_states: Sequence[KeyState],
        at_seconds: int,
    ) -> None:
        self.anchors = {*states, *(charter.state for charter in given)}
        self.latest = at_seconds + MAX_AHEAD_SECONDS
        self.reports: List[Dict[str, object]] = []
        self.by_digest: Dict[bytes, Charter] = {}
        for last in given:
            for charter in last.all:
                self.by_digest.setdefault(charter.digest, charter)
        self.add_charters(dossier.charters)
        self.beyond: Dict[Tuple[str, bytes], str] = {}  # certificates that go beyond their delegates, by state and key
        self.counting: Dict[bytes, Certificate] = {}  # by payload: other signatures make no other certificate
        for document in dossier.certificates:
            self.add_certificate(document)
        self.shown = [one for one in given_key_states if one.issued_at_seconds <= self.latest]
        for document in dossier.key_states:
            self.add_key_state(document)
        self.told: Dict[str, object] = {"status": "done"}
        self.known = Known({}, {})
        self.key_states: Dict[str, KeyState] = {}
        try:
            or_fail("documents-contradict", self.know)
        except Stop as stop:
            self.told = stop.told
        self.keys: Dict[Tuple[str, str], List[Certificate]] = {}  # one certificate of each key, by state and use
        for certificate, *_ in self.known.certificates.values():
            self.keys.setdefault((certificate.issuer, certificate.usage), []).append(certificate)

    def know(self) -> None:
        """All that counts becomes known together (dossier 4.3)."""
        timely = [one for one in self.by_digest.values() if one.state in self.anchors and not self.is_later(one)]
        last: Dict[str, Charter] = {}
        for charter in sorted(timely, key=lambda one: one.version):
            before = last.setdefault(charter.state, charter)
            if any(one.digest != other.digest for one, other in zip(before.all, charter.all)):
                raise Refusal("identity.charters-contradict")
            last[charter.state] = max(before, charter, key=lambda one: one.version)
        known = know(list(last.values()), list(self.counting.values()))
        counting: Dict[str, KeyState] = {}
        for key_state in self.shown:
            if key_state.issuer in last and key_state.charter == last[key_state.issuer].digest:
                before_it = counting.get(key_state.issuer, key_state)
                counting[key_state.issuer] = newer(before_it, key_state)
        self.known, self.key_states = known, counting

    def is_later(self, charter: Charter) -> bool:
        """Whether a charter is issued after the time of asking. Of a first one that is not asked."""
        return charter.version > 1 and charter.issued_at_seconds > self.latest

    def last_of(self, state: str) -> Optional[Charter]:
        """Of the charters of a state that were verified the one with the highest version: of several the first."""
        found = [one for one in self.by_digest.values() if one.state == state]
        return max(found, key=lambda one: one.version) if found else None

    def report(self, document: str, state: str, later: bool, more: Dict[str, object]) -> bool:
        """Notes what a document that was verified comes to, and says whether it counts."""
        told: Dict[str, object] = {"status": "done"}
        if state not in self.anchors:
            told = not_done("no-anchor").told
        elif later:
            told = not_done("later-than-asked").told
        self.reports.append({"document": document, **told, "state": state, **more})
        return told["status"] == "done"

    def add_charters(self, documents: Sequence[bytes]) -> None:
        """Judges charters, each after the one that it stands on (dossier 4.1)."""
        said: Dict[int, Tuple[int, Optional[bytes]]] = {}
        told: Dict[int, Stop] = {}
        for place, document in enumerate(documents):
            try:
                said[place] = or_fail("charter-refused", lambda: named_place(document))
            except Stop as stop:
                told[place] = stop
        charters: Dict[int, Charter] = {}
        for place in sorted(said, key=lambda one: said[one][0]):
            try:
                charters[place] = self.verified(documents[place], *said[place])
            except Stop as stop:
                told[place] = stop
            else:
                self.by_digest.setdefault(charters[place].digest, charters[place])
        for place in range(len(documents)):
            if place in told:
                self.reports.append({"document": "charter", **told[place].told})
            else:
                self.report("charter", charters[place].state, self.is_later(charters[place]), {})

    def verified(self, document: bytes, version: int, previous: Optional[bytes]) -> Charter:
        """Verifies a charter, a later one with the one before it."""
        if version <= 1 or previous is None:
            return or_fail("charter-refused", lambda: verify_charter(document))
        before = self.by_digest.get(previous)
        if before is None:
            raise not_done("no-charter")
        stands_on = before
        return or_fail("charter-refused", lambda: verify_later_charter(document, stands_on))

    def add_certificate(self, document: bytes) -> None:
        """Judges a certificate (dossier 4.2)."""
        try:
            issuer, payload = or_fail("certificate-refused", lambda: named_issuer(document))
            charter = self.last_of(issuer)
            if charter is None:
                raise not_done("no-charter")
            last = charter
            certificate = verified_certificate(document, last)
        except Stop as stop:
            self.reports.append({"document": "certificate", **stop.told})
            code = str(stop.told.get("code", "")).removeprefix("dossier.")
            if code in BEYOND_DELEGATE.values():
                self.beyond.setdefault((issuer, named_key(document)), code)
            return
        timely = [one.version for one in self.by_digest.values() if one.state == issuer and not self.is_later(one)]
        later = certificate.charter_version > max(timely)
        if self.report("certificate", issuer, later, {"usage": certificate.usage}):
            self.counting.setdefault(payload, certificate)

    def add_key_state(self, document: bytes) -> None:
        """Judges a key state (dossier 4.3)."""
        try:
            named = or_fail("key-state-refused", lambda: named_charter(document))
            charter = self.by_digest.get(named)
            if charter is None:
                raise not_done("no-charter")
            under = charter
            key_state = or_fail("key-state-refused", lambda: verify_key_state(document, under))
        except Stop as stop:
            self.reports.append({"document": "key-state", **stop.told})
            return
        later = key_state.issued_at_seconds > self.latest or self.is_later(charter)
        if self.report("key-state", key_state.issuer, later, {}):
            self.shown.append(key_state)

    def standing(self, key_id: bytes) -> Standing:
        """What its state says of a key that is certified, and from when (key-state §4)."""
        certificates = self.known.certificates[key_id]
        state = certificates[0].issuer
        key_state = self.key_states.get(state)
        if key_state is None:
            version = self.known.charters[state].version
            listed = all(one.charter_version == version for one in certificates)
            return Standing("live" if listed else "not-listed")
        return standing_by(key_state, key_id, [one.key_id for one in certificates[0].delegators])

    def stands_by(self, key_id: bytes, at_seconds: int, trusted: Optional[int] = None) -> bool:
        """Whether a key counts at a time (dossier 3.9). Of a key that nobody has certified nothing is said."""
        if key_id not in self.known.certificates:
            return True
        told = self.standing(key_id)
        if told.from_seconds is None:
            return told.standing == "live"
        if told.standing == "superseded":
            return at_seconds < told.from_seconds
        return trusted is not None and trusted < told.from_seconds

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

    def is_valid(self, key: Certificate, at_seconds: int, trusted: Optional[int] = None) -> bool:
        """Whether the key of a certificate is valid at a time, by whichever of its certificates, and its state stands by
        it (dossier 3.8, 3.9)."""
        valid = any(self.holds(one, at_seconds) for one in self.known.certificates[key.key_id])
        return valid and self.stands_by(key.key_id, at_seconds, trusted)


def verified_certificate(document: bytes, charter: Charter) -> Certificate:
    """Verifies a certificate, and tells apart what goes beyond its delegate (dossier 4.2)."""
    try:
        return verify_certificate(document, charter)
    except Refusal as refusal:
        if refusal.code in BEYOND_DELEGATE:
            raise fail(BEYOND_DELEGATE[refusal.code]) from None
        raise fail("certificate-refused") from None


def named_key(document: bytes) -> bytes:
    """The id of the key that a certificate is for. Nothing but its form is checked."""
    return key_id(cose.public_key_of(read_payload(read_document(document, TYP), PAYLOAD)[CONFIRMATION][1]))


def named_issuer(document: bytes) -> Tuple[str, bytes]:
    """Whom a certificate names as its issuer, and its payload. Its form is that of its grammar, with a key that is a
    COSE_Key (dossier 4.2)."""
    message = read_document(document, TYP)
    payload = read_payload(message, PAYLOAD)
    cose.public_key_of(payload[CONFIRMATION][1])
    return payload[ISSUER], message.payload
