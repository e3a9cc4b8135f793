"""What the records and notifications of a dossier are judged with."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Optional

from .dossier_keys import KnownStates, Signer, Signers
from .dossier_proofs import FiledProof, Histories, opened
from .ed25519 import key_id
from .ladder import MAX_AHEAD_SECONDS
from .notes import Verifier, verify_line
from .quorum import Policy, reached_at
from .refusal import Refusal


class Quorum(NamedTuple):
    """What a policy makes of a checkpoint."""

    reached: bool
    trusted: Optional[int]


class Bench:
    """The keys that count, by the names under which they sign in the federation of a file, and the time asked for."""

    def __init__(self, states: KnownStates, federation: str, at_seconds: int, policy: Optional[Policy]) -> None:
        self.states = states
        self.federation = federation
        self.at_seconds = at_seconds
        self.policy = policy
        self.witnesses = states.signers("witness", f"comity/{federation}/{{}}/witness")
        self.histories = Histories()
        self.logs: Dict[str, Signers] = {}

    def opened(self, proof: FiledProof, state: str) -> List[Signer]:
        """Opens the checkpoint of a proof with the log keys of a state, and keeps it (dossier 3.7)."""
        origin = proof.checkpoint.origin
        if origin not in self.logs:
            self.logs[origin] = self.states.signers("log", origin, state)
        logs = opened(proof, self.logs[origin])
        self.histories.add(proof.checkpoint)
        return logs

    def quorum(self, proof: FiledProof) -> Quorum:
        """Judges the cosignatures of a checkpoint by the policy (dossier 5.10)."""
        policy = self.policy
        if policy is None:
            return Quorum(False, None)
        own = "/".join(proof.checkpoint.origin.split("/")[:3]) + "/witness"
        times: Dict[Verifier, int] = {}
        for line in proof.lines:
            found = [one for one in policy.witnesses if (one.name, one.key_id) == (line.name, line.key_id)]
            if not found or found[0].name == own:
                continue
            try:
                time = verify_line(line, found[0], proof.text)
            except Refusal:
                continue
            timely = time <= self.at_seconds + MAX_AHEAD_SECONDS
            if timely and self.states.stands_by(key_id(found[0].public_key), time):
                times[found[0]] = min(time, times.get(found[0], time))
        if policy.quorum is None:
            return Quorum(True, None)
        trusted = reached_at(policy.quorum, times)
        return Quorum(trusted is not None, trusted)
