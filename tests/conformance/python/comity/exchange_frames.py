"""Frames, and the messages that they carry in parts (exchange 3.1, 3.2, 3.5, 3.6)."""

from __future__ import annotations

from typing import List, NoReturn, Sequence, Tuple

from .exchange_messages import MAX_MESSAGE_BYTES
from .refusal import Refusal

DATA, PART, END, ERROR, STILL = range(5)  # exchange 3.1

MAX_LENGTH = 1048576  # of a frame: kind and body
STILLS_AT_ONCE = 8  # exchange 3.5


def refuse(name: str) -> NoReturn:
    raise Refusal("exchange." + name)


class FrameReader:
    """Reads frames of bytes that are all there: no time passes between them (exchange 10.3)."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.offset = 0
        self.stills = 0

    def frame(self) -> Tuple[int, bytes]:
        """The next frame: kind and body. Its length is judged before anything of it is kept (exchange 3.1)."""
        length_end = self.offset + 4
        if length_end > len(self.data):
            refuse("truncated")
        length = int.from_bytes(self.data[self.offset : length_end], "big")
        if length == 0:
            refuse("frame-malformed")
        if length > MAX_LENGTH:
            refuse("frame-too-large")
        end = length_end + length
        if end > len(self.data):
            refuse("truncated")
        self.offset = end
        return self.data[length_end], self.data[length_end + 1 : end]

    def message(self, kinds: Sequence[int]) -> Tuple[int, bytes]:
        """The next frame of one of these kinds, where DATA stands for a whole message in one or more frames."""
        kind, body = self.frame()
        if kind == PART and DATA in kinds:
            return DATA, self.parts(body)
        if kind not in kinds:
            refuse("frame-unexpected")
        if kind == STILL:
            if body:
                refuse("frame-malformed")
            self.stills += 1
            # Without time none is earned beyond those that may come at once.
            if self.stills > STILLS_AT_ONCE:
                refuse("still-flood")
        return kind, body

    def parts(self, body: bytes) -> bytes:
        """A message whose first part is `body` (exchange 3.2). Nothing else stands between its parts."""
        parts: List[bytes] = []
        size = 0
        kind = PART
        while True:
            if kind == PART and len(body) != MAX_LENGTH - 1:
                refuse("frame-malformed")
            if kind == DATA and not body:
                refuse("frame-malformed")
            size += len(body)
            if size > MAX_MESSAGE_BYTES:
                refuse("message-too-large")
            parts.append(body)
            if kind == DATA:
                return b"".join(parts)
            kind, body = self.frame()
            if kind not in (PART, DATA):
                refuse("frame-unexpected")
