"""The registries that stand beside the chapters (protocol/registries), read when they are asked for first."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, FrozenSet

DIRECTORY = Path(__file__).resolve().parents[4] / "protocol" / "registries"


@lru_cache(maxsize=None)
def registry(name: str) -> Any:
    """A registry by the name of its file without `.json`."""
    return json.loads((DIRECTORY / (name + ".json")).read_text("utf-8"))


@lru_cache(maxsize=None)
def purposes() -> FrozenSet[str]:
    """The identifiers of the registered purposes (label 3.5)."""
    return frozenset(registry("purposes")["purposes"])
