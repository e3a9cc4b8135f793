"""The CBOR profile (cbor.md): a decoder that takes the one encoding of a value, and an encoder that makes it.

A value is an `int`, `bytes`, `str`, `list`, `dict`, `True`, `False`, `None`, or `Tagged`. Keys of a `dict` are `int`,
`str` or `REDACTED`. Since the encoding is one, `encode(decode(b)) == b` for all that is accepted.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Dict, List, NamedTuple, NoReturn

from .refusal import Refusal

MAX_BYTES = 65536  # cbor 1.3
MAX_DEPTH = 16
MAX_ITEMS = 4096
LARGEST_DEPTH = 64

MAX_INTEGER = (1 << 53) - 1  # cbor 2.1
MAX_KEY_BYTES = 255  # cbor 3.2

TAG_SIGN1 = 18  # cbor 2.5
TAG_REDACTED = 60
TAG_SIGN = 98
SIMPLE_REDACTED = 59  # cbor 2.6


class Redacted:
    """The type of `REDACTED`, the key simple(59) of redacted entries (cbor 2.6). There is one value of it."""

    def __repr__(self) -> str:
        return "REDACTED"


REDACTED = Redacted()


class Tagged(NamedTuple):
    """A tag and its content (cbor 2.5)."""

    tag: int
    value: Any


# Where an item stands, which decides whether a tag or simple(59) may be there (cbor 2.5, 2.6).
OUTERMOST, ELEMENT, KEY, ELSEWHERE = range(4)


def refuse(name: str) -> NoReturn:
    raise Refusal("cbor." + name)


def decode(data: bytes, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH, max_items: int = MAX_ITEMS) -> Any:
    """Decodes one item and nothing behind it (cbor 1.1) within three limits (cbor 1.2).

    Refuses with the `cbor.*` codes of cbor §6.
    """
    if len(data) > max_bytes:
        refuse("too-many-bytes")
    decoder = Decoder(data, max_depth, max_items)
    value = decoder.item(OUTERMOST, 0)
    if decoder.offset != len(data):
        refuse("trailing-bytes")
    return value


class Decoder:
    """Reads items one after the other. The depth is bounded by the limit, so that recursion is."""

    __slots__ = ("data", "offset", "items_left", "max_depth")

    def __init__(self, data: bytes, max_depth: int, max_items: int) -> None:
        self.data = data
        self.offset = 0
        self.items_left = max_items
        self.max_depth = max_depth

    def item(self, place: int, depth: int) -> Any:
        """Reads an item that stands at `place`, inside `depth` arrays and maps."""
        if self.items_left <= 0:
            refuse("too-many-items")
        self.items_left -= 1
        if self.offset >= len(self.data):
            refuse("truncated")
        initial = self.data[self.offset]
        self.offset += 1
        major = initial >> 5
        if major == 7:
            return self.simple(initial & 31, place)
        argument = self.argument(major, initial & 31)
        if place == KEY and major not in (0, 1, 3):
            refuse("bignum" if major == 6 and argument in (2, 3) else "key-type")
        if major == 0:
            if argument > MAX_INTEGER:
                refuse("integer-range")
            return argument
        if major == 1:
            if argument >= MAX_INTEGER:
                refuse("integer-range")
            return -1 - argument
        if major == 2:
            return self.take(argument)
        if major == 3:
            if place == KEY and argument > MAX_KEY_BYTES:
                refuse("key-too-long")
            try:
                return self.take(argument).decode("utf-8", "strict")
            except UnicodeDecodeError:
                refuse("bad-utf8")
        if major == 6:
            return self.tagged(argument, place, depth)
        if depth >= self.max_depth:
            refuse("too-deep")
        # What the head promises is compared with the limit before anything is spent on it.
        if argument * (major - 3) > self.items_left:
            refuse("too-many-items")
        if major == 4:
            return [self.item(ELEMENT, depth + 1) for _ in range(argument)]
        return self.entries(argument, depth + 1)

    def argument(self, major: int, info: int) -> int:
        """The number in a head of the major types 0 to 6, in its shortest form (cbor 3.1)."""
        if info < 24:
            return info
        if info > 27:
            refuse("indefinite-length" if info == 31 and 2 <= major <= 5 else "reserved")
        width = 1 << (info - 24)
        argument = int.from_bytes(self.take(width), "big")
        if argument < (24 if width == 1 else 1 << (4 * width)):
            refuse("not-shortest")
        return argument

    def take(self, length: int) -> bytes:
        """The next bytes, as many as a length says."""
        end = self.offset + length
        if end > len(self.data):
            refuse("truncated")
        taken = self.data[self.offset : end]
        self.offset = end
        return taken

    def simple(self, info: int, place: int) -> Any:
        """An item of major type 7 (cbor 2.4, 2.6, 2.7)."""
        if info == 31:
            refuse("indefinite-length")  # a break
        if info > 27:
            refuse("reserved")
        if info > 24:
            refuse("float")
        if info == 24:
            number = self.take(1)[0]
            if number < 24:
                refuse("not-shortest")
            if number < 32:
                refuse("reserved")
            if number != SIMPLE_REDACTED:
                refuse("simple-value")
            if place != KEY:
                refuse("misplaced-redaction")
            return REDACTED
        if info == 23:
            refuse("undefined")
        if info < 20:
            refuse("simple-value")
        if place == KEY:
            refuse("key-type")
        return (False, True, None)[info - 20]

    def tagged(self, tag: int, place: int, depth: int) -> Tagged:
        """A tag, at its place, and its content (cbor 2.5)."""
        if tag in (2, 3):
            refuse("bignum")
        if tag not in (TAG_SIGN1, TAG_REDACTED, TAG_SIGN):
            refuse("unknown-tag")
        if place != (ELEMENT if tag == TAG_REDACTED else OUTERMOST):
            refuse("misplaced-tag")
        value = self.item(ELSEWHERE, depth)
        if tag == TAG_REDACTED and not (isinstance(value, bytes) and len(value) == 32):
            refuse("tag-content")
        return Tagged(tag, value)

    def entries(self, count: int, depth: int) -> Dict[Any, Any]:
        """The entries of a map, whose keys rise strictly by their encodings (cbor 3.3)."""
        entries: Dict[Any, Any] = {}
        before = b""
        for _ in range(count):
            start = self.offset
            key = self.item(KEY, depth)
            encoding = self.data[start : self.offset]
            if encoding <= before:
                refuse("duplicate-key" if encoding == before else "unsorted-keys")
            before = encoding
            entries[key] = self.item(ELSEWHERE, depth)
        return entries


def head(major: int, argument: int) -> bytes:
    """The shortest head (cbor 3.1)."""
    if argument < 24:
        return bytes((major << 5 | argument,))
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * width):
            return bytes((major << 5 | info,)) + argument.to_bytes(width, "big")
    refuse("integer-range")


def encode(value: Any) -> bytes:
    """The one encoding of a value of the profile (cbor §3).

    Refuses with `cbor.unsupported-value`, `cbor.integer-range` and `cbor.lone-surrogate` what has none.
    """
    parts: List[bytes] = []
    write(value, parts)
    return b"".join(parts)


def write(value: Any, parts: List[bytes]) -> None:
    """Appends the encoding of a value."""
    if value is None or isinstance(value, bool):
        parts.append(b"\xf6" if value is None else b"\xf5" if value else b"\xf4")
    elif isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            refuse("integer-range")
        parts.append(head(0, value) if value >= 0 else head(1, -1 - value))
    elif isinstance(value, bytes):
        parts += (head(2, len(value)), value)
    elif isinstance(value, str):
        try:
            encoded = value.encode()
        except UnicodeEncodeError:
            refuse("lone-surrogate")
        parts += (head(3, len(encoded)), encoded)
    elif isinstance(value, Tagged):  # before list and tuple: a named tuple is one
        parts.append(head(6, value.tag))
        write(value.value, parts)
    elif isinstance(value, (list, tuple)):
        parts.append(head(4, len(value)))
        for element in value:
            write(element, parts)
    elif isinstance(value, dict):
        parts.append(head(5, len(value)))
        for key, member in sorted(((encode(key), member) for key, member in value.items()), key=itemgetter(0)):
            parts.append(key)
            write(member, parts)
    elif value is REDACTED:
        parts.append(bytes((0xF8, SIMPLE_REDACTED)))
    else:
        refuse("unsupported-value")
