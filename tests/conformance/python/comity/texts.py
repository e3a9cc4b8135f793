"""The forms of texts: identifiers, names, lines, language tags and codes (cbor §4, label §1, charter 1.3, keys §6).

Each function says whether a text has the form. Shapes of the same forms refuse with `cbor.shape`.
"""

from __future__ import annotations

import re

from .shapes import Shape, misshapen, pattern

IDENTIFIER = "[a-z0-9][a-z0-9.-]{0,63}"  # label 1.2
LANGUAGE_TAG = "[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"  # label 1.8
STATE_CODE = "[A-Z]{3}"  # keys 6.3
STATE_ID = "[0-9a-f]{64}"  # keys 6.1
RECORD_TYPE = "[a-z][a-z0-9-]{0,31}"  # record 2.7

MAX_NAME_UNITS = 160  # label 1.3, in UTF-16
MAX_MAPPED_TEXT_BYTES = 16384  # label 1.8

CONTROL = "\u0000-\u001f\u007f-\u009f"
EMBED_OVERRIDE_ISOLATE = "\u202a-\u202e\u2066-\u2069"
IMITATING = f"{EMBED_OVERRIDE_ISOLATE}\u2028\u2029\u061c\u200e\u200f"  # in names: label 1.3
WHITE_SPACE = "\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # label 1.3

NOT_SHOWN = re.compile(f"[\u0000-\u0008\u000b-\u001f\u007f-\u009f{EMBED_OVERRIDE_ISOLATE}]")  # cbor 4.3
NOT_IN_LINES = re.compile(f"[{CONTROL}{EMBED_OVERRIDE_ISOLATE}]")  # charter 1.3
NOT_IN_NAMES = re.compile(f"[{CONTROL}{IMITATING}]")  # label 1.3
EDGE_OF_NAME = re.compile(f"^[{WHITE_SPACE}]|[{WHITE_SPACE}]\\Z")
PORTION = re.compile(f"([A-Z0-9-]|[^\u0000-\u007f{CONTROL}{IMITATING}{WHITE_SPACE}]){{1,8}}")  # label 1.4

identifier: Shape = pattern(IDENTIFIER)
language_tag: Shape = pattern(LANGUAGE_TAG)
state_code: Shape = pattern(STATE_CODE)
state_id_text: Shape = pattern(STATE_ID)
record_type: Shape = pattern(RECORD_TYPE)


def is_shown(text: str) -> bool:
    """Whether a text may be shown to people: cbor 4.3."""
    return NOT_SHOWN.search(text) is None


def is_line(text: str) -> bool:
    """Whether a text is a line: charter 1.3."""
    return NOT_IN_LINES.search(text) is None


def is_name(text: str) -> bool:
    """Whether a text is a name in one language: label 1.3."""
    if not 1 <= len(text.encode("utf-16-le")) // 2 <= MAX_NAME_UNITS:
        return False
    return NOT_IN_NAMES.search(text) is None and EDGE_OF_NAME.search(text) is None


def line(minimum: int, maximum: int) -> Shape:
    """A line of so many bytes (charter 1.3)."""

    def shape(value: object) -> object:
        if type(value) is not str or not minimum <= len(value.encode()) <= maximum or not is_line(value):
            misshapen()
        return value

    return shape


def shown_text(minimum: int, maximum: int) -> Shape:
    """A text of so many bytes that is shown to people (cbor 4.3)."""

    def shape(value: object) -> object:
        if type(value) is not str or not minimum <= len(value.encode()) <= maximum or not is_shown(value):
            misshapen()
        return value

    return shape


mapped_text: Shape = shown_text(0, MAX_MAPPED_TEXT_BYTES)  # label 1.8


def portion(value: object) -> object:
    """The portion of a level (label 1.4)."""
    if type(value) is not str or PORTION.fullmatch(value) is None:
        misshapen()
    return value
