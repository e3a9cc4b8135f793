"""Checkpoints, cosignatures and log proofs (log §6 to §8)."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, NamedTuple, NoReturn, Sequence

from .inputs import hex_bytes, list_of, members, text
from .merkle import EMPTY_ROOT, HASH_BYTES, MAX_PROOF_HASHES, MAX_SIZE, leaf_hash, verify_inclusion
from .notes import (
    LINE_START,
    TYPE_COSIGNATURE,
    TYPE_NOTE,
    Verifier,
    decode_base64,
    is_name,
    open_note,
    read_signature_line,
    read_verifier,
    utf8,
    verify_line,
)
from .refusal import Refusal

PROOF_HEADER = "c2sp.org/tlog-proof@v1"  # log §8
MAX_PROOF_CHARACTERS = 73899  # log 8.2
MAX_EXTRA_BYTES = 4096  # log 8.3
HASH_CHARACTERS = 44  # base64 of 32 bytes

DECIMAL = re.compile("0|[1-9][0-9]{0,15}")


def refuse(name: str) -> NoReturn:
    raise Refusal("log." + name)


class Checkpoint(NamedTuple):
    """The text of a checkpoint, read (log §6)."""

    origin: str
    size: int
    root: bytes


class Opened(NamedTuple):
    """An opened checkpoint and the earliest time of each cosigner that has signed, in the order asked for."""

    checkpoint: Checkpoint
    cosignatures: List[Dict[str, object]]


def read_number(text: str, fault: str) -> int:
    """A size or index in decimal (log 6.3, 8.4)."""
    if DECIMAL.fullmatch(text) is None or int(text) > MAX_SIZE:
        refuse(fault)
    return int(text)


def read_hash(text: str, fault: str) -> bytes:
    """44 characters of base64 for 32 bytes (log 6.4, 8.5)."""
    if len(text) != HASH_CHARACTERS:
        refuse(fault)
    data = decode_base64(text)
    if len(data) != HASH_BYTES:
        refuse(fault)
    return data


def read_checkpoint(text: str) -> Checkpoint:
    """Reads the text of a checkpoint: three lines and nothing else (log 6.1 to 6.4)."""
    utf8(text)
    lines = text.split("\n")
    if len(lines) < 4:
        refuse("checkpoint-form")
    origin, size, root, *rest = lines
    if rest != [""]:
        refuse("checkpoint-extension")
    if not is_name(origin):
        refuse("bad-key-name")
    read = Checkpoint(origin, read_number(size, "bad-size"), read_hash(root, "bad-root"))
    if read.size == 0 and read.root != EMPTY_ROOT:
        refuse("bad-empty-root")
    return read


def open_checkpoint(note: str, origin: str, log: Verifier, cosigners: Sequence[Verifier]) -> Opened:
    """Opens a checkpoint of the log that is expected (log 6.5, 6.6, 7)."""
    if log.kind != TYPE_NOTE or log.name != origin or any(one.kind != TYPE_COSIGNATURE for one in cosigners):
        refuse("origin-key-mismatch")
    opened = open_note(note, [log, *cosigners])
    if log not in opened.signed:
        refuse("no-log-signature")
    checkpoint = read_checkpoint(opened.text)
    if checkpoint.origin != origin:
        refuse("wrong-origin")
    cosignatures: List[Dict[str, object]] = [
        {"name": one.name, "timeSeconds": opened.signed[one]} for one in cosigners if one in opened.signed
    ]
    return Opened(checkpoint, cosignatures)


def verify_cosignature(line: str, checkpoint: str, verifier: Verifier) -> int:
    """Verifies a cosignature over the checkpoint expected, and gives its time (log 7.4, 11.5). `line` is a single
    signature line or a note."""
    if verifier.kind != TYPE_COSIGNATURE:
        refuse("origin-key-mismatch")
    read_checkpoint(checkpoint)
    utf8(line)
    if not line.startswith(LINE_START):
        opened = open_note(line, [verifier])
        if opened.text != checkpoint:
            refuse("other-checkpoint")
        return opened.signed[verifier]
    if not line.endswith("\n"):
        refuse("no-final-newline")
    signature = read_signature_line(line[:-1])
    if (signature.name, signature.key_id) != (verifier.name, verifier.key_id):
        refuse("no-known-signature")
    return verify_line(signature, verifier, checkpoint)


class Proof(NamedTuple):
    """A log proof, read (log 8.1)."""

    index: int
    hashes: List[bytes]
    note: str


def read_proof(text: str) -> Proof:
    """Reads a log proof (log 8.1 to 8.5). The note in it is not opened yet."""
    utf8(text)
    if len(text) > MAX_PROOF_CHARACTERS:
        refuse("too-large")
    head, empty_line, note = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != PROOF_HEADER or not empty_line:
        refuse("proof-form")
    if lines and lines[0].startswith("extra "):
        if not 1 <= len(decode_base64(lines.pop(0)[len("extra ") :])) <= MAX_EXTRA_BYTES:
            refuse("proof-extra")
    if not lines or not lines[0].startswith("index "):
        refuse("proof-form")
    index = read_number(lines.pop(0)[len("index ") :], "proof-index")
    if len(lines) > MAX_PROOF_HASHES:
        refuse("too-many-hashes")
    return Proof(index, [read_hash(line, "proof-hash") for line in lines], note)


def shown(opened: Opened) -> Dict[str, object]:
    """What an answer says of a checkpoint (log 11.4)."""
    origin, size, root = opened.checkpoint
    return {"origin": origin, "size": size, "root": root.hex(), "cosignatures": opened.cosignatures}


def read_verifiers(read: Dict[str, Any]) -> List[Verifier]:
    """The verifier keys of log and cosigners, the log first."""
    return [read_verifier(text) for text in (read["log"], *read["cosigners"])]


def verify_operation(value: Dict[str, object]) -> object:
    """`checkpoint.verify` (log 11.4)."""
    forms = {"note": text, "origin": text, "log": text, "cosigners": list_of(text)}
    read = members(value, forms)
    log, *cosigners = read_verifiers(read)
    return shown(open_checkpoint(read["note"], read["origin"], log, cosigners))


def cosignature_operation(value: Dict[str, object]) -> object:
    """`cosignature.verify` (log 11.5)."""
    read = members(value, {"line": text, "checkpoint": text, "verifier": text})
    verifier = read_verifier(read["verifier"])
    return {"timeSeconds": verify_cosignature(read["line"], read["checkpoint"], verifier)}


def proof_operation(value: Dict[str, object]) -> object:
    """`proof.verify` (log 8.6, 11.6)."""
    checkpoint_forms = {"origin": text, "log": text, "cosigners": list_of(text)}
    read = members(value, {"proof": text, "leaf": hex_bytes, **checkpoint_forms})
    log, *cosigners = read_verifiers(read)
    proof = read_proof(read["proof"])
    opened = open_checkpoint(proof.note, read["origin"], log, cosigners)
    checkpoint = opened.checkpoint
    verify_inclusion(leaf_hash(read["leaf"]), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return {"index": proof.index, **shown(opened)}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "checkpoint.verify": verify_operation,
    "cosignature.verify": cosignature_operation,
    "proof.verify": proof_operation,
}
