"""What officers have said of a rule, and what the originator has (disclosure 3.8, 3.9, 4.12)."""

from __future__ import annotations

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


class Approval(NamedTuple):
    """Whether a rule is approved for a part, how many officers approve and how many have to (disclosure 4.12 d)."""

    approved: bool
    have: int
    persons: int


class Rejection(NamedTuple):
    """What rejects a part: when last, and the rule that is named by what still counts (disclosure 4.12 c)."""

    at_seconds: int
    rule: Optional[str]


class Said:
    """What officers have said that may count for a decision, by the name and digest of the rule and by part."""

    def __init__(self, statements: Iterable[Given], way: Tuple[str, str], author: Optional[str], at: int) -> None:
        self.at = at
        self.more = 0  # officers beyond those that a rule asks for (4.12 e)
        self.about: Dict[Tuple[str, bytes], Dict[bytes, List[Given]]] = {}
        of_part: Dict[bytes, List[Given]] = {}
        for one in statements:
            if one["officer"] == author or one["atSeconds"] > at:
                continue
            for part in frozenset(one["parts"]):
                of_part.setdefault(part, []).append(one)
                if (one["mode"], one["purpose"]) == way:
                    self.about.setdefault((one["rule"], one["ruleDigest"]), {}).setdefault(part, []).append(one)
        self.rejections = {part: self.rejection(said) for part, said in of_part.items()}

    def rejection(self, said: List[Given]) -> Optional[Rejection]:
        """What rejects a part, by the last words of all officers about it (4.12 c)."""
        rejecting = [one for one in latest_of(said) if one["decision"] == REJECT]
        if not rejecting:
            return None
        rules = [one["rule"] for one in rejecting if self.at < one["notAfterSeconds"]]
        return Rejection(max(one["atSeconds"] for one in rejecting), min(rules, default=None))

    def rejecting(self, part: bytes) -> Optional[str]:
        """The rule that a rejection of a part names, where one counts."""
        found = self.rejections.get(part)
        return None if found is None else found.rule

    def was_rejected(self, part: Optional[bytes]) -> bool:
        """Whether the last word of an officer about a part is a rejection, ended or not (4.12 g)."""
        return part is not None and self.rejections.get(part) is not None

    def judge(self, approve: Optional[Approve], name: str, rule_digest: bytes, part: Optional[bytes]) -> Approval:
        """How a rule or a limit stands for a part, or for the envelope."""
        if approve is None:
            return Approval(True, 0, 0)
        by_part = self.about.get((name, rule_digest), {})
        if part is not None:
            have = self.count(part, by_part.get(part, []), approve)
        else:
            open_parts = [each for each in by_part if self.rejecting(each) is None]
            have = max((self.count(each, by_part[each], approve) for each in open_parts), default=0)
        persons = approve.persons + self.more
        return Approval(have >= persons, have, persons)

    def count(self, part: bytes, statements: List[Given], approve: Approve) -> int:
        """How many officers approve a part, by what was said about it and the rule (4.12 b, d)."""
        rejection = self.rejections.get(part)
        since = -1 if rejection is None else rejection.at_seconds
        said = [one for one in statements if approve.role in one["roles"]]
        return sum(
            one["decision"] == APPROVE and self.at < self.end(one, approve) and one["atSeconds"] > since
            for one in latest_of(said)
        )

    @staticmethod
    def end(statement: Given, approve: Approve) -> int:
        """Until when an approval counts (4.12 b)."""
        return min(statement["notAfterSeconds"], statement["atSeconds"] + approve.within_seconds)


def latest_of(statements: List[Given]) -> List[Given]:
    """The last word of each officer (4.12 b)."""
    latest: Dict[str, Given] = {}
    for one in sorted(statements, key=lambda said: said["rule"], reverse=True):
        before = latest.get(one["officer"])
        if before is None or rank(one) >= rank(before):
            latest[one["officer"]] = one
    return list(latest.values())


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
