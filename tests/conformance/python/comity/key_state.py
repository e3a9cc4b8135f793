"""Key states (key-state §1 to §3)."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, List, NamedTuple, NoReturn, Optional, Sequence, Tuple

from . import ed25519
from .charter import Charter
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, integer, literal, misshapen, nullable, seconds
from .signed_document import END, ISSUED, ISSUER, read_document, read_payload, verify_signatures
from .texts import state_id_text

TYP = "application/comity-key-state+cose"
MAX_KEYS = 512
DAY_SECONDS = 86400

KEY_ID = byte_string(32)
MAX_ENDED_LOGS = 8
REASON = literal("compromised", "lost", "misissued", "withdrawn")  # key-state 1.8


END_REASON = literal("compromised", "lost")  # key-state 1.9


def row(*places: Shape) -> Shape:
    """An array with a shape of its own for each place."""

    def shape(value: Any) -> Any:
        if type(value) is not list or len(value) != len(places):
            misshapen()
        for place, one in zip(places, value):
            place(one)
        return value

    return shape


ENDED_LOG = row(nullable(row(integer(1, 2**53 - 1), KEY_ID)), seconds, END_REASON)
PAYLOAD: Shape = closed_map(
    {
        ISSUER: state_id_text,
        END: seconds,
        ISSUED: seconds,
        "v": integer(1, 2**32 - 1),
        "live": array(KEY_ID, 0, MAX_KEYS),
        "prev": nullable(KEY_ID),
        "charter": KEY_ID,
        "revoked": array(row(KEY_ID, seconds, REASON), 0, MAX_KEYS),
        "superseded": array(row(KEY_ID, seconds), 0, MAX_KEYS),
    },
    {"logs": array(ENDED_LOG, 1, MAX_ENDED_LOGS)},
)


class KeyState(NamedTuple):
    """A key state that is verified. An end is a time, and of a revoked key a reason too."""

    issuer: str
    version: int
    digest: bytes
    previous: Optional[bytes]
    live: List[bytes]
    superseded: Dict[bytes, int]
    revoked: Dict[bytes, Tuple[int, str]]
    issued_at_seconds: int
    expires_at_seconds: int
    charter: bytes
    ended_logs: List[Any]


def refuse(name: str) -> NoReturn:
    raise Refusal("identity." + name)


def read_key_state(document: bytes) -> Tuple[Any, Dict[Any, Any]]:
    """A key state in its form, not verified."""
    message = read_document(document, TYP)
    payload = read_payload(message, PAYLOAD)
    if (payload["v"] == 1) != (payload["prev"] is None):
        misshapen()
    return message, payload


def named_charter(document: bytes) -> bytes:
    """The digest of the charter that a key state names."""
    digest: bytes = read_key_state(document)[1]["charter"]
    return digest


def verify_key_state(document: bytes, charter: Charter) -> KeyState:
    """Verifies a key state with the last charter of its state (key-state §1). No time is compared with a clock.

    Refuses with the codes of key-state §8.
    """
    message, payload = read_key_state(document)
    if payload[ISSUER] != charter.state:
        refuse("wrong-issuer")
    if payload["charter"] != charter.digest:
        refuse("wrong-charter")
    verify_signatures(message, charter.root_keys, charter.threshold)
    if not 7 * DAY_SECONDS <= payload[END] - payload[ISSUED] <= 30 * DAY_SECONDS:
        refuse("key-state-term")
    check_lists(payload, charter)
    return KeyState(
        issuer=payload[ISSUER],
        version=payload["v"],
        digest=hashlib.sha256(message.payload).digest(),
        previous=payload["prev"],
        live=payload["live"],
        superseded={key_id: seconds for key_id, seconds in payload["superseded"]},
        revoked={key_id: (seconds, reason) for key_id, seconds, reason in payload["revoked"]},
        issued_at_seconds=payload[ISSUED],
        expires_at_seconds=payload[END],
        charter=payload["charter"],
        ended_logs=payload.get("logs", []),
    )


def check_lists(payload: Dict[Any, Any], charter: Charter) -> None:
    """What key-state 1.5 to 1.7 say of the three lists, and 1.9 of the fourth."""
    lists = [payload["live"], *([one[0] for one in payload[name]] for name in ("superseded", "revoked"))]
    listed = [key_id for one in lists for key_id in one]
    if len(set(listed)) < len(listed):
        refuse("duplicate-key")
    if any(one != sorted(one) for one in lists):
        refuse("unsorted-keys")
    roots = {ed25519.key_id(key) for key in charter.root_keys}.union(charter.next_key_ids)
    if not roots.isdisjoint(listed):
        refuse("key-reused")
    if any(from_seconds > payload[ISSUED] for _, from_seconds, _ in payload["revoked"]):
        refuse("revoked-ahead")
    times = [one[1] for one in payload.get("logs", [])]
    if times != sorted(times) or any(time > payload[ISSUED] for time in times):
        refuse("log-end-time")


def newer(known: KeyState, offered: KeyState) -> KeyState:
    """Which of two key states under one charter counts (key-state 3.1 to 3.3).

    Refuses with `identity.key-states-contradict`.
    """
    if known.digest == offered.digest:
        return known
    older, later = sorted((known, offered), key=lambda one: one.version)
    if older.version == later.version or takes_back(older, later):
        refuse("key-states-contradict")
    if later.version == older.version + 1 and later.previous != older.digest:
        refuse("key-states-contradict")
    return later


def takes_back(older: KeyState, later: KeyState) -> bool:
    """Whether a key is missing later, or counts for longer, or a log ends elsewhere (key-state 3.3)."""
    if later.ended_logs[: len(older.ended_logs)] != older.ended_logs:
        return True
    ends = {**later.superseded, **{key_id: end for key_id, (end, _) in later.revoked.items()}}
    for key_id in older.live:
        if key_id not in ends and key_id not in later.live:
            return True
    for key_id, end in older.superseded.items():
        if key_id not in ends or ends[key_id] > end:
            return True
    for key_id, (end, _) in older.revoked.items():
        if key_id not in later.revoked or later.revoked[key_id][0] > end:
            return True
    return False


WEIGHTS = ("live", "superseded", "revoked", "not-listed")


class Standing(NamedTuple):
    """What its state says of a key, from when on, and whether it says it of a delegate above the key."""

    standing: str
    from_seconds: Optional[int] = None
    of_delegator: bool = False


def listed(key_state: KeyState, key_id: bytes) -> Optional[Standing]:
    """What a key state says of a key itself (key-state §4)."""
    if key_id in key_state.superseded:
        return Standing("superseded", key_state.superseded[key_id])
    if key_id in key_state.revoked:
        return Standing("revoked", key_state.revoked[key_id][0])
    return Standing("live") if key_id in key_state.live else None


def standing_by(key_state: KeyState, key_id: bytes, above: Sequence[bytes]) -> Standing:
    """How a key stands by a key state, with the delegates above it, the nearest first (key-state 4.8)."""
    chain = [key_id, *above]
    found = [listed(key_state, one) for one in chain[:-1]]
    all_of_them = [one or Standing("live") for one in found]
    all_of_them.append(listed(key_state, chain[-1]) or Standing("not-listed"))
    times = [one.from_seconds for one in all_of_them if one.from_seconds is not None]
    place = max(range(len(chain)), key=lambda one: (WEIGHTS.index(all_of_them[one].standing), -one))
    worst = all_of_them[place].standing
    return Standing(worst, min(times) if worst in ("superseded", "revoked") else None, place > 0)
