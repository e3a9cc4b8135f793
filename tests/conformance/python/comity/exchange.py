"""What one side of a stream says: its messages in their order (exchange §3, §6 to §8; operations in §10)."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from . import cbor, exchange_messages
from .exchange_frames import DATA, END, ERROR, STILL, FrameReader
from .exchange_messages import SHORT_BYTES, read_bytes, read_message, read_short
from .inputs import Form, bad_input, integer_from, list_of, members, one_of, text
from .refusal import Refusal

# What an ERROR may say (exchange 5.2), which is what a reader takes over (5.3).
TOLD = frozenset(
    "exchange." + name
    for name in (
        "batch-mismatch batch-out-of-order count-mismatch frame-malformed frame-too-large frame-unexpected "
        "hello-budget hello-required ledger-rewritten message-malformed message-too-large other-era "
        "other-federation read-deadline receipt-deadline receipt-unexpected refused still-flood stopping superseded"
    ).split()
)
# What refuses a question besides (query 4.2, 4.8).
TOLD_OF_QUESTIONS = frozenset(
    "query." + name for name in "budget busy malformed not-for-us replayed too-old wrong-issuer".split()
)


class Said(NamedTuple):
    """What a side has said, in numbers."""

    messages: int
    refused: Optional[str] = None
    more: bool = False


class Side:
    """One side of a stream as the other reads it."""

    def __init__(self, data: bytes, answers: bool = False) -> None:
        self.frames = FrameReader(data)
        self.answers = answers
        self.messages = 0
        self.ended_with: Dict[int, Any] = {}
        self.refused: Optional[str] = None
        self.more = False

    def next(self, rule: str, still: bool = False, end: bool = False) -> Any:
        """The next message, or `None` where the side says END (if it may) or ERROR in its place.

        `still` says whether it may be silent before (exchange 3.5). After an END `ended_with` is its body.
        """
        kinds = (DATA, ERROR) + ((STILL,) if still else ()) + ((END,) if end else ())
        while True:
            kind, content = self.frames.message(kinds)
            if kind == STILL:
                continue
            if kind == DATA:
                self.messages += 1
                return read_short(rule, content) if len(content) <= SHORT_BYTES else read_message(rule, content)
            if kind == END:
                self.ended_with = read_message("end-body", content)
                if 2 in self.ended_with:
                    if not self.answers:
                        raise Refusal("exchange.frame-malformed")  # exchange 3.4
                    self.more = True
            else:
                self.refused = self.taken_over(read_message("error-body", content)[1])
            return None

    def taken_over(self, code: str) -> str:
        """The code that a reader takes over from an ERROR (exchange 5.3)."""
        if code in TOLD or (self.answers and code in TOLD_OF_QUESTIONS):
            return code
        return "exchange.refused"

    def expect_count(self, count: int) -> None:
        """An END counts the messages of its side, request and HEAD not included (exchange 3.4)."""
        if self.refused is None and self.ended_with[1] != count:
            raise Refusal("exchange.count-mismatch")

    def said(self) -> Said:
        return Said(self.messages, self.refused, self.more)


def hello(data: bytes, federation: str, era: int) -> Said:
    """A hello, of either side (exchange 6.1 to 6.3)."""
    side = Side(data)
    greeting = side.next("hello")
    if greeting is not None and greeting[1] != federation:
        raise Refusal("exchange.other-federation")
    if greeting is not None and greeting[2] != era:
        raise Refusal("exchange.other-era")
    return side.said()


def request(rule: str) -> Callable[[bytes], Said]:
    """A side that says its request and nothing more: of a fetch (exchange 8.1), of a question (query 4.1)."""

    def read(data: bytes) -> Said:
        side = Side(data)
        side.next(rule)
        return side.said()

    return read


def recipient(data: bytes, batch_ends: List[int]) -> Said:
    """The side that pulls a ledger: request, RECEIPTs in the order of the batches, END (exchange 7.1, 7.5, 7.6)."""
    side = Side(data)
    receipts = 0
    if side.next("ledger-request") is not None:
        while True:
            receipt = side.next("ledger-receipt", end=True)
            if receipt is None:
                side.expect_count(receipts)
                break
            if receipts == len(batch_ends) or receipt[1] != batch_ends[receipts]:
                raise Refusal("exchange.receipt-unexpected")
            receipts += 1
    return side.said()


def sender(data: bytes, size: int) -> Said:
    """The side whose ledger it is: HEAD, BATCHes without gap, END (exchange 7.2 to 7.6)."""
    side = Side(data)
    batches = 0
    if side.next("ledger-head") is not None:
        while True:
            batch = side.next("ledger-batch", still=True, end=True)
            if batch is None:
                side.expect_count(batches)
                break
            if batch[1] != size:
                raise Refusal("exchange.batch-out-of-order")
            size += len(batch[3])
            batches += 1
    return side.said()


def returned(data: bytes, size: int) -> Said:
    """What is given back of a ledger: BATCHes without gap from the size that was asked from, and END (exchange 7.10)."""
    side = Side(data)
    batches = 0
    while True:
        batch = side.next("ledger-batch", end=True)
        if batch is None:
            break
        if batch[1] != size:
            raise Refusal("exchange.batch-out-of-order")
        size += len(batch[3])
        batches += 1
    side.expect_count(batches)
    return side.said()


def fetched(data: bytes, asked: int) -> Said:
    """The items of a fetch, one for each index, and END (exchange 8.2)."""
    side = Side(data)
    items = 0
    while side.next("fetch-item", end=True) is not None:
        items += 1
        if items > asked:
            raise Refusal("exchange.count-mismatch")
    side.expect_count(items)
    if side.refused is None and items < asked:
        raise Refusal("exchange.fetch-incomplete")
    return side.said()


def witnessed(data: bytes, asked: int) -> Said:
    """The answers of a witness, as many as were asked for, and END (witness 5.3)."""
    side = Side(data)
    count = 0
    while side.next("witness-answer", end=True) is not None:
        count += 1
        if count > asked:
            raise Refusal("exchange.count-mismatch")
    side.expect_count(count)
    if side.refused is None and count < asked:
        raise Refusal("exchange.count-mismatch")
    return side.said()


def answers(data: bytes) -> Said:
    """The answers to a question, with STILL before each and before END (query 4.1)."""
    side = Side(data, answers=True)
    count = 0
    while side.next("query-answer", still=True, end=True) is not None:
        count += 1
    side.expect_count(count)
    return side.said()


SIZE = integer_from(0, cbor.MAX_INTEGER)
GREETED: Dict[str, Form] = {"federation": text, "era": SIZE}


def batch_ends(value: object) -> List[int]:
    """Sizes at which batches end, strictly ascending (exchange 10.3, conformance 2.2)."""
    ends: List[int] = list_of(SIZE)(value)
    if any(end <= before for before, end in zip(ends, ends[1:])):
        bad_input()
    return ends


# Who reads what a side says, and what is given besides (exchange 10.3).
SIDES: Dict[Tuple[str, str], Tuple[Callable[..., Said], Dict[str, Form]]] = {
    ("hello", "asking"): (hello, GREETED),
    ("hello", "answering"): (hello, GREETED),
    ("ledger", "asking"): (recipient, {"batchEnds": batch_ends}),
    ("ledger", "answering"): (sender, {"heldSize": SIZE}),
    ("return", "asking"): (request("return-request"), {}),
    ("return", "answering"): (returned, {"heldSize": SIZE}),
    ("fetch", "asking"): (request("fetch-request"), {}),
    ("fetch", "answering"): (fetched, {"askedCount": SIZE}),
    ("query", "asking"): (request("query-request"), {}),
    ("query", "answering"): (answers, {}),
    ("witness", "asking"): (request("witness-request"), {}),
    ("witness", "answering"): (witnessed, {"askedCount": SIZE}),
}


def stream_operation(value: Dict[str, object]) -> object:
    """`exchange.stream` (exchange 10.3)."""
    protocol = one_of("hello", "ledger", "return", "fetch", "query", "witness")(value.get("protocol"))
    read, besides = SIDES[(protocol, one_of("asking", "answering")(value.get("side")))]
    given = members(value, {"protocol": text, "side": text, "bytes": read_bytes, **besides})
    said = read(given["bytes"], *(given[name] for name in besides))
    out: Dict[str, object] = {"messages": said.messages}
    if said.refused is not None:
        out["refused"] = said.refused
    if said.more:
        out["more"] = True
    return out


OPERATIONS: Dict[str, Callable[[Dict[str, object]], object]] = {
    **exchange_messages.OPERATIONS,
    "exchange.stream": stream_operation,
}
