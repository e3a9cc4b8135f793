"""Shapes: what the grammars (CDDL) of the chapters say of a decoded item, as functions.

A shape takes a value of `cbor.decode` and gives it back, or refuses with `cbor.shape`.
"""

from __future__ import annotations

import re
from typing import Any, Callable, Mapping, NoReturn, Optional, Union

from .refusal import Refusal

Shape = Callable[[Any], Any]
Key = Union[int, str]

MAX_SECONDS = 253402300799  # the end of the year 9999


def misshapen() -> NoReturn:
    """Refuses with `cbor.shape`."""
    raise Refusal("cbor.shape")


def integer(minimum: int, maximum: int) -> Shape:
    """An integer within bounds. `true` and `false` are none."""

    def shape(value: Any) -> Any:
        if type(value) is not int or not minimum <= value <= maximum:
            misshapen()
        return value

    return shape


seconds: Shape = integer(0, MAX_SECONDS)


def byte_string(minimum: int, maximum: Optional[int] = None) -> Shape:
    """A byte string; with one number, of exactly this length."""
    largest = minimum if maximum is None else maximum

    def shape(value: Any) -> Any:
        if type(value) is not bytes or not minimum <= len(value) <= largest:
            misshapen()
        return value

    return shape


def text(minimum: int, maximum: int) -> Shape:
    """A text, its length counted in bytes of UTF-8, as `.size` counts."""

    def shape(value: Any) -> Any:
        if type(value) is not str or not minimum <= len(value.encode()) <= maximum:
            misshapen()
        return value

    return shape


def pattern(expression: str) -> Shape:
    """A text that a regular expression matches as a whole. The expressions used are of ASCII."""
    compiled = re.compile(expression, re.ASCII)

    def shape(value: Any) -> Any:
        if type(value) is not str or compiled.fullmatch(value) is None:
            misshapen()
        return value

    return shape


def boolean(value: Any) -> Any:
    """`true` or `false`."""
    if type(value) is not bool:
        misshapen()
    return value


def literal(*values: Any) -> Shape:
    """One of these values, of the same type."""

    def shape(value: Any) -> Any:
        if not any(type(value) is type(one) and value == one for one in values):
            misshapen()
        return value

    return shape


def array(element: Shape, minimum: int, maximum: int) -> Shape:
    """An array of elements of one shape."""

    def shape(value: Any) -> Any:
        if type(value) is not list or not minimum <= len(value) <= maximum:
            misshapen()
        for one in value:
            element(one)
        return value

    return shape


def closed_map(required: Mapping[Key, Shape], optional: Mapping[Key, Shape] = {}) -> Shape:
    """A map with these entries and no other."""
    known = {**required, **optional}

    def shape(value: Any) -> Any:
        if type(value) is not dict or not required.keys() <= value.keys() <= known.keys():
            misshapen()
        for key, member in value.items():
            known[key](member)
        return value

    return shape


def map_of(key: Shape, member: Shape, minimum: int, maximum: int) -> Shape:
    """A map with free keys of one shape, and values of one."""

    def shape(value: Any) -> Any:
        if type(value) is not dict or not minimum <= len(value) <= maximum:
            misshapen()
        for name, one in value.items():
            key(name)
            member(one)
        return value

    return shape


def nullable(inner: Shape) -> Shape:
    """`null`, or another shape."""
    return lambda value: None if value is None else inner(value)
