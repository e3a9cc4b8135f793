"""The operations on key states (key-state §7)."""

from __future__ import annotations

from functools import reduce
from typing import Callable, Dict, List, NoReturn, Optional

from . import cbor
from .certificate import USAGES, Certificate, verify_certificate
from .charter import Charter, verify_chain
from .inputs import bad_input, hex_bytes, integer_from, list_of, members, one_of
from .key_state import KeyState, newer, standing_by, verify_key_state
from .known_keys import MAX_CARD_BYTES, Card, know, resolve, verify_card
from .refusal import Refusal
from .shapes import MAX_SECONDS, byte_string, closed_map

MAX_EVIDENCE_BYTES = 524304  # key-state 5.2
EVIDENCE = closed_map({1: byte_string(1, MAX_CARD_BYTES), 2: byte_string(1, MAX_CARD_BYTES)})


def refuse(name: str) -> NoReturn:
    raise Refusal("identity." + name)


def chain_in(charters: List[bytes]) -> Charter:
    if not charters:
        bad_input()
    return verify_chain(charters)


def key_state_verify(value: Dict[str, object]) -> object:
    """`key-state.verify` (key-state 7.1)."""
    read = members(value, {"keyState": hex_bytes, "charters": list_of(hex_bytes)})
    key_state = verify_key_state(read["keyState"], chain_in(read["charters"]))
    superseded = [{"keyId": one.hex(), "fromSeconds": end} for one, end in key_state.superseded.items()]
    revoked = [
        {"keyId": one.hex(), "fromSeconds": end, "reason": reason} for one, (end, reason) in key_state.revoked.items()
    ]
    out: Dict[str, object] = {
        "state": key_state.issuer,
        "version": key_state.version,
        "digest": key_state.digest.hex(),
        "live": [one.hex() for one in key_state.live],
        "superseded": superseded,
        "revoked": revoked,
        "issuedAtSeconds": key_state.issued_at_seconds,
        "expiresAtSeconds": key_state.expires_at_seconds,
    }
    if key_state.ended_logs:
        out["endedLogs"] = [
            {
                **({} if end is None else {"size": end[0], "root": end[1].hex()}),
                "endedAtSeconds": time,
                "reason": reason,
            }
            for end, time, reason in key_state.ended_logs
        ]
    if key_state.previous is not None:
        out["previous"] = key_state.previous.hex()
    return out


def key_state_follow(value: Dict[str, object]) -> object:
    """`key-state.follow` (key-state 7.2)."""
    read = members(value, {"charters": list_of(hex_bytes), "keyStates": list_of(hex_bytes)})
    counting = reduce_key_states(read["keyStates"], chain_in(read["charters"]))
    if counting is None:
        bad_input()
    return {"version": counting.version, "digest": counting.digest.hex()}


def reduce_key_states(documents: List[bytes], charter: Charter) -> Optional[KeyState]:
    """The one that counts of those that become known after one another."""
    verified = [verify_key_state(document, charter) for document in documents]
    return reduce(newer, verified) if verified else None


def key_state_resolve(value: Dict[str, object]) -> object:
    """`key-state.resolve` (key-state 7.3)."""
    time = integer_from(0, MAX_SECONDS)
    forms = {
        "charters": list_of(hex_bytes),
        "certificates": list_of(hex_bytes),
        "keyStates": list_of(hex_bytes),
        "keyId": hex_bytes,
        "usage": one_of(*USAGES),
        "atSeconds": time,
        "trustedSeconds?": time,
        "nowSeconds": time,
    }
    read = members(value, forms)
    charter = chain_in(read["charters"])
    certificates = [verify_certificate(document, charter) for document in read["certificates"]]
    known = know([charter], certificates)
    key_state = reduce_key_states(read["keyStates"], charter)
    found = resolve(known, read["keyId"], read["usage"], read["atSeconds"])
    of_key = known.certificates[found.key_id]
    standing = standing_of(found, of_key, charter, key_state, read["atSeconds"], read.get("trustedSeconds"))
    out: Dict[str, object] = {"certificateId": found.certificate_id.hex(), "standing": standing}
    if key_state is not None:
        now = read["nowSeconds"]
        out["keyState"] = {
            "version": key_state.version,
            "ageSeconds": max(0, now - key_state.issued_at_seconds),
            "stale": now >= key_state.expires_at_seconds,
        }
    return out


def standing_of(
    found: Certificate,
    of_key: List[Certificate],
    charter: Charter,
    key_state: Optional[KeyState],
    at_seconds: int,
    trusted_seconds: Optional[int],
) -> str:
    """What the key counts for (key-state §4). Refuses where it counts for nothing."""
    if key_state is None:
        if any(one.charter_version < charter.version for one in of_key):
            refuse("key-not-listed")
        return "live"
    told = standing_by(key_state, found.key_id, [one.key_id for one in found.delegators])
    whose = "delegator" if told.of_delegator else "key"
    if told.standing == "not-listed":
        refuse(whose + "-not-listed")
    if told.from_seconds is not None:
        if told.standing == "superseded" and at_seconds >= told.from_seconds:
            refuse(whose + "-superseded")
        if told.standing == "revoked" and (trusted_seconds is None or trusted_seconds >= told.from_seconds):
            refuse(whose + "-revoked")
    return told.standing


def contradiction(value: Dict[str, object]) -> object:
    """`key-state.contradiction` (key-state 7.4)."""
    evidence = members(value, {"evidence": hex_bytes})["evidence"]
    item = EVIDENCE(cbor.decode(evidence, MAX_EVIDENCE_BYTES, 1, 5))
    one, other = verify_card(item[1]), verify_card(item[2])
    if one.charter.state != other.charter.state:
        refuse("no-contradiction")
    for ours, theirs in zip(one.charter.all, other.charter.all):
        if ours.digest != theirs.digest:
            return {"state": one.charter.state, "between": "charters", "version": ours.version}
    return {"state": one.charter.state, "between": "key-states", "version": contradictory_key_states(one, other)}


def contradictory_key_states(one: Card, other: Card) -> int:
    """The lower version of two key states under one charter that contradict each other."""
    if one.charter.version != other.charter.version or one.key_state is None or other.key_state is None:
        refuse("no-contradiction")
    try:
        newer(one.key_state, other.key_state)
    except Refusal:
        return min(one.key_state.version, other.key_state.version)
    refuse("no-contradiction")


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "key-state.verify": key_state_verify,
    "key-state.follow": key_state_follow,
    "key-state.resolve": key_state_resolve,
    "key-state.contradiction": contradiction,
}
