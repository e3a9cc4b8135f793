"""What the records and notifications of a dossier are judged with."""

from __future__ import annotations

from typing import Dict, List

from .dossier_keys import KnownStates, Signer, Signers
from .dossier_proofs import FiledProof, Histories, opened


class Bench:
    """The keys that count, by the names under which they sign in the federation of a file, and the time asked for."""

    def __init__(self, states: KnownStates, federation: str, at_seconds: int) -> None:
        self.states = states
        self.federation = federation
        self.at_seconds = at_seconds
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
