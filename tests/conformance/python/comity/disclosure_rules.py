"""The discretionary layer: what the rules of a policy say (disclosure §4)."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Callable, Dict, List, NamedTuple, Optional

from .cbor import REDACTED, Tagged
from .norm_records import read_field
from .policy import GRANT_GOES_ALONG, LETTER, NO_PATHS, Policy, Profile, Rule
from .policy_conditions import ANCHORS, ISSUED, holds_state
from .policy_lists import Paths
from .record_body import Path
from .record_forms import SCALES, TYPES
from .record_lookup import ABSENT, KNOWN
from .record_view import View


class Holds(IntEnum):
    """Whether a condition holds; of several the lowest says whether all do."""

    NO = 0
    UNKNOWN = 1
    YES = 2


class Cover(IntEnum):
    """How a permitting rule covers a part; of two the lesser counts (disclosure 4.5)."""

    NOT = 0
    WAY = 1
    WHOLLY = 2


class Target(NamedTuple):
    """A part: its path without positions, and whether it is a frame (disclosure 4.4). A field in the clear is none."""

    names: Path
    frame: bool


def target(path: Path, content: Any) -> Target:
    """The target at a path with a content."""
    return Target(tuple(step for step in path if type(step) is str), is_frame(content))


def is_frame(content: Any) -> bool:
    """Whether a content shows nothing but places for further parts."""
    if type(content) is dict:
        return content.keys() == {REDACTED}
    return type(content) is list and bool(content) and all(type(element) is Tagged for element in content)


class Permit(NamedTuple):
    """A permitting rule that matches, and when its embargo ends, where that is still to come."""

    rule: Rule
    embargo_ends: Optional[int]


class Asked(NamedTuple):
    """For whom, how, what for and when."""

    code: str
    recipient: bytes
    mode: str
    purpose: str
    at_seconds: int


class Rules(NamedTuple):
    """The rules that match a record for a recipient, in ascending order of their names; what none of them names last."""

    permits: List[Permit]
    forbids: List[Rule]

    def forbidding(self, part: Target) -> Optional[str]:
        """The first rule that forbids a part (disclosure 4.7, 4.10)."""
        return first(self.forbids, lambda rule: forbids(rule, part))

    def covering(self, part: Target, how: Cover) -> List[Permit]:
        """The candidates that cover a part in this way (disclosure 4.5, 4.6, 4.8)."""
        return [permit for permit in self.permits if covers(permit.rule, part) == how]

    def forbidding_envelope(self, clear: List[Target]) -> Optional[str]:
        """The first rule that forbids the envelope (disclosure 4.9)."""
        return first(self.forbids, lambda rule: rule.parts is None or any(forbids(rule, one) for one in clear))

    def covering_envelope(self, clear: List[Target]) -> List[Permit]:
        """The candidates for the envelope (disclosure 4.9)."""
        return [
            permit for permit in self.permits if all(covers(permit.rule, one) == Cover.WHOLLY for one in clear)
        ]


def first(rules: List[Rule], says: Callable[[Rule], bool]) -> Optional[str]:
    """The name of the first rule that says so."""
    return next((rule.name for rule in rules if says(rule)), None)


def forbids(rule: Rule, part: Target) -> bool:
    """Whether a forbidding rule covers a part (disclosure 4.7)."""
    if rule.parts is None:
        return True
    return touch(rule.parts, part)


def covers(rule: Rule, part: Target) -> Cover:
    """How a permitting rule covers a part (disclosure 4.5, 4.6)."""
    if touch(rule.profile.drop, part):
        return Cover.NOT
    return min(reach(rule.parts, part), reach(rule.profile.keep, part))


def touch(paths: Paths, part: Target) -> bool:
    """Whether a part is under one of the paths, or is no frame and lies above one."""
    return paths.have_under(part.names) or (not part.frame and paths.have_below(part.names))


def reach(paths: Optional[Paths], part: Target) -> Cover:
    """How a list of paths covers a part."""
    if paths is None or paths.have_under(part.names):
        return Cover.WHOLLY
    if part.frame and paths.have_below(part.names):
        return Cover.WAY
    return Cover.NOT


GOES_ALONG = Rule(
    name=GRANT_GOES_ALONG,
    to=frozenset(),
    modes=None,
    purposes=None,
    types=None,
    sectors=None,
    severity=None,
    parts=None,
    profile=Profile(None, NO_PATHS),
    after_seconds=None,
    anchor=ISSUED,
    approve=None,
    forbids=False,
    digest=b"",
)


def matching(policy: Policy, view: View, asked: Asked) -> Rules:
    """The rules that match a record (disclosure 4.1 to 4.3, 4.11, 4.15)."""
    facts = Facts(view)
    rules = Rules([], [])
    for rule in policy.rules:
        if not holds_state(rule.to, asked.code, asked.at_seconds):
            continue
        if not is_of_mode(rule, asked.mode) or not among(asked.purpose, rule.purposes):
            continue
        met = facts.judge(rule)
        if rule.forbids and met != Holds.NO:
            rules.forbids.append(rule)
        elif not rule.forbids and met == Holds.YES and view.record.type in TYPES:
            anchor = facts.anchor(rule.anchor) if rule.after_seconds is not None else 0
            if anchor is None:
                continue
            end = anchor + (rule.after_seconds or 0)
            rules.permits.append(Permit(rule, end if asked.at_seconds < end else None))
    if goes_along(facts, asked):
        rules.permits.append(Permit(GOES_ALONG, None))
    return rules


def goes_along(facts: Facts, asked: Asked) -> bool:
    """Whether a release-grant goes to a recipient by itself (disclosure 4.15)."""
    if asked.mode == LETTER:
        return False
    return facts.names(asked.recipient)


def is_limited(facts: Facts, asked: Asked) -> bool:
    """Whether limits and reciprocity judge a record (disclosure 4.14 d)."""
    if facts.type == RETRACTION:
        return asked.mode == LETTER
    return not goes_along(facts, asked)


def is_of_mode(rule: Rule, mode: str) -> bool:
    """Whether a rule is looked at in a mode (disclosure 4.1). None permits letters without saying so."""
    if rule.modes is None:
        return rule.forbids or mode != LETTER
    return mode in rule.modes


def among(word: str, words: Optional[List[str]]) -> bool:
    """Whether a list has a word. What is absent does not restrict."""
    return words is None or word in words


GRANT, THIRD_PARTY, HOLDER = "release-grant", "thirdParty", "holder"  # disclosure 4.15
RETRACTION = "retraction"  # disclosure 4.14 d


class Facts:
    """What a view shows of that which conditions ask for (disclosure 4.2, 4.11, 4.15)."""

    def __init__(self, view: View) -> None:
        self.type = view.record.type
        self.issued_at = view.record.issued_at
        self.status: Dict[str, str] = {}
        self.value: Dict[str, Any] = {}
        for name in ("sectors", "severity", THIRD_PARTY, HOLDER, *ANCHORS.values()):
            if name in TYPES.get(self.type, {}):
                self.status[name], self.value[name] = read_field(view, name)
            elif self.type in TYPES:
                self.status[name] = ABSENT

    def judge(self, rule: Rule) -> Holds:
        """Whether all conditions of a rule hold."""
        holds = Holds.YES
        if rule.types is not None and self.type not in rule.types:
            holds = Holds.NO
        if rule.sectors is not None:
            holds = min(holds, self.fact("sectors", lambda stated: sector_holds(stated, rule.sectors or [])))
        severity = rule.severity
        if severity is not None:
            holds = min(holds, self.fact("severity", lambda stated: severity_holds(stated, severity)))
        return holds

    def anchor(self, anchor: str) -> Optional[int]:
        """The time from which an embargo runs, where it is known (disclosure 4.11)."""
        return self.issued_at if anchor == ISSUED else self.value.get(ANCHORS[anchor])

    def names(self, recipient: bytes) -> bool:
        """Whether this is a release-grant for a recipient, or to it (disclosure 4.15)."""
        return self.type == GRANT and recipient.hex() in (self.value.get(THIRD_PARTY), self.value.get(HOLDER))

    def fact(self, name: str, judge: Callable[[Any], Holds]) -> Holds:
        """Judges a fact where it is known (disclosure 4.2 d)."""
        status = self.status.get(name)
        if status == KNOWN:
            return judge(self.value[name])
        return Holds.NO if status == ABSENT else Holds.UNKNOWN


def sector_holds(stated: List[str], named: List[str]) -> Holds:
    """Disclosure 4.2 b."""
    if any(one == name or one.startswith(name + "/") for one in stated for name in named):
        return Holds.YES
    if any(name.startswith(one + "/") for one in stated for name in named):
        return Holds.UNKNOWN
    return Holds.NO


def severity_holds(stated: Dict[Any, Any], least: Any) -> Holds:
    """Disclosure 4.2 c."""
    if stated["scale"] != least.scale:
        return Holds.UNKNOWN
    return Holds.YES if SCALES[least.scale][stated["value"]] >= least.ordinal else Holds.NO
