"""The file that a dossier is, in its one spelling (dossier §1, §2)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Callable, Dict, List, NamedTuple, NoReturn, Optional

from . import cbor
from .notes import LINE_START
from .record_view import digest_of
from .refusal import Refusal
from .shapes import Shape, array, byte_string, closed_map, literal, misshapen, pattern, text

MAX_BYTES, MAX_DEPTH, MAX_ITEMS = 16777216, 4, 131072  # dossier 1.2
MAX_SIGNATURE_LINES = 4096

KIND, VERSION, FEDERATION, CHARTERS, CERTIFICATES, RECORDS, NOTIFICATIONS, KEY_STATES = range(1, 9)  # dossier 1.3

PROOF: Shape = text(1, 73899)  # dossier 2.6
STATE_ID: Shape = byte_string(32)
RECORD: Shape = closed_map(
    {1: byte_string(1, 65536), 2: array(byte_string(1, 65536), 0, 512)},
    {3: PROOF},
)
NOTIFICATION: Shape = closed_map({1: STATE_ID, 2: STATE_ID, 3: byte_string(1, 32768), 4: PROOF, 5: text(1, 1024)})
FILE: Shape = closed_map(
    {
        KIND: literal("comity-dossier"),
        VERSION: literal(2),
        FEDERATION: pattern("[a-z0-9][a-z0-9-]{0,62}"),
        CHARTERS: array(byte_string(1, 65536), 0, 256),
        CERTIFICATES: array(byte_string(1, 8192), 0, 1024),
        RECORDS: array(RECORD, 1, 1024),
        NOTIFICATIONS: array(NOTIFICATION, 0, 4096),
        KEY_STATES: array(byte_string(1, 65536), 0, 256),
    }
)


class FiledRecord(NamedTuple):
    """A record of a dossier (dossier 2.3)."""

    id: bytes
    record: bytes
    disclosures: List[bytes]
    proof: Optional[str]


class FiledNotification(NamedTuple):
    """A notification of a dossier (dossier 2.5). The states are ids as text."""

    sender: str
    recipient: str
    entry: bytes
    proof: str
    receipt: str


class Dossier(NamedTuple):
    """A dossier that was read. Nothing in it is verified."""

    federation: str
    charters: List[bytes]
    certificates: List[bytes]
    records: List[FiledRecord]
    notifications: List[FiledNotification]
    key_states: List[bytes]


def refuse(name: str) -> NoReturn:
    raise Refusal("dossier." + name)


def read_dossier(data: bytes) -> Dossier:
    """Reads a file (dossier §1, §2). Refuses with `cbor.*`, `dossier.unsupported-version` and `dossier.unsorted`."""
    item = cbor.decode(data, MAX_BYTES, MAX_DEPTH, MAX_ITEMS)
    if type(item) is dict and VERSION in item and (type(item[VERSION]) is not int or item[VERSION] != 2):
        refuse("unsupported-version")
    read: Dict[int, Any] = FILE(item)
    check_work(read)
    if any(one[1] == one[2] for one in read[NOTIFICATIONS]):  # dossier 2.5
        misshapen()
    check_order(read[CHARTERS], lambda charter: charter)
    check_order(read[CERTIFICATES], lambda certificate: certificate)
    for record in read[RECORDS]:
        check_order(record[2], digest_of)
    check_order(read[RECORDS], lambda record: sha256(record[1]).digest())
    check_order(read[KEY_STATES], lambda key_state: key_state)
    check_order(read[NOTIFICATIONS], lambda one: one[1] + one[2] + one[3])
    return Dossier(
        federation=read[FEDERATION],
        charters=read[CHARTERS],
        certificates=read[CERTIFICATES],
        records=[FiledRecord(sha256(one[1]).digest(), one[1], one[2], one.get(3)) for one in read[RECORDS]],
        notifications=[
            FiledNotification(one[1].hex(), one[2].hex(), one[3], one[4], one[5]) for one in read[NOTIFICATIONS]
        ],
        key_states=read[KEY_STATES],
    )


def check_work(read: Dict[int, Any]) -> None:
    """The number of lines that may have to be verified (dossier 1.2). Refuses with `cbor.too-many-items`."""
    texts = [record.get(3, "") for record in read[RECORDS]]
    for notification in read[NOTIFICATIONS]:
        texts += (notification[4], notification[5])
    if sum(("\n" + one).count("\n" + LINE_START) for one in texts) > MAX_SIGNATURE_LINES:
        raise Refusal("cbor.too-many-items")


def check_order(listed: List[Any], key: Callable[[Any], bytes]) -> None:
    """A list is in strictly ascending bytewise order (dossier 1.4)."""
    keys = [key(one) for one in listed]
    if any(after <= before for before, after in zip(keys, keys[1:])):
        refuse("unsorted")
