"""What a view says of a place (record 7.1, 7.2; the operation in 11.4)."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Optional

from .cbor import REDACTED, Tagged
from .record_body import FIELD_NAME, MAX_STEPS, Path, refuse
from .record_view import Part, View

KNOWN, ABSENT, UNKNOWN = "known", "absent", "unknown"

STEP = re.compile(rf"\.({FIELD_NAME.pattern})|\[(0|[1-9][0-9]{{0,3}})\]", re.ASCII)


class Undisclosed(Exception):
    """A digest in a content has no disclosure."""


class Found(NamedTuple):
    """What a view says of a place: with a value and the part around it where it is known."""

    status: str
    part: Optional[Part] = None
    value: Any = None
    path: Path = ()


def read_path(text: str) -> Path:
    """Reads a path text (record 7.1). Refuses with `record.bad-path`."""
    steps = []
    dotted = "." + text
    at = 0
    while at < len(dotted):
        step = STEP.match(dotted, at)
        if step is None or len(steps) == MAX_STEPS:
            refuse("bad-path")
        steps.append(step[1] if step[1] is not None else int(step[2]))
        at = step.end()
    if not steps or type(steps[0]) is not str:
        refuse("bad-path")
    return tuple(steps)


def look_up(view: View, path: Path) -> Found:
    """Follows a path through fields, maps and arrays, in the clear and disclosed (record 7.2)."""
    found = Found(KNOWN, None, view.record.fields)
    for step in path:
        found = enter(view, found, step)
        if found.status != KNOWN:
            return found
    return found


def enter(view: View, around: Found, step: Any) -> Found:
    """One step on from a place that is known."""
    value, path = around.value, around.path + (step,)
    if type(step) is str:
        if type(value) is not dict:
            return Found(ABSENT)
        if step in value:
            return Found(KNOWN, around.part, value[step], path)
        part = view.part_at(path)
        if part is not None:
            return Found(KNOWN, part, part.content, path)
        return Found(UNKNOWN if withholds(view, value) else ABSENT)
    if type(value) is not list or step >= len(value):
        return Found(ABSENT)
    element = value[step]
    if type(element) is not Tagged:
        return Found(KNOWN, around.part, element, path)
    if element.value in view.decoys:
        return Found(ABSENT)
    if element.value not in view.parts:
        return Found(UNKNOWN)
    part = view.parts[element.value]
    return Found(KNOWN, part, part.content, path)


def withholds(view: View, fields: dict) -> bool:
    """Whether a digest of a map has no disclosure, so that any further field may be withheld."""
    return any(digest in view.undisclosed for digest in fields.get(REDACTED, ()))


def assemble(view: View, value: Any, path: Path) -> Any:
    """A value with disclosed content in place of its digests, without decoys. Raises `Undisclosed` where one is not."""
    if type(value) is list:
        assembled = []
        for position, element in enumerate(value):
            if type(element) is not Tagged:
                assembled.append(assemble(view, element, path + (position,)))
            elif element.value not in view.decoys:
                if element.value not in view.parts:
                    raise Undisclosed
                assembled.append(assemble(view, view.parts[element.value].content, path + (position,)))
        return assembled
    if type(value) is dict:
        if withholds(view, value):
            raise Undisclosed
        whole = {key: assemble(view, member, path + (key,)) for key, member in value.items() if key is not REDACTED}
        if REDACTED in value:
            for name, digest in view.fields_of.get(path, {}).items():
                whole[name] = assemble(view, view.parts[digest].content, path + (name,))
        return whole
    return value
