"""What holds a rule back for a time or for people, and limits (disclosure 6.9, 6.11 to 6.15)."""

from __future__ import annotations

import calendar
import datetime
import hashlib
import re
from typing import Any, Callable, FrozenSet, Iterable, List, NamedTuple, Optional, Tuple

from . import cbor
from .policy_lists import MAX_ENTRIES, mapping, refuse
from .registries import registry

DAY_SECONDS = 86400
MAX_AFTER_SECONDS = 3650 * DAY_SECONDS  # 6.12, 6.14
MAX_WITHIN_SECONDS = 365 * DAY_SECONDS  # 6.13
WITHIN_SECONDS = 30 * DAY_SECONDS  # 6.13
MAX_PERSONS = 9  # 6.13
MAX_RELEASES = 1000000  # 6.14, 6.15

NUMBER = "[0-9]{1,9}"
CLOCK = f"T(?:({NUMBER})H)?(?:({NUMBER})M)?(?:({NUMBER})S)?"
DURATION = re.compile(f"P({NUMBER})W|P(?:({NUMBER})D)?(?:{CLOCK})?", re.ASCII)
TIME = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})Z)?", re.ASCII)
FIRST_YEAR = 1970

ISSUED = "issued"
ANCHORS = {"occurred": "occurredAt", "detected": "detectedAt", "aware": "awareAt"}  # 4.11


class Member(NamedTuple):
    """A state that a `to` or a group holds, from one time until before another. Without a time there is no bound."""

    code: str
    from_seconds: Optional[int] = None
    until_seconds: Optional[int] = None

    def holds(self, code: str, at_seconds: int) -> bool:
        if self.code != code or (self.from_seconds is not None and at_seconds < self.from_seconds):
            return False
        return self.until_seconds is None or at_seconds < self.until_seconds


Members = FrozenSet[Member]


class Approve(NamedTuple):
    """Whose word is waited for (6.13)."""

    role: str
    persons: int
    within_seconds: int


DEFAULT_APPROVE = Approve("release-authority", 1, WITHIN_SECONDS)  # 4.14 b


class Limit(NamedTuple):
    """An entry of `limits`, or of `reciprocity`: the one has a time, the other a ratio in hundredths."""

    name: str
    digest: bytes
    to: Members
    releases: int
    per_seconds: Optional[int]
    hundredths: Optional[int]
    approve: Approve

    @property
    def reason(self) -> str:
        return "limit" if self.hundredths is None else "reciprocity"


def is_number(value: Any) -> bool:
    """Whether a value is a number of JSON, with a fraction or without."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def digest_of(value: Any) -> bytes:
    """The digest of a policy, a rule or a limit (6.9)."""
    return hashlib.sha256(cbor.encode(plain(value))).digest()


def plain(value: Any) -> Any:
    """A value with a fraction as the text of its shortest decimal, and 1.0 as 1."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else repr(value)
    if isinstance(value, list):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value


def seconds_of(value: Any) -> int:
    """A time (6.11)."""
    if not isinstance(value, str):
        refuse("wrong-type")
    matched = TIME.fullmatch(value)
    if matched is None:
        refuse("bad-time")
    year, *rest = (int(number or 0) for number in matched.groups())
    try:
        moment = datetime.datetime(year, *rest)
    except ValueError:
        refuse("bad-time")
    if year < FIRST_YEAR:
        refuse("bad-time")
    return calendar.timegm(moment.timetuple())


def read_member(value: Any, check_code: Callable[[str], None]) -> Member:
    """An entry of a group (6.11)."""
    if isinstance(value, str):
        check_code(value)
        return Member(value)
    entry = mapping(value, ("state",), ("from", "until"))
    if len(entry) < 2:
        refuse("missing-key")
    if not isinstance(entry["state"], str):
        refuse("wrong-type")
    check_code(entry["state"])
    begin, end = (seconds_of(entry[key]) if key in entry else None for key in ("from", "until"))
    if begin is not None and end is not None and end <= begin:
        refuse("bad-time")
    return Member(entry["state"], begin, end)


def read_group(value: Any, check_code: Callable[[str], None]) -> List[Member]:
    """A group: a list of states, none twice (6.8, 6.11)."""
    if not isinstance(value, list):
        refuse("wrong-type")
    if not value:
        refuse("empty-list")
    if len(value) > MAX_ENTRIES:
        refuse("too-many")
    members = [read_member(entry, check_code) for entry in value]
    if len({member.code for member in members}) < len(members):
        refuse("duplicate-entry")
    return members


def holds_state(to: Iterable[Member], code: str, at_seconds: int) -> bool:
    """Whether a `to` holds a state at a time."""
    return any(member.holds(code, at_seconds) for member in to)


def read_duration(value: Any, max_seconds: int) -> int:
    """A duration in seconds (6.12)."""
    if not isinstance(value, str):
        refuse("wrong-type")
    matched = DURATION.fullmatch(value)
    if matched is None or value.endswith(("P", "T")):
        refuse("bad-duration")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in matched.groups())
    total = (weeks * 7 + days) * DAY_SECONDS + hours * 3600 + minutes * 60 + seconds
    if not 0 < total <= max_seconds:
        refuse("bad-duration")
    return total


def read_embargo(rule: dict) -> Tuple[Optional[int], str]:
    """How long after which anchor a rule permits (6.12)."""
    anchor = rule.get("from", ISSUED)
    if not isinstance(anchor, str):
        refuse("wrong-type")
    if anchor != ISSUED and anchor not in ANCHORS:
        refuse("unknown-anchor")
    if "after" not in rule:
        if "from" in rule:
            refuse("from-without-after")
        return None, ISSUED
    return read_duration(rule["after"], MAX_AFTER_SECONDS), anchor


def whole_number(value: Any, maximum: int, fault: str) -> int:
    """A whole number from 1 on."""
    if not is_number(value):
        refuse("wrong-type")
    if value != value or not 1 <= value <= maximum or value != int(value):
        refuse(fault)
    return int(value)


def read_approve(value: Any) -> Approve:
    """Whose approval is needed (6.13)."""
    approve = mapping(value, ("by",), ("persons", "within"))
    if not isinstance(approve["by"], str):
        refuse("wrong-type")
    if approve["by"] not in registry("officer-roles")["roles"]:
        refuse("unknown-role")
    persons = whole_number(approve.get("persons", 1), MAX_PERSONS, "bad-persons")
    within = read_duration(approve["within"], MAX_WITHIN_SECONDS) if "within" in approve else WITHIN_SECONDS
    return Approve(approve["by"], persons, within)


def read_limits(root: dict, read_to: Callable[[Any], Members]) -> List[Limit]:
    """The entries of `limits`, then those of `reciprocity` (6.14, 6.15)."""
    limits: List[Limit] = []
    for key in ("limits", "reciprocity"):
        entries = root.get(key, [])
        if not isinstance(entries, list):
            refuse("wrong-type")
        if len(entries) > MAX_ENTRIES:
            refuse("too-many")
        limits += (read_limit(f"{key}[{index}]", entry, read_to) for index, entry in enumerate(entries))
    return limits


def read_limit(name: str, value: Any, read_to: Callable[[Any], Members]) -> Limit:
    """An entry of `limits` or `reciprocity`."""
    timed = name.startswith("limits")
    required = ("to", "then", "releases", "per") if timed else ("to", "then", "when-ratio-below")
    entry = mapping(value, required, ("approve",) if timed else ("approve", "releases"))
    to = read_to(entry["to"])
    if entry["then"] != "hold":
        refuse("bad-then")
    return Limit(
        name=name,
        to=to,
        releases=whole_number(entry.get("releases", 1), MAX_RELEASES, "bad-count"),
        per_seconds=read_duration(entry["per"], MAX_AFTER_SECONDS) if timed else None,
        hundredths=None if timed else read_ratio(entry["when-ratio-below"]),
        approve=read_approve(entry["approve"]) if "approve" in entry else DEFAULT_APPROVE,
        digest=digest_of(value),
    )


def read_ratio(value: Any) -> int:
    """A ratio in hundredths (6.15)."""
    if not is_number(value):
        refuse("wrong-type")
    if not 0 < value <= 1:
        refuse("bad-ratio")
    hundredths = round(value * 100)
    if hundredths / 100 != value:
        refuse("bad-ratio")
    return hundredths
