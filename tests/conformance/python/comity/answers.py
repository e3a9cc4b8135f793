"""Answers to a question, as the state that has asked takes them (query §2, §3, §5)."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, NoReturn, Optional

from .disclosure_rules import Facts, Holds, sector_holds
from .ladder import Authorised, climb, open_view
from .ledger_entry import open_together
from .known_keys import Known
from .question import Filter, Position
from .record_lookup import KNOWN, look_up
from .record_view import View
from .refusal import Refusal


class Sent(NamedTuple):
    """A record with disclosures, as it came or as it is held."""

    record: bytes
    disclosures: List[bytes]


def refuse(name: str) -> NoReturn:
    raise Refusal("query." + name)


class Intake:
    """Takes answers one after the other."""

    def __init__(self, asked_for: Filter, limit: Optional[int], known: Known, now_seconds: int) -> None:
        self.asked_for = asked_for
        self.limit = limit
        self.known = known
        self.now_seconds = now_seconds
        self.held: Dict[bytes, List[bytes]] = {}
        self.taken: List[Position] = []

    def hold(self, sent: Sent) -> bytes:
        """What is held before, verified like an answer (query 7.4). Gives the id of the record."""
        view = open_view(self.climb(sent), sent.disclosures)
        self.held[view.record.id] = sent.disclosures
        return view.record.id

    def climb(self, sent: Sent) -> Authorised:
        """The ladder, with the key that was valid when the record was issued (ledger 4.5)."""
        return climb(sent.record, self.known, self.now_seconds)

    def take(self, sent: Sent) -> None:
        """Takes an answer, or refuses it (query 5.1 to 5.3)."""
        if len(self.taken) == self.limit:
            refuse("too-many-answers")
        authorised = self.climb(sent)
        view = open_view(authorised, sent.disclosures)
        open_together(authorised, sent.disclosures, self.held.get(view.record.id, []))
        if view.record.exercise is not None or not meets(view, self.asked_for):
            refuse("answer-unasked")
        position = (view.record.issued_at, view.record.id)
        if self.taken and not comes_after(position, self.taken[-1]):
            refuse("answer-out-of-order")
        self.taken.append(position)

    def end(self, more: bool) -> None:
        """What END says of there being more (query 5.5)."""
        if more and not self.taken:
            refuse("more-without-answers")


def comes_after(position: Position, before: Position) -> bool:
    """Whether a position comes after another: newest first, and of one second the greater id first (query 3.1)."""
    return position < before


def meets(view: View, asked_for: Filter) -> bool:
    """Whether a view meets every condition that is given (query §2)."""
    record = view.record
    if asked_for.types is not None and record.type not in asked_for.types:
        return False
    if asked_for.since_seconds is not None and record.issued_at < asked_for.since_seconds:
        return False
    if asked_for.before is not None and not comes_after((record.issued_at, record.id), asked_for.before):
        return False
    if asked_for.sectors is not None and not states_sector(view, asked_for.sectors):
        return False
    if asked_for.indicator is not None and not has_indicator(view, asked_for.indicator):
        return False
    return asked_for.text is None or holds_text(view, asked_for.text)


def states_sector(view: View, sectors: List[str]) -> bool:
    """Query 2.3."""
    facts = Facts(view)
    return facts.fact("sectors", lambda stated: sector_holds(stated, sectors)) == Holds.YES


def has_indicator(view: View, value: str) -> bool:
    """Query 2.4."""
    found = look_up(view, ("indicators",))
    if found.status != KNOWN or type(found.value) is not list:
        return False
    for position in range(len(found.value)):
        shown = look_up(view, ("indicators", position, "value")).value
        if type(shown) is str and (shown == value or value in shown.split("|")):
            return True
    return False


def holds_text(view: View, text: str) -> bool:
    """Query 2.5."""
    wanted = text.lower()
    around = {part.within for part in view.parts.values()}
    return any(
        text_in(part.content, wanted) for digest, part in view.parts.items() if digest not in around
    )


def text_in(value: Any, wanted: str) -> bool:
    """Whether a text in a value holds what is wanted, keys of maps left out."""
    if type(value) is str:
        return wanted in value.lower()
    if type(value) is list:
        return any(text_in(element, wanted) for element in value)
    return type(value) is dict and any(text_in(member, wanted) for member in value.values())
