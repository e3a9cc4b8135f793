"""Steps and what they came to (dossier 3.2 to 3.4)."""

from __future__ import annotations

from typing import Callable, Dict, List, Set, TypeVar

from .refusal import Refusal

T = TypeVar("T")


class Stop(Exception):
    """A step is not done: `told` is what the report says of it."""

    def __init__(self, told: Dict[str, object]) -> None:
        super().__init__(str(told))
        self.told = told


def fail(code: str) -> Stop:
    """A step that failed with a code."""
    return Stop({"status": "failed", "code": "dossier." + code})


def not_done(why: str) -> Stop:
    """A step that is not done for a reason."""
    return Stop({"status": "not-done", "why": why})


def or_fail(code: str, check: Callable[[], T]) -> T:
    """What a check gives. Where it refuses, the step failed with this code, whatever its own one is (dossier 3.3)."""
    try:
        return check()
    except Refusal:
        raise fail(code) from None


class Steps:
    """The steps of a record or notification, in their order."""

    def __init__(self) -> None:
        self.listed: List[Dict[str, object]] = []
        self.done: Set[str] = set()

    def take(self, step: str, needs: str, check: Callable[[], T]) -> "T | None":
        """Takes a step; `needs` names the ones that it needs, with spaces between them."""
        try:
            if not self.done.issuperset(needs.split()):
                raise not_done("earlier-step")
            found = check()
        except Stop as stop:
            self.listed.append({"step": step, **stop.told})
            return None
        self.done.add(step)
        self.listed.append({"step": step, "status": "done"})
        return found

    def prepare(self, needs: str, check: Callable[[], T]) -> Callable[[], T]:
        """Makes the check of a later step, which needs these ones. What it gives says then what the check came to."""
        try:
            if not self.done.issuperset(needs.split()):
                raise not_done("earlier-step")
            found = check()
        except Stop as stop:
            stopped = stop.told

            def stop_again() -> T:
                raise Stop(stopped)

            return stop_again
        return lambda: found

    def verdict(self, essential: str) -> str:
        """The verdict, where these steps are needed for VALID (dossier 4.5)."""
        if any(one["status"] == "failed" for one in self.listed):
            return "INVALID"
        return "VALID" if self.done.issuperset(essential.split()) else "INDETERMINATE"
