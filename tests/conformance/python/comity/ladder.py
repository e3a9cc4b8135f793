"""The ladder that a record climbs, and the opening of its disclosures (record §6)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, Optional, Sequence, Tuple

from .certificate import Certificate
from .cose import verify_sign1
from .known_keys import Known, know_documents, resolve
from .label import Label, check_label, ranks
from .record_body import refuse
from .record_message import Record, decode, well_formed
from .record_view import View, check_overall, place, read_disclosures
from .refusal import Refusal
from .scheme import Scheme

MAX_AHEAD_SECONDS = 300  # record 6.4


@lru_cache(maxsize=64)
def known_states(charters: Tuple[bytes, ...], certificates: Tuple[bytes, ...]) -> Known:
    """What charters and certificates make known (charter §6). It is remembered for the next records."""
    return know_documents(charters, certificates)


class Authorised(NamedTuple):
    """A record on the fourth rung, with what its disclosures are judged by."""

    record: Record
    scheme: Scheme
    max_rank: Optional[int]  # the highest that the scope of the key allows


def climb(data: bytes, known: Known, now_seconds: Optional[int] = None, lenient: bool = False) -> Authorised:
    """The four rungs, in this order. The reader has a clock where `now_seconds` is given.

    The certificate is the one that is valid at the time of issue (charter 6.6). Where there is none, a reader refuses
    with a code `identity.*`; a `lenient` one takes another of the key and refuses with one of `record.*` (record 11.2).
    """
    record = well_formed(decode(data))
    find = granting if lenient else resolve
    certificate = find(known, record.message.key_id, "record", record.issued_at)
    verify_sign1(record.message, certificate.public_key)
    return authorise(record, certificate, known, now_seconds)


def granting(known: Known, key_id: bytes, usage: str, at_seconds: int) -> Certificate:
    """The certificate that a key resolves to, and where none is valid the one that begins last (record 11.2)."""
    try:
        return resolve(known, key_id, usage, at_seconds)
    except Refusal as refusal:
        if refusal.code not in ("identity.wrong-usage", "identity.not-yet-valid", "identity.expired"):
            raise
        return max(known.certificates[key_id], key=lambda one: one.not_before_seconds)


def authorise(record: Record, certificate: Certificate, known: Known, now_seconds: Optional[int]) -> Authorised:
    """Whether the key of a certificate may sign this record (record 6.4)."""
    if bytes.fromhex(certificate.issuer) != record.issuer:
        refuse("key-not-granted")
    if certificate.usage != "record":
        refuse("wrong-usage")
    if record.issued_at < certificate.not_before_seconds:
        refuse("key-not-yet-valid")
    if record.issued_at >= certificate.not_after_seconds:
        refuse("key-expired")
    if now_seconds is not None and record.issued_at > now_seconds + MAX_AHEAD_SECONDS:
        refuse("issued-in-future")
    if certificate.types is not None and record.type not in certificate.types:
        refuse("type-out-of-scope")
    scheme = known.charters[certificate.issuer].scheme
    max_rank = None if certificate.max_level is None else scheme.ranks[certificate.max_level]
    check_granted(record.label, scheme, max_rank)
    return Authorised(record, scheme, max_rank)


def check_granted(label: Label, scheme: Scheme, max_rank: Optional[int]) -> None:
    """A label is valid in the issuer's scheme, and neither it nor a succession is above the scope (record 6.4, 6.5)."""
    try:
        check_label(label, scheme)
    except Refusal:
        refuse("label-invalid")
    if max_rank is not None and max(ranks(label, scheme)) > max_rank:
        refuse("classification-out-of-scope")


def open_view(authorised: Authorised, disclosures: Sequence[bytes]) -> View:
    """Opens a record with disclosures (record 6.5). Those in its own bytes are not looked at."""
    view = place(authorised.record, read_disclosures(disclosures))
    for part in view.parts.values():
        if not part.inherited:
            check_granted(part.label, authorised.scheme, authorised.max_rank)
    check_overall(view, authorised.scheme)
    return view
