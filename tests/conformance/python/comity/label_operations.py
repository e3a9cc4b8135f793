"""The operations on schemes, labels and level maps (label §9, §11)."""

from __future__ import annotations

import re
from typing import Callable, Dict, Iterable, List

from . import cbor
from .combination import combine
from .dominance import dominates
from .inputs import bad_input, hex_bytes, integer_from, list_of, members, text
from .label import (
    CATEGORIES,
    DISPLAYABLE,
    LEVEL,
    PAP,
    RELEASABLE,
    SCHEME,
    TLP,
    Label,
    check_apart_from_scheme,
    check_label,
    check_succession_order,
    label_at,
    ranks,
    read_label,
)
from .refusal import Refusal
from .scheme import Scheme, check_level_map, read_level_map, read_scheme
from .shapes import MAX_SECONDS
from .texts import STATE_CODE, STATE_ID

LANGUAGE_OF_MARKINGS = "en"  # label 9.4

seconds_in = integer_from(0, MAX_SECONDS)


def code_in(value: object) -> str:
    """A state code in `in` (keys 6.3)."""
    if not isinstance(value, str) or re.fullmatch(STATE_CODE, value) is None:
        bad_input()
    return value


def codes_in(value: object) -> Dict[str, str]:
    """An object from state id to state code (label 11.7)."""
    if not isinstance(value, dict) or any(re.fullmatch(STATE_ID, name) is None for name in value):
        bad_input()
    return {name: code_in(code) for name, code in value.items()}


def scheme_of(document: bytes) -> Scheme:
    return read_scheme(cbor.decode(document))


def label_of(document: bytes) -> Label:
    return read_label(cbor.decode(document))


def scheme_check(value: Dict[str, object]) -> object:
    """`scheme.check` (label 11.1)."""
    scheme = scheme_of(members(value, {"scheme": hex_bytes})["scheme"])
    return {"id": scheme.id, "levels": list(scheme.ranks), "categorySets": list(scheme.sets)}


def label_check(value: Dict[str, object]) -> object:
    """`label.check` (label 11.2)."""
    read = members(value, {"label": hex_bytes, "scheme": hex_bytes})
    scheme, label = scheme_of(read["scheme"]), label_of(read["label"])
    check_label(label, scheme)
    return {"ranks": ranks(label, scheme)}


def label_dominates(value: Dict[str, object]) -> object:
    """`label.dominates` (label 11.3)."""
    read = members(value, {"scheme": hex_bytes, "a": hex_bytes, "b": hex_bytes})
    scheme, a, b = scheme_of(read["scheme"]), label_of(read["a"]), label_of(read["b"])
    check_apart_from_scheme(a)
    check_apart_from_scheme(b)
    return {"dominates": dominates(a, b, scheme)}


def label_combine(value: Dict[str, object]) -> object:
    """`label.combine` (label 11.4)."""
    read = members(value, {"scheme": hex_bytes, "labels": list_of(hex_bytes)})
    scheme, labels = scheme_of(read["scheme"]), [label_of(label) for label in read["labels"]]
    if any(label[SCHEME] != scheme.id for label in labels):
        raise Refusal("label.mixed-schemes")
    for label in labels:
        check_label(label, scheme)
    return {"label": cbor.encode(combine(labels, scheme)).hex()}


def label_effective(value: Dict[str, object]) -> object:
    """`label.effective` (label 11.5)."""
    read = members(value, {"label": hex_bytes, "atSeconds": seconds_in})
    label = label_of(read["label"])
    check_succession_order(label)
    return {"label": cbor.encode(label_at(label, read["atSeconds"])).hex()}


def label_map(value: Dict[str, object]) -> object:
    """`label.map` (label 11.6)."""
    read = members(value, {"map": hex_bytes, "from": hex_bytes, "to": hex_bytes, "level": text})
    level_map = read_level_map(cbor.decode(read["map"]))
    check_level_map(level_map, scheme_of(read["from"]), scheme_of(read["to"]))
    target = level_map.levels.get(read["level"])
    return {} if target is None else {"level": target}


def label_marking(value: Dict[str, object]) -> object:
    """`label.marking` (label 11.7)."""
    read = members(value, {"label": hex_bytes, "scheme": hex_bytes, "code": code_in, "codes": codes_in})
    scheme, label = scheme_of(read["scheme"]), label_of(read["label"])
    check_label(label, scheme)
    return {"marking": marking(label, scheme, read["code"], read["codes"])}


def marking(label: Label, scheme: Scheme, code: str, codes: Dict[str, str]) -> str:
    """The marking of a valid label (label §9)."""
    parts = [f"{code} {capitals(scheme.level_names[label[LEVEL]])}"]
    values = {entry[1]: entry[2] for entry in label.get(CATEGORIES, ())}
    for name, category_set in scheme.sets.items():
        if name in values:
            names = [text_map for one, text_map in category_set.names.items() if one in values[name]]
            parts.append("/".join(map(capitals, names)))
    recipients, readers = (others(label.get(key, ()), code, codes) for key in (RELEASABLE, DISPLAYABLE))
    if recipients:
        parts.append("REL TO " + ", ".join([code, *recipients]))
    if readers:
        parts.append("DISPLAY ONLY " + ", ".join(readers))
    if not recipients and not readers:
        parts.append(f"{code} EYES ONLY")
    if TLP in label:
        parts.append("TLP:" + label[TLP])
    if PAP in label:
        parts.append("PAP:" + label[PAP])
    return "//".join(parts)


def others(states: Iterable[bytes], code: str, codes: Dict[str, str]) -> List[str]:
    """How the states of a list are marked, in bytewise order, without the originator (label 9.2)."""
    marks = [codes.get(state.hex(), state.hex()[:8]) for state in states]
    return sorted(mark for mark in marks if mark != code)


def capitals(name: Dict[str, str]) -> str:
    """A name in English, else in the first language that it has, in capitals (label 9.4)."""
    english = [tag for tag in name if tag.split("-")[0] == LANGUAGE_OF_MARKINGS]
    tag = LANGUAGE_OF_MARKINGS if LANGUAGE_OF_MARKINGS in name else next(iter(english or name))
    return name[tag].upper()


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "scheme.check": scheme_check,
    "label.check": label_check,
    "label.dominates": label_dominates,
    "label.combine": label_combine,
    "label.effective": label_effective,
    "label.map": label_map,
    "label.marking": label_marking,
}
