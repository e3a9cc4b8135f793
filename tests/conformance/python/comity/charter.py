"""Charters (charter §2)."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Sequence, Tuple

from . import cose, ed25519
from .refusal import Refusal
from .scheme import Scheme, check_name, read_scheme, text_map
from .shapes import Shape, array, byte_string, closed_map, integer, misshapen, nullable, pattern, seconds
from .signed_document import (
    END,
    ISSUED,
    check_validity,
    read_document,
    read_payload,
    refuse_duplicate_entries,
    verify_signatures,
)
from .texts import identifier, line, state_code

TYP = "application/comity-charter+cose"
MAX_ROOT_KEYS = 16
MAX_CHARTERS = 64  # charter 2.8

ANY_INTEGER = integer(-(2**53), 2**53)
THRESHOLD = integer(0, MAX_ROOT_KEYS)  # 0 has a code of its own (charter §11)

# charter 2.5: two or three small letters and up to two subtags, at most 11 bytes in all
contact_language: Shape = pattern("(?=.{2,11}\\Z)[a-z]{2,3}(-[A-Za-z0-9]{2,4}){0,2}")


def anything(value: Any) -> Any:
    """What is read by another function than a shape, which has codes of its own."""
    return value


PAYLOAD: Shape = closed_map(
    {
        "v": ANY_INTEGER,
        "prev": nullable(byte_string(32)),
        "code": state_code,
        "names": text_map,
        "keys": array(anything, 1, MAX_ROOT_KEYS),
        "k": THRESHOLD,
        "nextd": array(byte_string(32), 1, MAX_ROOT_KEYS),
        "nextk": THRESHOLD,
        "algs": array(ANY_INTEGER, 1, 4096),
        "scheme": anything,
        "legal": array(identifier, 0, 32),
        "contacts": array(closed_map({1: identifier, 2: line(1, 256), 3: array(contact_language, 1, 16)}), 0, 16),
        ISSUED: seconds,
    },
    {END: seconds},
)


class Charter(NamedTuple):
    """A charter that is verified."""

    state_id: bytes  # keys 6.1
    version: int
    digest: bytes  # SHA-256 of the payload
    earlier: Tuple["Charter", ...]  # the charters before it, the first first
    code: str
    names: Dict[str, str]
    root_keys: Tuple[bytes, ...]
    threshold: int
    next_key_ids: Tuple[bytes, ...]
    next_threshold: int
    scheme: Scheme
    legal: List[str]
    contacts: List[Dict[int, Any]]
    issued_at_seconds: int
    expires_at_seconds: Optional[int]

    @property
    def all(self) -> Tuple["Charter", ...]:
        """All charters of the state up to this one."""
        return (*self.earlier, self)

    @property
    def state(self) -> str:
        """The state id as text."""
        return self.state_id.hex()


def refuse(name: str) -> NoReturn:
    raise Refusal("identity." + name)


@lru_cache(maxsize=1024)
def verify_charter(document: bytes) -> Charter:
    """Verifies a charter (charter §1, §2). One that was verified is remembered: others are checked with it.

    Refuses with the codes of charter §11, `cbor.shape`, and the codes of keys.md and label.md.
    """
    message, payload = read_charter(document)
    if payload["v"] != 1:
        refuse("charter-version")
    charter = check_content(message, payload, ())
    verify_signatures(message, charter.root_keys, charter.threshold)
    return charter


def verify_chain(documents: Sequence[bytes]) -> Charter:
    """Verifies the charters of one state from the first on, of which there is at least one (charter 2.8 to 2.11)."""
    return verify_whole_chain(tuple(documents))


@lru_cache(maxsize=1024)
def verify_whole_chain(documents: Tuple[bytes, ...]) -> Charter:
    if len(documents) == 1:
        return verify_charter(documents[0])
    return verify_later_charter(documents[-1], verify_whole_chain(documents[:-1]))


def verify_later_charter(document: bytes, before: Charter) -> Charter:
    """Verifies a charter that follows another. Refuses as `verify_charter`, and with the codes of charter 2.8 to 2.11."""
    message, payload = read_charter(document)
    if payload["v"] != before.version + 1 or payload["v"] > MAX_CHARTERS:
        refuse("charter-version")
    if payload["prev"] != before.digest:
        refuse("charter-chain")
    charter = check_content(message, payload, before.all)
    check_succession(charter, before)
    verify_two_sets(message, before, charter)
    return charter


def read_charter(document: bytes) -> Tuple[cose.Sign, Dict[Any, Any]]:
    message = read_document(document, TYP)
    payload = read_payload(message, PAYLOAD)
    if payload["v"] == 1 and payload["prev"] is not None:
        misshapen()
    return message, payload


def named_place(document: bytes) -> Tuple[int, Optional[bytes]]:
    """Where a charter says that it stands in the chain of its state: its version, and the digest before it."""
    payload = read_charter(document)[1]
    return payload["v"], payload["prev"]


def verify_charters(documents: Sequence[bytes]) -> List[Charter]:
    """Verifies charters of any states in any order: the last of each state. Refuses as `verify_chain`, and with
    `identity.charters-contradict`."""
    last: Dict[str, Charter] = {}
    for document in sorted(documents, key=lambda one: named_place(one)[0]):
        version, previous = named_place(document)
        if version <= 1:
            charter = verify_charter(document)
        else:
            earlier = [one for known in last.values() for one in known.all if one.digest == previous]
            if not earlier:
                refuse("charter-chain")
            charter = verify_later_charter(document, earlier[0])
        before = last.setdefault(charter.state, charter)
        if any(one.digest != other.digest for one, other in zip(before.all, charter.all)):
            refuse("charters-contradict")
        last[charter.state] = max(before, charter, key=lambda one: one.version)
    return list(last.values())


def check_content(message: cose.Sign, payload: Dict[Any, Any], earlier: Tuple[Charter, ...]) -> Charter:
    """What charter §2 says of a charter by itself."""
    if payload["algs"] != [cose.ED25519]:
        refuse("unsupported-algorithm")
    check_name(payload["names"])
    scheme = read_scheme(payload["scheme"])
    root_keys = tuple(map(cose.public_key_of, payload["keys"]))
    next_key_ids = tuple(payload["nextd"])
    check_root_keys(root_keys, next_key_ids)
    for threshold, keys in ((payload["k"], root_keys), (payload["nextk"], next_key_ids)):
        if not 1 <= threshold <= len(keys):
            refuse("bad-threshold")
    refuse_duplicate_entries(payload["legal"])
    for contact in payload["contacts"]:
        refuse_duplicate_entries(contact[3])
    if END in payload:
        check_validity(payload[ISSUED], payload[END])
    digest = hashlib.sha256(message.payload).digest()
    return Charter(
        state_id=earlier[0].state_id if earlier else digest,
        version=payload["v"],
        digest=digest,
        earlier=earlier,
        code=payload["code"],
        names=payload["names"],
        root_keys=root_keys,
        threshold=payload["k"],
        next_key_ids=next_key_ids,
        next_threshold=payload["nextk"],
        scheme=scheme,
        legal=payload["legal"],
        contacts=payload["contacts"],
        issued_at_seconds=payload[ISSUED],
        expires_at_seconds=payload.get(END),
    )


def check_succession(charter: Charter, before: Charter) -> None:
    """What charter 2.9 and 2.10 say of a charter and the one before it."""
    if any(ed25519.key_id(key) not in before.next_key_ids for key in charter.root_keys):
        refuse("uncommitted-key")
    if charter.threshold != before.next_threshold:
        refuse("bad-threshold")
    former = {ed25519.key_id(key) for one in before.all for key in one.root_keys}
    if not former.isdisjoint(charter.next_key_ids):
        refuse("next-key-in-use")
    if charter.code != before.code or charter.scheme.item != before.scheme.item:
        refuse("charter-of-another")
    if charter.issued_at_seconds < before.issued_at_seconds:
        refuse("bad-validity")


def verify_two_sets(message: cose.Sign, before: Charter, charter: Charter) -> None:
    """The signatures are of root keys of both charters, enough of each (charter 2.11)."""
    verify_signatures(message, before.root_keys + charter.root_keys, 1)
    signed = {signer.key_id for signer in message.signers}
    for one in (before, charter):
        if len(signed.intersection(ed25519.key_id(key) for key in one.root_keys)) < one.threshold:
            raise Refusal("cose.below-threshold")


def signing_charter(message: cose.Sign, charter: Charter) -> Charter:
    """The charter of the state that has the root key of the first signature, or else the last (charter 1.2)."""
    first = message.signers[0].key_id
    for one in charter.all:
        if any(ed25519.key_id(key) == first for key in one.root_keys):
            return one
    return charter


def check_root_keys(root_keys: Tuple[bytes, ...], next_key_ids: Tuple[bytes, ...]) -> None:
    """Root keys are enrolled, and neither they nor the next ones stand twice (charter 2.3)."""
    if len(set(root_keys)) < len(root_keys) or len(set(next_key_ids)) < len(next_key_ids):
        refuse("duplicate-key")
    for key in root_keys:
        ed25519.enrol(key)
    if not {ed25519.key_id(key) for key in root_keys}.isdisjoint(next_key_ids):
        refuse("next-key-in-use")


def fingerprint(state: str) -> str:
    """The state id in 16 groups of 4 digits (keys 6.2)."""
    return " ".join(state[at : at + 4] for at in range(0, 64, 4))
