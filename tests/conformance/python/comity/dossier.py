"""Verification of a dossier, step by step (dossier §4 to §6, §10)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from .charter import Charter, verify_charter
from .cose import verify_sign1
from .dossier_file import FiledNotification, FiledRecord, read_dossier
from .dossier_keys import FiledProof, KnownStates, OpenedProof, included, opened
from .dossier_steps import Steps, fail, not_done, or_fail
from .forms import DOCUMENTS, TIME
from .inputs import hex_bytes, members
from .known_keys import resolve
from .ladder import MAX_AHEAD_SECONDS, authorise, open_view
from .ledger_entry import read_entry
from .notes import read_signature_line, verify_line
from .record_message import Record, decode, well_formed
from .refusal import Refusal

STATE_ID_BYTES = 32
RECORD_ESSENTIAL = "form issuer key signature authority parts"
NOTIFICATION_ESSENTIAL = "entry record inclusion sender checkpoint recipient receipt"


class Bench(NamedTuple):
    """What the things of a dossier are judged with."""

    states: KnownStates
    federation: str
    at_seconds: int

    def witnesses(self, state: Optional[str] = None) -> List[Any]:
        """The witness keys that count, of one state or of all."""
        return self.states.signers("witness", f"comity/{self.federation}/{{}}/witness", state)


class Judged(NamedTuple):
    """A record with its report, before the records of the file are linked."""

    out: Dict[str, Any]
    record: Optional[Record]


def read_record(data: bytes) -> Record:
    """The step `form` (dossier 5.1)."""
    record = or_fail("record-malformed", lambda: well_formed(decode(data)))
    if record.disclosures:
        raise fail("record-malformed")
    return record


def certificate_of(record: Record, states: KnownStates) -> Any:
    """The step `key` (dossier 5.3)."""
    key_id = record.message.key_id
    certificates = states.known.certificates.get(key_id)
    if not certificates:
        raise not_done("no-certificate")
    if certificates[0].issuer != record.issuer.hex() or certificates[0].usage != "record":
        raise fail("wrong-key")
    return or_fail("key-not-valid", lambda: resolve(states.known, key_id, "record", record.issued_at))


def judge_record(filed: FiledRecord, bench: Bench) -> Judged:
    """Takes the steps of a record (dossier §5)."""
    states = bench.states
    steps = Steps()
    record: Any = steps.take("form", "", lambda: read_record(filed.record))
    steps.take("issuer", "form", lambda: states.require(record.issuer.hex()))
    certificate: Any = steps.take("key", "issuer", lambda: certificate_of(record, states))
    steps.take(
        "signature", "key", lambda: or_fail("forged", lambda: verify_sign1(record.message, certificate.public_key))
    )
    authorised: Any = steps.take(
        "authority",
        "signature",
        lambda: or_fail("not-authorised", lambda: authorise(record, certificate, states.known, bench.at_seconds)),
    )
    view: Any = steps.take(
        "parts", "authority", lambda: or_fail("parts-refused", lambda: open_view(authorised, filed.disclosures))
    )
    proof: Any = steps.take("inclusion", "form", lambda: logged(filed, record, bench))
    cosignatures: Any = steps.take(
        "checkpoint", "issuer inclusion", lambda: cosigned(proof, record.issuer.hex(), bench)
    )
    steps.take("cosignatures", "checkpoint", lambda: require_some(cosignatures))
    out: Dict[str, Any] = {
        "id": filed.id.hex(),
        "verdict": steps.verdict(RECORD_ESSENTIAL),
        "steps": steps.listed,
        "cosignatures": [{"state": state, "timeSeconds": time} for state, time in cosignatures or []],
        "retractedBy": [],
        "supersededBy": [],
    }
    if record is not None:
        out.update(issuer=record.issuer.hex(), subject=record.subject, issuedAtSeconds=record.issued_at)
        if record.exercise is not None:
            out["exercise"] = record.exercise
    if view is not None:
        out.update(disclosed=len(view.disclosures), undisclosed=len(view.undisclosed))
    if cosignatures is not None:
        out.update(index=proof.index, size=proof.checkpoint.size)
    return Judged(out, record)


def logged(filed: FiledRecord, record: Record, bench: Bench) -> FiledProof:
    """The step `inclusion` of a record (dossier 5.7)."""
    if filed.proof is None:
        raise not_done("no-proof")
    origin = f"comity/{bench.federation}/{record.issuer.hex()}/origin"
    return included(filed.proof, origin, filed.id, "not-in-log")


def cosigned(proof: FiledProof, issuer: str, bench: Bench) -> List[Tuple[str, int]]:
    """The step `checkpoint` of a record, with the cosignatures that are taken (dossier 5.8)."""
    states = bench.states
    signers = states.signers("log", f"comity/{bench.federation}/{issuer}/origin", issuer)
    found = opened(proof, signers, bench.witnesses())
    earliest: Dict[str, int] = {}
    for signer, time in found.cosigned:
        state = signer.certificate.issuer
        timely = time <= bench.at_seconds + MAX_AHEAD_SECONDS
        if state != issuer and timely and states.is_valid(signer.certificate, time):
            earliest[state] = min(time, earliest.get(state, time))
    asked = min(earliest.values(), default=bench.at_seconds)
    if not any(states.is_valid(one.certificate, asked) for one in found.logs):
        raise not_done("key-time")
    return sorted(earliest.items())


def require_some(cosignatures: List[Tuple[str, int]]) -> None:
    """The step `cosignatures` (dossier 5.9)."""
    if not cosignatures:
        raise not_done("no-cosignature")


def link(judged: List[Judged]) -> None:
    """What withdraws each record and takes its place (dossier 4.7)."""
    for one in judged:
        for other in judged:
            record = other.record
            if one.record is None or record is None or other.out["verdict"] != "VALID":
                continue
            if record.issuer == one.record.issuer:
                if record.retracts == one.record.id:
                    one.out["retractedBy"].append(other.out["id"])
                if one.record.id in record.supersedes:
                    one.out["supersededBy"].append(other.out["id"])


def judge_notification(filed: FiledNotification, ids: List[bytes], bench: Bench) -> Dict[str, Any]:
    """Takes the steps of a notification (dossier §6)."""
    states = bench.states
    origin = f"comity/{bench.federation}/{filed.sender}/ledger/{filed.recipient}"
    steps = Steps()
    entry: Any = steps.take("entry", "", lambda: or_fail("entry-malformed", lambda: read_entry(filed.entry)))
    steps.take("record", "entry", lambda: require_record(entry.record_id, ids))
    proof: Any = steps.take("inclusion", "entry", lambda: included(filed.proof, origin, filed.entry, "not-in-ledger"))
    steps.take("sender", "", lambda: states.require(filed.sender))
    found: Any = steps.take(
        "checkpoint", "inclusion sender", lambda: opened(proof, states.signers("log", origin, filed.sender))
    )
    steps.take("recipient", "", lambda: states.require(filed.recipient))
    received = steps.take("receipt", "checkpoint recipient", lambda: receipt_time(filed, proof.text, found, bench))
    out: Dict[str, Any] = {
        "sender": filed.sender,
        "recipient": filed.recipient,
        "verdict": steps.verdict(NOTIFICATION_ESSENTIAL),
        "steps": steps.listed,
    }
    if entry is not None:
        out.update(
            recordId=entry.record_id.hex(),
            digests=[digest.hex() for digest in entry.disclosures],
            timeSeconds=entry.time_seconds,
            mode=entry.mode,
            purpose=entry.purpose,
        )
    if received is not None:
        out["receivedAtSeconds"] = received
    return out


def require_record(record_id: bytes, ids: List[bytes]) -> None:
    """The step `record` of a notification (dossier 6.2)."""
    if record_id not in ids:
        raise not_done("no-record")


def receipt_time(filed: FiledNotification, text: str, found: OpenedProof, bench: Bench) -> int:
    """The step `receipt` (dossier 6.7)."""
    states = bench.states
    line = or_fail("receipt-refused", lambda: read_receipt(filed.receipt))
    if line.name != f"comity/{bench.federation}/{filed.recipient}/witness":
        raise fail("receipt-refused")
    signer = next((one for one in bench.witnesses(filed.recipient) if one.verifier.key_id == line.key_id), None)
    if signer is None:
        raise not_done("no-certificate")
    time = or_fail("receipt-refused", lambda: verify_line(line, signer.verifier, text))
    if time > bench.at_seconds + MAX_AHEAD_SECONDS or not states.is_valid(signer.certificate, time):
        raise fail("receipt-refused")
    if not any(states.is_valid(one.certificate, time) for one in found.logs):
        raise fail("receipt-refused")
    return time


def read_receipt(receipt: str) -> Any:
    """One signature line with its line feed."""
    if not receipt.endswith("\n"):
        raise Refusal("log.no-final-newline")
    return read_signature_line(receipt[:-1])


def lowest(verdicts: List[str]) -> str:
    """The verdict on several things (dossier 4.6)."""
    return next((verdict for verdict in ("INVALID", "INDETERMINATE") if verdict in verdicts), "VALID")


def verify_operation(value: Dict[str, object]) -> object:
    """`dossier.verify` (dossier §10)."""
    given = members(value, {"dossier": hex_bytes, "anchors": DOCUMENTS, "atSeconds": TIME})
    dossier = read_dossier(given["dossier"])
    trusted = [one.hex() for one in given["anchors"] if len(one) == STATE_ID_BYTES]
    charters: List[Charter] = [verify_charter(one) for one in given["anchors"] if len(one) != STATE_ID_BYTES]
    states = KnownStates(dossier, trusted, charters)
    bench = Bench(states, dossier.federation, given["atSeconds"])
    judged = [judge_record(filed, bench) for filed in dossier.records]
    link(judged)
    records = [one.out for one in judged]
    ids = [filed.id for filed in dossier.records]
    notifications = [judge_notification(filed, ids, bench) for filed in dossier.notifications]
    documents = [states.told, *states.reports]
    at_fault = any(one["status"] == "failed" for one in documents)
    verdicts = [one["verdict"] for one in (*records, *notifications)]
    return {
        "verdict": "INVALID" if at_fault else lowest(verdicts),
        "federation": dossier.federation,
        "documents": states.reports,
        "known": states.told,
        "records": records,
        "notifications": notifications,
    }


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"dossier.verify": verify_operation}
