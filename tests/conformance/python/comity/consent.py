"""What release-grants allow (record-types §15; the operation `consent.status` in 10.3)."""

from __future__ import annotations

from typing import Any, Callable, Dict, FrozenSet, Iterable, List, NamedTuple, Optional, Tuple

from .forms import DOCUMENTS
from .inputs import hex_bytes, members
from .ladder import known_states
from .norm import Views
from .norm_records import read_field
from .norm_status import DAY_SECONDS, EXPIRED, RETRACTED, SUPERSEDED, cessations
from .record_forms import ALL_PARTS
from .record_message import Record
from .record_view import View

GRANT, REVOKE = "grant", "revoke"
REVOKED = "revoked"
CAUSES = (RETRACTED, SUPERSEDED, EXPIRED, REVOKED)  # of two at one time the one named first counts
MAX_DAYS = 400  # 14.3

Parts = Optional[FrozenSet[str]]  # `None`: all


class Consent(NamedTuple):
    """A consent, or what is left of one (15.4, 15.8)."""

    view: View
    parts: Parts
    holder: str
    third_party: str
    purposes: List[str]
    begin: int
    end: int

    def shown(self) -> Dict[str, object]:
        return {
            "grant": self.view.record.id.hex(),
            "parts": ALL_PARTS if self.parts is None else sorted(self.parts),
            "holder": self.holder,
            "thirdParty": self.third_party,
            "purposes": self.purposes,
            "fromSeconds": self.begin,
            "untilSeconds": self.end,
        }


class End(NamedTuple):
    """What ends a consent, or takes parts from it."""

    at: int
    order: int
    parts: Parts


def status(record: Record, grants: List[View], retractions: List[View]) -> Dict[str, object]:
    """The consents about a record (15.1)."""
    ignored = [(view.record.id, "other-type") for view in retractions if view.record.type != "retraction"]
    given: List[Consent] = []
    revocations: List[View] = []
    for view in grants:
        reason = refusal(view, record)
        decision = None if reason == "other-type" else read_field(view, "decision")[1]
        if reason is None and decision == GRANT:
            consent, reason = read_grant(view)
            if consent is not None:
                given.append(consent)
        if reason is None and decision == REVOKE:
            revocations.append(view)
        if reason is not None:
            ignored.append((view.record.id, reason))
    # Links of records that differ in claim 3 have no effect (15.7).
    sources = [view for view in [*grants, *retractions] if view.record.exercise == record.exercise]
    ceased = cessations(sources, grants)
    consents: List[Consent] = []
    for consent in given:
        ends = [end for end in (revoked(view, consent) for view in revocations) if end is not None]
        cessation = ceased.get(consent.view.record.id)
        if cessation is not None:
            ends.append(End(cessation.at, cessation.order, None))
        left, cause = what_is_left(consent, ends)
        consents += left
        if not left:
            ignored.append((consent.view.record.id, cause))
    return {
        "consents": [one.shown() for one in sorted(consents, key=lambda one: (one.view.record.id, one.begin))],
        "ignored": [{"id": record_id.hex(), "reason": reason} for record_id, reason in sorted(set(ignored))],
    }


def refusal(view: View, record: Record) -> Optional[str]:
    """Why a release-grant does not count, whatever it decides, or `None` (15.2, 15.3)."""
    if view.record.type != "release-grant":
        return "other-type"
    decision, about = read_field(view, "decision")[1], read_field(view, "record")[1]
    if decision is None:
        return "withheld"
    if about is None:
        return None if decision == REVOKE else "withheld"
    if about != record.id.hex():
        return "other-record"
    if view.record.exercise != record.exercise:
        return "other-exercise"
    return None if view.record.issuer == record.issuer else "not-originator"


def read_grant(view: View) -> Tuple[Optional[Consent], Optional[str]]:
    """The consent that a grant gives, or why it gives none (15.3, 15.4)."""
    names = ("parts", "holder", "thirdParty", "purposes", "notBefore", "notAfter")
    fields: Dict[str, Any] = {name: read_field(view, name)[1] for name in names}
    if None in fields.values():
        return None, "withheld"
    holder, third_party, end = fields["holder"], fields["thirdParty"], fields["notAfter"]
    if len({view.record.issuer.hex(), holder, third_party}) < 3:
        return None, "same-state"
    issued_at = view.record.issued_at
    begin = max(fields["notBefore"], issued_at)
    if end <= begin or end > issued_at + MAX_DAYS * DAY_SECONDS:
        return None, "bad-term"
    parts = parts_of(fields["parts"])
    return Consent(view, parts, holder, third_party, fields["purposes"], begin, end), None


def parts_of(value: Any) -> Parts:
    """The parts that a field names; all where it is not known."""
    return None if value is None or value == ALL_PARTS else frozenset(value)


def revoked(view: View, consent: Consent) -> Optional[End]:
    """What a revocation takes from a consent (15.6). A field that is not known is as that of the consent."""
    grant = consent.view.record
    if view.record.issuer != grant.issuer or view.record.exercise != grant.exercise:
        return None
    if view.record.issued_at < grant.issued_at:
        return None
    for name, value in (("holder", consent.holder), ("thirdParty", consent.third_party)):
        if read_field(view, name)[1] not in (None, value):
            return None
    return End(view.record.issued_at, CAUSES.index(REVOKED), parts_of(read_field(view, "parts")[1]))


def what_is_left(consent: Consent, ends: Iterable[End]) -> Tuple[List[Consent], str]:
    """What is left of a consent, and what has taken the last of it (15.6 to 15.8)."""
    left: List[Consent] = []
    for end in sorted(ends, key=lambda one: (one.at, one.order)):
        if end.at >= consent.end:
            break
        if end.at > consent.begin:
            left.append(consent._replace(end=end.at))
            consent = consent._replace(begin=end.at)
        remaining = None if consent.parts is None or end.parts is None else consent.parts - end.parts
        if not remaining:
            return joined(left), CAUSES[end.order]
        consent = consent._replace(parts=remaining)
    return joined([*left, consent]), ""


def joined(pieces: List[Consent]) -> List[Consent]:
    """Pieces of a consent, those that follow each other with the same parts in one."""
    out: List[Consent] = []
    for piece in pieces:
        if out and out[-1].parts == piece.parts:
            out[-1] = out[-1]._replace(end=piece.end)
        else:
            out.append(piece)
    return out


def status_operation(value: Dict[str, object]) -> object:
    """`consent.status` (record-types 10.3)."""
    given: Dict[str, Any] = members(
        value,
        {
            "record": hex_bytes,
            "grants": DOCUMENTS,
            "retractions": DOCUMENTS,
            "charters": DOCUMENTS,
            "certificates": DOCUMENTS,
        },
    )
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    record = Views(known)
    record.add(given["record"])
    (about,) = record.merged().values()
    views = Views(known)
    lists = [dict.fromkeys(map(views.add, given[name])) for name in ("grants", "retractions")]
    merged = views.merged()
    grants, retractions = ([merged[record_id] for record_id in one] for one in lists)
    return status(about.record, grants, retractions)


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"consent.status": status_operation}
