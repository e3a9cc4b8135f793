"""Answers the lines of the conformance protocol (protocol/conformance.md §1) from standard input.

`python3 driver.py`, without arguments. It ends with its input, and with nothing else.
"""

from __future__ import annotations

import json
import math
import sys
import traceback
from typing import BinaryIO, Iterator, NoReturn

from comity.operations import perform
from comity.refusal import Refusal

MAX_LINE_CHARACTERS = 16777216  # conformance 1.2
MAX_LINE_BYTES = 4 * MAX_LINE_CHARACTERS + 1  # each character in four bytes, and the line feed


def answer(line: bytes) -> bytes:
    """The answer to one line, without its line feed. It always gives one (conformance 1.3, 1.4)."""
    identity: object = None
    try:
        request = read(line)
        identity = request["id"] if "id" in request else None
        reply: dict = {"id": identity, "ok": True, "out": respond(request)}
    except Refusal as refusal:
        reply = {"id": identity, "ok": False, "code": refusal.code}
    except Exception:  # a fault of this program: it is told to people, and the lines go on
        traceback.print_exc(file=sys.stderr)
        reply = {"id": identity, "ok": False, "code": "fault.internal"}
    try:
        return json.dumps(reply, separators=(",", ":")).encode()
    except (RecursionError, ValueError):  # an `id` that cannot be written back
        return b'{"id":null,"ok":false,"code":"conformance.bad-line"}'


def read(line: bytes) -> dict:
    """The object of a line, whatever its members. Refuses with `conformance.bad-line`."""
    try:
        text = line.decode("utf-8", "strict")
        if len(text) > MAX_LINE_CHARACTERS:
            refuse_line()
        request = json.loads(text, parse_constant=refuse_constant, parse_float=finite)
    except (ValueError, RecursionError, MemoryError):
        refuse_line()
    if not isinstance(request, dict):
        refuse_line()
    return request


def respond(request: dict) -> object:
    """What the operation of a line gives. Refuses as the operation does, or with `conformance.bad-line`."""
    if request.keys() != {"id", "op", "in"}:
        refuse_line()
    if not isinstance(request["op"], str) or not isinstance(request["in"], dict):
        refuse_line()
    return perform(request["op"], request["in"])


def refuse_line() -> NoReturn:
    raise Refusal("conformance.bad-line")


def refuse_constant(word: str) -> NoReturn:
    """`NaN` and `Infinity`, which Python reads, are no JSON."""
    raise ValueError(word)


def finite(number: str) -> float:
    """A number with a fraction or an exponent. One beyond the range of doubles could not come back as it was."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream without their line feeds. Of one that is too long no more than its beginning is kept."""
    while True:
        line = stream.readline(MAX_LINE_BYTES)
        if not line:
            return
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_LINE_BYTES)
            if rest:
                line = line[:MAX_LINE_BYTES] + b" "  # longer than any line may be, whatever follows
        yield line[:-1] if line.endswith(b"\n") else line


def main() -> None:
    for line in lines(sys.stdin.buffer):
        sys.stdout.buffer.write(answer(line) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
