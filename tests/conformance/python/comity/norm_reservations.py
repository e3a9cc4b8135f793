"""When reservations and objections are made, and by what (record-types 8.16 to 8.19)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import FrozenSet, Iterable, List, NamedTuple, Optional

from .norm import Heard
from .norm_records import Commitment, read_field
from .norm_status import CONSENT, DAY_SECONDS, SUPERSEDED, WITHDRAW, Act, effect
from .shapes import MAX_SECONDS

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def twelve_months_after(seconds: int) -> int:
    """The same day and time of the next year, of 29 February 28 February (8.19)."""
    days, rest = divmod(seconds, DAY_SECONDS)
    day = EPOCH + timedelta(days=days)
    leap_day = (day.month, day.day) == (2, 29)
    year = day.year if day.month <= 2 else day.year + 1  # the one whose 29 February may lie between
    longer = is_leap(year) and not leap_day
    return min((days + (366 if longer else 365)) * DAY_SECONDS + rest, MAX_SECONDS)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def known_at(act: Act) -> int:
    """When others know of an act (8.16)."""
    return max(act.issued_at, act.from_seconds)


def speaks_of(act: Act, provision: str) -> bool:
    """Whether an act is about a provision, by name or as one of all."""
    named = act.commitment.provisions
    return named is None or provision in named


def shown_ids(acts: Iterable[Act]) -> List[str]:
    """The ids of acts, ascending."""
    return sorted(act.id.hex() for act in acts)


def object_of(commitment: Commitment) -> Optional[str]:
    """The reservation that an objection is about, where that is known."""
    found: Optional[str] = read_field(commitment.view, "toReservation")[1]
    return found


class Statement(NamedTuple):
    """A reservation or an objection with all that it narrows (8.18)."""

    act: Act
    known: int
    ids: FrozenSet[str]


def statement_of(heard: Heard, act: Act) -> Statement:
    """Follows the records that an act narrows."""
    chain = {act.id: act.commitment}
    waiting = [act.commitment]
    while waiting:
        later = waiting.pop()
        for one in later.view.record.supersedes:
            earlier = heard.commitments.get(one)
            if earlier is not None and one not in chain and narrows(heard, later, earlier):
                chain[one] = earlier
                waiting.append(earlier)
    times = [max(one.view.record.issued_at, effect(one, heard.norm)) for one in chain.values()]
    return Statement(act, min(times), frozenset(one.hex() for one in chain))


def narrows(heard: Heard, later: Commitment, earlier: Commitment) -> bool:
    """Whether a record goes on with what is left of an earlier one (8.18)."""
    before, after = earlier.view.record, later.view.record
    cessation = heard.ceased.get(before.id)
    if before.issuer != after.issuer or earlier.act != later.act or cessation is None:
        return False
    if cessation.cause != SUPERSEDED or cessation.at != after.issued_at:
        return False
    if earlier.provisions is not None:
        if later.provisions is None or not set(later.provisions) <= set(earlier.provisions):
            return False
    if later.act != "object":
        return True
    opposes = [bool(read_field(one.view, "opposesEntry")[1]) for one in (earlier, later)]
    return object_of(earlier) == object_of(later) and opposes != [False, True]


class Consent(NamedTuple):
    """The acts of consent of a state since it last began to consent (8.17)."""

    acts: List[Act]
    known: int
    signed: List[int]
    left: Optional[int]


def consent_of(acts: List[Act]) -> Optional[Consent]:
    """Of the acts in effect of a state; `None` where it does not consent."""
    consenting: List[Act] = []
    left: Optional[int] = None
    for act in acts:
        if act.name in CONSENT:
            consenting.append(act)
        elif act.name == WITHDRAW and consenting:
            consenting, left = [], act.from_seconds
    if not consenting:
        return None
    signed = [known_at(act) for act in acts if act.name == "sign"]
    return Consent(consenting, known_at(consenting[0]), signed, left)


class Reservation(NamedTuple):
    """A reservation, and when it counts as made; `None` where it is not confirmed."""

    act: Act
    ids: FrozenSet[str]
    made: Optional[int]
    late: bool


def reservations_of(heard: Heard, acts: Iterable[Act], consent: Consent) -> List[Reservation]:
    """The reservations in effect of a state that consents (8.17)."""
    return [reservation_of(statement_of(heard, act), consent) for act in acts if act.name == "reserve"]


def reservation_of(statement: Statement, consent: Consent) -> Reservation:
    times = [
        known_at(act)
        for act in consent.acts
        if statement.ids & set(read_field(act.commitment.view, "confirms")[1] or ())
    ]
    if statement.known >= consent.known:
        times.append(statement.known)
    else:
        signed = any(time <= statement.known for time in consent.signed)
        of_before = consent.left is not None and statement.known < consent.left
        if not signed and not of_before:
            times.append(consent.known)
    made = min(times) if times else None
    return Reservation(statement.act, statement.ids, made, made is not None and made > consent.known)
