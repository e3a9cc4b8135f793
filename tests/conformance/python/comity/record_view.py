"""Views: the disclosures of a record at their places (record §5, 6.5, §7)."""

from __future__ import annotations

import hashlib
from collections import deque
from typing import Any, Deque, Dict, Iterable, List, NamedTuple, Optional, Sequence, Set, Tuple

from . import cbor
from .dominance import dominates
from .label import Label
from .record_body import FIELD, OVERALL, RESERVED, Path, Site, add_digests, is_field_name, refuse, scan
from .record_message import (
    MAX_DISCLOSED_BYTES,
    MAX_DISCLOSURES,
    Record,
    label_in_record,
    with_disclosures,
)
from .scheme import Scheme

SALT_BYTES = 16
OVERALL_PATH: Path = (OVERALL,)


class Disclosure(NamedTuple):
    """A disclosure that is read and not yet placed (record 5.1 to 5.5). A decoy has no label, content or name."""

    data: bytes
    digest: bytes
    decoy: bool
    name: Optional[str]  # of a field
    label: Optional[Label]  # `None` where it is inherited
    content: Any


class Part(NamedTuple):
    """A part of a view."""

    digest: bytes
    path: Path
    label: Label
    inherited: bool
    content: Any
    within: Optional[bytes]  # digest of the part that it stands in


class View(NamedTuple):
    """A record with the disclosures that a reader has of it."""

    record: Record
    disclosures: Dict[bytes, bytes]
    parts: Dict[bytes, Part]
    decoys: Set[bytes]
    undisclosed: Dict[bytes, Site]
    fields_of: Dict[Path, Dict[str, bytes]]  # of the disclosed fields of a map the digests

    def part_at(self, path: Path) -> Optional[Part]:
        """The part with this path of names, where it is a field that is disclosed."""
        digest = self.fields_of.get(path[:-1], {}).get(str(path[-1]))
        return None if digest is None else self.parts[digest]

    def written(self, digests: Iterable[bytes]) -> bytes:
        """The bytes of the view that has the disclosures of these digests alone (record 7.6)."""
        return with_disclosures(self.record.message, [self.disclosures[digest] for digest in sorted(digests)])


def digest_of(disclosure: bytes) -> bytes:
    """The digest of a disclosure: over the byte string that holds it, head included (record 5.5)."""
    return hashlib.sha256(cbor.encode(disclosure)).digest()


def read_disclosure(data: bytes) -> Disclosure:
    """Reads a disclosure (record 5.1 to 5.4)."""
    array = cbor.decode(data)
    if type(array) is not list:
        refuse("disclosure-malformed")
    if not 1 <= len(array) <= 3:
        refuse("disclosure-arity")
    if type(array[0]) is not bytes or len(array[0]) != SALT_BYTES:
        refuse("salt-length")
    digest = digest_of(data)
    if len(array) == 1:
        return Disclosure(data, digest, True, None, None, None)
    labelled = array[1]
    if type(labelled) is not list or len(labelled) != 2 or type(labelled[1]) is cbor.Tagged:
        refuse("part-malformed")
    label = None if labelled[0] is None else label_in_record(labelled[0])
    name = None
    if len(array) == 3:
        name = array[2]
        if type(name) is not str:
            refuse("key-not-text")
        if not is_field_name(name):
            refuse("bad-field-name")
    return Disclosure(data, digest, False, name, label, labelled[1])


def read_disclosures(listed: Sequence[bytes]) -> Dict[bytes, Disclosure]:
    """Reads the disclosures of a view, of which none occurs twice (record 5.6, 5.8)."""
    if len(listed) > MAX_DISCLOSURES:
        refuse("too-many-disclosures")
    if sum(map(len, listed)) > MAX_DISCLOSED_BYTES:
        refuse("too-large")
    read: Dict[bytes, Disclosure] = {}
    for data in listed:
        disclosure = read_disclosure(data)
        if disclosure.digest in read:
            refuse("duplicate-disclosure")
        read[disclosure.digest] = disclosure
    return read


def place(record: Record, disclosures: Dict[bytes, Disclosure]) -> View:
    """Puts each disclosure at its digest, from the payload inwards (record 5.6, 5.7)."""
    view = View(record, {digest: one.data for digest, one in disclosures.items()}, {}, set(), {}, {})
    placed = {site.digest for site in record.sites}
    waiting: Deque[Tuple[Site, Optional[Part]]] = deque((site, None) for site in record.sites)
    while waiting:
        site, within = waiting.popleft()
        disclosure = disclosures.get(site.digest)
        if disclosure is None:
            view.undisclosed[site.digest] = site
        elif disclosure.decoy:
            view.decoys.add(site.digest)
        else:
            part = put(view, disclosure, site, within)
            inside: List[Site] = []
            scan(part.content, part.path, inside)
            add_digests(inside, placed)
            waiting.extend((one, part) for one in inside)
    if len(view.parts) + len(view.decoys) < len(disclosures):
        refuse("orphan-disclosure")
    return view


def put(view: View, disclosure: Disclosure, site: Site, within: Optional[Part]) -> Part:
    """Adds the part that a disclosure opens at a site."""
    if site.position == FIELD:
        if disclosure.name is None:
            refuse("element-as-field")
        check_field(disclosure, site)
        siblings = view.fields_of.setdefault(site.path, {})
        if disclosure.name in siblings:
            refuse("key-present")
        siblings[disclosure.name] = site.digest
        path: Path = site.path + (disclosure.name,)
    else:
        if disclosure.name is not None:
            refuse("field-as-element")
        path = site.path + (site.position,)
    inherited = view.record.label if within is None else within.label
    part = Part(
        digest=site.digest,
        path=path,
        label=inherited if disclosure.label is None else disclosure.label,
        inherited=disclosure.label is None,
        content=disclosure.content,
        within=None if within is None else within.digest,
    )
    view.parts[site.digest] = part
    return part


def check_field(disclosure: Disclosure, site: Site) -> None:
    """The name of a disclosed field, and the form of the overall part (record 4.3, 5.7)."""
    if disclosure.name in site.container:
        refuse("key-present")
    if site.path:
        return
    if disclosure.name in RESERVED:
        refuse("key-reserved")
    if disclosure.name == OVERALL and (disclosure.label is None or disclosure.content is not None):
        refuse("overall-malformed")


def check_overall(view: View, scheme: Scheme) -> None:
    """The overall label dominates those of the envelope and of every part disclosed (record 6.5)."""
    overall = view.part_at(OVERALL_PATH)
    if overall is None:
        return
    if not dominates(overall.label, view.record.label, scheme):
        refuse("label-below-envelope")
    for part in view.parts.values():
        if not part.inherited and not dominates(overall.label, part.label, scheme):
            refuse("label-below-part")
