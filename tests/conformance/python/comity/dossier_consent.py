"""Consents to what states hand on of the records of others, as the step of a notification (dossier 6.8)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional

from .consent import GRANT, Consent, read_grant, refusal, status
from .dossier_record import JudgedRecord
from .dossier_steps import fail, not_done
from .label import RELEASABLE, TLP, Label, label_at
from .ledger_entry import Release
from .record_forms import ALL_PARTS
from .norm_records import read_field
from .record_view import View

OPEN = (None, "CLEAR", "GREEN")  # disclosure 3.4
REVOKED, EXPIRED, NOT_BEGUN, OTHER_PART, NO_CONSENT, CONSENT_TIME = range(6)  # the first that applies counts
CODES = {REVOKED: "revoked", EXPIRED: "expired", NOT_BEGUN: "not-begun", OTHER_PART: "other-part"}


class Asked(NamedTuple):
    """What is asked of the consents about a record: for whom, for what, and at which times."""

    holder: str
    third_party: str
    purpose: str
    entered: int
    received: int


class FiledConsents:
    """The release-grants and retractions of a file whose parts open."""

    def __init__(self, judged: List[JudgedRecord]) -> None:
        self.views: Dict[bytes, View] = {one.filed.id: one.view for one in judged if one.view is not None}
        self.valid = {one.filed.id for one in judged if one.verdict() == "VALID"}

    def of_type(self, name: str) -> List[View]:
        return [view for view in self.views.values() if view.record.type == name]

    def require(self, entry: Release, holder: str, third_party: str, received: int) -> None:
        """Whether the originator of a record has let it go from a holder to a third party."""
        view = self.views.get(entry.record_id)
        if view is None:
            raise not_done("earlier-step")
        record = view.record
        if record.issuer.hex() == third_party:
            return
        asked = Asked(holder, third_party, entry.purpose, entry.time_seconds, max(entry.time_seconds, received))
        grants = self.of_type("release-grant")
        told: Any = status(record, grants, self.of_type("retraction"))["consents"]
        pieces = [one for one in told if bytes.fromhex(one["grant"]) in self.valid and of_piece(one, asked)]
        given = [
            read_grant(one)[0]
            for one in grants
            if one.record.id in self.valid and refusal(one, record) is None and read_field(one, "decision")[1] == GRANT
        ]
        terms = [one for one in given if one is not None and of_terms(one, asked)]
        short: List[int] = []
        labels: Dict[Optional[bytes], Optional[Label]] = {None: record.label}
        for digest in entry.disclosures:
            labels[digest] = view.parts[digest].label if digest in view.parts else None
        for digest, label in labels.items():
            if label is None or not all(may_have(label_at(label, at), third_party) for at in asked[3:]):
                found = shortcoming(digest, pieces, terms, asked)
                if found is not None:
                    short.append(found)
        if not short:
            return
        if min(short) in CODES:
            raise fail("consent-" + CODES[min(short)])
        raise not_done("no-consent" if min(short) == NO_CONSENT else "consent-time")


def may_have(label: Label, state: str) -> bool:
    """Whether any holder may hand it to a state without asking (disclosure 3.2, 3.4)."""
    return label.get(TLP) in OPEN and bytes.fromhex(state) in label.get(RELEASABLE, ())


def of_piece(piece: Dict[str, Any], asked: Asked) -> bool:
    named = (piece["holder"], piece["thirdParty"]) == (asked.holder, asked.third_party)
    return named and asked.purpose in piece["purposes"]


def of_terms(terms: Consent, asked: Asked) -> bool:
    named = (terms.holder, terms.third_party) == (asked.holder, asked.third_party)
    return named and asked.purpose in terms.purposes


def shortcoming(
    digest: Optional[bytes], pieces: List[Dict[str, Any]], terms: List[Consent], asked: Asked
) -> Optional[int]:
    """What is missing for a part, or for the envelope, which has no digest."""

    def covered(at: int) -> bool:
        return any(
            one["fromSeconds"] <= at < one["untilSeconds"]
            and (digest is None or one["parts"] == ALL_PARTS or digest.hex() in one["parts"])
            for one in pieces
        )

    if covered(asked.entered):
        return None if covered(asked.received) else CONSENT_TIME
    found = [NO_CONSENT]
    for one in terms:
        if digest is not None and one.parts is not None and digest.hex() not in one.parts:
            found.append(OTHER_PART)
        elif asked.entered < one.begin:
            found.append(NOT_BEGUN)
        else:
            found.append(REVOKED if asked.entered < one.end else EXPIRED)
    return min(found)
