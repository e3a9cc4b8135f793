"""What officers have said of a rule, and what the originator has (disclosure 3.8, 3.9, 4.12)."""

from __future__ import annotations

from enum import Enum
from typing import Any, Dict, FrozenSet, Iterable, List, NamedTuple, Optional, Tuple

from .forms import TIME, bytes_32
from .inputs import list_of, object_of, one_of, text
from .policy_conditions import Approve

APPROVE, REJECT = "approve", "reject"

# Disclosure 10.4.
STATEMENT = object_of(
    {
        "officer": text,
        "roles": list_of(text),
        "decision": one_of(APPROVE, REJECT),
        "rule": text,
        "ruleDigest": bytes_32,
        "parts": list_of(bytes_32),
        "mode": text,
        "purpose": text,
        "addressee?": text,
        "atSeconds": TIME,
        "notAfterSeconds": TIME,
    }
)

ALL = "all"


def parts_of_consent(value: object) -> Any:
    """The parts of a consent: `all`, or digests."""
    return ALL if value == ALL else list_of(bytes_32)(value)


# Disclosure 10.5.
CONSENT = object_of(
    {
        "record": bytes_32,
        "grant": bytes_32,
        "parts": parts_of_consent,
        "holder": bytes_32,
        "thirdParty": bytes_32,
        "purposes": list_of(text),
        "fromSeconds": TIME,
        "untilSeconds": TIME,
    }
)

BAR = object_of({"issuer": bytes_32, "states": list_of(bytes_32)})  # disclosure 10.6

Given = Dict[str, Any]


class State(Enum):
    """How a rule stands for a part (disclosure 4.12 c)."""

    APPROVED = 1
    WAITS = 2
    REJECTED = 3


class Approval(NamedTuple):
    """How a rule stands for a part, and how many officers approve."""

    state: State
    have: int


class Said:
    """What officers have said that may count for a decision, by the name and digest of the rule and by part."""

    def __init__(self, statements: Iterable[Given], purpose: str, author: Optional[str], at: int) -> None:
        self.at = at
        self.about: Dict[Tuple[str, bytes], Dict[bytes, List[Given]]] = {}
        for one in statements:
            if one["purpose"] == purpose and one["officer"] != author and one["atSeconds"] <= at:
                by_part = self.about.setdefault((one["rule"], one["ruleDigest"]), {})
                for part in frozenset(one["parts"]):
                    by_part.setdefault(part, []).append(one)

    def judge(self, approve: Optional[Approve], name: str, rule_digest: bytes, part: Optional[bytes]) -> Approval:
        """How a rule or a limit stands for a part, or for the envelope."""
        if approve is None:
            return Approval(State.APPROVED, 0)
        by_part = self.about.get((name, rule_digest), {})
        if part is not None:
            return self.of_part(by_part.get(part, []), approve)
        stands = [self.of_part(statements, approve) for statements in by_part.values()]
        have = max((one.have for one in stands if one.state != State.REJECTED), default=0)
        return Approval(State.APPROVED if have >= approve.persons else State.WAITS, have)

    def of_part(self, statements: List[Given], approve: Approve) -> Approval:
        """How it stands for a part, by what was said about it (4.12 b, c)."""
        latest: Dict[str, Given] = {}
        for one in statements:
            before = latest.get(one["officer"])
            if approve.role in one["roles"] and (before is None or rank(one) > rank(before)):
                latest[one["officer"]] = one
        counting = [one["decision"] for one in latest.values() if self.at < self.end(one, approve)]
        have = counting.count(APPROVE)
        if REJECT in counting:
            return Approval(State.REJECTED, have)
        return Approval(State.APPROVED if have >= approve.persons else State.WAITS, have)

    @staticmethod
    def end(statement: Given, approve: Approve) -> int:
        """Until when a statement counts (4.12 b)."""
        return min(statement["notAfterSeconds"], statement["atSeconds"] + approve.within_seconds)


def rank(statement: Given) -> tuple:
    """The order in which the statements of an officer replace each other (4.12 b)."""
    rejects, until = statement["decision"] == REJECT, statement["notAfterSeconds"]
    return statement["atSeconds"], rejects, until if rejects else -until


class Consented(NamedTuple):
    """The consents in force for a decision: parts by their digests, and whether there is any, for all parts."""

    any: bool
    all: bool
    parts: FrozenSet[bytes]

    def has(self, part: Optional[bytes]) -> bool:
        """Whether there is a consent for a part, or for the envelope."""
        return self.any if part is None else self.all or part in self.parts


NO_CONSENT = Consented(False, False, frozenset())


def consented(consents: Iterable[Given], wanted: Given, purpose: str, at_seconds: int) -> Consented:
    """The consents with the record, holder and third party wanted that are in force (disclosure 3.8)."""
    counting = [
        one
        for one in consents
        if all(one[name] == value for name, value in wanted.items())
        and purpose in one["purposes"]
        and one["fromSeconds"] <= at_seconds < one["untilSeconds"]
    ]
    parts = frozenset(part for one in counting if one["parts"] != ALL for part in one["parts"])
    return Consented(bool(counting), any(one["parts"] == ALL for one in counting), parts)
