"""Release ledgers: what a recipient verifies, and the receipts that a sender verifies (ledger §2, §4, §5)."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from typing import Any, Callable, Dict, List, NoReturn, Sequence, Tuple

from .cbor import MAX_INTEGER
from .checkpoint import Checkpoint, read_checkpoint
from .forms import STATE, TIME, bytes_32
from .inputs import bad_input, hex_bytes, integer_from, list_of, members, object_of, text
from .known_keys import Known, resolve
from .ladder import known_states
from .ledger_entry import entry_operation, item_operation, read_entry
from .merkle import EMPTY_ROOT, leaf_hash, node_hash, verify_consistency
from .notes import TYPE_COSIGNATURE, TYPE_NOTE, Verifier, open_note, read_signature_line, verify_line
from .order import bars_operation, order_operation
from .refusal import Refusal

FEDERATION = re.compile("[a-z0-9][a-z0-9-]{0,62}")  # log 5.5
MAX_RECEIPT_BYTES = 1024  # ledger 5.1
MAX_BATCH_ENTRIES = 4096


class Tree:
    """A tree that grows: its size and the roots of its complete subtrees, the largest first (log 1.1)."""

    def __init__(self, size: int, subtrees: Sequence[bytes]) -> None:
        self.size = size
        self.subtrees = list(subtrees)

    def append(self, leaf: bytes) -> None:
        """Adds a leaf."""
        joined = leaf_hash(leaf)
        self.size += 1
        carried = self.size
        while carried & 1 == 0:
            joined = node_hash(self.subtrees.pop(), joined)
            carried >>= 1
        self.subtrees.append(joined)

    def root(self) -> bytes:
        """The root at this size."""
        if not self.subtrees:
            return EMPTY_ROOT
        root = self.subtrees[-1]
        for subtree in reversed(self.subtrees[:-1]):
            root = node_hash(subtree, root)
        return root


class Keys:
    """The keys of a state for a usage, under the name with which they sign (log 5.5, 5.6)."""

    def __init__(self, known: Known, state: str, usage: str, name: str, kind: int, at_seconds: int) -> None:
        self.valid: List[Verifier] = []
        self.refused: Dict[Verifier, str] = {}  # those that are not valid then, and the code of it
        for key_id, certificates in known.certificates.items():
            if certificates[0].issuer != state or certificates[0].usage != usage:
                continue
            public_key = certificates[0].public_key
            verifier = Verifier(name, key_id_of(name, kind, public_key), kind, public_key)
            try:
                resolve(known, key_id, usage, at_seconds)
                self.valid.append(verifier)
            except Refusal as refusal:
                self.refused[verifier] = refusal.code

    def find(self, name: str, key_id: bytes) -> Verifier:
        """The valid key that a signature line names."""
        for verifier in (*self.valid, *self.refused):
            if (verifier.name, verifier.key_id) == (name, key_id):
                if verifier in self.refused:
                    raise Refusal(self.refused[verifier])
                return verifier
        raise Refusal("log.no-known-signature")


def key_id_of(name: str, kind: int, public_key: bytes) -> bytes:
    """The key id in a signature line (log 5.1)."""
    return sha256(name.encode() + b"\n" + bytes((kind,)) + public_key).digest()[:4]


def open_checkpoint(note: str, origin: str, logs: Keys) -> Checkpoint:
    """Opens a checkpoint under any log key of the sender that is valid (ledger 2.2)."""
    try:
        opened = open_note(note, logs.valid)
    except Refusal as refusal:
        if refusal.code != "log.no-known-signature":
            raise
        refuse_checkpoint(note, logs)
    checkpoint = read_checkpoint(opened.text)
    if checkpoint.origin != origin:
        raise Refusal("log.wrong-origin")
    return checkpoint


def refuse_checkpoint(note: str, logs: Keys) -> NoReturn:
    """Says why a checkpoint without a line of a valid log key is refused."""
    try:
        signed = open_note(note, list(logs.refused)).signed
    except Refusal:
        raise Refusal("log.no-log-signature") from None
    raise Refusal(logs.refused[next(iter(signed))])


def check_head(head: Dict[str, Any], checkpoint: Checkpoint, held: Tree) -> None:
    """HEAD has the size of its checkpoint, and continues what is held (ledger 4.2, exchange 7.3)."""
    if head["size"] != checkpoint.size:
        raise Refusal("exchange.message-malformed")
    try:
        verify_consistency(held.size, checkpoint.size, held.root(), checkpoint.root, head["proof"])
    except Refusal:
        raise Refusal("exchange.ledger-rewritten") from None


def add_batch(batch: Dict[str, Any], checkpoint: Checkpoint, tree: Tree, roots: Dict[int, bytes]) -> None:
    """Adds the entries of a batch to the tree (ledger 4.3, 4.4, exchange 7.4), and notes the roots asked for."""
    if batch["first"] != tree.size:
        raise Refusal("exchange.batch-out-of-order")
    for entry in batch["entries"]:
        read_entry(entry)
        tree.append(entry)
        if tree.size in roots:
            roots[tree.size] = tree.root()
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise Refusal("exchange.batch-mismatch")


def verify_receipt(line: str, checkpoint: str, witnesses: Keys) -> int:
    """Verifies a receipt over the sender's own checkpoint, and gives its time (ledger 5.1, 5.4)."""
    if not line.endswith("\n"):
        raise Refusal("log.no-final-newline")
    if len(line.encode()) > MAX_RECEIPT_BYTES:
        raise Refusal("log.signature-line")
    read = read_signature_line(line[:-1])
    return verify_line(read, witnesses.find(read.name, read.key_id), checkpoint)


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text of a checkpoint (log §6)."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def tree_held(value: object) -> Tree:
    """What the recipient holds (ledger 9.5)."""
    given = members(value, {"size": SIZE, "subtrees": list_of(bytes_32)})
    if len(given["subtrees"]) != bin(given["size"]).count("1"):
        raise Refusal("merkle.bad-frontier")
    return Tree(given["size"], given["subtrees"])


def batch_entries(value: object) -> List[bytes]:
    """The entries of a batch."""
    entries = list_of(hex_bytes)(value)
    if not 1 <= len(entries) <= MAX_BATCH_ENTRIES:
        bad_input()
    return entries


SIZE = integer_from(0, MAX_INTEGER)
FORMS: Dict[str, Callable[[object], Any]] = {
    "federation": text,
    "sender": STATE,
    "recipient": STATE,
    "atSeconds": TIME,
    "held?": tree_held,
    "head": object_of({"size": SIZE, "checkpoint": text, "proof": list_of(hex_bytes)}),
    "batches": list_of(object_of({"first": SIZE, "checkpoint": text, "entries": batch_entries})),
    "receipts?": list_of(object_of({"size": SIZE, "line": text})),
}


def know_both(sender: Dict[str, Any], recipient: Dict[str, Any]) -> Tuple[Known, str, str]:
    """Verifies two states, each with its own certificates, which then know each other; and their ids."""
    ids = []
    for state in (sender, recipient):
        ids += known_states((state["charter"],), tuple(state["certificates"])).charters
    charters = (sender["charter"], recipient["charter"])
    both = known_states(charters, (*sender["certificates"], *recipient["certificates"]))
    return both, ids[0], ids[1]


def verify_operation(value: Dict[str, object]) -> object:
    """`ledger.verify` (ledger 9.5)."""
    given = members(value, FORMS)
    federation, at_seconds = given["federation"], given["atSeconds"]
    if FEDERATION.fullmatch(federation) is None:
        raise Refusal("log.bad-federation")
    known, sender, recipient = know_both(given["sender"], given["recipient"])
    origin = f"comity/{federation}/{sender}/ledger/{recipient}"
    logs = Keys(known, sender, "log", origin, TYPE_NOTE, at_seconds)
    tree = given.get("held", Tree(0, ()))
    receipts = given.get("receipts", [])
    if any(receipt["size"] < tree.size for receipt in receipts):
        bad_input()
    roots = {receipt["size"]: b"" for receipt in receipts}
    roots[tree.size] = tree.root()
    check_head(given["head"], open_checkpoint(given["head"]["checkpoint"], origin, logs), tree)
    for batch in given["batches"]:
        add_batch(batch, open_checkpoint(batch["checkpoint"], origin, logs), tree, roots)
    name = f"comity/{federation}/{recipient}/witness"
    witnesses = Keys(known, recipient, "witness", name, TYPE_COSIGNATURE, at_seconds)
    verified: List[Dict[str, object]] = []
    newest = -1
    for receipt in receipts:
        size = receipt["size"]
        if size > tree.size:
            raise Refusal("log.other-checkpoint")
        if size > newest:
            time = verify_receipt(receipt["line"], checkpoint_text(origin, size, roots[size]), witnesses)
            verified.append({"size": size, "timeSeconds": time})
            newest = size
    return {"size": tree.size, "root": tree.root().hex(), "receipts": verified}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "ledger.entry": entry_operation,
    "ledger.item": item_operation,
    "ledger.order": order_operation,
    "ledger.bars": bars_operation,
    "ledger.verify": verify_operation,
}
