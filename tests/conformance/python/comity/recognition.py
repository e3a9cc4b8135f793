"""Recognitions (charter §4) and the equivalence of two states (charter §5)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Set

from .charter import Charter, signing_charter
from .label import check_categories, label_categories
from .refusal import Refusal
from .scheme import LEVEL_MAP, LevelMap, Scheme, check_level_map, read_level_map
from .shapes import Shape, array, boolean, byte_string, closed_map, seconds
from .signed_document import (
    BEGIN,
    END,
    ISSUED,
    ISSUER,
    SUBJECT,
    check_validity,
    read_document,
    read_payload,
    verify_signatures,
)
from .texts import identifier, state_code, state_id_text

TYP = "application/comity-recognition+cose"

PAYLOAD: Shape = closed_map(
    {
        ISSUER: state_id_text,
        SUBJECT: state_id_text,
        END: seconds,
        BEGIN: seconds,
        ISSUED: seconds,
        "in": LEVEL_MAP,
        "out": LEVEL_MAP,
        "code": state_code,
        "ceiling": identifier,
        "charter": byte_string(32),
        "community": boolean,
        "categories": array(label_categories, 0, 32),
    }
)


class Recognition(NamedTuple):
    """A recognition that is verified, with the subject's charter or without it."""

    issuer: str
    subject: str
    code: str
    charter_digest: bytes
    ceiling: str
    categories: List[Dict[int, Any]]
    community: bool
    issued_at_seconds: int
    not_before_seconds: int
    not_after_seconds: int
    outbound: LevelMap
    inbound: LevelMap


def refuse(name: str) -> NoReturn:
    raise Refusal("identity." + name)


def verify_recognition(document: bytes, issuer: Charter, subject: Optional[Charter]) -> Recognition:
    """Verifies a recognition with the charter of its issuer and, where there is one, of its subject (charter §1, §4).

    Refuses with the codes of charter §11, `cbor.shape`, and the codes of keys.md and label.md.
    """
    message = read_document(document, TYP)
    payload = read_payload(message, PAYLOAD)
    read = Recognition(
        issuer=payload[ISSUER],
        subject=payload[SUBJECT],
        code=payload["code"],
        charter_digest=payload["charter"],
        ceiling=payload["ceiling"],
        categories=payload["categories"],
        community=payload["community"],
        issued_at_seconds=payload[ISSUED],
        not_before_seconds=payload[BEGIN],
        not_after_seconds=payload[END],
        outbound=read_level_map(payload["out"]),
        inbound=read_level_map(payload["in"]),
    )
    if read.issuer != issuer.state:
        refuse("wrong-issuer")
    signing = signing_charter(message, issuer)
    verify_signatures(message, signing.root_keys, signing.threshold)
    if read.subject == read.issuer:
        refuse("self-recognition")
    check_validity(read.not_before_seconds, read.not_after_seconds)
    if read.ceiling not in issuer.scheme.ranks:
        refuse("unknown-level")
    check_categories(read.categories, issuer.scheme)
    if subject is None:
        check_without_subject(read, issuer.scheme)
    else:
        check_with_subject(read, issuer.scheme, subject)
    return read


def check_with_subject(read: Recognition, own: Scheme, subject: Charter) -> None:
    """Charter 4.4 and 4.5."""
    if (read.subject, read.code) != (subject.state, subject.code):
        refuse("wrong-subject")
    if read.charter_digest not in [one.digest for one in subject.all]:
        refuse("wrong-subject")
    if subject.scheme.id == own.id and subject.scheme.item != own.item:
        refuse("scheme-taken")
    check_level_map(read.outbound, own, subject.scheme)
    check_level_map(read.inbound, subject.scheme, own)


def check_without_subject(read: Recognition, own: Scheme) -> None:
    """What charter 4.6 says of the maps."""
    outbound, inbound = read.outbound, read.inbound
    if outbound.origin != own.id or inbound.target != own.id or outbound.target != inbound.origin:
        refuse("scheme-mismatch")
    if not own.ranks.keys() >= outbound.levels.keys() | set(inbound.levels.values()):
        refuse("unknown-level")


class Equivalence(NamedTuple):
    """What two states agree on, from the point of view of one (charter 5.3 to 5.5)."""

    outbound: Dict[str, str]
    inbound: Dict[str, str]
    disputed: Set[str]


def agree(own: Recognition, other: Optional[Recognition], issuer: Scheme, subject: Scheme) -> Equivalence:
    """The equivalence of two states. Refuses with `identity.recognitions-unrelated` (charter 5.6)."""
    if other is not None and (other.issuer, other.subject) != (own.subject, own.issuer):
        refuse("recognitions-unrelated")
    disputed_outbound = disputed(own.outbound, None if other is None else other.inbound)
    disputed_inbound = disputed(own.inbound, None if other is None else other.outbound)
    return Equivalence(
        outbound=cut(own.outbound, disputed_outbound, issuer, subject),
        inbound=cut(own.inbound, disputed_inbound, subject, issuer),
        disputed={f"{issuer.id}/{level}" for level in disputed_outbound}
        | {f"{subject.id}/{level}" for level in disputed_inbound},
    )


def disputed(own: LevelMap, other: Optional[LevelMap]) -> Set[str]:
    """The levels of a map that the other's map of the same direction contradicts, or does not have (charter 5.4)."""
    if other is None:
        return set()
    if (other.origin, other.target) != (own.origin, own.target):
        return set(own.levels)
    return {level for level, target in own.levels.items() if other.levels.get(level) != target}


def cut(level_map: LevelMap, without: Set[str], origin: Scheme, target: Scheme) -> Dict[str, str]:
    """A map up to its first gap, from the lowest level upwards (charter 5.5)."""
    kept: Dict[str, str] = {}
    highest = 0
    for level in origin.ranks:
        if level not in level_map.levels or level in without:
            break
        rank = target.ranks[level_map.levels[level]]
        if rank < highest:
            break
        highest = rank
        kept[level] = level_map.levels[level]
    return kept
