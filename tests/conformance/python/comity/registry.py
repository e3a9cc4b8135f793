"""Which records say something of which subject, and the digest of it (registry §1 to §3; the operation `registry.digest` in 4.1)."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any, Callable, Dict, Iterator, List, Tuple

from .forms import DOCUMENTS
from .inputs import bad_input, members
from .ladder import known_states
from .norm import Views
from .norm_records import read_field
from .record_view import View

ABOUT_RECORDS = ("sighting", "annotation", "attribution", "review")  # record-types 1.7
RECORD_ID = re.compile("[0-9a-f]{64}", re.ASCII)

REFERENCES = (  # 2.2, where the field is known
    ("implementation", "of", "state"),
    ("implementation", "norm", "norm"),
    ("clarification", "inReplyTo", "record"),
    ("release-grant", "record", "record"),
)


def subjects(view: View) -> Iterator[str]:
    """The texts of the subjects that a record says something of (2.2), some of them perhaps twice."""
    record = view.record
    yield f"subject {record.issuer.hex()} {record.subject}"
    about = record.subject.partition("/")[2]
    if record.type in ABOUT_RECORDS and RECORD_ID.fullmatch(about):
        yield f"record {about}"
    for other in record.supersedes:
        yield f"record {other.hex()}"
    if record.retracts is not None:
        yield f"record {record.retracts.hex()}"
    if record.type == "norm":
        yield f"norm {record.subject}"
    if record.type == "commitment":
        named = read_field(view, "norm")[1]
        yield "norm " + ("?" if named is None else named)
    for record_type, field, word in REFERENCES:
        if record.type == record_type:
            named = read_field(view, field)[1]
            if named is not None:
                yield f"{word} {named}"


def shown(view: View) -> bytes:
    """What is shown of a record (3.1)."""
    return sha256(b"".join(sorted(view.parts))).digest()


def map_digest(entries: List[Tuple[bytes, bytes]], depth: int = 0) -> bytes:
    """The digest of a map (3.3)."""
    if not entries:
        return bytes(32)
    if len(entries) == 1:
        return sha256(b"\0" + b"".join(entries[0])).digest()
    halves: Tuple[List[Tuple[bytes, bytes]], List[Tuple[bytes, bytes]]] = ([], [])
    for entry in entries:
        halves[entry[0][depth // 8] >> (7 - depth % 8) & 1].append(entry)
    return sha256(b"\1" + map_digest(halves[0], depth + 1) + map_digest(halves[1], depth + 1)).digest()


def digests(held: List[View]) -> Dict[str, object]:
    """The digests of all subjects, and that of the registry (3.2)."""
    folds: Dict[bytes, Dict[bytes, bytes]] = {}
    for view in held:
        for text in subjects(view):
            folds.setdefault(sha256(text.encode()).digest(), {})[view.record.id] = shown(view)
    of_subjects = {key: map_digest(list(fold.items())) for key, fold in folds.items()}
    return {
        "records": len(held),
        "digest": map_digest(list(of_subjects.items())).hex(),
        "subjects": [{"key": key.hex(), "digest": of_subjects[key].hex()} for key in sorted(of_subjects)],
    }


REGISTRY_INPUT: Dict[str, Callable[[object], object]] = {
    "views": DOCUMENTS,
    "charters": DOCUMENTS,
    "certificates": DOCUMENTS,
}


def digest_operation(value: Dict[str, object]) -> object:
    """`registry.digest` (4.1)."""
    given: Dict[str, Any] = members(value, REGISTRY_INPUT)
    views = Views(known_states(tuple(given["charters"]), tuple(given["certificates"])))
    for data in given["views"]:
        views.add(data)
    held = list(views.merged().values())
    if any(view.record.exercise != held[0].record.exercise for view in held):
        bad_input()
    return digests(held)


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"registry.digest": digest_operation}
