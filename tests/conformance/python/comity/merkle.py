"""The tree of a log and its proofs (log §1 to §3, RFC 9162 §2.1)."""

from __future__ import annotations

from hashlib import sha256
from typing import Callable, Dict, Iterable, Iterator, List, NoReturn, Sequence

from .inputs import hex_bytes, integer, list_of, members
from .refusal import Refusal

MAX_SIZE = (1 << 53) - 1  # log 1.2
HASH_BYTES = 32  # log 1.3
MAX_PROOF_HASHES = 63  # log 1.4
EMPTY_ROOT = sha256(b"").digest()  # log 1.1


def refuse(name: str) -> NoReturn:
    raise Refusal("merkle." + name)


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (log 1.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node (log 1.1)."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root of a tree (log 1.1). Complete subtrees are joined as soon as two of one size stand side by side."""
    subtrees: List[bytes] = []
    count = 0
    for one in leaf_hashes:
        count += 1
        carried = count
        while carried & 1 == 0:
            one = node_hash(subtrees.pop(), one)
            carried >>= 1
        subtrees.append(one)
    if not subtrees:
        return EMPTY_ROOT
    root = subtrees.pop()
    while subtrees:
        root = node_hash(subtrees.pop(), root)
    return root


def check_size(*numbers: int) -> None:
    """Sizes and indexes are within log 1.2."""
    if any(not 0 <= number <= MAX_SIZE for number in numbers):
        refuse("bad-size")


def check_hashes(proof: Sequence[bytes], *hashes: bytes) -> None:
    """The number of hashes of a proof, before anything is hashed (log 1.4), and their lengths (log 1.3)."""
    if len(proof) > MAX_PROOF_HASHES:
        refuse("proof-length")
    if any(len(one) != HASH_BYTES for one in (*proof, *hashes)):
        refuse("bad-hash-length")


def siblings_on_left(index: int, last: int) -> Iterator[bool]:
    """For each hash that the way from `index` to the root needs in a tree whose last index is `last`, whether it is
    that of the node on the left (RFC 9162 §2.1.3.2 and §2.1.4.2, the loops)."""
    while last > 0:
        on_left = index & 1 == 1 or index == last
        yield on_left
        if on_left:
            while index & 1 == 0 and index > 0:
                index >>= 1
                last >>= 1
        index >>= 1
        last >>= 1


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Verifies an inclusion proof of a leaf hash (log §2). Refuses with the `merkle.*` codes of log §12."""
    check_hashes((), root)
    if root_from(leaf, index, size, proof) != root:
        refuse("leaf-not-in-root")


def root_from(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root to which the hashes of an inclusion proof lead from a leaf hash (log §2)."""
    check_size(index, size)
    check_hashes(proof, leaf)
    if index >= size:
        refuse("index-beyond-size")
    sides = list(siblings_on_left(index, size - 1))
    if len(sides) != len(proof):
        refuse("proof-length")
    reached = leaf
    for on_left, sibling in zip(sides, proof):
        reached = node_hash(sibling, reached) if on_left else node_hash(reached, sibling)
    return reached


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    """Verifies a consistency proof (log §3). Refuses with the `merkle.*` codes of log §12."""
    check_size(size1, size2)
    check_hashes(proof, root1, root2)
    if size1 > size2:
        refuse("shrinking")
    if size1 == 0 or size1 == size2:  # log 3.3
        if proof:
            refuse("proof-length")
        if size1 == 0 and root1 != EMPTY_ROOT:
            refuse("old-root-mismatch")
        if size1 == size2 and root1 != root2:
            refuse("new-root-mismatch")
        return
    index, last = size1 - 1, size2 - 1
    while index & 1:
        index >>= 1
        last >>= 1
    sides = list(siblings_on_left(index, last))
    # The older tree is one complete subtree where its size is a power of two: the proof then begins with its root.
    path = [root1, *proof] if size1 & (size1 - 1) == 0 else list(proof)
    if len(path) != len(sides) + 1:
        refuse("proof-length")
    old = new = path[0]
    for on_left, sibling in zip(sides, path[1:]):
        if on_left:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    if old != root1:
        refuse("old-root-mismatch")
    if new != root2:
        refuse("new-root-mismatch")


def root_operation(value: Dict[str, object]) -> object:
    """`merkle.root` (log 11.1)."""
    leaves = members(value, {"leaves": list_of(hex_bytes)})["leaves"]
    return {"root": root_of(map(leaf_hash, leaves)).hex()}


def inclusion_operation(value: Dict[str, object]) -> object:
    """`merkle.inclusion` (log 11.2)."""
    forms = {"leafHash": hex_bytes, "index": integer, "size": integer, "proof": list_of(hex_bytes), "root": hex_bytes}
    read = members(value, forms)
    verify_inclusion(read["leafHash"], read["index"], read["size"], read["proof"], read["root"])
    return {}


def consistency_operation(value: Dict[str, object]) -> object:
    """`merkle.consistency` (log 11.2)."""
    forms = {"size1": integer, "size2": integer, "root1": hex_bytes, "root2": hex_bytes, "proof": list_of(hex_bytes)}
    read = members(value, forms)
    verify_consistency(read["size1"], read["size2"], read["root1"], read["root2"], read["proof"])
    return {}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    "merkle.root": root_operation,
    "merkle.inclusion": inclusion_operation,
    "merkle.consistency": consistency_operation,
}
