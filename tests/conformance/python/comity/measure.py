"""The status of a measure (record-types §29; the operation `measure.status` in 10.5)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from .forms import DOCUMENTS, TIME
from .inputs import bad_input, hex_bytes, members
from .ladder import known_states
from .norm import Views
from .norm_records import UNKNOWN, left_out, read_field
from .norm_status import EXPIRED, RETRACTED, SUPERSEDED, cessations
from .record_view import View

STATUS_OF = {RETRACTED: "terminated", SUPERSEDED: "renewed", EXPIRED: "expired"}  # 29.2


def status(measure: View, others: List[View], at_seconds: int) -> Dict[str, Any]:
    """What has become of a measure (29.1 to 29.5)."""
    record = measure.record
    heard = [view for view in others if left_out(view, measure, at_seconds) is None]
    ceased = cessations(heard, [measure]).get(record.id)
    if ceased is not None and ceased.at > at_seconds:
        ceased = None
    starts_status, starts_at = read_field(measure, "startsAt")
    review_status, review_by = read_field(measure, "reviewBy")
    if starts_at is None:
        starts_at = record.issued_at
    if ceased is not None:
        word, since = STATUS_OF[ceased.cause], ceased.at
    elif starts_at <= at_seconds:
        word, since = "active", starts_at
    else:
        word, since = "proclaimed", record.issued_at
    reviews = [
        view.record
        for view in heard
        if view.record.type == "review"
        and view.record.subject == f"review/{record.id.hex()}"
        and read_field(view, "status")[1] == "adopted"
    ]
    out: Dict[str, Any] = {"id": record.id.hex(), "status": word, "sinceSeconds": since}
    if record.expires_at is not None:
        out["expiresAtSeconds"] = record.expires_at
    if review_by is not None:
        out["reviewBySeconds"] = review_by
    out["reviewOverdue"] = (
        review_by is not None
        and review_by <= at_seconds
        and (ceased is None or review_by < ceased.at)
        and all(review.issuer != record.issuer for review in reviews)
    )
    out["reviews"] = [
        {"id": review.id.hex(), "issuer": review.issuer.hex(), "issuedAtSeconds": review.issued_at}
        for review in sorted(reviews, key=lambda review: review.id)
    ]
    out["renewedBy"] = sorted(
        view.record.id.hex()
        for view in heard
        if view.record.type == "measure"
        and view.record.issuer == record.issuer
        and record.id in view.record.supersedes
    )
    named = (("startsAt", starts_status), ("reviewBy", review_status))
    out["unknown"] = [name for name, field_status in named if field_status == UNKNOWN]
    return out


MEASURE_INPUT: Dict[str, Callable[[object], object]] = {
    "measure": hex_bytes,
    "others": DOCUMENTS,
    "charters": DOCUMENTS,
    "certificates": DOCUMENTS,
    "atSeconds": TIME,
}


def status_operation(value: Dict[str, object]) -> object:
    """`measure.status` (record-types 10.5)."""
    given: Dict[str, Any] = members(value, MEASURE_INPUT)
    views = Views(known_states(tuple(given["charters"]), tuple(given["certificates"])))
    measure_id = views.add(given["measure"])
    if views.authorised[measure_id].record.type != "measure":
        bad_input()
    listed = dict.fromkeys(map(views.add, given["others"]))
    merged = views.merged()
    return status(merged[measure_id], [merged[record_id] for record_id in listed], given["atSeconds"])


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"measure.status": status_operation}
