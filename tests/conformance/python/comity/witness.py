"""What a witness decides, and evidence of two histories (witness §3, §4)."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple, NoReturn, Optional, Sequence, Tuple

from .checkpoint import Checkpoint, open_checkpoint, read_checkpoint, read_hash, read_number
from .inputs import bad_input, list_of, members, text
from .merkle import MAX_PROOF_HASHES, verify_consistency
from .notes import TYPE_NOTE, Verifier, read_signature_line, read_verifier, split_note, utf8
from .refusal import Refusal

MAX_REQUEST_CHARACTERS = 8192  # witness 3.1
MAX_EVIDENCE_CHARACTERS = 4096  # witness 4.1
HEADER = "comity-equivocation@v1"


def refuse(name: str) -> NoReturn:
    raise Refusal("log." + name)


class Signed(NamedTuple):
    """A checkpoint that a key of its log has signed, with the line of that key."""

    checkpoint: Checkpoint
    key_text: str
    note: str


def sign_of(note: str, verifier: Verifier, key_text: str) -> Signed:
    """Opens a checkpoint with one key, and leaves only the line of that key in the note (witness 4.1)."""
    opened = open_checkpoint(note, verifier.name, verifier, [])
    body, lines = split_note(note)
    own = [
        line
        for line in lines
        if read_signature_line(line).name == verifier.name and read_signature_line(line).key_id == verifier.key_id
    ]
    return Signed(opened.checkpoint, key_text, body + "\n" + own[0] + "\n")


def opened_by(note: str, logs: Sequence[Tuple[str, Verifier]]) -> Optional[Signed]:
    """The checkpoint by the first of the keys that has a line in the note (witness 3.3)."""
    lines = {(line.name, line.key_id) for line in map(read_signature_line, split_note(note)[1])}
    for key_text, verifier in logs:
        if (verifier.name, verifier.key_id) in lines:
            try:
                return sign_of(note, verifier, key_text)
            except Refusal:
                return None
    return None


def evidence_of(one: Signed, other: Signed) -> Optional[str]:
    """The file of evidence for two checkpoints of one log, where they show something (witness §4)."""
    if one.checkpoint.size != other.checkpoint.size or one.checkpoint.root == other.checkpoint.root:
        return None
    sides = sorted((one, other), key=lambda side: side.checkpoint.root)
    return HEADER + "\n" + "".join(f"\nlog {side.key_text}\n{side.note}" for side in sides)


class Request(NamedTuple):
    """A request, read (witness 3.1)."""

    old_size: int
    proof: List[bytes]
    note: str


def read_request(body: str) -> Request:
    """Reads a request; its note is not opened yet."""
    if len(body) > MAX_REQUEST_CHARACTERS:
        refuse("too-large")
    head, empty_line, note = body.partition("\n\n")
    old, *hashes = head.split("\n")
    if not empty_line or not old.startswith("old "):
        refuse("add-form")
    if len(hashes) > MAX_PROOF_HASHES:
        refuse("too-many-hashes")
    for line in split_note(note)[1]:
        read_signature_line(line)
    size = read_number(old[len("old ") :], "add-form")
    return Request(size, [read_hash(line, "proof-hash") for line in hashes], note)


def continues(request: Request, checkpoint: Checkpoint, last: Optional[Checkpoint]) -> bool:
    """Whether a checkpoint continues the one cosigned last."""
    if request.old_size == 0 or last is None:
        return not request.proof
    if last.size == checkpoint.size:
        return not request.proof and last.root == checkpoint.root
    try:
        verify_consistency(last.size, checkpoint.size, last.root, checkpoint.root, request.proof)
    except Refusal:
        return False
    return True


def decide(
    request: Request, logs: Sequence[Tuple[str, Verifier]], last: Optional[Checkpoint], seen: Optional[Signed]
) -> Dict[str, object]:
    """The answer to a request (witness 3.2)."""
    if not logs:
        return {"status": 404}
    signed = opened_by(request.note, logs)
    if signed is None:
        return {"status": 403}
    evidence = None if seen is None else evidence_of(seen, signed)
    if evidence is not None:
        return {"status": 422, "evidence": evidence}
    if request.old_size > signed.checkpoint.size:
        return {"status": 400}
    last_size = 0 if last is None else last.size
    if request.old_size != last_size:
        return {"status": 409, "size": last_size}
    return {"status": 200 if continues(request, signed.checkpoint, last) else 422}


def judge_operation(value: Dict[str, object]) -> object:
    """`witness.judge` (witness 6.2)."""
    read = members(value, {"request": text, "logs": list_of(text), "last?": text, "seen?": text})
    request = read_request(read["request"])
    logs = [(key_text, read_verifier(key_text)) for key_text in read["logs"]]
    last = read_checkpoint(read["last"]) if "last" in read else None
    seen = opened_by(read["seen"], logs) if "seen" in read else None
    if "seen" in read and seen is None:
        bad_input()
    return decide(request, logs, last, seen)


def verify_evidence(evidence: str) -> Tuple[Signed, Signed]:
    """Verifies a file of evidence (witness §4)."""
    utf8(evidence)
    if len(evidence) > MAX_EVIDENCE_CHARACTERS:
        refuse("too-large")
    lines = evidence.split("\n")
    if len(lines) != 16 or lines[0] != HEADER or lines[15] != "":
        refuse("evidence-form")
    sides: List[Signed] = []
    for at in (1, 8):
        empty, key_line, *note = lines[at : at + 7]
        if empty or not key_line.startswith("log "):
            refuse("evidence-form")
        key_text = key_line[len("log ") :]
        verifier = read_verifier(key_text)
        if verifier.kind != TYPE_NOTE:
            refuse("origin-key-mismatch")
        sides.append(sign_of("\n".join(note) + "\n", verifier, key_text))
    one, other = sides
    if one.checkpoint.origin != other.checkpoint.origin:
        refuse("wrong-origin")
    if one.checkpoint.size != other.checkpoint.size or one.checkpoint.root == other.checkpoint.root:
        refuse("evidence-nothing")
    if one.checkpoint.root > other.checkpoint.root:
        refuse("evidence-order")
    return one, other


def evidence_operation(value: Dict[str, object]) -> object:
    """`evidence.verify` (witness 6.3)."""
    one, other = verify_evidence(members(value, {"evidence": text})["evidence"])
    origin, size, root = one.checkpoint
    return {"origin": origin, "size": size, "roots": [root.hex(), other.checkpoint.root.hex()]}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "witness.judge": judge_operation,
    "evidence.verify": evidence_operation,
}
