"""Signed notes, their signature lines, and verifier keys (log §4, §5, 7.1, 7.2)."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from typing import Callable, Dict, List, NamedTuple, NoReturn, Sequence, Tuple

from . import ed25519
from .inputs import list_of, members, text
from .refusal import Refusal

MAX_NOTE_BYTES = 65536  # log 4.1
MAX_SIGNATURE_LINES = 256  # log 4.3
MAX_NAME_BYTES = 255  # log 5.2
MAX_VERIFIER_BYTES = 309  # log 5.3
MAX_TIME_SECONDS = (1 << 53) - 1  # log 7.2

LINE_START = "\u2014 "  # em dash, space

TYPE_NOTE = 1  # log 4.7
TYPE_COSIGNATURE = 4
SIGNATURE_BYTES = {TYPE_NOTE: 64, TYPE_COSIGNATURE: 8 + 64}

# log 5.2: Unicode White_Space, the plus sign, control characters
NOT_IN_NAMES = re.compile(
    "[\u0000-\u0020\u007f-\u00a0+\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
)
CONTROL = re.compile("[\u0000-\u0009\u000b-\u001f]")  # log 4.1
HEX_OF_KEY_ID = re.compile("[0-9a-f]{8}")


def refuse(name: str) -> NoReturn:
    raise Refusal("log." + name)


class Verifier(NamedTuple):
    """A verifier key (log 5.3)."""

    name: str
    key_id: bytes
    kind: int
    public_key: bytes


class SignatureLine(NamedTuple):
    """A signature line (log 4.4), of whatever key."""

    name: str
    key_id: bytes
    signature: bytes


class Note(NamedTuple):
    """An opened note: its text, and for each verifier that has signed the earliest time, which is 0 where the type
    of its signature has none."""

    text: str
    signed: Dict[Verifier, int]


def utf8(text: str) -> bytes:
    """The bytes of a text. Refuses half a surrogate pair with `log.not-text` (log 4.1)."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        refuse("not-text")


def decode_base64(text: str) -> bytes:
    """Base64 in its one spelling (log 4.4). Refuses with `log.bad-base64`."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        refuse("bad-base64")
    # The decoder lets unused bits pass.
    if base64.b64encode(data).decode() != text:
        refuse("bad-base64")
    return data


def is_name(name: str) -> bool:
    """Whether a text is a name (log 5.2)."""
    return 1 <= len(utf8(name)) <= MAX_NAME_BYTES and NOT_IN_NAMES.search(name) is None


def read_verifier(text: str) -> Verifier:
    """Reads a verifier key (log 5.3)."""
    parts = text.split("+", 2)  # the base64 may have plus signs, the name has none
    if len(parts) != 3 or HEX_OF_KEY_ID.fullmatch(parts[1]) is None:
        refuse("bad-vkey")
    name, key_id = parts[0], bytes.fromhex(parts[1])
    if not is_name(name):
        refuse("bad-key-name")
    if len(utf8(text)) > MAX_VERIFIER_BYTES:
        refuse("bad-vkey")
    key = decode_base64(parts[2])
    if len(key) != 1 + 32:
        refuse("bad-vkey")
    if key[0] not in SIGNATURE_BYTES:
        refuse("unsupported-vkey-type")
    if sha256(name.encode() + b"\n" + key).digest()[:4] != key_id:  # log 5.1
        refuse("vkey-id")
    return Verifier(name, key_id, key[0], key[1:])


def check_distinct(verifiers: Sequence[Verifier]) -> None:
    """Keys to verify with can be told apart (log 5.4)."""
    public_keys = {verifier.public_key for verifier in verifiers}
    names = {(verifier.name, verifier.key_id) for verifier in verifiers}
    if len(public_keys) < len(verifiers) or len(names) < len(verifiers):
        refuse("ambiguous-verifiers")


def read_signature_line(line: str) -> SignatureLine:
    """Reads a signature line without its line feed (log 4.4)."""
    if not line.startswith(LINE_START):
        refuse("signature-line")
    name, space, encoded = line[len(LINE_START) :].partition(" ")
    if not space or not is_name(name):
        refuse("signature-line")
    data = decode_base64(encoded)
    if len(data) < 5:
        refuse("signature-line")
    return SignatureLine(name, data[:4], data[4:])


def split_note(note: str) -> Tuple[str, List[str]]:
    """Text and signature lines of a note (log 4.1 to 4.3)."""
    if len(utf8(note)) > MAX_NOTE_BYTES:
        refuse("too-large")
    if CONTROL.search(note):
        refuse("control-character")
    if not note.endswith("\n"):
        refuse("no-final-newline")
    at = note.rfind("\n\n")
    if at < 0 or at + 2 == len(note):
        refuse("no-signatures")
    lines = note[at + 2 : -1].split("\n")
    if len(lines) > MAX_SIGNATURE_LINES:
        refuse("too-many-signatures")
    return note[: at + 1], lines


def verify_line(line: SignatureLine, verifier: Verifier, text: str) -> int:
    """Verifies a line of a known key over a text, and gives its time, or 0 where its type has none (log 4.7, 7.1)."""
    if len(line.signature) != SIGNATURE_BYTES[verifier.kind]:
        refuse("bad-signature-form")
    signed, signature, time_seconds = text.encode(), line.signature, 0
    if verifier.kind == TYPE_COSIGNATURE:
        time_seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
        if time_seconds > MAX_TIME_SECONDS:
            refuse("bad-time")
        signed = b"cosignature/v1\ntime %d\n" % time_seconds + signed
    try:
        ed25519.verify(verifier.public_key, signed, signature)
    except Refusal:
        refuse("bad-signature")
    return time_seconds


def open_note(note: str, verifiers: Sequence[Verifier]) -> Note:
    """Opens a note (log 4.4 to 4.6). Every line of a known key verifies, and there is one at least."""
    check_distinct(verifiers)
    text, lines = split_note(note)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed: Dict[Verifier, int] = {}
    for line in map(read_signature_line, lines):
        verifier = known.get((line.name, line.key_id))
        if verifier is not None:
            time_seconds = verify_line(line, verifier, text)
            signed[verifier] = min(time_seconds, signed.get(verifier, time_seconds))
    if not signed:
        refuse("no-known-signature")
    return Note(text, signed)


def open_operation(value: Dict[str, object]) -> object:
    """`note.open` (log 11.3)."""
    read = members(value, {"note": text, "verifiers": list_of(text)})
    verifiers = [read_verifier(verifier) for verifier in read["verifiers"]]
    note = open_note(read["note"], verifiers)
    return {"text": note.text, "signers": [verifier.name for verifier in verifiers if verifier in note.signed]}


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {"note.open": open_operation}
