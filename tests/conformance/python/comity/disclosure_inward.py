"""From the envelope inward: what becomes of each part, and of the record (disclosure §5)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Set

from .disclosure_approvals import Said
from .disclosure_labels import Relation, judge_label
from .disclosure_outcomes import (
    ANCESTOR_HELD,
    ANCESTOR_WITHHELD,
    HOLD,
    NO_PERMIT,
    RELEASE,
    WITHHOLD,
    Limits,
    Outcome,
    release,
    satisfied,
    unsatisfied,
)
from .disclosure_rules import Cover, Rules, Target, target
from .record_view import Part, View


class Way(NamedTuple):
    """A part that is there to get to others in it (disclosure 4.13 a), and what else is to be said of it (5.4)."""

    rule: str
    otherwise: Optional[Outcome]  # what its candidates that cover it wholly say
    in_held: bool


class Decision(NamedTuple):
    """The outcomes for the envelope and for each part, by its digest."""

    envelope: Outcome
    parts: Dict[bytes, Outcome]

    @property
    def outcome(self) -> str:
        """The outcome for the record (disclosure 1.3)."""
        outcomes = {part.outcome for part in self.parts.values()}
        if self.envelope.released and RELEASE in outcomes:
            return RELEASE
        return HOLD if HOLD in outcomes else WITHHOLD

    def having(self, outcome: str) -> List[str]:
        """The digests of the parts with an outcome."""
        return sorted(digest.hex() for digest, part in self.parts.items() if part.outcome == outcome)


class Decider:
    """What decides about the envelope and the parts of one record, each for itself (disclosure 5.2, 5.3)."""

    def __init__(self, view: View, relation: Relation, rules: Rules, said: Said, limits: Limits) -> None:
        self.view = view
        self.relation = relation
        self.rules = rules
        self.said = said
        self.limits = limits
        self.only_ways: Set[bytes] = set()  # held by candidates that all cover as a way (5.5)

    def envelope(self) -> Outcome:
        """The envelope, by its label and then by the rules (5.2, 4.9)."""
        failure = judge_label(self.view.record.label, self.relation)
        if failure is not None:
            return Outcome(WITHHOLD, failure.reason, check=failure.check)
        clear = [Target((name,), False) for name in self.view.record.fields if type(name) is str]
        forbidding = self.rules.forbidding_envelope(clear)
        if forbidding is not None:
            return Outcome(WITHHOLD, "forbid", forbidding)
        candidates = self.rules.covering_envelope(clear)
        permitting = satisfied(candidates, self.said, None)
        if permitting is not None:
            return release(permitting)
        return unsatisfied(candidates, self.said, None) or NO_PERMIT

    def part(self, part: Part, in_held: bool) -> Any:
        """A part, by its label and then by rules and limits (5.3, 4.8, 4.13, 4.14): an outcome, or a way."""
        failure = judge_label(part.label, self.relation, part.digest)
        if failure is not None:
            return Outcome(WITHHOLD, failure.reason, check=failure.check)
        place = target(part.path, part.content)
        forbidding = self.rules.forbidding(place)
        if forbidding is not None:
            return Outcome(WITHHOLD, "forbid", forbidding)
        rejecting = self.said.rejecting(part.digest)
        if rejecting is not None:
            return Outcome(WITHHOLD, "rejected", rejecting)
        whole, ways = (self.rules.covering(place, how) for how in (Cover.WHOLLY, Cover.WAY))
        permitting = satisfied(whole, self.said, part.digest)
        if permitting is not None:
            return self.limits.judge(part.digest, self.said) or (ANCESTOR_HELD if in_held else release(permitting))
        otherwise = unsatisfied(whole, self.said, part.digest)
        leading = satisfied(ways, self.said, part.digest)
        if leading is not None:
            return Way(leading, otherwise, in_held)
        if otherwise is None:
            otherwise = unsatisfied(ways, self.said, part.digest)
            if otherwise is not None and otherwise.held:
                self.only_ways.add(part.digest)
        return otherwise or NO_PERMIT


def decide(decider: Decider) -> Decision:
    """Decides from the envelope inward (disclosure §5)."""
    envelope = decider.envelope()
    parts = decider.view.parts
    found: Dict[bytes, Any] = {}
    # A view holds each part after the one that it stands in.
    for digest, part in parts.items():
        around = envelope if part.within is None else found[part.within]
        if isinstance(around, Outcome) and around.outcome == WITHHOLD:
            found[digest] = ANCESTOR_WITHHELD
        else:
            in_held = around.in_held if isinstance(around, Way) else around.held
            found[digest] = decider.part(part, in_held)
    return Decision(envelope, close_ways(parts, found, decider.only_ways))


def close_ways(parts: Dict[bytes, Part], found: Dict[bytes, Any], only_ways: Set[bytes]) -> Dict[bytes, Outcome]:
    """What comes of ways, from the innermost outward (disclosure 5.4, 5.5)."""
    inside: Dict[Optional[bytes], Set[str]] = {}
    outcomes: Dict[bytes, Outcome] = {}
    for digest in reversed(found):
        outcome, within = found[digest], inside.get(digest, set())
        if isinstance(outcome, Way):
            outcome = close_way(outcome, within)
        elif digest in only_ways and HOLD not in within:
            outcome = NO_PERMIT
        outcomes[digest] = outcome
        inside.setdefault(parts[digest].within, set()).update(within, (outcome.outcome,))
    return outcomes


def close_way(way: Way, inside: Set[str]) -> Outcome:
    """What comes of a way with these outcomes inside it (disclosure 5.4)."""
    if RELEASE in inside:
        return release(way.rule)
    if way.otherwise is not None and way.otherwise.held:
        return way.otherwise
    if HOLD in inside:
        return ANCESTOR_HELD if way.in_held else Outcome(HOLD, "part-held", way.rule)
    return way.otherwise or NO_PERMIT


def withheld(view: View, envelope: Outcome, part: Outcome) -> Decision:
    """A decision without a look at any part."""
    return Decision(envelope, dict.fromkeys(view.parts, part))
