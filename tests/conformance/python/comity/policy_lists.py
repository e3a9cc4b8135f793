"""The small forms of a policy: names, lists of texts, and the words that may stand in them (disclosure §6)."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, NoReturn

from .record_body import OVERALL, Path
from .record_forms import FIELDS, TYPES
from .refusal import Refusal

MAX_ENTRIES = 1000  # disclosure 6.8

NAME = re.compile("[a-z][a-z0-9-]{0,63}", re.ASCII)  # disclosure 6.3

MODES_OF_LATER_VERSIONS = ("export", "publish")  # disclosure §9


def refuse(name: str) -> NoReturn:
    raise Refusal("policy." + name)


def mapping(value: Any, required: Iterable[str], optional: Iterable[str]) -> Dict[str, Any]:
    """A mapping with these keys and no other (disclosure 6.2)."""
    if not isinstance(value, dict):
        refuse("wrong-type")
    known = {*required, *optional}
    for key in value:
        if key not in known:
            refuse("unknown-key")
    if any(key not in value for key in required):
        refuse("missing-key")
    return value


def named(value: Any) -> Dict[str, Any]:
    """A mapping from names to something, of at most 1000 entries (disclosure 6.3, 6.8)."""
    if not isinstance(value, dict):
        refuse("wrong-type")
    if len(value) > MAX_ENTRIES:
        refuse("too-many")
    for name in value:
        check_name(name)
    return value


def check_name(name: Any) -> None:
    """A name of a group, profile or rule (disclosure 6.3)."""
    if not isinstance(name, str):
        refuse("wrong-type")
    if NAME.fullmatch(name) is None:
        refuse("bad-name")


def texts(value: Any, check: Callable[[str], None], single: bool = True) -> List[str]:
    """A list of texts, or where it may a single one (disclosure 6.8), each of which is checked."""
    if single and isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        refuse("wrong-type")
    if not value:
        refuse("empty-list")
    if len(value) > MAX_ENTRIES:
        refuse("too-many")
    for entry in value:
        if not isinstance(entry, str):
            refuse("wrong-type")
    if len(set(value)) < len(value):
        refuse("duplicate-entry")
    for entry in value:
        check(entry)
    return value


def among(words: FrozenSet[str], fault: str) -> Callable[[str], None]:
    """The check of a text that is one of some words."""

    def check(entry: str) -> None:
        if entry not in words:
            refuse(fault)

    return check


def paths_of_parts() -> Dict[str, Path]:
    """The paths that name parts: fields, those inside a field with `fields`, and `overall` (disclosure 6.7)."""
    paths = {OVERALL: (OVERALL,)}
    for fields in TYPES.values():
        for name, field in fields.items():
            paths[name] = (name,)
            if field.withheld == FIELDS:
                paths.update({f"{name}.{inner}": (name, inner) for inner in field.form})
    return paths


PATHS = paths_of_parts()


class Paths:
    """A list of paths of a rule or profile, and where a part lies to it (disclosure 4.4, 4.5)."""

    def __init__(self, listed: Iterable[str]) -> None:
        self.paths: FrozenSet[Path] = frozenset(PATHS[path] for path in listed)
        self.frames: FrozenSet[Path] = frozenset(path[:end] for path in self.paths for end in range(1, len(path)))

    def have_under(self, names: Path) -> bool:
        """Whether a part with these names is under one of the paths."""
        return any(names[:end] in self.paths for end in range(1, len(names) + 1))

    def have_below(self, names: Path) -> bool:
        """Whether a part with these names lies above one of the paths."""
        return names in self.frames


def paths(value: Any) -> Paths:
    """A list of paths (disclosure 6.7)."""
    return Paths(texts(value, among(frozenset(PATHS), "unknown-part")))
