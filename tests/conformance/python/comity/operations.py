"""The operations of all chapters (conformance §4), found by name."""

from __future__ import annotations

from typing import Callable, Dict

from . import (
    approval,
    cbor_operations,
    charter_operations,
    checkpoint,
    clarification,
    consent,
    disclosure,
    dossier,
    duty,
    exchange,
    fingerprint,
    key_state_operations,
    keys_operations,
    label_operations,
    ledger,
    letter,
    receipt,
    measure,
    merkle,
    norm,
    norm_between,
    notes,
    policy,
    query,
    quorum,
    record,
    record_types,
    registry,
    witness,
)
from .refusal import Refusal

Operation = Callable[[Dict[str, object]], object]

# Each module has OPERATIONS: from the name of an operation to the function that takes `in` and gives `out`.
MODULES = (
    cbor_operations,
    keys_operations,
    merkle,
    notes,
    checkpoint,
    quorum,
    witness,
    label_operations,
    charter_operations,
    key_state_operations,
    fingerprint,
    record,
    record_types,
    norm,
    norm_between,
    consent,
    measure,
    clarification,
    registry,
    duty,
    policy,
    disclosure,
    approval,
    ledger,
    letter,
    receipt,
    query,
    exchange,
    dossier,
)

OPERATIONS: Dict[str, Operation] = {name: run for module in MODULES for name, run in module.OPERATIONS.items()}


def perform(name: str, value: Dict[str, object]) -> object:
    """Performs an operation. Refuses with `conformance.unknown-operation` what is none, and as the operation does."""
    operation = OPERATIONS.get(name)
    if operation is None:
        raise Refusal("conformance.unknown-operation")
    return operation(value)
