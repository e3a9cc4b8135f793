"""The decision about one record and one recipient (disclosure §5; the operation `disclosure.decide` in 10.2)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from .disclosure_labels import Recognitions, Relation, in_force, inbound_of, judge_label, outbound_of
from .disclosure_rules import Cover, Rules, Target, matching, target
from .forms import DOCUMENTS, TIME, bytes_32
from .inputs import bad_input, hex_bytes, list_of, members, object_of, text
from .known_keys import Known
from .ladder import climb, known_states, open_view
from .policy import MODES, Policy, check_policy
from .recognition import PAYLOAD, TYP, verify_recognition
from .record_body import path_text
from .record_view import Part, View
from .refusal import Refusal
from .signed_document import ISSUER, SUBJECT, read_document, read_payload


class Outcome(NamedTuple):
    """Release with the rule that permits, or withhold with a reason (disclosure 1.3)."""

    reason: Optional[str] = None
    rule: Optional[str] = None
    check: Optional[str] = None

    @property
    def released(self) -> bool:
        return self.reason is None

    def shown(self) -> Dict[str, object]:
        members = {"reason": self.reason, "rule": self.rule, "check": self.check}
        out: Dict[str, object] = {name: member for name, member in members.items() if member is not None}
        out["outcome"] = "release" if self.released else "withhold"
        return out


ANCESTOR_WITHHELD = Outcome("ancestor-withheld")
NO_PERMIT = Outcome("no-permit")


class Decision(NamedTuple):
    """The outcomes for the envelope and for each part, by its digest."""

    envelope: Outcome
    parts: Dict[bytes, Outcome]

    @property
    def released(self) -> List[bytes]:
        """The digests of what is handed over (disclosure 1.3, 1.4)."""
        if not self.envelope.released:
            return []
        return sorted(digest for digest, outcome in self.parts.items() if outcome.released)


def decide(view: View, relation: Relation, rules: Rules, passes_exercise: bool) -> Decision:
    """Decides from the envelope inward (disclosure §5)."""
    if not passes_exercise:
        envelope = Outcome("exercise", check="M1")
    else:
        envelope = judge_envelope(view, relation, rules)
    outcomes: Dict[bytes, Outcome] = {}
    ways: List[Part] = []
    # A view holds each part after the one that it stands in.
    for digest, part in view.parts.items():
        around = envelope if part.within is None else outcomes[part.within]
        if not around.released:
            outcomes[digest] = ANCESTOR_WITHHELD
            continue
        outcomes[digest], way = judge_part(part, relation, rules)
        if way:
            ways.append(part)
    close_ways(view, outcomes, ways)
    return Decision(envelope, outcomes)


def judge_envelope(view: View, relation: Relation, rules: Rules) -> Outcome:
    """The envelope, by its label and then by the rules (disclosure 5.2)."""
    failure = judge_label(view.record.label, relation)
    if failure is not None:
        return Outcome(failure.reason, check=failure.check)
    clear = [Target((name,), False) for name in view.record.fields if type(name) is str]
    forbidding = rules.forbidding_envelope(clear)
    if forbidding is not None:
        return Outcome("forbid", rule=forbidding)
    permitting = rules.permitting_envelope(clear)
    return NO_PERMIT if permitting is None else Outcome(rule=permitting)


def judge_part(part: Part, relation: Relation, rules: Rules) -> Tuple[Outcome, bool]:
    """A part, by its label and then by the rules (disclosure 5.3, 4.8); and whether it is a way."""
    failure = judge_label(part.label, relation)
    if failure is not None:
        return Outcome(failure.reason, check=failure.check), False
    place = target(part.path, part.content)
    forbidding = rules.forbidding(place)
    if forbidding is not None:
        return Outcome("forbid", rule=forbidding), False
    permitting = rules.permitting(place, Cover.WHOLLY)
    if permitting is not None:
        return Outcome(rule=permitting), False
    way = rules.permitting(place, Cover.WAY)
    return (NO_PERMIT, False) if way is None else (Outcome(rule=way), True)


def close_ways(view: View, outcomes: Dict[bytes, Outcome], ways: List[Part]) -> None:
    """A way is released only with a released part inside it (disclosure 5.4)."""
    way_digests = {way.digest for way in ways}
    leading = set()
    for digest, part in view.parts.items():
        if outcomes[digest].released and digest not in way_digests:
            within = part.within
            while within is not None and within not in leading:
                leading.add(within)
                within = view.parts[within].within
    for digest in way_digests - leading:
        outcomes[digest] = NO_PERMIT


def read_recognitions(documents: List[bytes], known: Known, holder: str) -> Recognitions:
    """Verifies recognitions by the holder and of it, each with the charters of its issuer and its subject
    (disclosure 10.2, 10.3)."""
    read: Recognitions = {}
    for document in documents:
        payload = read_payload(read_document(document, TYP), PAYLOAD)
        issuer, subject = known.charters.get(payload[ISSUER]), known.charters.get(payload[SUBJECT])
        if issuer is None:
            raise Refusal("identity.wrong-issuer")
        if subject is None:
            raise Refusal("identity.wrong-subject")
        key = (issuer.state, subject.state)
        if key in read or holder not in key:
            bad_input()  # one by each of each at most, and none between others
        read[key] = verify_recognition(document, issuer, subject)
    return read


FORMS: Dict[str, Callable[[object], Any]] = {
    "policy": lambda policy: policy,
    "charters": DOCUMENTS,
    "certificates": DOCUMENTS,
    "recognitions": DOCUMENTS,
    "holder": bytes_32,
    "recipient": bytes_32,
    "record": hex_bytes,
    "disclosures": DOCUMENTS,
    "mode": text,
    "purpose": text,
    "atSeconds": TIME,
    "exercise?": object_of({"id": text, "players": list_of(bytes_32)}),
}


def decide_operation(value: Dict[str, object]) -> object:
    """`disclosure.decide` (disclosure 10.2 to 10.5)."""
    given = members(value, FORMS)
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    if given["holder"].hex() not in known.charters:
        bad_input()
    recognitions = read_recognitions(given["recognitions"], known, given["holder"].hex())
    policy = check_policy(given["policy"], frozenset(charter.code for charter in known.charters.values()))
    view = open_view(climb(given["record"], known), given["disclosures"])
    recognition = recognitions.get((given["holder"].hex(), given["recipient"].hex()))
    if recognition is None or not in_force(recognition, given["atSeconds"]):
        raise Refusal("peer.unknown")
    if given["mode"] not in MODES:
        error = Outcome("decision-error")
        decision = Decision(error, dict.fromkeys(view.parts, error))
        return {**shown(decision, view, policy), "cause": "disclosure.unknown-mode"}
    holder, recipient = known.charters[recognition.issuer], known.charters[recognition.subject]
    originator = known.charters[view.record.issuer.hex()]
    relation = Relation(
        holder=holder,
        originator=originator,
        recipient=given["recipient"],
        recognition=recognition,
        inbound=inbound_of(recognitions, holder, originator, given["atSeconds"]),
        outbound=outbound_of(recognitions, holder, recipient),
        mode=given["mode"],
        purpose=given["purpose"],
        at_seconds=given["atSeconds"],
    )
    rules = matching(policy, view, recipient.code, given["mode"], given["purpose"])
    exercise = view.record.exercise
    running = given.get("exercise", {"id": None, "players": []})
    passes = exercise is None or (exercise == running["id"] and given["recipient"] in running["players"])
    return shown(decide(view, relation, rules, passes), view, policy)


def shown(decision: Decision, view: View, policy: Policy) -> Dict[str, object]:
    """A decision as an answer shows it (disclosure 10.5)."""
    released = decision.released
    return {
        "outcome": "release" if released else "withhold",
        "policy": policy.digest.hex(),
        "envelope": decision.envelope.shown(),
        "parts": {path_text(view.parts[digest].path): outcome.shown() for digest, outcome in decision.parts.items()},
        "released": [digest.hex() for digest in released],
    }


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"disclosure.decide": decide_operation}
