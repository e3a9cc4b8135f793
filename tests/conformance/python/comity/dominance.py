"""When one label restricts at least as much as another (label §5)."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, Sequence

from .label import (
    CATEGORIES,
    DISPLAYABLE,
    HANDLING,
    LEVEL,
    PAP,
    PAP_ORDER,
    PURPOSES,
    RELEASABLE,
    SCHEME,
    TLP,
    TLP_ORDER,
    Label,
    label_at,
    successions,
)
from .scheme import PERMISSIVE, RESTRICTIVE, Scheme


def dominates(a: Label, b: Label, scheme: Scheme) -> bool:
    """Whether `a` dominates `b` in a scheme at all times (label 5.1)."""
    if not dominates_now(a, b, scheme):
        return False
    times = [time for label in (a, b) for time, _ in successions(label)]
    return all(dominates_now(label_at(a, time), label_at(b, time), scheme) for time in times)


def dominates_now(a: Label, b: Label, scheme: Scheme) -> bool:
    """Whether `a` dominates `b` in every dimension of label 5.3, successions left out."""
    if a[SCHEME] != scheme.id or b[SCHEME] != scheme.id:
        return False
    if a[LEVEL] not in scheme.ranks or b[LEVEL] not in scheme.ranks:
        return False
    return (
        scheme.ranks[a[LEVEL]] >= scheme.ranks[b[LEVEL]]
        and place(a, TLP, TLP_ORDER) >= place(b, TLP, TLP_ORDER)
        and place(a, PAP, PAP_ORDER) >= place(b, PAP, PAP_ORDER)
        and entries(a, RELEASABLE) <= entries(b, RELEASABLE)
        and shown_to(a) <= shown_to(b)
        and categories_dominate(categories(a), categories(b), scheme)
        and limits_as_much(entries(a, PURPOSES), entries(b, PURPOSES))
        and entries(b, HANDLING) <= entries(a, HANDLING)
    )


def place(label: Label, key: int, order: Sequence[str]) -> int:
    """The place of a TLP or PAP label in its order. No statement is below the first (label 3.1, 3.2)."""
    return order.index(label[key]) if key in label else -1


def entries(label: Label, key: int) -> FrozenSet[Any]:
    """A list of a label as the set that it is (label 2.2)."""
    return frozenset(label.get(key, ()))


def shown_to(label: Label) -> FrozenSet[Any]:
    """The states that may be shown what is labelled: keys 5 and 6 together (label 3.3)."""
    return entries(label, RELEASABLE) | entries(label, DISPLAYABLE)


def categories(label: Label) -> Dict[str, FrozenSet[str]]:
    """The categories of a label by their set."""
    return {entry[1]: frozenset(entry[2]) for entry in label.get(CATEGORIES, ())}


def limits_as_much(a: FrozenSet[str], b: FrozenSet[str]) -> bool:
    """Permissive lists, where none is no limit: `b` has none, or `a` has some, all of them in `b`."""
    return not b or (bool(a) and a <= b)


def categories_dominate(
    a: Dict[str, FrozenSet[str]], b: Dict[str, FrozenSet[str]], scheme: Scheme
) -> bool:
    """The dimensions of categories. A set that the scheme does not have decides against."""
    none: FrozenSet[str] = frozenset()
    for name in a.keys() | b.keys():
        category_set = scheme.sets.get(name)
        if category_set is None:
            return False
        values_a, values_b = a.get(name, none), b.get(name, none)
        if category_set.kind == RESTRICTIVE and not values_b <= values_a:
            return False
        if category_set.kind == PERMISSIVE and not limits_as_much(values_a, values_b):
            return False
    return True
