"""What a norm is between two states (record-types 8.16 to 8.24; the operation `norm.between` in 10.4)."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Tuple

from .forms import bytes_32
from .inputs import bad_input, members
from .norm import NORM_INPUT, Heard, hear, named_norm, read_given, shown_states
from .norm_records import TREATY, VOLUNTARY, read_field, shown_basis, shown_provisions
from .norm_reservations import (
    Consent,
    Reservation,
    consent_of,
    object_of,
    reservations_of,
    shown_ids,
    speaks_of,
    statement_of,
    twelve_months_after,
)
from .norm_status import CONSENT, Act, by_state
from .record_lookup import ABSENT, UNKNOWN
from .record_view import View

FIELDS = ("norm", "provisions", "act", "legalBasis", "effectiveAt", "toReservation", "opposesEntry", "confirms")


class Side(NamedTuple):
    """One of the two states."""

    state: bytes
    acts: List[Act]
    standing: Dict[str, Any]


class Around(NamedTuple):
    """Everything that is known about a norm at a time."""

    heard: Heard
    in_effect: Dict[bytes, List[Act]]
    at: int


def between(
    heard: Heard, commitments: List[View], states: Tuple[bytes, bytes], at_seconds: int
) -> Dict[str, object]:
    """What a norm is between two states at a time."""
    norm = heard.norm
    shown: Dict[str, Any] = shown_states(norm, heard.acts, at_seconds)
    standings = {one["state"]: one for one in shown["states"]}
    around = Around(heard, by_state(act for act in heard.acts if act.from_seconds <= at_seconds), at_seconds)
    pair = []
    for state in sorted(states):
        found = standings.get(state.hex(), {"standing": "none"})
        standing = {"state": state.hex(), "standing": found["standing"]}
        if "sinceSeconds" in found:
            standing["sinceSeconds"] = found["sinceSeconds"]
        pair.append(Side(state, around.in_effect.get(state, []), standing))
    named = {one for side in pair for act in side.acts for one in act.commitment.provisions or []}
    provisions = sorted(named | shown_provisions(norm.view))
    out: Dict[str, object] = {
        "id": norm.view.record.id.hex(),
        "states": [side.standing for side in pair],
        "unknown": unknown_between(around, commitments, pair),
        **named_norm(heard),
    }
    if norm.kind == TREATY:
        out["treaty"] = treaty_between(around, pair, provisions, shown)
    if norm.kind == VOLUNTARY:
        out["voluntary"] = [voluntary_provision(one, pair) for one in provisions]
    return out


def voluntary_provision(provision: str, pair: List[Side]) -> Dict[str, object]:
    """A provision of a voluntary norm (8.23)."""
    stances: List[Dict[str, Any]] = [stance(provision, side) for side in pair]
    endorsing = [one for one in stances if "endorsedSinceSeconds" in one]
    if len(endorsing) < 2:
        stands = "one-sided" if endorsing else "not-endorsed"
    else:
        stands = "difference" if any(one["variances"] for one in stances) else "shared"
    return {"provision": provision, "stands": stands, "stances": stances}


def stance(provision: str, side: Side) -> Dict[str, object]:
    """What a state says about a provision."""
    said = [act for act in side.acts if speaks_of(act, provision)]
    out: Dict[str, object] = {
        "state": side.state.hex(),
        "positions": shown_ids(act for act in said if act.name == "national-position"),
    }
    variances = []
    for act in sorted((act for act in said if act.name == "declared-variance"), key=lambda one: one.id):
        variance: Dict[str, object] = {"id": act.id.hex()}
        if act.commitment.legal_basis is not None:
            variance["legalBasis"] = shown_basis(act.commitment.legal_basis)
        variances.append(variance)
    out["variances"] = variances
    endorsed = [act.from_seconds for act in said if act.name == "endorse"]
    if endorsed:
        out["endorsedSinceSeconds"] = endorsed[0]
    return out


def treaty_between(
    around: Around, pair: List[Side], provisions: List[str], status: Dict[str, Any]
) -> Dict[str, object]:
    """What a treaty is between two states (8.21, 8.22)."""
    rows: List[Dict[str, Any]] = [
        {
            "provision": one,
            "binds": "nothing",
            "reservations": [],
            "interpretations": shown_ids(
                act for side in pair for act in side.acts if act.name == "interpret" and speaks_of(act, one)
            ),
        }
        for one in provisions
    ]
    out: Dict[str, Any] = {
        "opposedBy": [],
        "provisions": rows,
        "aboutNoReservation": about_no_reservation(around, pair),
    }
    if around.heard.norm.threshold is None:
        return {**out, "relation": "entry-not-stated"}
    if not status["inForce"]:
        if "inForceFromSeconds" in status:
            out["inForceFromSeconds"] = status["inForceFromSeconds"]
        return {**out, "relation": "not-in-force"}
    if any(side.standing["standing"] != "bound" for side in pair):
        return {**out, "relation": "not-both-bound"}
    parties = [Party(around, side) for side in pair]
    opposed = [one for reserving, other in turns(parties) for one in reserving.opposed_by(other)]
    if opposed:
        return {**out, "relation": "entry-opposed", "opposedBy": sorted(set(opposed))}
    for row in rows:
        outcomes = [
            outcome
            for reserving, other in turns(parties)
            for outcome in reserving.outcomes(row["provision"], other)
        ]
        row["reservations"] = sorted(outcomes, key=lambda one: one["id"])
        row["binds"] = binding(outcomes)
        if not all(party.consents_to(row["provision"]) for party in parties):
            row["binds"] = "not-consented"
    since = max(side.standing["sinceSeconds"] for side in pair)
    return {**out, "relation": "bound", "sinceSeconds": since}


def turns(parties: List["Party"]) -> List[Tuple["Party", "Party"]]:
    """Each of the two as the one that reserves, and the other."""
    one, other = parties
    return [(one, other), (other, one)]


def binding(outcomes: List[Dict[str, Any]]) -> str:
    """What reservations leave of a provision (8.21)."""
    words = {one["outcome"] for one in outcomes}
    for outcome, binds in (("objected", "excluded"), ("open", "open"), ("accepted", "modified")):
        if outcome in words:
            return binds
    return "applies"


class Party:
    """A state that is bound, with its reservations."""

    def __init__(self, around: Around, side: Side) -> None:
        self.around = around
        self.side = side
        consent = consent_of(side.acts)
        assert consent is not None
        self.consent: Consent = consent
        self.reservations = reservations_of(around.heard, side.acts, consent)

    def consents_to(self, provision: str) -> bool:
        return any(speaks_of(act, provision) for act in self.consent.acts)

    def objections(self, reservation: Reservation) -> Tuple[List[Act], List[Act]]:
        """The objections of this state to a reservation, in time and too late (8.19)."""
        made = reservation.made
        if made is None:
            return [], []
        in_time: List[Act] = []
        too_late: List[Act] = []
        for act in objections_to(reservation, self.side.acts):
            known = statement_of(self.around.heard, act).known
            timely = known < twelve_months_after(made) or known <= self.consent.known
            (in_time if timely else too_late).append(act)
        return in_time, too_late

    def opposed_by(self, other: "Party") -> List[str]:
        """Objections by which the treaty does not enter into force between the two."""
        return [
            act.id.hex()
            for reservation in self.reservations
            if not reservation.late
            for act in other.objections(reservation)[0]
            if read_field(act.commitment.view, "opposesEntry")[1]
        ]

    def outcomes(self, provision: str, other: "Party") -> List[Dict[str, Any]]:
        """What has become of the reservations of this state that speak of a provision."""
        out = []
        for reservation in self.reservations:
            if not speaks_of(reservation.act, provision):
                continue
            outcome = self.late(reservation) if reservation.late else self.timely(provision, reservation, other)
            shown = {"id": reservation.act.id.hex(), "state": self.side.state.hex()}
            out.append({**shown, "objections": [], "tooLate": [], **outcome})
        return out

    def timely(self, provision: str, reservation: Reservation, other: "Party") -> Dict[str, object]:
        if reservation.made is None:
            return {"outcome": "unconfirmed"}
        in_time, too_late = (
            shown_ids(act for act in acts if speaks_of(act, provision)) for acts in other.objections(reservation)
        )
        if in_time:
            return {"outcome": "objected", "objections": in_time, "tooLate": too_late}
        end = max(twelve_months_after(reservation.made), other.consent.known)
        return {**silence(end, self.around.at, ""), "tooLate": too_late}

    def late(self, reservation: Reservation) -> Dict[str, object]:
        """A reservation that was made after the consent (8.20)."""
        made = reservation.made
        assert made is not None
        end = twelve_months_after(made)
        opposing = [
            act
            for state, acts in self.around.in_effect.items()
            if state != self.side.state and consent_of(acts) is not None
            for act in objections_to(reservation, acts)
            if statement_of(self.around.heard, act).known < end
        ]
        if opposing:
            return {"outcome": "late-opposed", "objections": shown_ids(opposing)}
        return silence(end, self.around.at, "late-")


def silence(end: int, at: int, prefix: str) -> Dict[str, object]:
    """What silence is before an end, and from then on."""
    if at < end:
        return {"outcome": f"{prefix}open", "untilSeconds": end}
    return {"outcome": "accepted", "sinceSeconds": end}


def objections_to(reservation: Reservation, acts: Iterable[Act]) -> List[Act]:
    """The objections among some acts that are about a reservation."""
    return [act for act in acts if act.name == "object" and object_of(act.commitment) in reservation.ids]


def about_no_reservation(around: Around, pair: List[Side]) -> List[str]:
    """Objections of the two that are about no reservation of the other that counts."""
    out: List[Act] = []
    for side, other in ((pair[0], pair[1]), (pair[1], pair[0])):
        ids = {
            one
            for act in other.acts
            if act.name == "reserve"
            for one in statement_of(around.heard, act).ids
        }
        out += [act for act in side.acts if act.name == "object" and object_of(act.commitment) not in ids]
    return shown_ids(out)


def unknown_between(around: Around, commitments: List[View], pair: List[Side]) -> List[Dict[str, object]]:
    """What would have to be known (8.24)."""
    heard = around.heard
    found: Dict[bytes, List[str]] = {heard.norm.view.record.id: heard.norm.unknown}
    states = [side.state for side in pair]
    for view in may_be_about(heard, commitments):
        if view.record.issuer in states:
            found[view.record.id] = unknown_of(view, ("norm", "act"))
    unsettled = [side.state for side in pair if is_unsettled(heard, side)]
    for act in heard.acts:
        view = act.commitment.view
        issuer = view.record.issuer
        if issuer in states:
            names = names_that_matter(act, issuer in unsettled)
        else:
            names = names_of_third(act, bool(unsettled))
        found[act.id] = unknown_of(view, names)
    return [{"id": one.hex(), "fields": names} for one, names in sorted(found.items()) if names]


def may_be_about(heard: Heard, commitments: List[View]) -> Iterable[View]:
    """Commitments that are ignored as withheld and might be about the norm."""
    withheld = {one.id for one in heard.ignored if one.reason == "withheld"}
    record = heard.norm.view.record
    for view in commitments:
        if view.record.id not in withheld:
            continue
        (about_status, about), (act_status, _) = read_field(view, "norm"), read_field(view, "act")
        if about_status == UNKNOWN and act_status != ABSENT:
            yield view
        elif act_status == UNKNOWN and about in (record.id.hex(), record.subject):
            yield view


def is_unsettled(heard: Heard, side: Side) -> bool:
    """Whether a reservation of a state is late or not confirmed, as far as is known."""
    consent = consent_of(side.acts)
    if consent is None:
        return False
    return any(one.late or one.made is None for one in reservations_of(heard, side.acts, consent))


def names_that_matter(act: Act, unsettled: bool) -> Tuple[str, ...]:
    if act.name in CONSENT:
        return ("provisions", "effectiveAt", "confirms") if unsettled else ("provisions", "effectiveAt")
    if act.name in ("sign", "withdraw"):
        return ("effectiveAt",)
    if act.name == "object":
        return ("provisions", "effectiveAt", "toReservation", "opposesEntry")
    if act.name == "declared-variance":
        return ("provisions", "effectiveAt", "legalBasis")
    return ("provisions", "effectiveAt")


def names_of_third(act: Act, unsettled: bool) -> Tuple[str, ...]:
    if act.name in (*CONSENT, "withdraw"):
        return ("effectiveAt",)
    return ("effectiveAt", "toReservation") if act.name == "object" and unsettled else ()


def unknown_of(view: View, names: Tuple[str, ...]) -> List[str]:
    return [name for name in FIELDS if name in names and read_field(view, name)[0] == UNKNOWN]


def between_operation(value: Dict[str, object]) -> object:
    """`norm.between` (record-types 10.4)."""
    given: Dict[str, Any] = members(value, {**NORM_INPUT, "stateA": bytes_32, "stateB": bytes_32})
    pair = given["stateA"], given["stateB"]
    if pair[0] == pair[1]:
        bad_input()
    records = read_given(given)
    return between(hear(*records), records.commitments, pair, records.at_seconds)


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"norm.between": between_operation}
