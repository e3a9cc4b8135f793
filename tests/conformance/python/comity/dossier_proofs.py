"""Log proofs in a dossier, and their checkpoints under the keys that count (dossier 3.5 to 3.7)."""

from __future__ import annotations

from typing import Collection, Dict, List, NamedTuple, Set, Tuple

from .checkpoint import Checkpoint, read_checkpoint, read_proof
from .dossier_keys import Signer, Signers
from .dossier_steps import fail, not_done, or_fail
from .merkle import leaf_hash, verify_inclusion
from .notes import SignatureLine, read_signature_line, split_note, verify_line
from .refusal import Refusal

EXTRA = "extra "


class FiledProof(NamedTuple):
    """A log proof that was read (dossier 3.5)."""

    index: int
    hashes: List[bytes]
    text: str
    lines: List[SignatureLine]
    checkpoint: Checkpoint


def read_filed_proof(text: str, origins: Collection[str]) -> FiledProof:
    """Reads a proof of the log that is meant, or of one of several (dossier 3.5)."""
    proof = read_proof(text)
    signed, lines = split_note(proof.note)
    read = [read_signature_line(line) for line in lines]
    checkpoint = read_checkpoint(signed)
    encoded = [line.encode() for line in lines]
    in_order = all(before < after for before, after in zip(encoded, encoded[1:]))
    if text.split("\n", 2)[1].startswith(EXTRA) or checkpoint.origin not in origins or not in_order:
        raise Refusal("dossier.proof-malformed")
    return FiledProof(proof.index, proof.hashes, signed, read, checkpoint)


def included(text: str, origins: Collection[str], leaf: bytes, code: str) -> FiledProof:
    """A proof that was read and leads from the leaf to the root (dossier 3.5, 3.6)."""
    proof = or_fail("proof-malformed", lambda: read_filed_proof(text, origins))
    _, size, root = proof.checkpoint
    or_fail(code, lambda: verify_inclusion(leaf_hash(leaf), proof.index, size, proof.hashes, root))
    return proof


def verified_by(line: SignatureLine, signers: List[Signer], text: str) -> Tuple[Signer, int]:
    """Under which of the keys with its name and id a line verifies, and its time. Two keys may share an id of 4 bytes.

    Refuses with the code that the last of them has.
    """
    refused = Refusal("log.no-known-signature")
    for signer in signers:
        try:
            return signer, verify_line(line, signer.verifier, text)
        except Refusal as refusal:
            refused = refusal
    raise refused


def opened(proof: FiledProof, logs: Signers) -> List[Signer]:
    """The keys of the log that have signed the checkpoint of a proof. Each of their lines verifies (dossier 3.7)."""
    claimed = [(line, logs[line.name, line.key_id]) for line in proof.lines if (line.name, line.key_id) in logs]
    if not claimed:
        raise not_done("no-certificate")
    return [
        or_fail("checkpoint-refused", lambda: verified_by(line, signers, proof.text))[0] for line, signers in claimed
    ]


class Histories:
    """The roots of the checkpoints that were opened, by log and size."""

    def __init__(self) -> None:
        self.roots: Dict[Tuple[str, int], Set[bytes]] = {}

    def add(self, checkpoint: Checkpoint) -> None:
        """Notes a checkpoint that was opened."""
        self.roots.setdefault((checkpoint.origin, checkpoint.size), set()).add(checkpoint.root)

    def require_one(self, checkpoint: Checkpoint) -> None:
        """The log shows one history at this size (log 9.1)."""
        if len(self.roots[checkpoint.origin, checkpoint.size]) > 1:
            raise fail("two-histories")
