"""The decision about one record and one recipient (disclosure §5; the operation `disclosure.decide` in 10.2)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from .disclosure_approvals import BAR, CONSENT, NO_CONSENT, STATEMENT, Given, Said, consented
from .disclosure_inward import Decider, Decision, decide, withheld
from .disclosure_labels import Recognitions, Relation, in_force, inbound_of, outbound_of
from .disclosure_outcomes import ACCOUNT, ANCESTOR_WITHHELD, HOLD, RELEASE, WITHHOLD, Limits, NoAccount, Outcome
from .disclosure_rules import Asked, Facts, is_limited, matching
from .forms import DOCUMENTS, TIME, bytes_32
from .inputs import boolean, bad_input, hex_bytes, list_of, members, object_of, text
from .known_keys import Known
from .ladder import climb, known_states, open_view
from .policy import LETTER, MODES, Policy, check_policy
from .recognition import PAYLOAD, TYP, verify_recognition
from .record_body import path_text
from .record_view import View
from .refusal import Refusal
from .signed_document import ISSUER, SUBJECT, read_document, read_payload


def read_recognitions(documents: List[bytes], known: Known, holder: str) -> Recognitions:
    """Verifies recognitions by the holder and of it, each with the charters of its issuer and its subject
    (disclosure 10.2, 10.7)."""
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
    "account?": ACCOUNT,
    "approvals?": list_of(STATEMENT),
    "author?": text,
    "authorProven?": boolean,
    "consents?": list_of(CONSENT),
    "bars?": list_of(BAR),
    "officer?": text,
}

DECISION_ERROR = Outcome(WITHHOLD, "decision-error")


def decide_operation(value: Dict[str, object]) -> object:
    """`disclosure.decide` (disclosure 10.2 to 10.9)."""
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
        return shown(withheld(view, DECISION_ERROR, DECISION_ERROR), view, policy, "disclosure.unknown-mode")
    if not passes_exercise(view, given):
        return shown(withheld(view, Outcome(WITHHOLD, "exercise", check="M1"), ANCESTOR_WITHHELD), view, policy)
    relation = relation_of(given, view, known, recognitions)
    code, at_seconds = known.charters[recognition.subject].code, given["atSeconds"]
    try:
        limits = Limits(policy.limits, code, given.get("account"), given["mode"] == LETTER, at_seconds)
    except NoAccount:
        return shown(withheld(view, DECISION_ERROR, DECISION_ERROR), view, policy, "disclosure.no-account")
    asked = Asked(code, given["recipient"], given["mode"], given["purpose"], at_seconds)
    said = Said(statements_for(given), (given["mode"], given["purpose"]), given.get("author"), at_seconds)
    said.more = more_for_author(given, view)
    rules = matching(policy, view, asked)
    if not is_limited(Facts(view), asked):
        limits.holding = []
    return shown(decide(Decider(view, relation, rules, said, limits)), view, policy)


def statements_for(given: Given) -> List[Given]:
    """What officers have said: in a letter of letters to this person, else of all other modes (disclosure 4.12 a)."""
    approvals = given.get("approvals", ())
    if given["mode"] != LETTER:
        return [one for one in approvals if one["mode"] != LETTER]
    return [one for one in approvals if one["mode"] == LETTER and one.get("addressee") == given.get("officer")]


def more_for_author(given: Given, view: View) -> int:
    """How many officers more than a rule says have to approve (disclosure 4.12 e)."""
    proven = given.get("authorProven", False) and "author" in given
    return 0 if proven or given["holder"] != view.record.issuer else 1


def passes_exercise(view: View, given: Given) -> bool:
    """M1 (disclosure 3.1)."""
    running = given.get("exercise", {"id": None, "players": []})
    exercise = view.record.exercise
    return exercise is None or (exercise == running["id"] and given["recipient"] in running["players"])


def relation_of(given: Given, view: View, known: Known, recognitions: Recognitions) -> Relation:
    """Who decides about a record of whom, for whom and how, and what is agreed, consented and ordered."""
    recognition = recognitions[(given["holder"].hex(), given["recipient"].hex())]
    holder, recipient = known.charters[recognition.issuer], known.charters[recognition.subject]
    originator = known.charters[view.record.issuer.hex()]
    foreign = holder.state != originator.state
    wanted = {"record": view.record.id, "holder": given["holder"], "thirdParty": given["recipient"]}
    bars = [bar["states"] for bar in given.get("bars", ()) if bar["issuer"] == view.record.issuer]
    return Relation(
        holder=holder,
        originator=originator,
        recipient=given["recipient"],
        recognition=recognition,
        inbound=inbound_of(recognitions, holder, originator, given["atSeconds"]),
        outbound=outbound_of(recognitions, holder, recipient),
        mode=given["mode"],
        officer=given.get("officer"),
        purpose=given["purpose"],
        at_seconds=given["atSeconds"],
        consented=(
            consented(given.get("consents", ()), wanted, given["purpose"], given["atSeconds"]) if foreign else NO_CONSENT
        ),
        barred=foreign and any(given["recipient"] in states for states in bars),
    )


def shown(decision: Decision, view: View, policy: Policy, cause: Optional[str] = None) -> Dict[str, object]:
    """A decision as an answer shows it (disclosure 10.9)."""
    released = decision.outcome == RELEASE
    out: Dict[str, object] = {
        "outcome": decision.outcome,
        "policy": policy.digest.hex(),
        "envelope": decision.envelope.shown(),
        "parts": {path_text(view.parts[digest].path): decision.parts[digest].shown() for digest in view.parts},
        "released": decision.having(RELEASE) if released else [],
        "held": decision.having(HOLD),
    }
    return out if cause is None else {**out, "cause": cause}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"disclosure.decide": decide_operation}
