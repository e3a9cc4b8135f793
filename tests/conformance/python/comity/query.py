"""The operations on questions and answers (query §7)."""

from __future__ import annotations

from typing import Any, Callable, Dict

from . import cbor
from .answers import Intake, Sent
from .forms import DOCUMENTS, TIME, bytes_32
from .inputs import Form, bad_input, boolean, hex_bytes, integer_from, list_of, members, object_of, text
from .ladder import known_states
from .question import (
    INDICATOR_SHAPE,
    SECTORS_SHAPE,
    TEXT_SHAPE,
    TYPES_SHAPE,
    Filter,
    shown_filter,
    shown_position,
    verify_question,
)
from .refusal import Refusal
from .shapes import Shape

UINT = integer_from(0, cbor.MAX_INTEGER)


def shaped(form: Form, shape: Shape) -> Form:
    """A form of an `in` with the limits that the grammar of a question gives."""

    def read(value: object) -> Any:
        try:
            return shape(form(value))
        except Refusal:
            bad_input()

    return read


def filter_form(value: object) -> Filter:
    """A filter, as `query.verify` shows it (query 7.2)."""
    given = members(
        value,
        {
            "types?": shaped(list_of(text), TYPES_SHAPE),
            "sectors?": shaped(list_of(text), SECTORS_SHAPE),
            "indicator?": shaped(text, INDICATOR_SHAPE),
            "text?": shaped(text, TEXT_SHAPE),
            "sinceSeconds?": TIME,
            "before?": object_of({"issuedAtSeconds": TIME, "recordId": bytes_32}),
        },
    )
    before = given.get("before")
    return Filter(
        types=given.get("types"),
        sectors=given.get("sectors"),
        indicator=given.get("indicator"),
        text=given.get("text"),
        since_seconds=given.get("sinceSeconds"),
        before=None if before is None else (before["issuedAtSeconds"], before["recordId"]),
    )


def sent_form(value: object) -> Sent:
    """A record with disclosures."""
    given = members(value, {"record": hex_bytes, "disclosures": DOCUMENTS})
    return Sent(given["record"], given["disclosures"])


def verify_operation(value: Dict[str, object]) -> object:
    """`query.verify` (query 7.1, 7.2)."""
    given = members(
        value,
        {
            "question": hex_bytes,
            "charters": DOCUMENTS,
            "certificates": DOCUMENTS,
            "from": bytes_32,
            "to": bytes_32,
            "nowSeconds": TIME,
            "maxAgeSeconds?": UINT,
        },
    )
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    question = verify_question(
        given["question"], known, given["from"], given["to"], given["nowSeconds"], given.get("maxAgeSeconds", 300)
    )
    out: Dict[str, object] = {
        "id": question.id.hex(),
        "from": question.issuer.hex(),
        "issuedAtSeconds": question.issued_at,
        "purpose": question.purpose,
        "label": cbor.encode(question.label).hex(),
        "filter": shown_filter(question.filter),
    }
    if question.limit is not None:
        out["limit"] = question.limit
    return out


def answers_operation(value: Dict[str, object]) -> object:
    """`query.answers` (query 7.3 to 7.5)."""
    given = members(
        value,
        {
            "filter": filter_form,
            "limit?": UINT,
            "charters": DOCUMENTS,
            "certificates": DOCUMENTS,
            "nowSeconds": TIME,
            "held": list_of(sent_form),
            "answers": list_of(sent_form),
            "more": boolean,
        },
    )
    known = known_states(tuple(given["charters"]), tuple(given["certificates"]))
    intake = Intake(given["filter"], given.get("limit"), known, given["nowSeconds"])
    if len({intake.hold(sent) for sent in given["held"]}) < len(given["held"]):
        bad_input()  # each record once
    for sent in given["answers"]:
        intake.take(sent)
    intake.end(given["more"])
    out: Dict[str, object] = {"records": [record_id.hex() for _, record_id in intake.taken]}
    if given["more"]:
        out["next"] = shown_position(intake.taken[-1])
    return out


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "query.verify": verify_operation,
    "query.answers": answers_operation,
}
