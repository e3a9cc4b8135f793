"""The mandatory layer: what labels and signed agreements allow (disclosure §3)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .charter import Charter
from .disclosure_approvals import Consented
from .label import CATEGORIES, LEVEL, PURPOSES, RELEASABLE, SCHEME, TLP, Label, label_at
from .policy import LETTER
from .recognition import Recognition, agree
from .registries import purposes
from .scheme import INFORMATIVE, RESTRICTIVE

Recognitions = Dict[Tuple[str, str], Recognition]  # by issuer and subject


class Relation(NamedTuple):
    """Who decides about a record of whom, for whom, and how; and what is agreed between them."""

    holder: Charter
    originator: Charter
    recipient: bytes
    recognition: Recognition  # of the recipient, by the holder
    inbound: Optional[Dict[str, str]]  # levels of the originator's scheme to the holder's; `None`: none in force
    outbound: Dict[str, str]  # levels of the holder's scheme to the recipient's
    mode: str
    officer: Optional[str]  # whom a letter is for
    purpose: str
    at_seconds: int
    consented: Consented  # by the originator; of one's own records nothing is
    barred: bool

    @property
    def own(self) -> bool:
        """Whether the holder is the originator."""
        return self.holder.state_id == self.originator.state_id


def in_force(recognition: Optional[Recognition], at_seconds: int) -> bool:
    """Whether there is a recognition that is valid at a time (charter 1.4)."""
    return recognition is not None and recognition.not_before_seconds <= at_seconds < recognition.not_after_seconds


def outbound_of(recognitions: Recognitions, holder: Charter, recipient: Charter) -> Dict[str, str]:
    """The outbound equivalence, in which what the recipient has signed counts at any time (disclosure 3.3 c, d)."""
    own = recognitions[(holder.state, recipient.state)]
    other = recognitions.get((recipient.state, holder.state))
    return agree(own, other, holder.scheme, recipient.scheme).outbound


def inbound_of(
    recognitions: Recognitions, holder: Charter, originator: Charter, at_seconds: int
) -> Optional[Dict[str, str]]:
    """The inbound equivalence with the originator, while it is in force (disclosure 3.3 a, d)."""
    own = recognitions.get((holder.state, originator.state))
    other = recognitions.get((originator.state, holder.state))
    if own is None or not in_force(own, at_seconds):
        return None
    if other is not None and not in_force(other, at_seconds):
        return None
    return agree(own, other, holder.scheme, originator.scheme).inbound


class Failure(NamedTuple):
    """The row that withholds, and its reason."""

    check: str
    reason: str


def judge_label(label: Label, relation: Relation, part: Optional[bytes] = None) -> Optional[Failure]:
    """The first of the rows M2 to M5 and M7 that the label in force (M6) of a part, or of the envelope, fails."""
    label = label_at(label, relation.at_seconds)
    consented = relation.consented.has(part)
    for check, reason, passes in ROWS:
        if not passes(label, relation, consented):
            return Failure(check, reason)
    return None


def releasable(label: Label, relation: Relation, consented: bool) -> bool:
    """M2 (disclosure 3.2)."""
    if relation.barred or (relation.mode == LETTER and not relation.own):
        return False
    return consented or relation.recipient in (relation.originator.state_id, *label.get(RELEASABLE, ()))


def carried(label: Label, relation: Relation, _: bool) -> bool:
    """M3 (disclosure 3.3)."""
    scheme = relation.holder.scheme
    if relation.own:
        level: Optional[str] = label[LEVEL] if label[SCHEME] == scheme.id else None
    elif relation.inbound is None or label[SCHEME] != relation.originator.scheme.id:
        level = None
    else:
        level = relation.inbound.get(label[LEVEL])
    ceiling = relation.recognition.ceiling
    if level not in scheme.ranks or ceiling not in scheme.ranks:
        return False
    return scheme.ranks[level] <= scheme.ranks[ceiling] and level in relation.outbound


def tlp_allows(label: Label, relation: Relation, consented: bool) -> bool:
    """M4 (disclosure 3.4)."""
    tlp = label.get(TLP, "CLEAR")
    if tlp == "CLEAR":
        return True
    if tlp == "GREEN":
        return relation.recognition.community
    if tlp in ("AMBER", "AMBER+STRICT"):
        unconsented = relation.own and relation.mode != "relay"
        return (consented or unconsented) and relation.recognition.community
    if tlp == "RED":
        return relation.mode == LETTER and relation.officer is not None and relation.recognition.community
    return False


def categories_held(label: Label, relation: Relation, _: bool) -> bool:
    """M5 (disclosure 3.5)."""
    named: List[Dict[int, Any]] = label.get(CATEGORIES, [])
    if not named:
        return True
    if not relation.own:
        return False
    held = {entry[1]: set(entry[2]) for entry in relation.recognition.categories}
    return all(category_held(entry, held.get(entry[1], set()), relation) for entry in named)


def category_held(entry: Dict[int, Any], held: set, relation: Relation) -> bool:
    """One set of a label, by its type in the holder's scheme."""
    category_set = relation.holder.scheme.sets.get(entry[1])
    if category_set is None:
        return False
    if category_set.kind == INFORMATIVE:
        return True
    if category_set.kind == RESTRICTIVE:
        return held.issuperset(entry[2])
    return not held.isdisjoint(entry[2])


def purpose_allowed(label: Label, relation: Relation, _: bool) -> bool:
    """M7 (disclosure 3.7)."""
    return relation.purpose in purposes() and relation.purpose in label.get(PURPOSES, (relation.purpose,))


ROWS = (
    ("M2", "originator-control", releasable),
    ("M3", "classification", carried),
    ("M4", "tlp", tlp_allows),
    ("M5", "categories", categories_held),
    ("M7", "purpose", purpose_allowed),
)
