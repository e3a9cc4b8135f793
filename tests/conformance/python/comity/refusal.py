"""The one way in which this program says no."""

from __future__ import annotations


class Refusal(Exception):
    """An input is refused. `code` is one of the codes in the tables headed "Refusals" of the chapters."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
