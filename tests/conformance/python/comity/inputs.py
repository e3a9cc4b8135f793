"""Strict reading of the member `in` of a line (conformance.md 1.4 and 2).

A form is a function that takes a JSON value and gives the value that an operation works with, or refuses with
`conformance.bad-input`. An operation states its members and their forms, and `members` reads exactly these.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Mapping, NoReturn

from .refusal import Refusal

Form = Callable[[object], Any]

TWO_TO_53 = 1 << 53

# Conformance 2.5: the lists whose entries take the time of signatures, and all others.
MAX_ENTRIES = 65536
MAX_SIGNED_ENTRIES = 512
SIGNED_LISTS = frozenset(
    "charters certificates recognitions views answers held commitments retractions orders grants officers"
    " approvals consents keyStates incidents".split()
)


def bad_input() -> NoReturn:
    """Refuses with `conformance.bad-input`."""
    raise Refusal("conformance.bad-input")


def members(value: object, forms: Mapping[str, Form]) -> Dict[str, Any]:
    """Reads an object with exactly the members named. A name that ends in `?` may be absent, and is then absent
    in the result too (conformance 2.3, 2.4). A list is as long as its name permits (conformance 2.5)."""
    if not isinstance(value, dict):
        bad_input()
    read: Dict[str, Any] = {}
    for name, form in forms.items():
        optional = name.endswith("?")
        bare = name[:-1] if optional else name
        if bare in value:
            member = value[bare]
            if isinstance(member, list) and len(member) > (MAX_SIGNED_ENTRIES if bare in SIGNED_LISTS else MAX_ENTRIES):
                bad_input()
            read[bare] = form(member)
        elif not optional:
            bad_input()
    if len(read) != len(value):
        bad_input()
    return read


def object_of(forms: Mapping[str, Form]) -> Form:
    """The form of an object inside an object, with its own members."""
    return lambda value: members(value, forms)


def hex_bytes(value: object) -> bytes:
    """Binary: lower-case hex (conformance 2.1)."""
    if not isinstance(value, str):
        bad_input()
    try:
        read = bytes.fromhex(value)
    except ValueError:
        bad_input()
    # fromhex takes capitals and white space too; the one spelling is what the bytes give back.
    if read.hex() != value:
        bad_input()
    return read


def text(value: object) -> str:
    """A text without half a surrogate pair, which has no UTF-8 form."""
    if not isinstance(value, str):
        bad_input()
    try:
        value.encode()
    except UnicodeEncodeError:
        bad_input()
    return value


def boolean(value: object) -> bool:
    """`true` or `false`."""
    if value is not True and value is not False:
        bad_input()
    return bool(value)


def integer(value: object) -> int:
    """An integer: a JSON number, or a decimal text from 2^53 on in magnitude (conformance 2.2)."""
    if isinstance(value, bool):
        bad_input()
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # JSON does not tell 1.0 from 1.
    if isinstance(value, int):
        if abs(value) >= TWO_TO_53:
            bad_input()
        return value
    if isinstance(value, str):
        digits = value[1:] if value.startswith("-") else value
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 40 and not digits.startswith("0")):
            bad_input()
        number = int(value)
        if abs(number) < TWO_TO_53:
            bad_input()
        return number
    bad_input()


def integer_from(minimum: int, maximum: int) -> Form:
    """The form of an integer within bounds that the operation itself sets."""

    def form(value: object) -> int:
        number = integer(value)
        if not minimum <= number <= maximum:
            bad_input()
        return number

    return form


def list_of(form: Form) -> Form:
    """The form of an array of which each element has one form. How long it may be, `members` knows by its name."""

    def read(value: object) -> List[Any]:
        if not isinstance(value, list):
            bad_input()
        return [form(element) for element in value]

    return read


def one_of(*words: str) -> Form:
    """The form of a text that is one of these words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            bad_input()
        return value

    return read


def number_out(number: int) -> object:
    """An integer as an answer shows it: a JSON number, or decimal text from 2^53 on (conformance 2.2)."""
    return number if abs(number) < TWO_TO_53 else str(number)
