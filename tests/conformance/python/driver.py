"""Answers the lines of the conformance protocol (protocol/conformance.md §1) from standard input.

`python3 driver.py`, without arguments. It ends with its input, or when nobody reads its output any more.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from itertools import accumulate
from typing import BinaryIO, Dict, Iterator, NamedTuple, NoReturn, Union

from comity.inputs import TWO_TO_53
from comity.operations import perform
from comity.refusal import Refusal

# Conformance 1.2.
MAX_LINE_BYTES = 16777216
MAX_DEPTH = 64
MAX_ID_CHARACTERS = 64

# An integer of more digits is beyond each limit. Python would read it in quadratic time, or not at all.
MAX_EXACT_DIGITS = 40

DISCARDED_BYTES = 65536  # how much of the rest of a line that is too long is read at once

NO_BRACKET_OR_QUOTE = bytes(set(range(256)) - set(b'"[]{}'))
STRINGS = re.compile(b'"[^"]*"?')
STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")  # one level down, and one up


class Request(NamedTuple):
    """What a line asks."""

    id: Union[int, str]
    op: str
    value: Dict[str, object]


def answer(line: bytes) -> bytes:
    """The answer to one line, without its line feed. It always gives one (conformance 1.3, 1.4)."""
    identity: Union[None, int, str] = None
    try:
        request = read(line)
        identity = request.id
        reply: Dict[str, object] = {"id": identity, "ok": True, "out": perform(request.op, request.value)}
    except Refusal as refusal:
        reply = {"id": identity, "ok": False, "code": refusal.code}
    except Exception:  # a fault of this program: it is told to people, and the lines go on
        traceback.print_exc(file=sys.stderr)
        reply = {"id": identity, "ok": False, "code": "fault.internal"}
    return ENCODER.encode(reply).encode()


def read(line: bytes) -> Request:
    """The request that a line is (conformance 1.2). Refuses with `conformance.bad-line`."""
    if len(line) > MAX_LINE_BYTES or is_too_deep(line):
        refuse_line()
    try:
        request = DECODER.decode(line.decode())
    except ValueError:  # no UTF-8, or no JSON
        refuse_line()
    if not isinstance(request, dict) or request.keys() != {"id", "op", "in"}:
        refuse_line()
    if not isinstance(request["op"], str) or not isinstance(request["in"], dict):
        refuse_line()
    return Request(read_id(request["id"]), request["op"], request["in"])


def read_id(value: object) -> Union[int, str]:
    """An `id`: an integer from 0 to 2^53 - 1, or a short text (conformance 1.2)."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 1.0 is 1 (conformance 2.2)
    if type(value) is int and 0 <= value < TWO_TO_53:
        return value
    if isinstance(value, str) and len(value) <= MAX_ID_CHARACTERS:
        return value
    refuse_line()


def is_too_deep(line: bytes) -> bool:
    """Whether objects and lists are nested deeper than they may be, asked before the line is read as JSON.

    What this says of a line that is no JSON does not matter.
    """
    if line.count(b"[") + line.count(b"{") <= MAX_DEPTH:
        return False
    without_escapes = line.replace(b"\\\\", b"").replace(b'\\"', b"")  # now each quote begins or ends a string
    brackets = STRINGS.sub(b"", without_escapes.translate(None, NO_BRACKET_OR_QUOTE))
    return max(accumulate(memoryview(brackets.translate(STEPS)).cast("b")), default=0) > MAX_DEPTH


def refuse_line() -> NoReturn:
    raise Refusal("conformance.bad-line")


def refuse_constant(word: str) -> NoReturn:
    """`NaN` and `Infinity`, which Python reads, are no JSON."""
    raise ValueError(word)


def number(digits: str) -> Union[int, float]:
    """A number without a fraction or exponent. A long one is rounded, as conformance 2.2 permits."""
    return int(digits) if len(digits) <= MAX_EXACT_DIGITS else float(digits)


DECODER = json.JSONDecoder(parse_constant=refuse_constant, parse_int=number)
ENCODER = json.JSONEncoder(separators=(",", ":"))


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream without their line feeds. Of one that is too long, one byte too many is kept."""
    while True:
        line = stream.readline(MAX_LINE_BYTES + 1)
        if not line:
            return
        if line.endswith(b"\n"):
            yield line[:-1]
            continue
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(DISCARDED_BYTES)
        yield line


def main() -> None:
    try:
        for line in lines(sys.stdin.buffer):
            sys.stdout.buffer.write(answer(line) + b"\n")
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        # What is still in the buffer is written when Python ends: into nothing, so that nothing complains.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
