"""What commitments about a norm add up to (record-types 8.7 to 8.14)."""

from __future__ import annotations

from operator import attrgetter
from typing import Dict, Iterable, List, NamedTuple, Optional, Tuple

from .norm_records import Commitment, Norm
from .record_view import View

DAY_SECONDS = 86400
CONSENT = ("ratify", "accept", "approve", "accede")  # 8.9
WITHDRAW = "withdraw"

RETRACTED, SUPERSEDED, EXPIRED = "retracted", "superseded", "expired"


class Cessation(NamedTuple):
    """When a record ceases, and the cause. Of two causes at one time the one named first in 8.8 counts."""

    at: int
    order: int
    cause: str


def cessations(sources: Iterable[View], targets: Iterable[View]) -> Dict[bytes, Cessation]:
    """When records cease, by their ids: by links of records of the same issuer, and by their own expiry (8.8)."""
    issuers = {view.record.id: view.record.issuer for view in targets}
    found: Dict[bytes, Cessation] = {}

    def cease(target: bytes, cessation: Cessation) -> None:
        if target not in found or cessation < found[target]:
            found[target] = cessation

    for source in {view.record.id: view for view in sources}.values():
        record = source.record
        links = [(record.retracts, Cessation(record.issued_at, 0, RETRACTED))] if record.retracts else []
        links += [(link, Cessation(record.issued_at, 1, SUPERSEDED)) for link in record.supersedes]
        for target, cessation in links:
            if issuers.get(target) == record.issuer:
                cease(target, cessation)
    for view in targets:
        if view.record.expires_at is not None:
            cease(view.record.id, Cessation(view.record.expires_at, 2, EXPIRED))
    return found


class Act(NamedTuple):
    """An act that counts, ordered as in 8.10."""

    from_seconds: int
    issued_at: int
    id: bytes
    commitment: Commitment
    ceased: Optional[str]

    @property
    def name(self) -> str:
        return self.commitment.act


def effect(commitment: Commitment, norm: Norm) -> int:
    """When an act takes effect (8.7)."""
    issued_at = commitment.view.record.issued_at
    time = issued_at if commitment.effective_at is None else commitment.effective_at
    if commitment.act == WITHDRAW:
        return max(time, issued_at + norm.notice_days * DAY_SECONDS)
    return time


def act_of(commitment: Commitment, norm: Norm, cessation: Optional[Cessation]) -> Optional[Act]:
    """The act of a commitment that ceases then, if it has ceased; `None` where it does not count (8.8, 8.9)."""
    time = effect(commitment, norm)
    record = commitment.view.record
    if cessation is None:
        return Act(time, record.issued_at, record.id, commitment, None)
    if commitment.act in CONSENT + (WITHDRAW,) and time <= cessation.at:
        return Act(time, record.issued_at, record.id, commitment, cessation.cause)
    return None


class Consent(NamedTuple):
    """The consent of a state to a treaty at the end of its acts."""

    signed_from: Optional[int]
    consents_from: Optional[int]
    withdrawn_from: Optional[int]


def consent_of(acts: Iterable[Act]) -> Consent:
    """Replays the acts in effect of one state (8.12)."""
    signed: Optional[int] = None
    consents: Optional[int] = None
    withdrawn: Optional[int] = None
    for act in acts:
        if act.name in CONSENT:
            if consents is None:
                consents = act.from_seconds
            withdrawn = None
        elif act.name == WITHDRAW and consents is not None:
            consents, withdrawn = None, act.from_seconds
        elif act.name == "sign" and signed is None:
            signed = act.from_seconds
    return Consent(signed, consents, withdrawn)


def in_force_from(norm: Norm, acts: Dict[bytes, List[Act]], at_seconds: int) -> Optional[int]:
    """From when a treaty is in force, where its threshold is reached (8.13). `acts` are those in effect, by state."""
    if norm.threshold is None:
        return None
    delay = norm.delay_days * DAY_SECONDS
    if norm.threshold == 0:
        issued_at = norm.view.record.issued_at
        return issued_at + delay if issued_at <= at_seconds else None
    changes: List[Tuple[int, int]] = []  # time, and by how many more states consent then
    for of_one_state in acts.values():
        consents = False
        for act in of_one_state:
            if act.name in CONSENT and not consents:
                consents = True
                changes.append((act.from_seconds, 1))
            elif act.name == WITHDRAW and consents:
                consents = False
                changes.append((act.from_seconds, -1))
    changes.sort(key=lambda change: change[0])
    states = 0
    for number, (time, change) in enumerate(changes):
        states += change
        last_of_its_time = number + 1 == len(changes) or changes[number + 1][0] != time
        if last_of_its_time and states >= norm.threshold:
            return time + delay
    return None


def by_state(acts: Iterable[Act]) -> Dict[bytes, List[Act]]:
    """Acts by the state that has issued them, in the order of 8.10."""
    listed: Dict[bytes, List[Act]] = {}
    for act in sorted(acts, key=attrgetter("from_seconds", "issued_at", "id")):
        listed.setdefault(act.commitment.view.record.issuer, []).append(act)
    return listed


def standing_of_treaty(acts: List[Act], force_from: Optional[int], at_seconds: int) -> Tuple[str, Optional[int]]:
    """The standing of a state, and since when (8.12, 8.14)."""
    consent = consent_of(acts)
    if consent.consents_from is not None:
        if force_from is not None and force_from <= at_seconds:
            return "bound", max(consent.consents_from, force_from)
        return "consented", consent.consents_from
    if consent.withdrawn_from is not None:
        return "withdrawn", consent.withdrawn_from
    return ("none", None) if consent.signed_from is None else ("signed", consent.signed_from)


def standing_of_voluntary_norm(acts: List[Act]) -> Tuple[str, Optional[int]]:
    """Endorsed from the first `endorse` in effect on (8.11)."""
    for act in acts:
        if act.name == "endorse":
            return "endorsed", act.from_seconds
    return "none", None
