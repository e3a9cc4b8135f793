"""The status of a question (record-types §30; the operation `clarification.status` in 10.6)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from .forms import DOCUMENTS, TIME
from .inputs import bad_input, hex_bytes, members
from .ladder import known_states
from .norm import Views
from .norm_records import KNOWN, UNKNOWN, left_out, read_field
from .norm_status import EXPIRED, RETRACTED, SUPERSEDED, cessations
from .record_view import View

CEASED = {RETRACTED: "withdrawn", SUPERSEDED: "superseded", EXPIRED: "expired"}  # 30.3
FINAL = ("answer", "decline")


def replies_to(question: View, heard: List[View]) -> List[View]:
    """Those of 30.2, whether they stand or not, by time of issue, then id."""
    asked = read_field(question, "to")[1]
    asks = question.record.issuer.hex()
    found = []
    for view in heard:
        if view.record.type != "clarification" or asked is None:
            continue
        if view.record.issuer.hex() != asked or asked == asks:
            continue
        if read_field(view, "inReplyTo")[1] == question.record.id.hex() and read_field(view, "to")[1] == asks:
            found.append(view)
    return sorted(found, key=lambda view: (view.record.issued_at, view.record.id))


def status(question: View, others: List[View], at_seconds: int) -> Dict[str, Any]:
    """Where a question stands (30.1 to 30.4)."""
    record = question.record
    heard = [view for view in others if left_out(view, question, at_seconds) is None]
    said = replies_to(question, heard)
    ended = {
        record_id: cessation
        for record_id, cessation in cessations(heard, [question] + said).items()
        if cessation.at <= at_seconds
    }
    kind_of = {view.record.id: read_field(view, "kind")[1] for view in said}
    stands = [view for view in said if view.record.id not in ended]
    receipts = [view for view in stands if kind_of[view.record.id] == "acknowledgement"]
    finals = [view for view in stands if kind_of[view.record.id] in FINAL]
    reply: Optional[View] = finals[-1] if finals else None
    fields = {name: read_field(question, name) for name in ("kind", "to", "replyBy")}
    reply_by = fields["replyBy"][1]
    ceased = ended.get(record.id)
    if reply is not None:
        word = "answered" if kind_of[reply.record.id] == "answer" else "declined"
        since = reply.record.issued_at
    elif ceased is not None:
        word, since = CEASED[ceased.cause], ceased.at
    elif receipts:
        word, since = "acknowledged", receipts[0].record.issued_at
    else:
        word, since = "open", record.issued_at
    out: Dict[str, Any] = {"id": record.id.hex(), "status": word, "sinceSeconds": since}
    if fields["to"][0] == KNOWN:
        out["to"] = fields["to"][1]
    if reply_by is not None:
        out["replyBySeconds"] = reply_by
    out["overdue"] = word in ("open", "acknowledged") and reply_by is not None and reply_by < at_seconds
    given = [
        view.record.issued_at
        for view in said
        if kind_of[view.record.id] in FINAL
        and (view.record.id not in ended or ended[view.record.id].cause != RETRACTED)
    ]
    out["late"] = reply is not None and reply_by is not None and reply_by < given[0]
    if receipts:
        out["acknowledgedAtSeconds"] = receipts[0].record.issued_at
    if reply is not None:
        kind = kind_of[reply.record.id]
        shown: Dict[str, Any] = {"id": reply.record.id.hex(), "kind": kind}
        shown["issuedAtSeconds"] = reply.record.issued_at
        reason = read_field(reply, "reason")[1]
        if kind == "decline" and reason is not None:
            shown["reason"] = reason
        out["reply"] = shown
    out["unknown"] = [name for name, (field_status, _) in fields.items() if field_status == UNKNOWN]
    return out


QUESTION_INPUT: Dict[str, Callable[[object], object]] = {
    "question": hex_bytes,
    "others": DOCUMENTS,
    "charters": DOCUMENTS,
    "certificates": DOCUMENTS,
    "atSeconds": TIME,
}


def status_operation(value: Dict[str, object]) -> object:
    """`clarification.status` (record-types 10.6)."""
    given: Dict[str, Any] = members(value, QUESTION_INPUT)
    views = Views(known_states(tuple(given["charters"]), tuple(given["certificates"])))
    question_id = views.add(given["question"])
    listed = dict.fromkeys(map(views.add, given["others"]))
    merged = views.merged()
    question = merged[question_id]
    if question.record.type != "clarification" or read_field(question, "kind")[1] not in (None, "question"):
        bad_input()
    return status(question, [merged[record_id] for record_id in listed], given["atSeconds"])


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"clarification.status": status_operation}
