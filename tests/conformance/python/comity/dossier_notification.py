"""The steps of a notification in a dossier (dossier §6)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

from .dossier_bench import Bench
from .dossier_consent import FiledConsents
from .dossier_file import FiledNotification
from .dossier_keys import Signer
from .dossier_proofs import included, verified_by
from .dossier_record import JudgedRecord
from .dossier_steps import Steps, fail, not_done, or_fail
from .ladder import MAX_AHEAD_SECONDS
from .ledger_entry import Release, read_entry
from .notes import SignatureLine, read_signature_line
from .refusal import Refusal

ESSENTIAL = "entry record inclusion sender checkpoint recipient receipt consent"


class JudgedNotification:
    """A notification of a dossier and its steps. Those on the checkpoint follow when all of the file are opened."""

    def __init__(self, filed: FiledNotification, records: Dict[bytes, JudgedRecord], bench: Bench) -> None:
        self.filed, self.records, self.bench = filed, records, bench
        self.steps = Steps()
        take, states = self.steps.take, bench.states
        origin = f"comity/{bench.federation}/{filed.sender}/ledger/{filed.recipient}"
        self.entry: Any = take("entry", "", self.read_entry)
        take("record", "entry", self.require_record)
        self.proof: Any = take(
            "inclusion", "entry", lambda: included(filed.proof, [origin], filed.entry, "not-in-ledger")
        )
        take("sender", "", lambda: states.require(filed.sender))
        self.logs: Callable[[], List[Signer]] = self.steps.prepare(
            "inclusion sender", lambda: bench.opened(self.proof, filed.sender)
        )

    def read_entry(self) -> Release:
        """The step `entry` (dossier 6.1)."""
        entry = or_fail("entry-malformed", lambda: read_entry(self.filed.entry))
        if not isinstance(entry, Release):
            raise fail("entry-malformed")
        judged = self.records.get(entry.record_id)
        if judged is not None and judged.record is not None:
            of_sender = judged.record.issuer.hex() == self.filed.sender
            if of_sender == (entry.mode == "relay"):
                raise fail("wrong-mode")
        return entry

    def require_record(self) -> None:
        """The step `record` (dossier 6.2)."""
        if self.entry.record_id not in self.records:
            raise not_done("no-record")

    def report(self, consents: FiledConsents) -> Dict[str, Any]:
        """Takes the steps from the checkpoint on, and says what all steps came to (dossier 10.5)."""
        filed, entry, steps = self.filed, self.entry, self.steps
        logs: Any = steps.take("checkpoint", "inclusion sender", self.of_one_history)
        steps.take("recipient", "", lambda: self.bench.states.require(filed.recipient))
        received = steps.take("receipt", "checkpoint recipient", lambda: self.receipt_time(logs))
        steps.take("consent", "entry record receipt", lambda: self.require_consent(consents, received))
        out: Dict[str, Any] = {
            "sender": filed.sender,
            "recipient": filed.recipient,
            "verdict": steps.verdict(ESSENTIAL),
            "steps": steps.listed,
        }
        if entry is not None:
            out.update(
                recordId=entry.record_id.hex(),
                digests=[digest.hex() for digest in entry.disclosures],
                told=self.told(entry),
                timeSeconds=entry.time_seconds,
                mode=entry.mode,
                purpose=entry.purpose,
            )
        if received is not None:
            out["receivedAtSeconds"] = received
        return out

    def require_consent(self, consents: FiledConsents, received: int) -> None:
        """The step `consent` (dossier 6.8)."""
        if self.entry.mode == "relay":
            consents.require(self.entry, self.filed.sender, self.filed.recipient, received)

    def told(self, entry: Release) -> List[Dict[str, object]]:
        """The digests of the entry, and whether the record in the file discloses each (dossier 10.5)."""
        judged = self.records.get(entry.record_id)
        shown = judged.disclosed if judged is not None else frozenset()
        return [{"digest": digest.hex(), "shown": digest in shown} for digest in entry.disclosures]

    def of_one_history(self) -> List[Signer]:
        """The step `checkpoint` (dossier 6.5)."""
        logs = self.logs()
        self.bench.histories.require_one(self.proof.checkpoint)
        return logs

    def receipt_time(self, logs: List[Signer]) -> int:
        """The step `receipt` (dossier 6.7)."""
        bench, filed = self.bench, self.filed
        line = or_fail("receipt-refused", lambda: read_receipt(filed.receipt))
        if line.name != f"comity/{bench.federation}/{filed.recipient}/witness":
            raise fail("receipt-refused")
        signers = bench.witnesses.get((line.name, line.key_id))
        if signers is None:
            raise not_done("no-certificate")
        signer, time = or_fail("receipt-refused", lambda: verified_by(line, signers, self.proof.text))
        if time > bench.at_seconds + MAX_AHEAD_SECONDS:
            raise not_done("later-than-asked")
        if time < self.entry.time_seconds - MAX_AHEAD_SECONDS:
            raise not_done("before-entry")
        if bench.states.standing(signer.certificate.key_id)[0] == "revoked":
            raise not_done("revoked-time-unknown")
        if not all(any(bench.states.is_valid(one.certificate, time) for one in keys) for keys in ([signer], logs)):
            raise not_done("no-certificate-then")
        return time


def read_receipt(receipt: str) -> SignatureLine:
    """One signature line with its line feed."""
    if not receipt.endswith("\n"):
        raise Refusal("log.no-final-newline")
    return read_signature_line(receipt[:-1])
