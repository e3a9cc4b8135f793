"""The status of a norm (record-types §8; the operation `norm.status` in 10.2)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Optional

from .forms import DOCUMENTS, TIME
from .inputs import bad_input, hex_bytes, members
from .known_keys import Known
from .ladder import Authorised, climb, known_states, open_view
from .norm_records import (
    TREATY,
    Commitment,
    Ignored,
    Norm,
    left_out,
    read_commitment,
    read_norm,
    shown_basis,
)
from .norm_status import (
    WITHDRAW,
    Act,
    Cessation,
    act_of,
    by_state,
    cessations,
    in_force_from,
    standing_of_treaty,
    standing_of_voluntary_norm,
)
from .record_view import View


class Views:
    """Verified records, each with all that any view of it discloses (record-types §8, record 7.4)."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.authorised: Dict[bytes, Authorised] = {}
        self.disclosures: Dict[bytes, Dict[bytes, bytes]] = {}

    def add(self, data: bytes) -> bytes:
        """Verifies a view of a record, and gives the id of the record."""
        authorised = climb(data, self.known)
        view = open_view(authorised, authorised.record.disclosures)
        record_id = authorised.record.id
        self.authorised[record_id] = authorised
        self.disclosures.setdefault(record_id, {}).update(view.disclosures)
        return record_id

    def merged(self) -> Dict[bytes, View]:
        """The merged view of each record."""
        return {
            record_id: open_view(authorised, list(self.disclosures[record_id].values()))
            for record_id, authorised in self.authorised.items()
        }


class Heard(NamedTuple):
    """What states have said about a norm by a time (8.1 to 8.9)."""

    norm: Norm
    commitments: Dict[bytes, Commitment]  # also those that have ceased
    ceased: Dict[bytes, Cessation]
    acts: List[Act]  # those that count
    ignored: List[Ignored]


def hear(norm: Norm, commitments: List[View], retractions: List[View], at_seconds: int) -> Heard:
    """Reads the records about a norm (record-types 8.1 to 8.9)."""
    ignored: List[Ignored] = []
    counting: List[Commitment] = []
    sources = [norm.view]
    for listed, record_type in ((commitments, "commitment"), (retractions, "retraction")):
        for view in listed:
            reason = left_out(view, norm.view, at_seconds)
            if reason is None:
                sources.append(view)
            if view.record.type != record_type:
                ignored.append(Ignored(view.record.id, "other-type"))
            elif reason is not None:
                ignored.append(Ignored(view.record.id, reason))
            elif record_type == "commitment":
                commitment, why_not = read_commitment(view, norm)
                if commitment is not None:
                    counting.append(commitment)
                if why_not is not None:
                    ignored.append(why_not)
    ceased = {
        record_id: one
        for record_id, one in cessations(sources, [norm.view, *commitments]).items()
        if one.at <= at_seconds
    }
    acts: List[Act] = []
    for commitment in counting:
        record_id = commitment.view.record.id
        act = act_of(commitment, norm, ceased.get(record_id))
        if act is None:
            ignored.append(Ignored(record_id, ceased[record_id].cause))
            continue
        acts.append(act)
        if commitment.unfit:
            ignored.append(Ignored(record_id, "no-such-provision", commitment.unfit))
    return Heard(norm, {one.view.record.id: one for one in counting}, ceased, acts, ignored)


def status(norm: Norm, commitments: List[View], retractions: List[View], at_seconds: int) -> Dict[str, object]:
    """The status of a norm at a time (record-types §8)."""
    heard = hear(norm, commitments, retractions, at_seconds)
    out: Dict[str, object] = {
        "id": norm.view.record.id.hex(),
        "unknown": norm.unknown,
        **shown_states(norm, heard.acts, at_seconds),
        "ignored": shown_ignored(heard.ignored),
        **named_norm(heard),
    }
    return out


def named_norm(heard: Heard) -> Dict[str, object]:
    """The kind of a norm where it is known, and the cause where it has ceased."""
    norm, out = heard.norm, {}
    if norm.kind is not None:
        out["kind"] = norm.kind
    if norm.view.record.id in heard.ceased:
        out["ceased"] = heard.ceased[norm.view.record.id].cause
    return out


def shown_ignored(ignored: List[Ignored]) -> List[Dict[str, object]]:
    """The records that do not count for what they say, each once with a reason, also where two lists have it."""
    distinct = {(one.id, one.reason): one for one in ignored}
    return [one.shown() for _, one in sorted(distinct.items())]


def shown_states(norm: Norm, acts: List[Act], at_seconds: int) -> Dict[str, object]:
    """What the acts that count add up to: of each state, and of a treaty whether it is in force."""
    in_effect = by_state(act for act in acts if act.from_seconds <= at_seconds)
    pending = by_state(act for act in acts if act.from_seconds > at_seconds)
    force_from = in_force_from(norm, in_effect, at_seconds) if norm.kind == TREATY else None
    states = [
        shown_state(state, norm, in_effect.get(state, []), pending.get(state, []), force_from, at_seconds)
        for state in sorted(in_effect.keys() | pending.keys())
    ]
    out: Dict[str, object] = {"states": states}
    if norm.kind == TREATY:
        out["inForce"] = force_from is not None and force_from <= at_seconds
        if force_from is not None:
            out["inForceFromSeconds"] = force_from
    return out


def shown_state(
    state: bytes, norm: Norm, acts: List[Act], pending: List[Act], force_from: Optional[int], at_seconds: int
) -> Dict[str, object]:
    """A state with a commitment that counts."""
    if norm.kind == TREATY:
        standing, since = standing_of_treaty(acts, force_from, at_seconds)
    else:
        standing, since = standing_of_voluntary_norm(acts)
    out: Dict[str, object] = {
        "state": state.hex(),
        "standing": standing,
        "acts": [shown_act(act) for act in acts],
        "pending": [shown_act(act) for act in pending],
    }
    if since is not None:
        out["sinceSeconds"] = since
    leaves = [act.from_seconds for act in pending if act.name == WITHDRAW]
    if leaves and standing in ("consented", "bound"):
        out["leavesAtSeconds"] = leaves[0]
    return out


def shown_act(act: Act) -> Dict[str, object]:
    """An act that counts."""
    commitment = act.commitment
    out: Dict[str, object] = {
        "id": act.id.hex(),
        "act": act.name,
        "issuedAtSeconds": act.issued_at,
        "fromSeconds": act.from_seconds,
        "unknown": commitment.unknown,
    }
    if commitment.provisions is not None:
        out["provisions"] = commitment.provisions
    if commitment.legal_basis is not None:
        out["legalBasis"] = shown_basis(commitment.legal_basis)
    if act.ceased is not None:
        out["ceased"] = act.ceased
    return out


class Given(NamedTuple):
    """The records that an operation is given, merged."""

    norm: Norm
    commitments: List[View]
    retractions: List[View]
    at_seconds: int


def read_given(given: Dict[str, Any]) -> Given:
    """Verifies the records of `norm.status` and `norm.between` (record-types 10.2)."""
    views = Views(known_states(tuple(given["charters"]), tuple(given["certificates"])))
    norm_id = views.add(given["norm"])
    if views.authorised[norm_id].record.type != "norm":
        bad_input()
    lists = [dict.fromkeys(map(views.add, given[name])) for name in ("commitments", "retractions")]
    merged = views.merged()
    commitments, retractions = ([merged[record_id] for record_id in one] for one in lists)
    return Given(read_norm(merged[norm_id]), commitments, retractions, given["atSeconds"])


NORM_INPUT: Dict[str, Callable[[object], object]] = {
    "norm": hex_bytes,
    "commitments": DOCUMENTS,
    "retractions": DOCUMENTS,
    "charters": DOCUMENTS,
    "certificates": DOCUMENTS,
    "atSeconds": TIME,
}


def status_operation(value: Dict[str, object]) -> object:
    """`norm.status` (record-types 10.2)."""
    return status(*read_given(members(value, NORM_INPUT)))


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"norm.status": status_operation}
