"""The policy of a state (disclosure §6; the operation `policy.check` in 10.1)."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, FrozenSet, List, NamedTuple, Optional

from .inputs import bad_input, list_of, members, text
from .policy_conditions import (
    Approve,
    Limit,
    Member,
    Members,
    digest_of,
    read_approve,
    read_embargo,
    read_group,
    read_limits,
)
from .policy_lists import (
    MAX_ENTRIES,
    MODES_OF_LATER_VERSIONS,
    Paths,
    among,
    check_name,
    mapping,
    named,
    paths,
    refuse,
    texts,
)
from .record_forms import SCALES, SECTORS, TYPES
from .registries import purposes, registry
from .texts import STATE_CODE

VERSION = "policy/1"
LETTER = "letter"
MODES = ("push", "query", "relay", LETTER)  # disclosure 2.1
CODE = re.compile(STATE_CODE, re.ASCII)

GRANT_GOES_ALONG = "consent-goes-along"  # disclosure 4.15

NO_PATHS = Paths(())


class Severity(NamedTuple):
    """A lowest severity on a scale."""

    scale: str
    ordinal: int


class Profile(NamedTuple):
    """What a purpose needs. Without `keep` everything."""

    keep: Optional[Paths]
    drop: Paths


class Rule(NamedTuple):
    """A rule. Of what is `None` there is no restriction."""

    name: str
    digest: bytes
    to: Members
    modes: Optional[List[str]]
    purposes: Optional[List[str]]
    types: Optional[List[str]]
    sectors: Optional[List[str]]
    severity: Optional[Severity]
    parts: Optional[Paths]
    profile: Profile
    after_seconds: Optional[int]
    anchor: str
    approve: Optional[Approve]
    forbids: bool


class Policy(NamedTuple):
    """A policy without faults. Its rules are in ascending order of their names, its limits in their own order."""

    digest: bytes
    rules: List[Rule]
    limits: List[Limit]


def check_policy(value: Any, states: FrozenSet[str]) -> Policy:
    """Checks a policy, where the codes of `states` are known (disclosure §6). Refuses with the codes `policy.*`."""
    root = mapping(value, ("comity", "rules"), ("groups", "profiles", "limits", "reciprocity"))
    if root["comity"] != VERSION:
        refuse("unknown-version")
    known_code = code_among(states)
    groups = {name: read_group(group, known_code) for name, group in named(root.get("groups", {})).items()}
    profiles = dict(REGISTERED)
    for name, profile in named(root.get("profiles", {})).items():
        if name in REGISTERED:
            refuse("reserved-profile")
        profiles[name] = read_profile(profile)
    if not isinstance(root["rules"], list):
        refuse("wrong-type")
    if len(root["rules"]) > MAX_ENTRIES:
        refuse("too-many")
    read_to = recipients(known_code, groups)
    rules = [read_rule(rule, read_to, profiles) for rule in root["rules"]]
    if len({rule.name for rule in rules}) < len(rules):
        refuse("duplicate-name")
    limits = read_limits(root, read_to)
    return Policy(digest_of(value), sorted(rules, key=lambda rule: rule.name), limits)


def recipients(known_code: Callable[[str], None], groups: Dict[str, List[Member]]) -> Callable[[Any], Members]:
    """The reading of a `to`: codes and groups (disclosure 6.5, 6.11)."""

    def read(value: Any) -> Members:
        to = texts(value, lambda entry: None if entry in groups else known_code(entry))
        return frozenset(member for entry in to for member in groups.get(entry, [Member(entry)]))

    return read


def code_among(states: FrozenSet[str]) -> Callable[[str], None]:
    """The check of a code of a state that is known (disclosure 6.5)."""

    def check(entry: str) -> None:
        if CODE.fullmatch(entry) is None:
            refuse("unknown-recipient")
        if entry not in states:
            refuse("unknown-state")

    return check


def read_profile(value: Any) -> Profile:
    """A profile: `keep`, `drop` or both (disclosure 6.3)."""
    profile = mapping(value, (), ("keep", "drop"))
    if not profile:
        refuse("missing-key")
    keep = paths(profile["keep"]) if "keep" in profile else None
    return Profile(keep, paths(profile["drop"]) if "drop" in profile else NO_PATHS)


def registered(profile: Dict[str, Any]) -> Profile:
    """A profile of the registry. One without lists keeps everything."""
    return Profile(Paths(profile["keep"]) if "keep" in profile else None, Paths(profile.get("drop", [])))


REGISTERED: Dict[str, Profile] = {
    name: registered(profile) for name, profile in registry("minimisation-profiles")["profiles"].items()
}


OPTIONAL_KEYS = ("mode", "purpose", "when", "parts", "profile", "after", "from", "approve", "effect")
CONDITIONS = ("after", "from", "approve")


def read_rule(value: Any, read_to: Callable[[Any], Members], profiles: Dict[str, Profile]) -> Rule:
    """A rule (disclosure 6.4 to 6.7, 6.12, 6.13)."""
    rule = mapping(value, ("name", "to"), OPTIONAL_KEYS)
    check_name(rule["name"])
    if rule["name"] == GRANT_GOES_ALONG:
        refuse("reserved-name")
    effect = rule.get("effect", "permit")
    if effect not in ("permit", "forbid"):
        refuse("bad-effect")
    if "profile" in rule and effect == "forbid":
        refuse("profile-on-forbid")
    if effect == "forbid" and any(key in rule for key in CONDITIONS):
        refuse("condition-on-forbid")
    after_seconds, anchor = read_embargo(rule)
    when = read_condition(rule["when"]) if "when" in rule else {}
    return Rule(
        name=rule["name"],
        to=read_to(rule["to"]),
        modes=texts(rule["mode"], check_mode) if "mode" in rule else None,
        purposes=texts(rule["purpose"], among(purposes(), "unknown-purpose")) if "purpose" in rule else None,
        types=when.get("type"),
        sectors=when.get("sector"),
        severity=when.get("severity"),
        parts=paths(rule["parts"]) if "parts" in rule else None,
        profile=profile_of(rule.get("profile"), profiles) if "profile" in rule else Profile(None, NO_PATHS),
        after_seconds=after_seconds,
        anchor=anchor,
        approve=read_approve(rule["approve"]) if "approve" in rule else None,
        forbids=effect == "forbid",
        digest=digest_of(value),
    )


def profile_of(name: Any, profiles: Dict[str, Profile]) -> Profile:
    """The profile that a rule names."""
    if not isinstance(name, str):
        refuse("wrong-type")
    if name not in profiles:
        refuse("unknown-profile")
    return profiles[name]


def check_mode(entry: str) -> None:
    """A mode of disclosure 2.1."""
    if entry in MODES_OF_LATER_VERSIONS:
        refuse("unsupported")
    if entry not in MODES:
        refuse("unknown-mode")


def read_condition(value: Any) -> Dict[str, Any]:
    """The conditions under `when` (disclosure 6.6)."""
    when = mapping(value, (), ("type", "sector", "severity"))
    if not when:
        refuse("missing-key")
    read: Dict[str, Any] = {}
    if "type" in when:
        read["type"] = texts(when["type"], among(frozenset(TYPES), "unknown-type"))
    if "sector" in when:
        read["sector"] = texts(when["sector"], among(SECTORS, "unknown-sector"))
    if "severity" in when:
        read["severity"] = read_severity(when["severity"])
    return read


def read_severity(value: Any) -> Severity:
    """A lowest severity. The scale may be left out where one scale alone has the value (disclosure 6.6)."""
    severity = mapping(value, ("at-least",), ("scale",))
    if not all(isinstance(word, str) for word in severity.values()):
        refuse("wrong-type")
    least = severity["at-least"]
    scales = [severity["scale"]] if "scale" in severity else list(SCALES)
    having = [scale for scale in scales if least in SCALES.get(scale, {})]
    if len(having) != 1:
        refuse("unknown-severity")
    return Severity(having[0], SCALES[having[0]][least])


def state_code(value: object) -> str:
    """The code of a state (keys 6.3)."""
    code = text(value)
    if CODE.fullmatch(code) is None:
        bad_input()
    return code


def check_operation(value: Dict[str, object]) -> object:
    """`policy.check` (disclosure 10.1)."""
    given = members(value, {"policy": lambda policy: policy, "states": list_of(state_code)})
    return {"digest": check_policy(given["policy"], frozenset(given["states"])).digest.hex()}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"policy.check": check_operation}
