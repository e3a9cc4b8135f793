"""Quorum policies, and what they make of the cosignatures of a checkpoint (witness §1, §2)."""

from __future__ import annotations

import re
from typing import Callable, Dict, List, NamedTuple, NoReturn, Optional, Sequence, Set, Union

from .checkpoint import open_checkpoint
from .inputs import integer, integer_from, members, text
from .notes import (
    TYPE_COSIGNATURE,
    TYPE_NOTE,
    Verifier,
    check_distinct,
    read_signature_line,
    read_verifier,
    split_note,
    utf8,
)
from .refusal import Refusal

MAX_POLICY_BYTES = 131072  # witness 1.1
MAX_OF_A_KIND = 256  # witness 1.8
MAX_SECONDS = 253402300799  # conformance: seconds up to the year 9999

CONTROL = re.compile("[\u0000-\u0008\u000b-\u001f\u007f]")
COUNT = re.compile("[1-9][0-9]{0,2}")


def refuse(name: str) -> NoReturn:
    raise Refusal("log." + name)


class Group(NamedTuple):
    """Enough of the members (witness 1.6)."""

    threshold: int
    members: Sequence["Rule"]


Rule = Union[Verifier, Group]


class Policy(NamedTuple):
    """A policy, read. The quorum is None where nobody is needed."""

    logs: List[Verifier]
    witnesses: List[Verifier]
    quorum: Optional[Rule]


def read_key(item: str, kind: int) -> Verifier:
    """A verifier key of one type (witness 1.3)."""
    verifier = read_verifier(item)
    if verifier.kind != kind:
        refuse("origin-key-mismatch")
    return verifier


def read_threshold(item: str, count: int) -> int:
    """How many of `count` members are enough (witness 1.6)."""
    if item in ("any", "all"):
        return 1 if item == "any" else count
    if COUNT.fullmatch(item) is None or int(item) > count:
        refuse("policy-form")
    return int(item)


def read_policy(policy: str) -> Policy:
    """Reads the text of a policy (witness §1)."""
    if len(utf8(policy)) > MAX_POLICY_BYTES:
        refuse("policy-too-large")
    if CONTROL.search(policy) or not policy.endswith("\n"):
        refuse("policy-form")
    logs: List[Verifier] = []
    witnesses: List[Verifier] = []
    rules: Dict[str, Rule] = {}
    used: Set[str] = set()
    quorums: List[Optional[Rule]] = []

    def known(name: str) -> Rule:
        if name not in rules:
            refuse("policy-name")
        return rules[name]

    def define(name: str, rule: Rule) -> None:
        if name == "none" or name in rules:
            refuse("policy-name")
        rules[name] = rule

    for line in policy[:-1].split("\n"):
        items = [item for item in re.split("[ \t]+", line) if item]
        if not items or items[0].startswith("#"):
            continue
        keyword, rest = items[0], items[1:]
        if keyword == "log" and len(rest) in (1, 2):
            logs.append(read_key(rest[0], TYPE_NOTE))
        elif keyword == "witness" and len(rest) in (2, 3):
            witnesses.append(read_key(rest[1], TYPE_COSIGNATURE))
            if len(witnesses) > MAX_OF_A_KIND:
                refuse("policy-too-large")
            define(rest[0], witnesses[-1])
        elif keyword == "group" and len(rest) >= 3:
            names = rest[2:]
            inner = [known(name) for name in names]
            if len(set(names)) < len(names) or used & set(names):
                refuse("policy-name")
            used.update(names)
            define(rest[0], Group(read_threshold(rest[1], len(names)), inner))
        elif keyword == "quorum" and len(rest) == 1:
            quorums.append(None if rest[0] == "none" else known(rest[0]))
        else:
            refuse("policy-form")
    if max(len(logs), len(rules) - len(witnesses)) > MAX_OF_A_KIND:
        refuse("policy-too-large")
    if len(quorums) != 1:
        refuse("policy-quorum")
    check_distinct([*logs, *witnesses])
    return Policy(logs, witnesses, quorums[0])


def reached_at(rule: Rule, times: Dict[Verifier, int]) -> Optional[int]:
    """When a witness or a group was reached (witness 2.4)."""
    if isinstance(rule, Verifier):
        return times.get(rule)
    each = [reached_at(member, times) for member in rule.members]
    reached = sorted(time for time in each if time is not None)
    return reached[rule.threshold - 1] if len(reached) >= rule.threshold else None


def judge_operation(value: Dict[str, object]) -> object:
    """`quorum.judge` (witness 6.1)."""
    read = members(value, {"policy": text, "note": text, "notAfterSeconds": integer_from(0, MAX_SECONDS)})
    policy = read_policy(read["policy"])
    lines = {(line.name, line.key_id) for line in map(read_signature_line, split_note(read["note"])[1])}
    log = next((each for each in policy.logs if (each.name, each.key_id) in lines), None)
    if log is None:
        refuse("no-known-signature")
    opened = open_checkpoint(read["note"], log.name, log, policy.witnesses)
    own = "/".join(log.name.split("/")[:3]) + "/witness"  # witness 2.3
    # Those that have signed stand in the order of the witnesses (log 11.4).
    cosigners = [witness for witness in policy.witnesses if (witness.name, witness.key_id) in lines]
    counted = [
        (witness, cosignature)
        for witness, cosignature in zip(cosigners, opened.cosignatures)
        if witness.name != own and integer(cosignature["timeSeconds"]) <= read["notAfterSeconds"]
    ]
    times = {witness: integer(cosignature["timeSeconds"]) for witness, cosignature in counted}
    origin, size, root = opened.checkpoint
    trusted = None if policy.quorum is None else reached_at(policy.quorum, times)
    return {
        "origin": origin,
        "size": size,
        "root": root.hex(),
        "counted": [cosignature for _, cosignature in counted],
        "reached": policy.quorum is None or trusted is not None,
        **({} if trusted is None else {"trustedSeconds": trusted}),
    }


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"quorum.judge": judge_operation}
