"""The body of a record: its fields, and the digests in it (record §4)."""

from __future__ import annotations

import re
from typing import Any, List, NamedTuple, NoReturn, Set, Tuple, Union

from .cbor import REDACTED, Tagged
from .refusal import Refusal

Step = Union[str, int]
Path = Tuple[Step, ...]

MAX_STEPS = 16  # record 4.9
MAX_DIGESTS = 512  # record 4.8
PADDED_TO = 4  # record 4.6

FIELD_NAME = re.compile("[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)  # record 4.2

OVERALL = "overall"  # record 5.7
RESERVED = frozenset(  # record 4.3
    "envelope exercise expiresAt id issuedAt issuer kid label labels retracts subject supersedes type".split()
)


class Site(NamedTuple):
    """Where a digest stands: under simple(59) of a map, or as an element of an array."""

    digest: bytes
    container: Any  # the map or array
    path: Path  # of the container
    position: int  # in the array, or FIELD in a map


FIELD = -1


def refuse(name: str) -> NoReturn:
    raise Refusal("record." + name)


def is_field_name(key: Any) -> bool:
    """Whether a key is the name of a field (record 4.2)."""
    return type(key) is str and FIELD_NAME.fullmatch(key) is not None


def scan_root(payload: dict) -> List[Site]:
    """The digests in the body of a payload, which is checked on the way (record §4)."""
    sites: List[Site] = []
    for key, value in payload.items():
        if type(key) is int:
            continue
        if key is REDACTED:
            scan_list(value, payload, (), sites)
            continue
        if not is_field_name(key):
            refuse("bad-field-name")
        if key in RESERVED or key == OVERALL:
            refuse("key-reserved")
        scan(value, (key,), sites)
    add_digests(sites, set())
    return sites


def add_digests(sites: List[Site], placed: Set[bytes]) -> None:
    """Adds digests to those of a record and of what a view discloses (record 4.7, 4.8).

    A view is opened from part to part. A digest that were allowed at several places would multiply what is opened.
    """
    for site in sites:
        if site.digest in placed:
            refuse("digest-placed-twice")
        placed.add(site.digest)
    if len(placed) > MAX_DIGESTS:
        refuse("too-many-digests")


def scan(value: Any, path: Path, sites: List[Site]) -> None:
    """Appends the digests in a value at `path`, and checks their form, number, depth and the names above them."""
    if type(value) is list:
        scan_array(value, path, sites)
    elif type(value) is dict:
        for key, member in value.items():
            if key is REDACTED:
                scan_list(member, value, path, sites)
                continue
            found = len(sites)
            scan(member, path + (key,), sites)
            if len(sites) > found and not is_field_name(key):
                refuse("bad-field-name")


def scan_array(array: list, path: Path, sites: List[Site]) -> None:
    """The elements of an array: digests at their places, and elements in the clear (record 4.5)."""
    redacted = 0
    for position, element in enumerate(array):
        if type(element) is Tagged:
            redacted += 1
            sites.append(Site(element.value, array, path, position))
        else:
            scan(element, path + (position,), sites)
    if redacted:
        check_padding(redacted)
        check_depth(path)


def scan_list(digests: Any, container: dict, path: Path, sites: List[Site]) -> None:
    """The digests under simple(59) of a map (record 4.4)."""
    if type(digests) is not list or not digests:
        refuse("bad-digest-list")
    if any(type(digest) is not bytes or len(digest) != 32 for digest in digests):
        refuse("bad-digest")
    for before, digest in zip(digests, digests[1:]):
        if digest == before:
            refuse("duplicate-digest")
        if digest < before:
            refuse("unsorted-digests")
    check_padding(len(digests))
    check_depth(path)
    sites += (Site(digest, container, path, FIELD) for digest in digests)


def check_padding(count: int) -> None:
    if count % PADDED_TO:
        refuse("unpadded-digests")


def check_depth(container: Path) -> None:
    """A part stands at most 16 steps below the root (record 4.9)."""
    if len(container) >= MAX_STEPS:
        refuse("too-deep")


def path_text(path: Path) -> str:
    """A path as text (record 7.1)."""
    steps = (f"[{step}]" if type(step) is int else f".{step}" for step in path)
    return "".join(steps).lstrip(".")
