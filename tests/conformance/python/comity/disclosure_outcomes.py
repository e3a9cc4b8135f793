"""What becomes of an envelope or a part: by the candidates and limits, for itself (disclosure 4.13, 4.14)."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

from .disclosure_approvals import Approval, Said
from .disclosure_rules import GOES_ALONG, Permit
from .forms import TIME, bytes_32
from .inputs import TWO_TO_53, integer_from, list_of, object_of, text
from .policy import LETTER
from .policy_conditions import DEFAULT_APPROVE, Approve, Limit, holds_state

RELEASE, HOLD, WITHHOLD = "release", "hold", "withhold"

COUNT = integer_from(0, TWO_TO_53 - 1)
# Disclosure 10.3.
HELD = object_of({"entry": bytes_32, "mode": text, "parts": list_of(bytes_32)})
ACCOUNT = object_of(
    {
        "already": list_of(bytes_32),
        "releases": list_of(TIME),
        "given": COUNT,
        "received": COUNT,
        "held?": list_of(HELD),
    }
)


class Outcome(NamedTuple):
    """Release with the rule that permits; or hold or withhold, with a reason (disclosure 1.3, 10.9)."""

    outcome: str
    reason: Optional[str] = None
    rule: Optional[str] = None
    check: Optional[str] = None
    missing: Optional[Dict[str, object]] = None
    from_seconds: Optional[int] = None

    @property
    def released(self) -> bool:
        return self.outcome == RELEASE

    @property
    def held(self) -> bool:
        return self.outcome == HOLD

    def shown(self) -> Dict[str, object]:
        members = {
            "outcome": self.outcome,
            "reason": self.reason,
            "rule": self.rule,
            "check": self.check,
            "missing": self.missing,
            "fromSeconds": self.from_seconds,
        }
        return {name: member for name, member in members.items() if member is not None}


class NoAccount(Exception):
    """A limit asks for what was released, and nobody says it (disclosure 4.14 c)."""


ANCESTOR_WITHHELD = Outcome(WITHHOLD, "ancestor-withheld")
ANCESTOR_HELD = Outcome(HOLD, "ancestor-held")
NO_PERMIT = Outcome(WITHHOLD, "no-permit")


def release(rule: str) -> Outcome:
    return Outcome(RELEASE, rule=rule)


def hold(reason: str, name: str, approve: Approve, approval: Approval) -> Outcome:
    """Held until as many officers as are needed approve."""
    missing = {"role": approve.role, "persons": approval.persons, "have": approval.have}
    return Outcome(HOLD, reason, name, missing=missing)


def satisfied(candidates: List[Permit], said: Said, part: Optional[bytes]) -> Optional[str]:
    """The first candidate that is in no embargo and approved (disclosure 4.13)."""
    for permit in candidates:
        if permit.embargo_ends is None and approval_of(permit, said, part).approved:
            return permit.rule.name
    return None


def unsatisfied(candidates: List[Permit], said: Said, part: Optional[bytes]) -> Optional[Outcome]:
    """What candidates say of which none is satisfied; nothing, where there are none (disclosure 4.13 b)."""
    if not candidates:
        return None
    for permit in candidates:
        need = need_of(permit, said, part)
        if permit.embargo_ends is None and need is not None:
            return hold("approval-needed", permit.rule.name, need, approval_of(permit, said, part))
    first = min(candidates, key=lambda permit: (permit.embargo_ends, permit.rule.name))
    return Outcome(WITHHOLD, "embargo", first.rule.name, from_seconds=first.embargo_ends)


def approval_of(permit: Permit, said: Said, part: Optional[bytes]) -> Approval:
    return said.judge(need_of(permit, said, part), permit.rule.name, permit.rule.digest, part)


def need_of(permit: Permit, said: Said, part: Optional[bytes]) -> Optional[Approve]:
    """Whom a rule asks for. Of a part that was rejected each rule of the policy asks for someone (disclosure 4.12 g)."""
    if permit.rule.approve is None and permit.rule is not GOES_ALONG and said.was_rejected(part):
        return DEFAULT_APPROVE
    return permit.rule.approve


class Limits:
    """The limits that are reached for a recipient, and what was released to it before (disclosure 4.14)."""

    def __init__(
        self, limits: List[Limit], code: str, account: Optional[Dict[str, Any]], letter: bool, at_seconds: int
    ) -> None:
        concerning = [limit for limit in limits if holds_state(limit.to, code, at_seconds)]
        self.already: FrozenSet[bytes] = frozenset()
        self.holding: List[Tuple[Limit, Optional[FrozenSet[bytes]]]] = []  # of these parts, or of all
        if not concerning:
            return
        if account is None:
            raise NoAccount
        self.already = frozenset(account["already"])
        releases = sorted(account["releases"])
        for limit in concerning:
            if reached(limit, account, releases, at_seconds):
                self.holding.append((limit, None))
            else:
                self.holding.append((limit, held_before(limit, account, letter)))

    def judge(self, part: bytes, said: Said) -> Optional[Outcome]:
        """What the limits make of a part that the rules would release; nothing, where they let it go."""
        if part in self.already:
            return None
        for limit, parts in self.holding:
            if parts is not None and part not in parts:
                continue
            approval = said.judge(limit.approve, limit.name, limit.digest, part)
            if not approval.approved:
                return hold(limit.reason, limit.name, limit.approve, approval)
        return None


def held_before(limit: Limit, account: Dict[str, Any], letter: bool) -> FrozenSet[bytes]:
    """The parts that a limit has held before, in letters or in other modes (disclosure 4.14 e)."""
    held = account.get("held", ())
    return frozenset(
        part
        for one in held
        if one["entry"] == limit.digest and (one["mode"] == LETTER) == letter
        for part in one["parts"]
    )


def reached(limit: Limit, account: Dict[str, Any], releases: List[int], at_seconds: int) -> bool:
    """Whether a limit is reached, with the times of the releases in ascending order."""
    if limit.per_seconds is not None:
        return len(releases) - bisect_right(releases, at_seconds - limit.per_seconds) >= limit.releases
    given, received = account["given"], account["received"]
    return given >= limit.releases and received * 100 < (limit.hundredths or 0) * given
