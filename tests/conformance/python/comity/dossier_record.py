"""The steps of a record in a dossier (dossier §5)."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Callable, Dict, FrozenSet, List, Optional, Tuple

from .certificate import Certificate
from .checkpoint import Checkpoint
from .cose import verify_sign1
from .dossier_bench import Bench, Quorum
from .dossier_file import FiledRecord
from .dossier_keys import KnownStates, Signer
from .dossier_proofs import FiledProof, included, verified_by
from .dossier_steps import Steps, fail, not_done, or_fail
from .key_state import MAX_ENDED_LOGS
from .ladder import MAX_AHEAD_SECONDS, Authorised, authorise, open_view
from .notes import SignatureLine
from .record_message import Record, decode, well_formed
from .record_view import digest_of
from .refusal import Refusal

ESSENTIAL = "form issuer key signature authority parts"


class JudgedRecord:
    """A record of a dossier and its steps. Those on its log follow when all checkpoints of the file are opened."""

    def __init__(self, filed: FiledRecord, bench: Bench) -> None:
        states = bench.states
        steps = Steps()
        self.filed, self.bench, self.steps = filed, bench, steps
        self.quorum: Optional[Quorum] = None
        record: Any = steps.take("form", "", lambda: read_record(filed.record))
        self.record: Optional[Record] = record
        steps.take("issuer", "form", lambda: states.require(record.issuer.hex()))
        valid: Any = steps.take("key", "issuer", lambda: certificates_of(record, states))
        steps.take(
            "signature", "key", lambda: or_fail("forged", lambda: verify_sign1(record.message, valid[0].public_key))
        )
        authorised: Any = steps.take(
            "authority", "signature", lambda: authorised_by(record, valid, states, bench.at_seconds)
        )
        self.view: Any = steps.take(
            "parts", "authority", lambda: or_fail("parts-refused", lambda: open_view(authorised, filed.disclosures))
        )
        self.proof: Any = steps.take("inclusion", "form", lambda: logged(filed, record, bench))
        self.logs: Callable[[], List[Signer]] = steps.prepare(
            "issuer inclusion", lambda: bench.opened(self.proof, record.issuer.hex())
        )

    @property
    def authorised(self) -> bool:
        """Whether the issuer has signed this record and may sign it (dossier 5.1 to 5.5)."""
        return "authority" in self.steps.done

    @cached_property
    def disclosed(self) -> FrozenSet[bytes]:
        """The digests of the disclosures that stand in the file."""
        return frozenset(map(digest_of, self.filed.disclosures))

    def report(self) -> Dict[str, Any]:
        """Takes the steps on the log, and says what all steps came to (dossier 10.4)."""
        record, steps = self.record, self.steps
        cosignatures: Any = steps.take("checkpoint", "issuer inclusion", self.cosigned)
        steps.take("cosignatures", "checkpoint", lambda: require_some(cosignatures))
        steps.take("quorum", "" if self.bench.policy is None else "checkpoint", self.require_quorum)
        trusted = self.quorum.trusted if self.quorum is not None and "quorum" in steps.done else None
        remarks: Any = steps.take("standing", "key", lambda: self.standing(trusted))
        steps.take("currency", "issuer", self.require_current)
        steps.take("delegation", "issuer", self.require_delegation)
        out: Dict[str, Any] = {
            "id": self.filed.id.hex(),
            "verdict": self.verdict(),
            "steps": steps.listed,
            "cosignatures": [{"state": state, "timeSeconds": time} for state, time in cosignatures or []],
            "retractedBy": [],
            "supersededBy": [],
        }
        if record is not None:
            out.update(issuer=record.issuer.hex(), subject=record.subject, issuedAtSeconds=record.issued_at)
            if record.expires_at is not None:
                out["expiresAtSeconds"] = record.expires_at
            if record.exercise is not None:
                out["exercise"] = record.exercise
        if self.view is not None:
            out.update(disclosed=len(self.view.disclosures), undisclosed=len(self.view.undisclosed))
        if trusted is not None:
            out["trustedSeconds"] = trusted
        out["remarks"] = self.remarks(remarks or [])
        if record is not None and "issuer" in steps.done:
            key_state = self.bench.states.key_states.get(record.issuer.hex())
            if key_state is not None:
                now = self.bench.at_seconds
                age = max(0, now - key_state.issued_at_seconds)
                stale = now >= key_state.expires_at_seconds
                out["keyState"] = {"version": key_state.version, "ageSeconds": age, "stale": stale}
        if cosignatures is not None:
            out.update(index=self.proof.index, size=self.proof.checkpoint.size)
        return out

    def verdict(self) -> str:
        """The verdict on the record (dossier 4.5)."""
        essential = ESSENTIAL
        without = any(one.get("why") == "no-key-state" for one in self.steps.listed if one["step"] == "standing")
        if not without:
            essential += " standing"
        if self.bench.policy is not None:
            essential += " quorum"
        return self.steps.verdict(essential)

    def require_quorum(self) -> None:
        """The step `quorum` (dossier 5.10)."""
        if self.bench.policy is None:
            raise not_done("no-policy")
        if self.quorum is None or not self.quorum.reached:
            raise not_done("no-quorum")

    def standing(self, trusted: Optional[int]) -> List[str]:
        """The step `standing` (dossier 5.11)."""
        record: Any = self.record
        told = self.bench.states.standing(record.message.key_id)
        whose = "delegator" if told.of_delegator else "key"
        if told.standing == "not-listed":
            raise not_done("not-listed")
        if told.from_seconds is not None:
            if told.standing == "superseded":
                if record.issued_at >= told.from_seconds:
                    raise fail(whose + "-superseded")
                return ["key-superseded"]
            if trusted is None:
                raise not_done("revoked-time-unknown")
            if trusted >= told.from_seconds:
                raise fail(whose + "-revoked")
            return ["revoked-later"]
        if record.issuer.hex() not in self.bench.states.key_states:
            raise not_done("no-key-state")
        return []

    def require_current(self) -> None:
        """The step `currency` (dossier 5.12)."""
        record: Any = self.record
        key_state = self.bench.states.key_states.get(record.issuer.hex())
        if key_state is None:
            raise not_done("no-key-state")
        if self.bench.at_seconds >= key_state.expires_at_seconds:
            raise not_done("stale-key-state")

    def require_delegation(self) -> None:
        """The step `delegation` (dossier 5.14)."""
        record: Any = self.record
        states, key = self.bench.states, record.message.key_id
        found = states.known.certificates.get(key, [])
        if not found:
            code = states.beyond.get((record.issuer.hex(), key))
            raise not_done("no-certificate") if code is None else fail(code)
        if (found[0].issuer, found[0].usage) != (record.issuer.hex(), "record"):
            raise not_done("no-certificate")
        if not found[0].delegators:
            return
        if not any(states.holds(one, record.issued_at) for one in found):
            raise not_done("no-delegation-then")
        if any(one["step"] == "authority" and one["status"] == "failed" for one in self.steps.listed):
            raise fail("delegation-scope")

    def remarks(self, standing: List[str]) -> List[str]:
        """What a reader is told beside the verdict (dossier 4.8), but for links to other records of the file."""
        redacted = ["redacted"] if self.view is not None and self.view.undisclosed else []
        stale = any(one.get("why") == "stale-key-state" for one in self.steps.listed)
        return [*redacted, *self.delegated(), *standing, *(["stale-key-state"] if stale else [])]

    def delegated(self) -> List[str]:
        """Whether a delegate has certified the key of the record (dossier 4.8)."""
        if self.record is None or "key" not in self.steps.done:
            return []
        found = self.bench.states.known.certificates[self.record.message.key_id]
        return ["delegated"] if found[0].delegators else []

    def cosigned(self) -> List[Tuple[str, int]]:
        """The step `checkpoint`, with the cosignatures that are taken (dossier 5.8)."""
        logs = self.logs()
        self.bench.histories.require_one(self.proof.checkpoint)
        if self.record is not None:
            require_its_log(self.proof.checkpoint, self.record.issuer, self.bench)
        earliest: Dict[str, int] = {}
        for line in self.proof.lines:
            found = self.cosigner(line)
            if found is not None:
                state, time = found
                earliest[state] = min(time, earliest.get(state, time))
        asked = min(earliest.values(), default=self.bench.at_seconds)
        self.quorum = self.bench.quorum(self.proof)
        trusted = self.quorum.trusted
        asked = asked if trusted is None else trusted
        if not any(self.bench.states.is_valid(one.certificate, asked, trusted) for one in logs):
            raise not_done("key-time")
        return sorted(earliest.items())

    def cosigner(self, line: SignatureLine) -> Optional[Tuple[str, int]]:
        """State and time of a cosignature that counts (dossier 5.8)."""
        bench, record = self.bench, self.record
        signers = bench.witnesses.get((line.name, line.key_id))
        if signers is None or record is None:
            return None
        try:
            signer, time = verified_by(line, signers, self.proof.text)
        except Refusal:
            return None
        state = signer.certificate.issuer
        timely = record.issued_at - MAX_AHEAD_SECONDS <= time <= bench.at_seconds + MAX_AHEAD_SECONDS
        counts = state != record.issuer.hex() and timely and bench.states.is_valid(signer.certificate, time)
        return (state, time) if counts else None


def read_record(data: bytes) -> Record:
    """The step `form` (dossier 5.1)."""
    record = or_fail("record-malformed", lambda: well_formed(decode(data)))
    if record.disclosures:
        raise fail("record-malformed")
    return record


def certificates_of(record: Record, states: KnownStates) -> List[Certificate]:
    """The step `key`: the certificates of the key that are valid at the time of issue (dossier 5.3)."""
    certificates = states.known.certificates.get(record.message.key_id)
    if not certificates:
        raise not_done("no-certificate")
    if certificates[0].issuer != record.issuer.hex() or certificates[0].usage != "record":
        raise fail("wrong-key")
    valid = [one for one in certificates if states.holds(one, record.issued_at)]
    if not valid:
        raise not_done("no-certificate-then")
    return valid


def authorised_by(record: Record, valid: List[Certificate], states: KnownStates, at_seconds: int) -> Authorised:
    """The step `authority`, with what the parts are judged by (dossier 5.5, 5.6).

    Of the certificates that grant type and label, the one with the highest level grants every part that another does.
    """
    if record.issued_at > at_seconds + MAX_AHEAD_SECONDS:
        raise not_done("later-than-asked")
    granted: List[Authorised] = []
    for certificate in valid:
        try:
            granted.append(authorise(record, certificate, states.known, None))
        except Refusal:
            continue
    if not granted:
        raise fail("not-authorised")
    return max(granted, key=lambda one: float("inf") if one.max_rank is None else one.max_rank)


def logged(filed: FiledRecord, record: Record, bench: Bench) -> FiledProof:
    """The step `inclusion` (dossier 5.7)."""
    if filed.proof is None:
        raise not_done("no-proof")
    return included(filed.proof, generations(bench.federation, record.issuer), filed.id, "not-in-log")


def generations(federation: str, issuer: bytes) -> List[str]:
    """The names of the logs that a state can have one after another (log 5.5)."""
    first = f"comity/{federation}/{issuer.hex()}/origin"
    return [first, *(f"{first}/{number}" for number in range(2, MAX_ENDED_LOGS + 2))]


def require_its_log(checkpoint: Checkpoint, issuer: bytes, bench: Bench) -> None:
    """The log is in use, or has not ended before the checkpoint (dossier 5.15)."""
    key_state = bench.states.key_states.get(issuer.hex())
    ended = [] if key_state is None else key_state.ended_logs
    generation = generations(bench.federation, issuer).index(checkpoint.origin)
    if generation == len(ended):
        return
    end = ended[generation][0] if generation < len(ended) else None
    if end is None or checkpoint.size > end[0]:
        raise not_done("log-generation")
    if [checkpoint.size, checkpoint.root] == [end[0], end[1]] or checkpoint.size < end[0]:
        return
    raise fail("two-histories")


def require_some(cosignatures: List[Tuple[str, int]]) -> None:
    """The step `cosignatures` (dossier 5.9)."""
    if not cosignatures:
        raise not_done("no-cosignature")


def link(judged: List[JudgedRecord], reports: List[Dict[str, Any]]) -> None:
    """What withdraws each record and takes its place (dossier 4.7)."""
    at = {one.record.id: position for position, one in enumerate(judged) if one.record is not None}
    for later in judged:
        record = later.record
        if record is None or not later.authorised:
            continue
        retracted = [] if record.retracts is None else [record.retracts]
        for member, named in (("retractedBy", retracted), ("supersededBy", record.supersedes)):
            for record_id in named:
                earlier = judged[at[record_id]].record if record_id in at else None
                if earlier is not None and (earlier.issuer, earlier.exercise) == (record.issuer, record.exercise):
                    reports[at[record_id]][member].append(record.id.hex())
    for report in reports:
        told = [name for name, links in (("retracted", "retractedBy"), ("superseded", "supersededBy")) if report[links]]
        report["remarks"] = [*told, *report["remarks"]]
