"""The form of letters, which anybody can look at (letter 2.3, 2.5)."""

from __future__ import annotations

from typing import NamedTuple

from . import cbor
from .refusal import Refusal
from .shapes import byte_string, misshapen

SIZES = (4096, 16384, 65536, 262144, 1048576, 4128768)  # letter 2.3
TAG_BYTES = 16
MAX_BYTES, MAX_DEPTH, MAX_ITEMS = 4128824, 1, 8  # letter 2.5

ENC = byte_string(32)
CIPHERTEXT = byte_string(1, SIZES[-1] + TAG_BYTES)


class Sealed(NamedTuple):
    """A letter that nobody has opened."""

    enc: bytes
    ciphertext: bytes
    size: int  # of the padded content


def read_sealed(data: bytes) -> Sealed:
    """Reads a letter (letter 2.5). Refuses with `cbor.*` and `letter.wrong-size`."""
    item = cbor.decode(data, MAX_BYTES, MAX_DEPTH, MAX_ITEMS)
    if type(item) is not list or len(item) != 2:
        misshapen()
    enc, ciphertext = ENC(item[0]), CIPHERTEXT(item[1])
    size = len(ciphertext) - TAG_BYTES
    if size not in SIZES:
        raise Refusal("letter.wrong-size")
    return Sealed(enc, ciphertext, size)
