"""What the records about a norm say, as far as a view shows it (record-types 8.1 to 8.6)."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Tuple

from . import cbor
from .cbor import Tagged
from .record_forms import PROVISION, TREATY_ACTS, TYPES, VOLUNTARY_ACTS, fits, without_digests
from .record_lookup import ABSENT, KNOWN, UNKNOWN, Found, look_up
from .record_view import View

VOLUNTARY, TREATY = "voluntary", "treaty"


def read_field(view: View, name: str) -> Tuple[str, Any]:
    """Whether a whole field of a view is known, absent or unknown, and its value.

    What is withheld, or has another form than its type gives it, is unknown (record-types 8.3).
    """
    found = look_up(view, (name,))
    if found.status != KNOWN:
        return found.status, None
    if not fits(without_digests(TYPES[view.record.type][name].form), found.value):
        return UNKNOWN, None
    return KNOWN, found.value


class Norm(NamedTuple):
    """A norm as it is shown. Of the provisions the ids; `None` where any may be one of it (8.5)."""

    view: View
    kind: Optional[str]
    provisions: Optional[FrozenSet[str]]
    threshold: Optional[int]
    delay_days: int
    notice_days: int
    unknown: List[str]


def read_norm(view: View) -> Norm:
    """Reads a norm (8.3, 8.4, 8.5, 8.7, 8.13)."""
    unknown: List[str] = []
    status, kind = read_field(view, "kind")
    if status == UNKNOWN:
        unknown.append("kind")
    provisions = read_provisions(view)
    if provisions is None:
        unknown.append("provisions")
    terms: Dict[str, Any] = {}
    for name in ("entryIntoForce", "noticePeriodDays"):
        status, terms[name] = read_field(view, name)
        if status == UNKNOWN and kind == TREATY:
            unknown.append(name)
    entry = terms["entryIntoForce"] or {}
    return Norm(
        view=view,
        kind=kind,
        provisions=provisions,
        threshold=entry.get("threshold"),
        delay_days=entry.get("delayDays", 0),
        notice_days=terms["noticePeriodDays"] or 0,
        unknown=unknown,
    )


def read_provisions(view: View) -> Optional[FrozenSet[str]]:
    """The ids of the provisions of a norm, or `None` where they are not all known (8.5)."""
    found: Found = look_up(view, ("provisions",))
    if found.status == ABSENT:
        return frozenset()
    if found.status == UNKNOWN or type(found.value) is not list:
        return None
    ids = set()
    for element in found.value:
        if type(element) is Tagged:
            if element.value in view.decoys:
                continue
            if element.value not in view.parts:
                return None
            element = view.parts[element.value].content
        if not fits(PROVISION, element):
            return None
        ids.add(element["id"])
    return frozenset(ids)


def shown_provisions(view: View) -> FrozenSet[str]:
    """The ids of the provisions that a view of a norm shows, also where there are more (8.21)."""
    found: Found = look_up(view, ("provisions",))
    if found.status != KNOWN or type(found.value) is not list:
        return frozenset()
    ids = set()
    for element in found.value:
        if type(element) is Tagged:
            part = view.parts.get(element.value)
            element = None if part is None else part.content
        if fits(PROVISION, element):
            ids.add(element["id"])
    return frozenset(ids)


class Commitment(NamedTuple):
    """A commitment that is about a norm, as it is shown."""

    view: View
    act: str
    provisions: Optional[List[str]]  # those that count; `None`: about the norm as a whole
    unfit: List[str]  # those that the norm does not have
    legal_basis: Any
    effective_at: Optional[int]
    unknown: List[str]


class Ignored(NamedTuple):
    """A record that does not count for what it says."""

    id: bytes
    reason: str
    provisions: Optional[List[str]] = None

    def shown(self) -> Dict[str, object]:
        out: Dict[str, object] = {"id": self.id.hex(), "reason": self.reason}
        if self.provisions is not None:
            out["provisions"] = self.provisions
        return out


def left_out(view: View, norm: View, at_seconds: int) -> Optional[str]:
    """Why a record is left out, with its links, or `None` (8.1)."""
    if view.record.exercise != norm.record.exercise:
        return "other-exercise"
    return "issued-later" if view.record.issued_at > at_seconds else None


def read_commitment(view: View, norm: Norm) -> Tuple[Optional[Commitment], Optional[Ignored]]:
    """Reads a commitment about a norm, or says why it does not count for what it says (8.2 to 8.6)."""

    def ignored(reason: str, provisions: Optional[List[str]] = None) -> Tuple[None, Ignored]:
        return None, Ignored(view.record.id, reason, provisions)

    about, act = read_field(view, "norm")[1], read_field(view, "act")[1]
    if about is None or act is None:
        return ignored("withheld")
    if about not in (norm.view.record.id.hex(), norm.view.record.subject):
        return ignored("other-norm")
    if norm.kind is None:
        return ignored("kind-unknown")
    if act not in (VOLUNTARY_ACTS if norm.kind == VOLUNTARY else TREATY_ACTS):
        return ignored("other-kind")
    fields = {name: read_field(view, name) for name in ("provisions", "legalBasis", "effectiveAt")}
    fit, unfit = sort_provisions(fields["provisions"][1], norm)
    if fit is not None and not fit:
        return ignored("no-such-provision", unfit)
    if act == "declared-variance" and fields["legalBasis"][0] == ABSENT:
        return ignored("no-legal-basis")
    unknown = [name for name, (status, _) in fields.items() if status == UNKNOWN]
    basis, effective_at = fields["legalBasis"][1], fields["effectiveAt"][1]
    return Commitment(view, act, fit, unfit, basis, effective_at, unknown), None


def sort_provisions(named: Optional[List[str]], norm: Norm) -> Tuple[Optional[List[str]], List[str]]:
    """The provisions that a commitment names: those that the norm has, and the others, each once and ascending."""
    if named is None:
        return None, []
    listed = sorted(set(named))
    if norm.provisions is None:
        return listed, []
    has = norm.provisions
    return [one for one in listed if one in has], [one for one in listed if one not in has]


def shown_basis(basis: Any) -> str:
    """The CBOR of a legal basis."""
    return cbor.encode(basis).hex()
