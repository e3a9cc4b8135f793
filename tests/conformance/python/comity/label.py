"""Labels: their form (label §2, §3), their validity in a scheme (§4), and which label applies at a time (§7).

A label is kept as the map that was decoded, with the integer keys of label 2.1.
"""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from .refusal import Refusal
from .registries import purposes
from .scheme import Scheme, refuse_duplicates
from .shapes import Shape, array, byte_string, closed_map, literal, misshapen, seconds
from .texts import identifier, is_name, shown_text

Label = Dict[int, Any]

SCHEME = 1  # the keys of label 2.1
LEVEL = 2
TLP = 3
PAP = 4
RELEASABLE = 5
DISPLAYABLE = 6
CATEGORIES = 7
PURPOSES = 8
MARK = 9
HANDLING = 10
CREATED = 11
REVIEW = 12
SUCCESSION = 13

TLP_ORDER = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")  # label 3.1
PAP_ORDER = ("CLEAR", "GREEN", "AMBER", "RED")  # label 3.2

MAX_SUCCESSIONS = 4  # label 2.4

state_ids: Shape = array(byte_string(32), 1, 256)

label_categories: Shape = closed_map({1: identifier, 2: array(identifier, 1, 128)})


def no_succession(_: Any) -> Any:
    """The grammar has no place for one more (label 2.4)."""
    misshapen()


def label_shape(succession: Shape) -> Shape:
    """The grammar of a label (label 2.1) whose key 13 has a given shape."""
    return closed_map(
        {SCHEME: identifier, LEVEL: identifier},
        {
            TLP: literal(*TLP_ORDER),
            PAP: literal(*PAP_ORDER),
            RELEASABLE: state_ids,
            DISPLAYABLE: state_ids,
            CATEGORIES: array(label_categories, 1, 32),
            PURPOSES: array(identifier, 1, 32),
            MARK: shown_text(1, 640),
            HANDLING: array(identifier, 1, 32),
            CREATED: seconds,
            REVIEW: seconds,
            SUCCESSION: succession,
        },
    )


LABEL: Shape = label_shape(no_succession)
for _ in range(MAX_SUCCESSIONS):
    LABEL = label_shape(closed_map({1: seconds, 2: LABEL}))


def read_label(item: Any) -> Label:
    """Reads a label from its item: the grammar, and the form of what stands in it. Refuses with `cbor.shape`."""
    LABEL(item)
    return item


def successions(label: Label) -> List[Tuple[int, Label]]:
    """The successions of a label in their order: time, and label that applies from then on."""
    listed: List[Tuple[int, Label]] = []
    while SUCCESSION in label:
        succession = label[SUCCESSION]
        label = succession[2]
        listed.append((succession[1], label))
    return listed


def check_label(label: Label, scheme: Scheme) -> None:
    """Whether a label is valid in a scheme (label §4). Refuses with the codes of label §12."""
    for one in (label, *(successor for _, successor in successions(label))):
        check_in_scheme(one, scheme)
    check_apart_from_scheme(label)


def check_in_scheme(label: Label, scheme: Scheme) -> None:
    """What label 4.2 and 4.3 say of one label, its successions left out."""
    if label[SCHEME] != scheme.id:
        raise Refusal("label.wrong-scheme")
    if label[LEVEL] not in scheme.ranks:
        raise Refusal("label.unknown-classification")
    check_categories(label.get(CATEGORIES, []), scheme)


def check_categories(categories: List[Dict[int, Any]], scheme: Scheme) -> None:
    """Categories as in label 4.3 and 4.4."""
    for entry in categories:
        category_set = scheme.sets.get(entry[1])
        if category_set is None:
            raise Refusal("label.unknown-category-set")
        if not category_set.names.keys() >= set(entry[2]):
            raise Refusal("label.unknown-category")
    check_category_lists(categories)


def check_category_lists(categories: List[Dict[int, Any]]) -> None:
    """No set and no category of a set stands twice (label 4.4)."""
    refuse_duplicates(entry[1] for entry in categories)
    for entry in categories:
        refuse_duplicates(entry[2])


def check_apart_from_scheme(label: Label) -> None:
    """What label 4.4, 4.5 and 4.6 say of a label and of that of every succession."""
    check_succession_order(label)
    if CREATED in label and SUCCESSION in label and label[SUCCESSION][1] <= label[CREATED]:
        raise Refusal("label.succession-not-later")
    for one in (label, *(successor for _, successor in successions(label))):
        for key in (RELEASABLE, DISPLAYABLE, PURPOSES, HANDLING):
            refuse_duplicates(one.get(key, []))
        check_category_lists(one.get(CATEGORIES, []))
        if not purposes().issuperset(one.get(PURPOSES, [])):
            raise Refusal("label.unknown-purpose")
        if not set(one.get(RELEASABLE, [])).isdisjoint(one.get(DISPLAYABLE, [])):
            raise Refusal("label.display-and-release")
        if MARK in one and not is_name(one[MARK]):
            raise Refusal("label.bad-text")


def check_succession_order(label: Label) -> None:
    """Each succession but the first is later than the one before it (label 4.6)."""
    times = [time for time, _ in successions(label)]
    if any(time <= before for before, time in zip(times, times[1:])):
        raise Refusal("label.succession-not-later")


def label_at(label: Label, time_seconds: int) -> Label:
    """The label that applies at a time, with the successions that are still to come (label 7.1)."""
    for time, successor in successions(label):
        if time <= time_seconds:
            label = successor
    return label


def ranks(label: Label, scheme: Scheme) -> List[int]:
    """The rank of the level of a valid label, then that of the label of each succession."""
    return [scheme.ranks[one[LEVEL]] for one in (label, *(successor for _, successor in successions(label)))]
