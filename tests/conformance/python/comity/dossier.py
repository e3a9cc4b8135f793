"""Verification of a dossier, step by step (dossier §4 to §6, §10)."""

from __future__ import annotations

from typing import Callable, Dict, List

from .charter import Charter, verify_charters
from .dossier_bench import Bench
from .dossier_consent import FiledConsents
from .dossier_file import read_dossier, refuse
from .dossier_keys import KnownStates
from .dossier_notification import JudgedNotification
from .dossier_record import JudgedRecord, link
from .forms import DOCUMENTS, TIME
from .inputs import hex_bytes, members, text
from .key_state import KeyState, named_charter, newer, verify_key_state
from .known_keys import know
from .quorum import read_policy
from .refusal import Refusal

STATE_ID_BYTES = 32


def lowest(verdicts: List[object]) -> str:
    """The verdict on several things (dossier 4.6)."""
    return next((verdict for verdict in ("INVALID", "INDETERMINATE") if verdict in verdicts), "VALID")


def read_key_states(documents: List[bytes], charters: List[Charter]) -> List[KeyState]:
    """The key states that the verifier has. Those of one state do not contradict each other (dossier 3.1)."""
    by_digest = {one.digest: one for last in charters for one in last.all}
    counting: Dict[bytes, KeyState] = {}
    verified: List[KeyState] = []
    for document in documents:
        charter = by_digest.get(named_charter(document))
        if charter is None:
            raise Refusal("identity.wrong-charter")
        key_state = verify_key_state(document, charter)
        if charter in charters:  # those under an earlier charter count for nothing
            counting[charter.digest] = newer(counting.get(charter.digest, key_state), key_state)
        verified.append(key_state)
    return verified


def verify_operation(value: Dict[str, object]) -> object:
    """`dossier.verify` (dossier §10)."""
    forms = {"dossier": hex_bytes, "anchors": DOCUMENTS, "atSeconds": TIME, "federation?": text, "keyStates?": DOCUMENTS, "policy?": text}
    given = members(value, forms)
    dossier = read_dossier(given["dossier"])
    if given.get("federation", dossier.federation) != dossier.federation:
        refuse("wrong-federation")
    trusted = [one.hex() for one in given["anchors"] if len(one) == STATE_ID_BYTES]
    policy = read_policy(given["policy"]) if "policy" in given else None
    charters = verify_charters([one for one in given["anchors"] if len(one) != STATE_ID_BYTES])
    know(charters, [])
    key_states = read_key_states(given.get("keyStates", []), charters)
    states = KnownStates(dossier, trusted, charters, key_states, given["atSeconds"])
    bench = Bench(states, dossier.federation, given["atSeconds"], policy)
    judged = {filed.id: JudgedRecord(filed, bench) for filed in dossier.records}
    notified = [JudgedNotification(filed, judged, bench) for filed in dossier.notifications]
    # All checkpoints of the file are opened: their order says nothing.
    records = [one.report() for one in judged.values()]
    link(list(judged.values()), records)
    consents = FiledConsents(list(judged.values()))
    notifications = [one.report(consents) for one in notified]
    documents = [states.told, *states.reports]
    at_fault = any(one["status"] == "failed" for one in documents)
    return {
        "verdict": "INVALID" if at_fault else lowest([one["verdict"] for one in (*records, *notifications)]),
        "federation": dossier.federation,
        "documents": states.reports,
        "known": states.told,
        "records": records,
        "notifications": notifications,
    }


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"dossier.verify": verify_operation}
