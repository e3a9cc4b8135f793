"""The label of material that carries several labels (label §6)."""

from __future__ import annotations

from functools import reduce
from typing import Any, Dict, FrozenSet, List, NoReturn, Optional, Sequence

from . import dominance
from .label import (
    CATEGORIES,
    DISPLAYABLE,
    HANDLING,
    LEVEL,
    MARK,
    MAX_SUCCESSIONS,
    PAP,
    PAP_ORDER,
    PURPOSES,
    RELEASABLE,
    REVIEW,
    SCHEME,
    SUCCESSION,
    TLP,
    TLP_ORDER,
    Label,
    check_label,
    label_at,
    read_label,
    successions,
)
from .refusal import Refusal
from .scheme import PERMISSIVE, Scheme


def refuse(name: str) -> NoReturn:
    raise Refusal("label." + name)


def combine(labels: Sequence[Label], scheme: Scheme) -> Label:
    """Combines labels that are valid in a scheme (label §6). What is undecided is refused."""
    if not labels:
        refuse("nothing-to-combine")
    dates = sorted({time for label in labels for time, _ in successions(label)}, reverse=True)
    if len(dates) > MAX_SUCCESSIONS:
        refuse("succession-too-long")
    result: Optional[Label] = None
    after = 0
    for date in dates:  # from the last one backwards, since each label carries the one that follows it
        result = followed_by(combine_now([label_at(label, date) for label in labels], scheme), after, result)
        after = date
    result = followed_by(combine_now(labels, scheme), after, result)
    try:
        check_label(read_label(result), scheme)
    except Refusal:
        refuse("invalid-combination")
    return result


def followed_by(label: Label, time_seconds: int, successor: Optional[Label]) -> Label:
    """A label with a succession, if there is one."""
    return label if successor is None else {**label, SUCCESSION: {1: time_seconds, 2: successor}}


def combine_now(labels: Sequence[Label], scheme: Scheme) -> Label:
    """Combines labels as they are, successions left out (label 6.2 to 6.5). Lists are in bytewise order."""
    combined: Label = {SCHEME: scheme.id}
    combined[LEVEL] = max((label[LEVEL] for label in labels), key=scheme.ranks.__getitem__)
    for key, order in ((TLP, TLP_ORDER), (PAP, PAP_ORDER)):
        highest = max(dominance.place(label, key, order) for label in labels)
        if highest >= 0:
            combined[key] = order[highest]
    releasable = common([dominance.entries(label, RELEASABLE) for label in labels], "no-common-release")
    shown = common([dominance.shown_to(label) for label in labels], "no-common-display")
    lists: Dict[int, List[Any]] = {
        RELEASABLE: sorted(releasable),
        DISPLAYABLE: sorted(shown - releasable),
        CATEGORIES: combine_categories(labels, scheme),
        PURPOSES: sorted(common_of_some([dominance.entries(label, PURPOSES) for label in labels], "purpose")),
        HANDLING: sorted({rule for label in labels for rule in label.get(HANDLING, ())}),
    }
    combined.update({key: entries for key, entries in lists.items() if entries})
    reviews = [label[REVIEW] for label in labels if REVIEW in label]
    if reviews:
        combined[REVIEW] = min(reviews)
    marks = {label.get(MARK) for label in labels}
    if len(marks) == 1 and None not in marks:
        combined[MARK] = marks.pop()
    return combined


def common(lists: Sequence[FrozenSet[Any]], undecided: str) -> FrozenSet[Any]:
    """The states common to all. Undecided where every label names some and none is common (label 6.3)."""
    intersection = reduce(frozenset.intersection, lists)
    if not intersection and all(lists):
        refuse(undecided)
    return intersection


def common_of_some(lists: Sequence[FrozenSet[str]], what: str) -> FrozenSet[str]:
    """What is common to the labels that have some; undecided where that is nothing (label 6.4)."""
    some = [one for one in lists if one]
    if not some:
        return frozenset()
    intersection = reduce(frozenset.intersection, some)
    if not intersection:
        refuse("no-common-" + what)
    return intersection


def combine_categories(labels: Sequence[Label], scheme: Scheme) -> List[Dict[int, Any]]:
    """Key 7 of the result, its sets in the order of the scheme (label 6.2, 6.4)."""
    none: FrozenSet[str] = frozenset()
    of_labels = [dominance.categories(label) for label in labels]
    combined: List[Dict[int, Any]] = []
    for name, category_set in scheme.sets.items():
        lists = [categories.get(name, none) for categories in of_labels]
        if category_set.kind == PERMISSIVE:
            values = common_of_some(lists, "category")
        else:
            values = reduce(frozenset.union, lists)
        if values:
            combined.append({1: name, 2: sorted(values)})
    return combined
