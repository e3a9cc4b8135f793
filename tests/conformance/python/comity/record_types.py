"""What a reader says of content (record-types §2; the operation `record.content` in 10.1)."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, Iterator, List, Tuple

from . import cbor
from .cbor import REDACTED, Tagged
from .inputs import bad_input, hex_bytes, members
from .record_body import is_field_name
from .record_forms import FIELDS, MISLEADING, TYPES, WHOLE, Field, fits, without_digests
from .texts import RECORD_TYPE

TYPE_NAME = re.compile(RECORD_TYPE, re.ASCII)


class Findings:
    """The paths that a reader flags."""

    def __init__(self) -> None:
        self.unknown: List[str] = []
        self.unexpected: List[str] = []
        self.misleading: List[str] = []

    def examine(self, path: str, value: Any, form: Any) -> None:
        """Examines one part that has a form."""
        if not fits(form, value):
            self.unexpected.append(path)
        self.read(path, value)

    def read(self, path: str, value: Any) -> None:
        """Examines the texts in a part."""
        if misleads(value):
            self.misleading.append(path)

    def shown(self) -> Dict[str, object]:
        return {
            "unknownFields": in_order(self.unknown),
            "unexpected": in_order(self.unexpected),
            "misleading": in_order(self.misleading),
        }


def in_order(paths: List[str]) -> List[str]:
    """Each path once, in ascending bytewise order. They are ASCII."""
    return sorted(set(paths))


def misleads(value: Any) -> bool:
    """Whether a text in a value, or a text key of a map in it, can change its surroundings (record-types 2.4)."""
    if type(value) is str:
        return MISLEADING.search(value) is not None
    if type(value) is list:
        return any(map(misleads, value))
    # What stands under simple(59) is passed over: digests show nothing.
    return type(value) is dict and any(
        misleads(key) or misleads(member) for key, member in value.items() if key is not REDACTED
    )


def named_fields(value: Dict[Any, Any]) -> Iterator[Tuple[str, Any]]:
    """The entries of a map whose keys are field names (record 4.2)."""
    return ((key, member) for key, member in value.items() if is_field_name(key))


def examine(record_type: str, fields: Dict[Any, Any]) -> Findings:
    """Examines the fields of a body of a type, which may be unknown (record-types §2)."""
    findings = Findings()
    known = TYPES.get(record_type)
    for name, value in named_fields(fields):
        field = None if known is None else known.get(name)
        if field is None:
            if known is not None:
                findings.unknown.append(name)
            findings.read(name, value)
        elif field.withheld == WHOLE:
            findings.examine(name, value, without_digests(field.form))
        elif field.withheld == FIELDS:
            examine_fields(findings, name, value, field)
        else:
            examine_elements(findings, name, value, field)
    return findings


def examine_fields(findings: Findings, name: str, value: Any, field: Field) -> None:
    """A field whose content is a map of parts."""
    if type(value) is not dict:
        findings.unexpected.append(name)
        findings.read(name, value)
        return
    for key, member in value.items():
        path = f"{name}.{key}"
        if not is_field_name(key):
            findings.read(name, {key: member})
        elif key in field.form:
            findings.examine(path, member, field.form[key])
        else:
            findings.unknown.append(path)
            findings.read(path, member)


def examine_elements(findings: Findings, name: str, value: Any, field: Field) -> None:
    """A field whose content is an array of parts."""
    if type(value) is not list:
        findings.unexpected.append(name)
        findings.read(name, value)
        return
    for position, element in enumerate(value):
        if type(element) is not Tagged:
            findings.examine(f"{name}[{position}]", element, field.form)


def content_operation(value: Dict[str, object]) -> object:
    """`record.content` (record-types 10.1)."""
    given = members(value, {"type": type_name, "fields": hex_bytes})
    fields = cbor.decode(given["fields"])
    if type(fields) is not dict:
        bad_input()
    return {"known": given["type"] in TYPES, **examine(given["type"], fields).shown()}


def type_name(value: object) -> str:
    """A record type (record 2.7)."""
    if not isinstance(value, str) or TYPE_NAME.fullmatch(value) is None:
        bad_input()
    return value


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"record.content": content_operation}
