"""Questions: their form, and what the state that is asked verifies (query §1, 4.2)."""

from __future__ import annotations

import re
from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Tuple

from . import cbor
from .cose import KID, TYP, Sign1, document_id, read_sign1, verify_sign1
from .known_keys import Known, resolve
from .label import Label, read_label
from .record_message import CWT_CLAIMS
from .refusal import Refusal
from .registries import purposes
from .shapes import Shape, array, byte_string, closed_map, integer, misshapen, text
from .texts import STATE_ID

MAX_BYTES = 16384  # query 1.1
MEDIA_TYPE = "application/comity-query+cose"
SUBJECT = "query"
MAX_AHEAD_SECONDS = 300  # query 4.2

ISSUER = re.compile(STATE_ID)
UINT = integer(0, cbor.MAX_INTEGER)
RECORD_ID = byte_string(32)
TYPES_SHAPE = array(text(0, 64), 1, 16)
SECTORS_SHAPE = array(text(0, 64), 1, 32)
INDICATOR_SHAPE = text(0, 2048)
TEXT_SHAPE = text(0, 1024)

TYPES, SECTORS, INDICATOR, TEXT, SINCE, BEFORE, LIMIT = range(4, 11)  # the keys of query §2

Position = Tuple[int, bytes]  # time of issue and id of a record (query 3.1)


def refuse(name: str) -> NoReturn:
    raise Refusal("query." + name)


def position_shape(value: Any) -> Any:
    """`answer-position`."""
    if type(value) is not list or len(value) != 2:
        misshapen()
    UINT(value[0])
    RECORD_ID(value[1])
    return value


def limit_shape(value: Any) -> Any:
    """Key 10. A question that asks for no answer has a code of its own (query 2.8, 4.2)."""
    if type(value) is int and value == 0:
        refuse("malformed")
    return integer(1, 100000)(value)


PAYLOAD: Shape = closed_map(
    {1: byte_string(32), 2: text(0, 64), 3: read_label},
    {
        TYPES: TYPES_SHAPE,
        SECTORS: SECTORS_SHAPE,
        INDICATOR: INDICATOR_SHAPE,
        TEXT: TEXT_SHAPE,
        SINCE: UINT,
        BEFORE: position_shape,
        LIMIT: limit_shape,
    },
)


class Filter(NamedTuple):
    """The conditions of a question (query §2). What is `None` is not asked for."""

    types: Optional[List[str]] = None
    sectors: Optional[List[str]] = None
    indicator: Optional[str] = None
    text: Optional[str] = None
    since_seconds: Optional[int] = None
    before: Optional[Position] = None


class Question(NamedTuple):
    """A question whose form is good."""

    message: Sign1
    id: bytes
    issuer: bytes
    issued_at: int
    asked: bytes
    purpose: str
    label: Label
    filter: Filter
    limit: Optional[int]


def read_question(data: bytes) -> Question:
    """Reads a question (query §1). Refuses with `query.malformed`, `cbor.*` and `cose.*`."""
    if len(data) > MAX_BYTES:
        refuse("malformed")
    message = read_sign1(data, MAX_BYTES)
    header = message.protected_header
    if header.keys() != {1, KID, CWT_CLAIMS, TYP} or header[TYP] != MEDIA_TYPE or message.unprotected_header:
        refuse("malformed")
    claims = header[CWT_CLAIMS]
    if type(claims) is not dict or claims.keys() != {1, 2, 6, 7} or claims[2] != SUBJECT:
        refuse("malformed")
    issuer, issued_at, nonce = claims[1], claims[6], claims[7]
    if type(issuer) is not str or ISSUER.fullmatch(issuer) is None:
        refuse("malformed")
    if type(issued_at) is not int or issued_at < 0 or type(nonce) is not bytes or len(nonce) != 16:
        refuse("malformed")
    payload = PAYLOAD(cbor.decode(message.payload))
    before = payload.get(BEFORE)
    return Question(
        message=message,
        id=document_id(message),
        issuer=bytes.fromhex(issuer),
        issued_at=issued_at,
        asked=payload[1],
        purpose=payload[2],
        label=payload[3],
        filter=Filter(
            types=payload.get(TYPES),
            sectors=payload.get(SECTORS),
            indicator=payload.get(INDICATOR),
            text=payload.get(TEXT),
            since_seconds=payload.get(SINCE),
            before=None if before is None else (before[0], before[1]),
        ),
        limit=payload.get(LIMIT),
    )


def verify_question(
    data: bytes, known: Known, sender: bytes, asked: bytes, now_seconds: int, max_age_seconds: int
) -> Question:
    """Verifies a question from one state to another, in the order of query 4.2.

    Refuses with the codes of query §8, `identity.*` and `ed25519.*`.
    """
    question = read_question(data)
    if question.issuer != sender:
        refuse("wrong-issuer")
    certificates = known.certificates.get(question.message.key_id, [])
    # A key of another state is refused as one that nobody knows (query 4.8).
    if not certificates or certificates[0].issuer != sender.hex():
        raise Refusal("identity.unknown-key")
    certificate = resolve(known, question.message.key_id, "record", now_seconds)
    verify_sign1(question.message, certificate.public_key)
    if question.asked != asked:
        refuse("not-for-us")
    if not now_seconds - max_age_seconds <= question.issued_at <= now_seconds + MAX_AHEAD_SECONDS:
        refuse("too-old")
    if question.purpose not in purposes():
        refuse("malformed")
    return question


def shown_position(position: Position) -> Dict[str, object]:
    """A position as an answer shows it."""
    return {"issuedAtSeconds": position[0], "recordId": position[1].hex()}


def shown_filter(asked_for: Filter) -> Dict[str, object]:
    """A filter as an answer shows it (query 7.2)."""
    out: Dict[str, object] = {
        "types": asked_for.types,
        "sectors": asked_for.sectors,
        "indicator": asked_for.indicator,
        "text": asked_for.text,
        "sinceSeconds": asked_for.since_seconds,
        "before": None if asked_for.before is None else shown_position(asked_for.before),
    }
    return {name: member for name, member in out.items() if member is not None}
