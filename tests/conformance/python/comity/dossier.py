"""Verification of a dossier, step by step (dossier §4 to §6, §10)."""

from __future__ import annotations

from typing import Callable, Dict, List

from .charter import Charter, verify_charter
from .dossier_bench import Bench
from .dossier_file import read_dossier, refuse
from .dossier_keys import KnownStates
from .dossier_notification import JudgedNotification
from .dossier_record import JudgedRecord, link
from .forms import DOCUMENTS, TIME
from .inputs import hex_bytes, members, text
from .known_keys import know

STATE_ID_BYTES = 32


def lowest(verdicts: List[object]) -> str:
    """The verdict on several things (dossier 4.6)."""
    return next((verdict for verdict in ("INVALID", "INDETERMINATE") if verdict in verdicts), "VALID")


def verify_operation(value: Dict[str, object]) -> object:
    """`dossier.verify` (dossier §10)."""
    forms = {"dossier": hex_bytes, "anchors": DOCUMENTS, "atSeconds": TIME, "federation?": text}
    given = members(value, forms)
    dossier = read_dossier(given["dossier"])
    if given.get("federation", dossier.federation) != dossier.federation:
        refuse("wrong-federation")
    trusted = [one.hex() for one in given["anchors"] if len(one) == STATE_ID_BYTES]
    charters: List[Charter] = [verify_charter(one) for one in given["anchors"] if len(one) != STATE_ID_BYTES]
    know(charters, [])
    states = KnownStates(dossier, trusted, charters)
    bench = Bench(states, dossier.federation, given["atSeconds"])
    judged = {filed.id: JudgedRecord(filed, bench) for filed in dossier.records}
    notified = [JudgedNotification(filed, judged, bench) for filed in dossier.notifications]
    # All checkpoints of the file are opened: their order says nothing.
    records = [one.report() for one in judged.values()]
    link(list(judged.values()), records)
    notifications = [one.report() for one in notified]
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
