"""The operations on records and their views (record §11)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from . import cbor
from .forms import DOCUMENTS, TIME
from .inputs import Form, bad_input, hex_bytes, members, text
from .ladder import climb, known_states, open_view
from .record_body import path_text, refuse
from .record_lookup import KNOWN, Undisclosed, assemble, look_up, read_path
from .record_view import View



VERIFIED: Dict[str, Form] = {
    "record": hex_bytes,
    "charter": hex_bytes,
    "certificates": DOCUMENTS,
    "disclosures?": DOCUMENTS,
    "nowSeconds?": TIME,
}


def verified(given: Dict[str, Any]) -> View:
    """The record of an operation, with its disclosures, after the ladder (record 11.1, 11.2)."""
    known = known_states((given["charter"],), tuple(given["certificates"]))
    authorised = climb(given["record"], known, given.get("nowSeconds"), lenient=True)
    return open_view(authorised, authorised.record.disclosures + given.get("disclosures", []))


def verify_operation(value: Dict[str, object]) -> object:
    """`record.verify` (record 11.3)."""
    view = verified(members(value, VERIFIED))
    record = view.record
    out: Dict[str, object] = {
        "id": record.id.hex(),
        "issuer": record.issuer.hex(),
        "keyId": record.message.key_id.hex(),
        "subject": record.subject,
        "type": record.type,
        "issuedAtSeconds": record.issued_at,
        "label": cbor.encode(record.label).hex(),
        "supersedes": [link.hex() for link in record.supersedes],
        "unknownClaims": {str(key): cbor.encode(claim).hex() for key, claim in record.unknown_claims.items()},
        "fields": {key: cbor.encode(field).hex() for key, field in record.fields.items() if type(key) is str},
        "parts": shown_parts(view),
        "decoys": [digest.hex() for digest in sorted(view.decoys)],
        "undisclosed": len(view.undisclosed),
    }
    if record.exercise is not None:
        out["exercise"] = record.exercise
    if record.retracts is not None:
        out["retracts"] = record.retracts.hex()
    if record.expires_at is not None:
        out["expiresAtSeconds"] = record.expires_at
    return out


def shown_parts(view: View) -> List[Dict[str, object]]:
    """The parts of a view, in ascending order of digests."""
    return [
        {
            "digest": digest.hex(),
            "path": path_text(part.path),
            "label": cbor.encode(part.label).hex(),
            "inherited": part.inherited,
            "content": cbor.encode(part.content).hex(),
        }
        for digest, part in sorted(view.parts.items())
    ]


def lookup_operation(value: Dict[str, object]) -> object:
    """`record.lookup` (record 11.4)."""
    given = members(value, {**VERIFIED, "path": text})
    view = verified(given)
    found = look_up(view, read_path(given["path"]))
    out: Dict[str, object] = {"status": found.status}
    if found.status == KNOWN:
        if found.part is not None:
            out["part"] = found.part.digest.hex()
        try:
            out["content"] = cbor.encode(assemble(view, found.value, found.path)).hex()
        except Undisclosed:
            pass  # content that is not whole is not shown
    return out


def narrow_operation(value: Dict[str, object]) -> object:
    """`record.narrow` (record 11.5)."""
    given = members(value, {**VERIFIED, "digests": DOCUMENTS})
    view = verified(given)
    kept = set(given["digests"])
    for digest in kept:
        if digest not in view.parts:
            refuse("unknown-digest")
        within = view.parts[digest].within
        if within is not None and within not in kept:
            refuse("ancestor-withheld")
    return {"id": view.record.id.hex(), "view": view.written(kept).hex()}


def merge_operation(value: Dict[str, object]) -> object:
    """`record.merge` (record 11.6)."""
    given = members(
        value, {"views": DOCUMENTS, "charter": hex_bytes, "certificates": DOCUMENTS, "nowSeconds?": TIME}
    )
    if not given["views"]:
        bad_input()
    known = known_states((given["charter"],), tuple(given["certificates"]))
    united: Dict[bytes, bytes] = {}
    first = None
    for data in given["views"]:
        authorised = climb(data, known, given.get("nowSeconds"), lenient=True)
        view = open_view(authorised, authorised.record.disclosures)
        if first is None:
            first = authorised
        elif authorised.record.id != first.record.id:
            refuse("different-records")
        united.update(view.disclosures)
    assert first is not None
    view = open_view(first, list(united.values()))
    return {"id": view.record.id.hex(), "view": view.written(united).hex()}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "record.verify": verify_operation,
    "record.lookup": lookup_operation,
    "record.narrow": narrow_operation,
    "record.merge": merge_operation,
}
