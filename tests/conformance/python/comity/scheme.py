"""Classification schemes (label §1) and level maps between two of them (label §8)."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, NamedTuple

from .refusal import Refusal
from .shapes import Shape, array, closed_map, integer, literal, map_of
from .texts import identifier, is_name, language_tag, mapped_text, portion

RESTRICTIVE = "restrictive"
PERMISSIVE = "permissive"
INFORMATIVE = "informative"

MAX_LANGUAGES = 32  # label 1.3

text_map: Shape = map_of(language_tag, mapped_text, 1, MAX_LANGUAGES)

SCHEME: Shape = closed_map(
    {
        1: identifier,
        2: text_map,
        3: array(closed_map({1: identifier, 2: text_map, 3: integer(0, 255)}, {4: portion}), 1, 16),
        4: array(
            closed_map(
                {
                    1: identifier,
                    2: literal(RESTRICTIVE, PERMISSIVE, INFORMATIVE),
                    3: array(closed_map({1: identifier, 2: text_map}), 1, 128),
                }
            ),
            0,
            32,
        ),
    }
)

LEVEL_MAP: Shape = closed_map({1: identifier, 2: identifier, 3: map_of(identifier, identifier, 0, 16)})


class CategorySet(NamedTuple):
    """A category set: its type, and the names of its categories by id, in the order of the set."""

    kind: str
    names: Dict[str, Dict[str, str]]


class Scheme(NamedTuple):
    """A scheme that holds to label §1. `ranks` is in ascending order, `sets` in the order of the scheme."""

    id: str
    ranks: Dict[str, int]
    level_names: Dict[str, Dict[str, str]]
    sets: Dict[str, CategorySet]
    item: Dict[int, Any]


def refuse_duplicates(entries: Iterable[Any]) -> None:
    """No entry stands twice. Refuses with `label.duplicate`."""
    listed = list(entries)
    if len(set(listed)) < len(listed):
        raise Refusal("label.duplicate")


def check_name(name: Dict[str, str]) -> None:
    """A name in its languages (label 1.3). Refuses with `label.bad-text`."""
    if not all(map(is_name, name.values())):
        raise Refusal("label.bad-text")


def read_scheme(item: Any) -> Scheme:
    """Reads a scheme from its item and checks it (label §1).

    Refuses with `cbor.shape`, `label.bad-text`, `label.bad-rank` and `label.duplicate`.
    """
    SCHEME(item)
    levels: List[Dict[int, Any]] = item[3]
    check_name(item[2])
    for level in levels:
        check_name(level[2])
    ranks = [level[3] for level in levels]
    if ranks[0] != 0 or any(rank <= before for before, rank in zip(ranks, ranks[1:])):
        raise Refusal("label.bad-rank")
    refuse_duplicates(level[1] for level in levels)
    refuse_duplicates(level[4] for level in levels if 4 in level)
    refuse_duplicates(one[1] for one in item[4])
    for one in item[4]:
        refuse_duplicates(category[1] for category in one[3])
        for category in one[3]:
            check_name(category[2])
    return Scheme(
        id=item[1],
        ranks={level[1]: level[3] for level in levels},
        level_names={level[1]: level[2] for level in levels},
        sets={one[1]: CategorySet(one[2], {value[1]: value[2] for value in one[3]}) for one in item[4]},
        item=item,
    )


class LevelMap(NamedTuple):
    """A level map (label 8.1)."""

    origin: str
    target: str
    levels: Dict[str, str]


def read_level_map(item: Any) -> LevelMap:
    """Reads a level map from its item; what it says of schemes is not checked. Refuses with `cbor.shape`."""
    LEVEL_MAP(item)
    return LevelMap(item[1], item[2], item[3])


def check_level_map(level_map: LevelMap, origin: Scheme, target: Scheme) -> None:
    """Checks a level map between two schemes (label 8.2, 8.3).

    Refuses with `label.wrong-scheme`, `label.unknown-map-level` and `label.map-not-monotone`.
    """
    if level_map.origin != origin.id or level_map.target != target.id:
        raise Refusal("label.wrong-scheme")
    levels = level_map.levels
    if not levels.keys() <= origin.ranks.keys() or not target.ranks.keys() >= set(levels.values()):
        raise Refusal("label.unknown-map-level")
    reached = [target.ranks[levels[level]] for level in origin.ranks if level in levels]
    if any(rank < before for before, rank in zip(reached, reached[1:])):
        raise Refusal("label.map-not-monotone")
